import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.errors import Unsealable
from storybank.sealed import (
    PIECE_BYTES,
    new_key,
    open_pieces,
    piece_range,
    plain_size,
    seal,
    seal_pieces,
    unseal,
)

KEY = bytes(range(32))


def test_a_box_opens_with_its_key_and_context_only():
    box = seal(KEY, b"the allotment", "story/1")

    assert unseal(KEY, box, "story/1") == b"the allotment"
    assert b"allotment" not in box
    for key, context, sealed in (
        (new_key(), "story/1", box),
        (KEY, "story/2", box),
        (KEY, "story/1", box[:-1] + bytes([box[-1] ^ 1])),
        (KEY, "story/1", b"\x02" + box[1:]),
        (KEY, "story/1", b""),
    ):
        with pytest.raises(Unsealable):
            unseal(key, sealed, context)


def test_the_same_words_never_seal_to_the_same_bytes():
    assert seal(KEY, b"x", "c") != seal(KEY, b"x", "c")


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 200_000])
def test_pieces_come_back_whole_and_their_size_is_known(size):
    plain = bytes(i % 251 for i in range(size))
    sealed = seal_pieces(KEY, plain, "r")

    assert b"".join(open_pieces(KEY, sealed, "r")) == plain
    assert plain_size(len(sealed)) == size


@given(st.integers(0, 199_999), st.integers(1, 70_000))
def test_any_range_can_be_opened_alone(start, length):
    plain = PLAIN
    end = min(start + length, len(plain))
    low, high = piece_range(start, end)
    first = start // PIECE_BYTES

    opened = b"".join(open_pieces(KEY, SEALED[low:high], "r", first=first, sealed_size=len(SEALED)))

    assert opened[start - first * PIECE_BYTES :][: end - start] == plain[start:end]


PLAIN = bytes(i % 253 for i in range(200_000))
SEALED = seal_pieces(KEY, PLAIN, "r")


def test_a_cut_off_or_reordered_recording_does_not_open():
    piece = plain_piece = len(seal_pieces(KEY, b"x" * PIECE_BYTES, "r"))
    cut = SEALED[: 2 * piece]
    swapped = SEALED[piece : 2 * piece] + SEALED[:plain_piece] + SEALED[2 * piece :]

    for broken in (cut, swapped):
        with pytest.raises(Unsealable):
            list(open_pieces(KEY, broken, "r"))
