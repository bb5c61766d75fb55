"""The keys of the house: wrap a key per story, open what phones sealed, make keyed digests.

The file is JSON, readable by its owner only: `{"active": id, "keys": {id: base64}, "receipts":
base64, "phone": base64}`. New stories use the active key; older ones name theirs, so keys can be
changed in turn. `phone` is the private half (P-256, PKCS8) of the key to which phones seal.
"""

import base64
import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from storybank.errors import KeysMissing, Unsealable
from storybank.sealed import new_key
from storybank.values import plain_figures

RECEIPT_DIGITS = 16
POINT_BYTES = 65
"""An uncompressed point of P-256, as WebCrypto gives and takes it."""

_CURVE = ec.SECP256R1()


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
    _phone: ec.EllipticCurvePrivateKey = field(repr=False)

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

    def phone_public(self) -> bytes:
        """Give the public key to which phones seal, as a point of 65 bytes."""
        public = self._phone.public_key()
        return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def phone_secret(self, point: bytes) -> bytes:
        """Give the 32 bytes that this server shares with who made `point`; raises Unsealable."""
        try:
            other = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        except ValueError:
            raise Unsealable("not a point of the curve") from None
        return self._phone.exchange(ec.ECDH(), other)


def new_receipt() -> str:
    """Give a new receipt code of 16 random digits."""
    return "".join(secrets.choice("0123456789") for _ in range(RECEIPT_DIGITS))


def tidy_receipt(typed: str) -> str:
    """Give the digits of a code as a person typed it, in any script, without spaces or dashes."""
    return "".join(c for c in plain_figures(typed) if c.isdecimal())


def load_keyring(path: Path, *, create: bool = False) -> Keyring:
    """Read the key file; with `create`, make it first where there is none.

    A file from before phones gets its phone key, with `create` in the file itself too. Raises
    KeysMissing when it is absent, unreadable or not a key file.
    """
    if create and not path.exists():
        _write_new(path)
    try:
        data = json.loads(path.read_text("ascii"))
        if create and "phone" not in data:
            _add_phone(path.resolve())
        keys = {name: base64.b64decode(value) for name, value in data["keys"].items()}
        return Keyring(data["active"], keys, base64.b64decode(data["receipts"]), _phone_key(data))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysMissing(f"{path}: {type(error).__name__}") from None


def has_phone_key(path: Path) -> bool:
    """Say whether the phone key stands in the key file; raises KeysMissing where none is read."""
    try:
        return "phone" in json.loads(path.read_text("ascii"))
    except (OSError, ValueError, TypeError) as error:
        raise KeysMissing(f"{path}: {type(error).__name__}") from None


def _phone_key(data: dict[str, Any]) -> ec.EllipticCurvePrivateKey:
    """Give the phone key of a file; of one from before phones, the key that it will get.

    That one is made from the file's own secret, not by chance: all machines that hold a copy of
    the file, and a backup of it, get the same key, so nothing that a phone sealed is lost.
    """
    if "phone" not in data:
        secret = base64.b64decode(data["receipts"])
        drawn = HKDF(hashes.SHA256(), 48, None, b"storybank phone key 1").derive(secret)
        return ec.derive_private_key(int.from_bytes(drawn, "big") % (_ORDER - 1) + 1, _CURVE)
    key = load_der_private_key(base64.b64decode(data["phone"]), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != _CURVE.name:
        raise ValueError("not a key of P-256")
    return key


_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has (FIPS 186-4, D.1.2.3)."""


def _written(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.b64encode(der).decode()


def _write_new(path: Path) -> None:
    name = f"k{secrets.token_hex(4)}"
    content = {
        "active": name,
        "keys": {name: base64.b64encode(new_key()).decode()},
        "receipts": base64.b64encode(new_key()).decode(),
        "phone": _written(ec.generate_private_key(_CURVE)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _write_beside(path, content)
    try:
        os.link(temporary, path)  # fails where another process was first, so no key is lost
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _add_phone(path: Path) -> None:
    """Write the phone key into an older key file, whole or not at all.

    A file that may not be changed stays as it is: the same key is made from it at every start.
    """
    with contextlib.suppress(OSError), path.open("rb") as old:
        fcntl.flock(old, fcntl.LOCK_EX)  # who waited here finds the work done
        content = json.loads(path.read_text("ascii"))
        if "phone" not in content:
            whole = content | {"phone": _written(_phone_key(content))}
            _write_beside(path, whole).replace(path)


def _write_beside(path: Path, content: dict[str, Any]) -> Path:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink()
        raise
    return temporary
