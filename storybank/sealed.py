"""Seal and open bytes with AES-256-GCM, so that a stolen disk or backup gives nothing away.

A short value is one sealed box: `version | nonce | ciphertext+tag`. A recording is cut into
pieces of 64 KiB, each a box of its own whose associated data names its place and whether it is
the last, so that pieces can be read alone but not swapped, dropped or cut off unseen.
"""

import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storybank.errors import Unsealable

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
PIECE_BYTES = 64 * 1024
OVERHEAD = len(VERSION) + NONCE_BYTES + TAG_BYTES
SEALED_PIECE = PIECE_BYTES + OVERHEAD


def new_key() -> bytes:
    """Give 32 random bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """Seal `plain` so that it opens only with `key` and the same `context` (what it belongs to)."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _bound(context))


def unseal(key: bytes, box: bytes, context: str) -> bytes:
    """Open what `seal` made; raises Unsealable on a wrong key, wrong context or changed bytes."""
    if box[:1] != VERSION or len(box) < OVERHEAD:
        raise Unsealable("not a sealed box of a known version")
    nonce, body = box[1 : 1 + NONCE_BYTES], box[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, _bound(context))
    except InvalidTag:
        raise Unsealable(f"context of {len(context)} characters") from None


def seal_pieces(key: bytes, plain: bytes, context: str) -> bytes:
    """Seal a long value in pieces of 64 KiB that can be opened one by one; empty input is fine."""
    count = max(1, -(-len(plain) // PIECE_BYTES))
    return b"".join(
        seal(
            key, plain[i * PIECE_BYTES : (i + 1) * PIECE_BYTES], _piece(context, i, i == count - 1)
        )
        for i in range(count)
    )


def plain_size(sealed_size: int) -> int:
    """Size in bytes of what `seal_pieces` sealed into `sealed_size` bytes."""
    pieces = max(1, -(-sealed_size // SEALED_PIECE))
    return sealed_size - pieces * OVERHEAD


def piece_range(start: int, end: int) -> tuple[int, int]:
    """Byte range of the sealed value that holds the plain bytes `[start, end)`."""
    return start // PIECE_BYTES * SEALED_PIECE, -(-end // PIECE_BYTES) * SEALED_PIECE


def open_pieces(
    key: bytes, sealed: bytes, context: str, *, first: int = 0, sealed_size: int | None = None
) -> Iterator[bytes]:
    """Open pieces that stand together, piece number `first` foremost.

    `sealed` is the slice that `piece_range` named; `sealed_size` is the size of the whole value
    (default: `sealed` is the whole). Raises Unsealable where a piece does not open.
    """
    total = len(sealed) if sealed_size is None else sealed_size
    last = max(1, -(-total // SEALED_PIECE)) - 1
    for offset in range(0, max(1, len(sealed)), SEALED_PIECE):
        number = first + offset // SEALED_PIECE
        box = sealed[offset : offset + SEALED_PIECE]
        yield unseal(key, box, _piece(context, number, number == last))


def _bound(context: str) -> bytes:
    return f"1|storybank|{context}".encode()


def _piece(context: str, number: int, last: bool) -> str:
    return f"{context}|{number}|{'last' if last else 'more'}"
