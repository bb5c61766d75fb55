"""The master keys: wrap a key per story, and turn receipt codes into digests.

The file is JSON, readable by its owner only: `{"active": id, "keys": {id: base64}, "receipts":
base64}`. New stories use the active key; older ones name theirs, so keys can be changed in turn.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from storybank.errors import KeysMissing, Unsealable
from storybank.sealed import new_key

RECEIPT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A story's key as it is stored: useless without the master key named `key_id`."""

    key_id: str
    wrapped: bytes


@dataclass(frozen=True)
class Keyring:
    """Opens and closes story keys; holds the secrets in memory only."""

    active: str
    _keys: dict[str, bytes] = field(repr=False)
    _receipts: bytes = field(repr=False)

    def new_story_key(self) -> tuple[bytes, WrappedKey]:
        """Give a fresh story key, in clear for use now and wrapped for the database."""
        key = new_key()
        return key, WrappedKey(self.active, aes_key_wrap(self._keys[self.active], key))

    def story_key(self, wrapped: WrappedKey) -> bytes:
        """Unwrap a story's key; raises KeysMissing or Unsealable."""
        master = self._keys.get(wrapped.key_id)
        if master is None:
            raise KeysMissing(f"no master key {wrapped.key_id}")
        try:
            return aes_key_unwrap(master, wrapped.wrapped)
        except InvalidUnwrap:
            raise Unsealable(f"story key under {wrapped.key_id}") from None

    def digest(self, secret: str) -> bytes:
        """Give the keyed digest under which a receipt code or draft cookie is stored, 32 bytes.

        16 digits are 53 bits: a plain hash could be searched through, a keyed one cannot be
        without this file (ASVS 6.5.2).
        """
        return hmac.new(self._receipts, secret.encode(), hashlib.sha256).digest()


def new_receipt() -> str:
    """Give a new receipt code of 16 random digits."""
    return "".join(secrets.choice("0123456789") for _ in range(RECEIPT_DIGITS))


def tidy_receipt(typed: str) -> str:
    """Give the digits of a code as a person typed it, with spaces or dashes taken out."""
    return "".join(c for c in typed if c.isdigit())


def load_keyring(path: Path, *, create: bool = False) -> Keyring:
    """Read the key file; with `create`, make it first where there is none.

    Raises KeysMissing when it is absent, unreadable or not a key file.
    """
    if create and not path.exists():
        _write_new(path)
    try:
        data = json.loads(path.read_text("ascii"))
        keys = {name: base64.b64decode(value) for name, value in data["keys"].items()}
        return Keyring(data["active"], keys, base64.b64decode(data["receipts"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysMissing(f"{path}: {type(error).__name__}") from None


def _write_new(path: Path) -> None:
    name = f"k{secrets.token_hex(4)}"
    content = {
        "active": name,
        "keys": {name: base64.b64encode(new_key()).decode()},
        "receipts": base64.b64encode(new_key()).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)  # fails where another process was first, so no key is lost
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
