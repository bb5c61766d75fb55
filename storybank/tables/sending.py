"""What is on its way in: resumable uploads piece by piece, and keys for phones with other apps."""

import uuid
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import maybe_moment, moment


class Upload(SQLModel, table=True):
    """One resumable upload; `received` bytes of it are kept, and that number is the truth.

    Pieces and number are committed together, so neither can be ahead of the other. `owner` is a
    keyed digest of who may go on with it (a draft's cookie, or a worker and the item's id);
    `name` says which part of the story it is. `length` None: not known yet (still talking).
    Without a wrapped key of its own it is sealed under the key of the draft that it belongs to.
    """

    id: str = Field(primary_key=True)
    owner: bytes = Field(index=True)
    name: str
    length: int | None = Field(default=None, sa_type=sa.BigInteger)
    whole_digest: bytes | None = None
    """Keyed digest of the sha256 that the sender named for the whole, to be met when it is in."""
    received: int = Field(default=0, sa_type=sa.BigInteger)
    key_id: str | None = None
    wrapped_key: bytes | None = None
    created_at: datetime = moment()
    expires_at: datetime = Field(sa_type=sa.DateTime(timezone=True), index=True)
    finished_at: datetime | None = maybe_moment()


class UploadPiece(SQLModel, table=True):
    """Some bytes of an upload, sealed under its key, from byte `start` on."""

    __tablename__: ClassVar[str] = "upload_piece"

    upload_id: str = Field(foreign_key="upload.id", ondelete="CASCADE", primary_key=True)
    start: int = Field(
        sa_type=sa.BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    size: int
    sealed: bytes


class Waiting(SQLModel, table=True):
    """A story announced by a phone whose sound has not all arrived; sealed, named by its client.

    `body_digest` is the keyed digest of what announced it: the same again gets the same answer.
    """

    client_id: str = Field(primary_key=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    body_digest: bytes
    sealed: bytes
    created_at: datetime = moment(index=True)


class NetworkSound(SQLModel, table=True):
    """How many bytes of sound strangers sent from one network in ten minutes, from `since` on.

    `digest` is a keyed digest of the network and the day: no address can be read from it.
    """

    __tablename__: ClassVar[str] = "network_sound"

    digest: bytes = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=sa.DateTime(timezone=True))
    bytes: int = Field(sa_type=sa.BigInteger)


class CollectKey(SQLModel, table=True):
    """A key in the address by which another app on one worker's phone sends stories.

    Only its digest is kept; whoever has the address can send, and read nothing.
    """

    __tablename__: ClassVar[str] = "collect_key"

    id: int | None = Field(default=None, primary_key=True)
    digest: bytes = Field(unique=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    label: str
    created_at: datetime = moment()
    revoked_at: datetime | None = maybe_moment()


class ImportFile(SQLModel, table=True):
    """A list of stories on its way in: the file, and what is planned and done with it, sealed.

    It belongs to who sent it, and goes after a day; the file goes as soon as it is imported.
    """

    __tablename__: ClassVar[str] = "import_file"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    key_id: str
    wrapped_key: bytes
    sealed: bytes
    plan: bytes
    created_at: datetime = moment(index=True)
