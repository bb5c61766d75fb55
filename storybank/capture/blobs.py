"""Sealed recordings in a folder or an object store; this file owns every name in it."""

import hashlib
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, from_url

from storybank.errors import DiskFull, NotFound
from storybank.sealed import (
    PIECE_BYTES,
    open_pieces,
    piece_range,
    plain_size,
    seal_pieces,
)


class Blobs:
    """Keeps sealed bytes under the hash of what is stored; never sees a name from outside."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def put(self, key: bytes, plain: bytes, context: str) -> str:
        """Seal and store `plain`; gives its name. Raises DiskFull where there is no room."""
        sealed = seal_pieces(key, plain, context)
        name = hashlib.sha256(sealed).hexdigest()
        path = f"{name[:2]}/{name}"
        try:
            obstore.put(self._store, path, sealed)
        except (OSError, obstore.exceptions.BaseError) as error:
            if "No space left" in str(error) or getattr(error, "errno", None) == 28:
                raise DiskFull(f"{len(sealed)} bytes") from None
            raise
        return path

    def size(self, path: str) -> int:
        """Size in bytes of what was sealed under `path`; raises NotFound."""
        return plain_size(self._sealed_size(path))

    def get(self, key: bytes, path: str, context: str) -> bytes:
        """Open the whole of `path`; raises NotFound or Unsealable."""
        try:
            sealed = bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            raise NotFound(f"blob {path}") from None
        return b"".join(open_pieces(key, sealed, context))

    def get_range(self, key: bytes, path: str, context: str, start: int, end: int) -> bytes:
        """Open the plain bytes `[start, end)` of `path`, reading only the pieces they touch."""
        total = self._sealed_size(path)
        end = min(end, plain_size(total))
        if start >= end:
            return b""
        low, high = piece_range(start, end)
        slice_ = bytes(obstore.get_range(self._store, path, start=low, end=min(high, total)))
        first = start // PIECE_BYTES
        plain = b"".join(open_pieces(key, slice_, context, first=first, sealed_size=total))
        return plain[start - first * PIECE_BYTES : end - first * PIECE_BYTES]

    def delete(self, path: str) -> None:
        """Remove `path`; nothing happens where it is gone already."""
        try:
            obstore.delete(self._store, path)
        except FileNotFoundError:
            return

    def _sealed_size(self, path: str) -> int:
        try:
            return int(obstore.head(self._store, path)["size"])
        except FileNotFoundError:
            raise NotFound(f"blob {path}") from None


def open_blobs(url: str | None, folder: Path) -> Blobs:
    """Open the store named by `url`, or `folder` on this machine where it is None."""
    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
        return Blobs(LocalStore(folder))
    return Blobs(from_url(url))
