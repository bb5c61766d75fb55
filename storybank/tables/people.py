"""Staff accounts, the ways into them, and the record of what was done."""

import uuid
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import OneOf, maybe_moment, moment
from storybank.values import Role


class Person(SQLModel, table=True):
    """A member of staff with an account; tellers have none.

    `may_change_frameworks` lets an evaluator write and publish versions of the framework.
    """

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: Role = Field(sa_type=OneOf(Role))
    password_hash: str
    created_at: datetime = moment()
    disabled_at: datetime | None = maybe_moment()
    may_change_frameworks: bool = False


class Invite(SQLModel, table=True):
    """A way in for one new member of staff; only the digest of its code is kept."""

    digest: bytes = Field(primary_key=True)
    email: str
    name: str
    role: Role = Field(sa_type=OneOf(Role))
    invited_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    expires_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    used_at: datetime | None = maybe_moment()


class SignIn(SQLModel, table=True):
    """One signed-in browser; only the digest of its cookie is kept."""

    __tablename__: ClassVar[str] = "sign_in"

    digest: bytes = Field(primary_key=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = Field(sa_type=sa.DateTime(timezone=True))


class Attempt(SQLModel, table=True):
    """A try at a password or a receipt code, for throttling; keyed digest, never an address."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    digest: bytes
    at: datetime = moment()

    __table_args__ = (sa.Index("ix_attempt_kind_digest_at", "kind", "digest", "at"),)


class AuditEntry(SQLModel, table=True):
    """Who did what to which thing, and why; never content. Rows are only ever added."""

    __tablename__: ClassVar[str] = "audit"

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    at: datetime = moment(index=True)
    person_id: uuid.UUID | None = None
    act: str
    object_id: str = Field(index=True)
    purpose: str = ""
