"""What tus 1.0 says in headers: read, checked, and said back."""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from storybank.settings import Settings
from storybank.tables import Upload

VERSION = "1.0.0"
EXTENSIONS = (
    "creation", "creation-with-upload", "creation-defer-length", "checksum", "expiration",
    "termination",
)  # fmt: skip
HASHES: dict[str, Callable[[], Any]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
"""sha1 is the one that tus asks of every server; it guards against bad lines, not bad people."""
BODY = "application/offset+octet-stream"
_LONGEST_NAME = 100


class Refused(Exception):
    """A request that breaks the protocol: an HTTP status, and a sentence for who reads the log."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, dict(headers or {})


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request must sum up to; `sum` is fed with them as they come."""

    expected: bytes
    sum: Any = field(repr=False)

    def met(self) -> bool:
        """Say whether the bytes fed so far are the ones that were meant."""
        return bool(self.sum.digest() == self.expected)


@dataclass(frozen=True, slots=True)
class Creation:
    """What a new upload is to be: `kind` and `client` name its owner, `name` the part.

    `length` None: not known yet. `sha256` of the whole, where the sender knows it.
    """

    kind: str
    name: str
    client: str | None
    length: int | None
    sha256: bytes | None


def largest(settings: Settings) -> int:
    """Give the most bytes of an upload: a recording, and a twentieth for its seals."""
    return settings.max_recording_bytes * 105 // 100


def check_version(headers: Mapping[str, str]) -> None:
    """Raise Refused (412) unless the sender speaks our version."""
    if headers.get("tus-resumable") != VERSION:
        raise Refused(412, "This address speaks tus 1.0.0.", {"Tus-Version": VERSION})


def read_creation(headers: Mapping[str, str], most: int) -> Creation:
    """Read the headers of a creation; raises Refused."""
    if "upload-concat" in headers:
        raise Refused(400, "Uploads are not joined here; send each part by itself.")
    said = _metadata(headers.get("upload-metadata", ""))
    kind, name = said.get("for", ""), said.get("name", "")
    if kind not in {"draft", "collect"}:
        raise Refused(400, "Upload-Metadata must say for what this is: draft or collect.")
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise Refused(400, "Upload-Metadata must name the part, in at most 100 characters.")
    client = _client(said.get("client", "")) if kind == "collect" else None
    sha256 = _digest("sha256", said["sha256"]) if "sha256" in said else None
    return Creation(kind, name, client, _length(headers, most), sha256)


def read_number(headers: Mapping[str, str], name: str) -> int:
    """Read a header that holds a whole number of bytes; raises Refused."""
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise Refused(400, f"{name} must be a whole number of bytes.")
    return int(text)


def read_checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Read which checksum the body must have, None where none is named; raises Refused."""
    text = headers.get("upload-checksum")
    if text is None:
        return None
    name, _, value = text.strip().partition(" ")
    if name not in HASHES:
        raise Refused(400, "Upload-Checksum must be sha1 or sha256.")
    try:
        expected = base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        expected = b""
    made = HASHES[name]()
    if len(expected) != made.digest_size:
        raise Refused(400, "Upload-Checksum must hold the sum in base64.")
    return Checksum(expected, made)


def check_body(headers: Mapping[str, str], room: int) -> None:
    """Raise Refused unless the body is of tus's kind and, where its size is said, has room."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != BODY:
        raise Refused(415, f"Send the bytes as {BODY}.")
    if "content-length" in headers and read_number(headers, "content-length") > room:
        raise Refused(413, "This is more than the upload may hold.")


def said_of(upload: Upload) -> dict[str, str]:
    """Give the headers that say how an upload stands."""
    headers = {
        "Upload-Offset": str(upload.received),
        "Upload-Expires": format_datetime(upload.expires_at.astimezone(UTC), usegmt=True),
    }
    if upload.length is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(upload.length)
    return headers


def abilities(settings: Settings) -> dict[str, str]:
    """Give the headers that say what this server can do."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": ",".join(EXTENSIONS),
        "Tus-Max-Size": str(largest(settings)),
        "Tus-Checksum-Algorithm": ",".join(HASHES),
    }


def _length(headers: Mapping[str, str], most: int) -> int | None:
    later = headers.get("upload-defer-length")
    if later is not None:
        if later != "1" or "upload-length" in headers:
            raise Refused(400, "Send Upload-Length, or Upload-Defer-Length: 1, not both.")
        return None
    length = read_number(headers, "upload-length")
    if length > most:
        raise Refused(413, f"At most {most} bytes can be taken.", {"Tus-Max-Size": str(most)})
    return length


def _metadata(header: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode()
        except ValueError:  # not base64, or no text
            raise Refused(400, "Upload-Metadata must hold its values in base64.") from None
        if key in said:
            raise Refused(400, "Upload-Metadata must name each key once.")
        said[key] = text
    return said


def _client(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Refused(400, "Upload-Metadata must name the client's item by its UUID.") from None


def _digest(name: str, text: str) -> bytes:
    """Read a digest written in hexadecimal."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != HASHES[name]().digest_size:
        raise Refused(400, f"Upload-Metadata must hold {name} in hexadecimal.")
    return found
