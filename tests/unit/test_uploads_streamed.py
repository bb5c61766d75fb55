"""A body in pieces as it comes over the line, and what tus says in headers."""

import asyncio
import base64
import hashlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from storybank.settings import Settings
from web import streaming, tus
from web.streaming import PIECE_BYTES, LineCut, pieces


def body(*blocks: bytes, more: bool = False) -> list[Message]:
    """The messages of a body; with `more` it does not end."""
    last = len(blocks) - 1
    return [
        {"type": "http.request", "body": block, "more_body": more or number < last}
        for number, block in enumerate(blocks)
    ]


CUT: Message = {"type": "http.disconnect"}


async def _take(messages: Iterable[Message | float]) -> tuple[list[tuple[bytes, bool]], bool]:
    waiting = iter(messages)

    async def receive() -> Message:
        for message in waiting:
            if not isinstance(message, float):
                return message
            await asyncio.sleep(message)
        raise AssertionError("asked for more than there is")

    taken: list[tuple[bytes, bool]] = []
    try:
        async for piece in pieces(receive):
            taken += [piece]
    except LineCut:
        return taken, True
    return taken, False


def take(*messages: Message | float) -> tuple[list[tuple[bytes, bool]], bool]:
    """Give the pieces of these messages (numbers are waits), and whether the line was cut."""
    return asyncio.run(_take(messages))


def test_what_trickles_is_cut_and_what_came_of_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "SILENCE_S", 0.05)
    drops = [drop for message in body(*[b"x"] * 20, more=True) for drop in (0.02, message)]
    taken, was_cut = take(*drops)
    assert was_cut
    assert 0 < len(b"".join(piece for piece, _ in taken)) < 20


@given(st.lists(st.binary(max_size=3 * PIECE_BYTES), min_size=1, max_size=6), st.booleans())
def test_no_byte_is_lost_moved_or_held_for_long(blocks: list[bytes], cut: bool) -> None:
    messages = [*body(*blocks, more=cut), *([CUT] if cut else [])]
    taken, was_cut = take(*messages)
    assert was_cut == cut
    assert b"".join(piece for piece, _ in taken) == b"".join(blocks)
    assert [last for _, last in taken[:-1]] == [False] * len(taken[:-1])
    if not cut:
        assert taken[-1][1]
    largest = max(map(len, blocks))
    assert all(len(piece) < PIECE_BYTES + largest for piece, _ in taken)


def test_a_piece_is_given_once_a_second_has_passed() -> None:
    messages = [*body(b"a", b"b", more=True), 1.2, *body(b"c", b"d")]
    assert take(*messages)[0] == [(b"ab", False), (b"cd", True)]


def test_a_body_of_nothing_is_one_empty_piece() -> None:
    assert take(*body(b"")) == ([(b"", True)], False)


def test_silence_is_a_line_that_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.streaming.SILENCE_S", 0.05)
    assert take(*body(b"a", more=True), 5.0) == ([(b"a", False)], True)


def test_a_checksum_is_read_and_met() -> None:
    value = base64.b64encode(hashlib.sha1(b"bus").digest()).decode()  # noqa: S324
    checksum = tus.read_checksum({"upload-checksum": f"sha1 {value}"})
    assert checksum is not None
    checksum.sum.update(b"b")
    assert not checksum.met()
    checksum.sum.update(b"us")
    assert checksum.met()
    assert tus.read_checksum({}) is None


def test_metadata_may_leave_a_value_out_and_hold_any_letters() -> None:
    name = base64.b64encode("głos".encode()).decode()
    said = tus.read_creation(
        {"upload-metadata": f"for ZHJhZnQ=, name {name},empty", "upload-length": "0"}, 10
    )
    assert (said.kind, said.name, said.length, said.client) == ("draft", "głos", 0, None)


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_any_nonsense_in_metadata_is_refused(text: str) -> None:
    with pytest.raises(tus.Refused) as refused:  # none of these names a kind and a part
        tus.read_creation({"upload-metadata": text, "upload-length": "1"}, 10)
    assert refused.value.status == 400


def test_there_is_room_for_the_seals_of_the_largest_recording() -> None:
    settings = Settings(max_recording_mb=100)
    assert tus.largest(settings) == 105 * 1024 * 1024
