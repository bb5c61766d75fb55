"""A worker's phone as tests need one: it seals as the recorder in the browser does."""

import base64
import json
import os
import uuid
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

YES = {"learn": True, "quote": True, "voice": True, "publish": False, "named": False}


def seal(point: bytes, client_id: object, name: str, *frames: bytes) -> bytes:
    """Envelope v1 of `frames`, sealed to the server's public key `point`."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    secret = ephemeral.exchange(ec.ECDH(), server)
    info = f"storybank phone 1|{client_id}|{name}".encode()
    box = AESGCM(HKDF(hashes.SHA256(), 32, b"", info).derive(secret))
    out = b"SB1" + ephemeral.public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    for number, frame in enumerate(frames):
        iv = os.urandom(12)
        sealed = iv + box.encrypt(iv, frame, f"{client_id}|{name}|{number}".encode())
        out += len(sealed).to_bytes(4, "big") + sealed
    return out


def sliced(recording: bytes, size: int = 4000) -> list[bytes]:
    """A recording as the slices of a MediaRecorder."""
    return [recording[at : at + size] for at in range(0, len(recording), size)]


def details(**more: Any) -> dict[str, Any]:
    """What the phone says about a typed story; `consent` is added to the usual one."""
    consent = {"uses": YES, "how": "helper", "given_by": "teller", "wording": "2026-11"}
    values = {
        "mode": "typed", "programme": "thriving", "place": "blackbird-leys",
        "told_on": "2026-11-01", "teller": "about-me", "language": None,
        "text": "The lift is mended at last.", "note": None, "read_back": False,
    }  # fmt: skip
    return values | more | {"consent": consent | more.get("consent", {})}


class Story:
    """One item of a phone's queue: its sealed details and parts, as they would be sent."""

    def __init__(self, point: bytes, said: dict[str, Any], **parts: list[bytes]) -> None:
        self.client_id = str(uuid.uuid4())
        envelope = seal(point, self.client_id, "details", json.dumps(said).encode())
        names = {name.replace("_", "-"): slices for name, slices in parts.items()}
        self.sealed = {
            name: seal(point, self.client_id, name, *slices) for name, slices in names.items()
        }
        self.body = {
            "client_id": self.client_id,
            "details": base64.b64encode(envelope).decode(),
            "parts": [
                {"name": name, "bytes": len(self.sealed[name]), "frames": len(slices),
                 "mime": "audio/webm", "seconds": 2.0}
                for name, slices in names.items()
            ],
        }  # fmt: skip

    def saved(self, worker: object, **changed: Any) -> bytes:
        """The file that "Save to phone" gives; `changed` are fields of its first line."""
        line = {"storybank": 1, "worker": str(worker), "made": "2026-11-01T10:00:00.000Z"}
        return b"\n".join([
            json.dumps(line | self.body | changed).encode(), b"".join(self.sealed.values())
        ])  # fmt: skip
