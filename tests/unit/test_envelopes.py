import base64
import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.capture.envelopes import open_envelope
from storybank.errors import Unsealable
from storybank.keys import Keyring, has_phone_key, load_keyring
from tests.phone import seal

ITEM, NAME = "6f1d2a34-0b1c-4d5e-8f90-a1b2c3d4e5f6", "story-0"
# Sealed once by a browser's own WebCrypto, with the key below, in three frames.
GOLDEN_KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyTtFSqhWMtZtd5TCVETSu/HjOGP6eMrRjRTv0bKWkHeh"
    "RANCAAQeHym5mZucDEEzNq8K/r8MWnDsjjzAyXI9uoN00DA+tXGx8gOPE3heNSlmZ5SvTBKT7x8uQM+Rtp3lnDO2feiU"
)
GOLDEN = base64.b64decode(
    "U0IxBEy6PDOXecSRrfbbVBNsUIA9OrUaB1c85MgWPtQEqLNpGRz8iDtlTc/jP1cFQwAJ3Jwug4vlVnAMs1gUsJWqoAkA"
    "AAAlAQEBAQEBAQEBAQEBcHB9QtEn/XfFgVhP54i2UQuNZg9YDI9PPAAAACYCAgICAgICAgICAgLVJqZJFT9VaE9J0w9G"
    "BV2tCqYAr3wIPTmi5QAAAC4DAwMDAwMDAwMDAwOfxWHRR3QT1LDr7siYdOsjixbVcFtUNCFOshZ8axW8BghY"
)
WORDS = "The lift is mended at last. ਸਤਿ".encode()
HEAD, FRAMES = 68, (41, 42, 50)


def _older(path, **more):
    """A key file from before phones."""
    key = base64.b64encode(bytes(range(32))).decode()
    path.write_text(json.dumps({"active": "k", "keys": {"k": key}, "receipts": key} | more))
    path.chmod(0o400)
    return path


@pytest.fixture(scope="module")
def golden(tmp_path_factory) -> Keyring:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    return load_keyring(_older(path, phone=GOLDEN_KEY))


@pytest.fixture(scope="module")
def keyring(tmp_path_factory) -> Keyring:
    return load_keyring(tmp_path_factory.mktemp("keys") / "keys.json", create=True)


def test_what_a_browser_sealed_opens(golden):
    assert open_envelope(golden, GOLDEN, ITEM, NAME, frames=3) == WORDS
    assert open_envelope(golden, GOLDEN, ITEM, NAME) == WORDS


def test_the_words_cannot_be_read_in_what_is_sent(keyring):
    sealed = seal(keyring.phone_public(), ITEM, NAME, b"Zanzibar", b"marrows")
    assert b"Zanzibar" not in sealed
    assert open_envelope(keyring, sealed, ITEM, NAME) == b"Zanzibarmarrows"


@pytest.mark.parametrize(("item", "name"), [
    (ITEM, "story-1"), (ITEM, "consent"), (ITEM.replace("6", "7"), NAME),
])  # fmt: skip
def test_it_opens_at_its_own_place_only(golden, item, name):
    with pytest.raises(Unsealable):
        open_envelope(golden, GOLDEN, item, name)


def test_another_server_cannot_open_it(keyring):
    with pytest.raises(Unsealable):
        open_envelope(keyring, GOLDEN, ITEM, NAME)


def _frames(sealed=GOLDEN):
    at, out = HEAD, []
    for size in FRAMES:
        out.append(sealed[at : at + size])
        at += size
    return out


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 0, 1), (1, 2), (0, 2, 1), (2,)])
def test_moved_repeated_and_left_out_frames_are_noticed(golden, order):
    pieces = _frames()
    moved = GOLDEN[:HEAD] + b"".join(pieces[n] for n in order)
    with pytest.raises(Unsealable):
        open_envelope(golden, moved, ITEM, NAME, frames=3)


@given(st.integers(0, len(GOLDEN)))
def test_cut_off_anywhere_it_gives_its_beginning_or_nothing(golden, end):
    """Only the last frame may be missing, and only of a recording."""
    cut = GOLDEN[:end]
    if end == len(GOLDEN):
        assert open_envelope(golden, cut, ITEM, NAME, frames=3) == WORDS
    elif end >= len(GOLDEN) - FRAMES[2]:
        assert open_envelope(golden, cut, ITEM, NAME, frames=3) == WORDS[:19]
        if end > len(GOLDEN) - FRAMES[2]:
            with pytest.raises(Unsealable):
                open_envelope(golden, cut, ITEM, NAME)
    else:
        with pytest.raises(Unsealable):
            open_envelope(golden, cut, ITEM, NAME, frames=3)


@given(st.integers(0, 8 * len(GOLDEN) - 1))
def test_a_single_changed_bit_never_changes_what_was_said(golden, bit):
    changed = bytearray(GOLDEN)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        opened = open_envelope(golden, bytes(changed), ITEM, NAME, frames=3)
    except Unsealable:
        return
    # The last frame's length made larger looks like a crash at the end; nothing else may pass.
    last = len(GOLDEN) - FRAMES[2]
    assert last <= bit // 8 < last + 4
    assert opened == WORDS[:19]


@given(st.binary(max_size=400))
def test_anything_else_is_refused_by_name(golden, noise):
    for sealed in (noise, b"SB1" + noise, GOLDEN[:HEAD] + noise):
        with pytest.raises(Unsealable):
            open_envelope(golden, sealed, ITEM, NAME, frames=3)


def test_an_older_key_file_gets_a_phone_key_and_keeps_all_else(tmp_path):
    path = _older(tmp_path / "keys.json")
    before = json.loads(path.read_text())
    assert not has_phone_key(path)
    read_only = load_keyring(path)

    keyring = load_keyring(path, create=True)

    after = json.loads(path.read_text())
    assert {name: after[name] for name in before} == before
    assert has_phone_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert list(tmp_path.iterdir()) == [path]
    assert keyring.digest("x") == read_only.digest("x")
    # Copies of the file on other machines, and backups of it, come to the same key.
    assert keyring.phone_public() == read_only.phone_public()
    assert load_keyring(path).phone_public() == keyring.phone_public()
    again = load_keyring(_older(tmp_path / "copy.json"), create=True)
    assert again.phone_public() == keyring.phone_public()


def test_two_houses_have_two_phone_keys(tmp_path):
    keys = {load_keyring(tmp_path / f"{n}.json", create=True).phone_public() for n in range(2)}
    assert len(keys) == 2
