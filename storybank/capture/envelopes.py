"""Open what phones sealed to this server ("envelope v1"); the phone itself cannot open it again.

    SB1 | ephemeral public key, 65 bytes | frame | frame | ...
    frame: length of the rest, uint32 big-endian | IV, 12 bytes | AES-256-GCM ciphertext and tag

The key is HKDF-SHA256 of the ECDH secret (P-256) with the item's id and the part's name as info;
a frame's associated data names item, part and its number. So a frame opens at its own place only.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storybank.errors import Unsealable
from storybank.keys import POINT_BYTES, Keyring
from storybank.sealed import KEY_BYTES, NONCE_BYTES, TAG_BYTES

MAGIC = b"SB1"
LENGTH_BYTES = 4
_LEAST_FRAME = NONCE_BYTES + TAG_BYTES
_HEAD = len(MAGIC) + POINT_BYTES


def open_envelope(
    keyring: Keyring, sealed: bytes, client_id: str, name: str, *, frames: int | None = None
) -> bytes:
    """Give what the frames of part `name` of item `client_id` hold, one after the other.

    `frames` is how many the phone wrote of a recording: the last may be cut off, because a crash
    came while it was written, and is left out; with None every frame must be whole. Raises
    Unsealable where a frame is missing, moved, changed, or of another item, part or server.
    """
    if sealed[: len(MAGIC)] != MAGIC or len(sealed) < _HEAD:
        raise Unsealable("not an envelope of a known version")
    box = AESGCM(_key(keyring, sealed[len(MAGIC) : _HEAD], client_id, name))
    whole, rest = _cut(sealed)
    opened = [
        _open(box, frame, f"{client_id}|{name}|{number}") for number, frame in enumerate(whole)
    ]
    # Only the number that the phone stated can tell a crash at the end from a damaged length.
    least = len(opened) if frames is None else frames - 1
    if not opened or (rest and frames is None) or len(opened) < least:
        raise Unsealable(f"{len(opened)} frames of {frames}, {rest} bytes over")
    return b"".join(opened)


def _key(keyring: Keyring, point: bytes, client_id: str, name: str) -> bytes:
    info = f"storybank phone 1|{client_id}|{name}".encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, None, info).derive(keyring.phone_secret(point))


def _cut(sealed: bytes) -> tuple[list[memoryview], int]:
    """Give the whole frames, and how many bytes of a frame cut off are left at the end."""
    view, at, frames = memoryview(sealed), _HEAD, []
    while at + LENGTH_BYTES <= len(view):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(view[at:start], "big")
        if end > len(view):
            break
        frames.append(view[start:end])
        at = end
    return frames, len(view) - at


def _open(box: AESGCM, frame: memoryview, place: str) -> bytes:
    if len(frame) < _LEAST_FRAME:
        raise Unsealable("a frame too short")
    try:
        return box.decrypt(bytes(frame[:NONCE_BYTES]), bytes(frame[NONCE_BYTES:]), place.encode())
    except InvalidTag:
        raise Unsealable("a frame that does not open") from None
