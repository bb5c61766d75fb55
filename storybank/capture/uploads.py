"""Resumable uploads: sealed pieces and one number that says how much is here, committed together.

The number is therefore the truth on any number of web processes, and nothing unsealed ever
touches a disk. Pieces join without gaps: each must begin where the upload stands, under a lock on
its row. Who owns an upload is kept as a keyed digest only.
"""

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, delete, func, select

from storybank.capture.drafts import KEPT, draft_key
from storybank.errors import BadInput, Busy, NotFound, SentBefore, Unsealable, UploadMoved
from storybank.keys import Keyring, WrappedKey
from storybank.sealed import seal, unseal
from storybank.tables import Upload, UploadPiece, now

UNFINISHED_KEPT = timedelta(hours=24)
"""How long an upload waits for its next byte; a draft's waits as long as the draft."""
FINISHED_KEPT = timedelta(days=7)
"""How long an upload that is all here waits to be made part of a story."""
MOST_OF_ONE_OWNER = {"draft": 5, "collect": 100, "odk": 100}
"""Uploads that may wait for one draft, one story of a phone, one form; a recording has parts."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who may go on with an upload: a draft's browser, a worker's phone, or a form of ODK."""

    kind: str
    named: str = field(repr=False)

    @classmethod
    def for_draft(cls, cookie: str) -> "Owner":
        """Give the browser that holds this draft cookie; its uploads are sealed as its draft is."""
        return cls("draft", cookie)

    @classmethod
    def for_collect(cls, person_id: uuid.UUID, client_id: str) -> "Owner":
        """Give one story on one worker's phone."""
        return cls("collect", f"{person_id}|{client_id}")

    @classmethod
    def for_odk(cls, instance_id: str) -> "Owner":
        """Give one form filled in with ODK Collect or a relative of it."""
        return cls("odk", instance_id)

    def digest(self, keyring: Keyring) -> bytes:
        """Give what is stored of the owner, 32 bytes."""
        return keyring.digest(f"upload|{self.kind}|{self.named}")


def create(
    session: Session, keyring: Keyring, owner: Owner, name: str, length: int | None
) -> Upload:
    """Give the owner's upload called `name`: the one that is there, else a new and empty one.

    Asked again after a lost answer it gives the same upload. `length` in bytes; None: not known
    yet. Raises SentBefore where the one that is there has another length, Busy where too many wait.
    """
    digest = owner.digest(keyring)
    # Two of these at the same moment: the second waits here, and then finds the first one's row.
    lock = int.from_bytes(digest[:8], "big", signed=True)
    session.connection().execute(select(func.pg_advisory_xact_lock(lock)))
    theirs = uploads_of(session, keyring, owner)
    earlier = next((upload for upload in theirs if upload.name == name), None)
    if earlier is not None:
        if length is not None:
            set_length(session, earlier, length)
        return earlier
    if len(theirs) >= MOST_OF_ONE_OWNER[owner.kind]:
        raise Busy(f"{len(theirs)} uploads of one {owner.kind}")
    expires = now() + (KEPT if owner.kind == "draft" else UNFINISHED_KEPT)
    upload = Upload(id=secrets.token_hex(16), owner=digest, name=name, expires_at=expires)
    if owner.kind != "draft":
        _, wrapped = keyring.new_story_key()
        upload.key_id, upload.wrapped_key = wrapped.key_id, wrapped.wrapped
    session.add(upload)
    session.flush()
    if length is not None:
        set_length(session, upload, length)
    return upload


def find(session: Session, keyring: Keyring, owner: Owner, upload_id: str) -> Upload:
    """Give one upload of this owner; raises NotFound where it is another's, expired or dropped."""
    upload = session.get(Upload, upload_id)
    known = upload is not None and secrets.compare_digest(upload.owner, owner.digest(keyring))
    if upload is None or not known or upload.expires_at < now():
        raise NotFound("upload")
    return upload


def uploads_of(session: Session, keyring: Keyring, owner: Owner) -> list[Upload]:
    """Give everything that this owner sent or began to send, by name; expired ones not."""
    query = select(Upload).where(
        Upload.owner == owner.digest(keyring), col(Upload.expires_at) >= now()
    )
    return list(session.exec(query.order_by(col(Upload.name))))


def key_of(keyring: Keyring, owner: Owner, upload: Upload) -> bytes:
    """Give the key that seals an upload's pieces: its own, or that of the owner's draft."""
    if upload.wrapped_key is None and owner.kind == "draft":
        return draft_key(keyring, owner.named)
    return _own_key(keyring, upload)


def append(
    session: Session,
    keyring: Keyring,
    upload: Upload,
    start: int,
    piece: bytes,
    *,
    key: bytes | None = None,
) -> None:
    """Keep the next bytes of an upload, from byte `start` on, once the session commits.

    `key` is that of `key_of`; it may be left out for all but a draft's. An empty piece keeps
    nothing. Raises UploadMoved where the upload does not stand at `start`, BadInput where the
    piece runs over its length, NotFound where it was dropped meanwhile.
    """
    _lock(session, upload)
    if upload.received != start:
        raise UploadMoved(f"upload {upload.id} stands at {upload.received}, not {start}")
    end = start + len(piece)
    if upload.length is not None and end > upload.length:
        raise BadInput(f"upload {upload.id} of {upload.length} bytes: {end}")
    if not piece:
        return
    key = key or _own_key(keyring, upload)
    sealed = seal(key, piece, _context(upload, start))
    session.add(UploadPiece(upload_id=upload.id, start=start, size=len(piece), sealed=sealed))
    waits = KEPT if upload.wrapped_key is None else UNFINISHED_KEPT  # a draft's has no key
    upload.received, upload.expires_at = end, now() + waits
    _finish_if_whole(session, upload)


def set_length(session: Session, upload: Upload, length: int) -> None:
    """Say how long an upload is; the same again is fine. Raises SentBefore for another length."""
    _lock(session, upload)
    if upload.length not in (None, length) or length < upload.received:
        raise SentBefore(f"upload {upload.id} of {upload.length} bytes, {upload.received} here")
    upload.length = length
    _finish_if_whole(session, upload)


def expect_whole(session: Session, keyring: Keyring, upload: Upload, sha256: bytes) -> None:
    """Note which sha256 the whole must have; `check_whole` compares. Raises SentBefore if noted."""
    digest = _whole_digest(keyring, sha256)
    if upload.whole_digest not in (None, digest):
        raise SentBefore(f"upload {upload.id}")
    upload.whole_digest = digest
    session.add(upload)


def check_whole(session: Session, keyring: Keyring, upload: Upload, *, key: bytes) -> bool:
    """Say whether an upload that is all here is what the sender named, and finish it.

    One of which nothing was named, or that is not all here, passes. A wrong one begins again at 0
    once the session commits.
    """
    if upload.whole_digest is None:
        return True
    _lock(session, upload)
    if upload.finished_at is not None or not _whole(upload):
        return True
    found = hashlib.sha256()
    for piece in _pieces(session, key, upload):
        found.update(piece)
    if secrets.compare_digest(_whole_digest(keyring, found.digest()), upload.whole_digest):
        _finish(session, upload)
        return True
    rewind(session, upload, 0)
    return False


def rewind(session: Session, upload: Upload, to: int) -> None:
    """Throw away what came from byte `to` on, with the whole of a piece that lies across it."""
    _lock(session, upload)
    condition = sa.and_(
        col(UploadPiece.upload_id) == upload.id,
        col(UploadPiece.start) + col(UploadPiece.size) > to,
    )
    first = session.exec(select(func.min(UploadPiece.start)).where(condition)).one()
    if first is None:
        return
    session.exec(delete(UploadPiece).where(condition))
    upload.received, upload.finished_at = first, None
    session.add(upload)
    session.flush()


def complete(upload: Upload) -> bool:
    """Say whether all of an upload is here, and is what the sender said it would be."""
    return upload.finished_at is not None


def content(
    session: Session, keyring: Keyring, upload: Upload, *, key: bytes | None = None
) -> bytes:
    """Give what is here of an upload, opened; of an unfinished one that is its beginning.

    `key` is that of `key_of`; it may be left out for all but a draft's. Raises Unsealable.
    """
    return b"".join(_pieces(session, key or _own_key(keyring, upload), upload))


def part(session: Session, upload: Upload, start: int, end: int, *, key: bytes) -> bytes:
    """Give the bytes `[start, end)` of what is here; `key` as in `content`. Raises Unsealable."""
    query = select(UploadPiece).where(UploadPiece.upload_id == upload.id, UploadPiece.start < end)
    query = query.where(col(UploadPiece.start) + col(UploadPiece.size) > start)
    found = b""
    for piece in session.exec(query.order_by(col(UploadPiece.start))):
        opened = unseal(key, piece.sealed, _context(upload, piece.start))
        found += opened[max(0, start - piece.start) : end - piece.start]
    return found


def drop(session: Session, upload: Upload) -> None:
    """Delete an upload and its pieces; fine where it is gone already."""
    session.exec(delete(Upload).where(col(Upload.id) == upload.id))


def drop_all(session: Session, keyring: Keyring, owner: Owner) -> None:
    """Delete every upload of an owner."""
    session.exec(delete(Upload).where(col(Upload.owner) == owner.digest(keyring)))


def drop_expired(session: Session) -> int:
    """Delete the uploads that have waited for too long; gives how many."""
    expired = delete(Upload).where(col(Upload.expires_at) < now()).returning(col(Upload.id))
    return len(session.exec(expired).all())


def _pieces(session: Session, key: bytes, upload: Upload) -> Iterator[bytes]:
    query = (
        select(UploadPiece)
        # What came since the number was read is not part of what it counts.
        .where(UploadPiece.upload_id == upload.id, col(UploadPiece.start) < upload.received)
        .order_by(col(UploadPiece.start))
        .execution_options(yield_per=64)
    )
    at = 0
    with session.exec(query) as found:
        for piece in found:
            if piece.start != at:
                raise Unsealable(f"upload {upload.id} has a gap at {at}")
            yield unseal(key, piece.sealed, _context(upload, at))
            at += piece.size
    if at != upload.received:
        raise Unsealable(f"upload {upload.id} ends at {at}, not {upload.received}")


def _lock(session: Session, upload: Upload) -> None:
    """Make sure that nobody else changes the row until the session commits, and read it anew."""
    session.flush()
    try:
        session.refresh(upload, with_for_update=True)
    except sa.exc.InvalidRequestError:  # the row is no longer there
        raise NotFound("upload dropped meanwhile") from None


def _finish_if_whole(session: Session, upload: Upload) -> None:
    if _whole(upload) and upload.whole_digest is None:
        _finish(session, upload)
    session.add(upload)
    session.flush()


def _finish(session: Session, upload: Upload) -> None:
    upload.finished_at = upload.finished_at or now()
    upload.expires_at = upload.finished_at + FINISHED_KEPT
    session.add(upload)
    session.flush()


def _whole(upload: Upload) -> bool:
    return upload.length == upload.received


def _own_key(keyring: Keyring, upload: Upload) -> bytes:
    if upload.key_id is None or upload.wrapped_key is None:
        raise Unsealable(f"upload {upload.id} is sealed under its draft's key")
    return keyring.story_key(WrappedKey(upload.key_id, upload.wrapped_key))


def _whole_digest(keyring: Keyring, sha256: bytes) -> bytes:
    return keyring.digest(f"upload whole|{sha256.hex()}")


def _context(upload: Upload, start: int) -> str:
    return f"upload/{upload.id}/{start}"
