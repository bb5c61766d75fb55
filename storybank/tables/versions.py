"""Versions of frameworks made in the pages, and what became of readings from one to the next."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import long_text, maybe_moment, moment, story_key


class FrameworkVersion(SQLModel, table=True):
    """One published version of a framework, named as rows name it; never changed.

    `content` is a whole Framework, `fates` what became of each code of `based_on` that did not
    simply stay: `{code: {"fate": ..., "to": [...]}}`. The first version ships with Storybank.
    """

    __tablename__: ClassVar[str] = "framework_version"

    name: str = Field(primary_key=True)
    framework: str = Field(index=True)
    version: int
    based_on: str
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    fates: dict[str, Any] = Field(sa_type=sa.JSON)
    why: str = long_text()
    published_by: uuid.UUID = Field(foreign_key="person.id")
    published_at: datetime = moment()


class FrameworkDraft(SQLModel, table=True):
    """The next version of a framework while people write it; one at a time.

    `revision` grows with every change, so that nobody publishes what they have not looked over; of
    another draft, begun at another time, it says nothing.
    """

    __tablename__: ClassVar[str] = "framework_draft"

    framework: str = Field(primary_key=True)
    based_on: str
    codes: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    fates: dict[str, Any] = Field(sa_type=sa.JSON)
    revision: int = 0
    begun_by: uuid.UUID = Field(foreign_key="person.id")
    begun_at: datetime = moment()


class ReadBy(SQLModel, table=True):
    """That the machine read a story by a framework version, whether or not it found anything.

    Counts under a version are counts among these stories.
    """

    __tablename__: ClassVar[str] = "read_by"

    story_id: uuid.UUID = Field(foreign_key="story.id", ondelete="CASCADE", primary_key=True)
    framework: str = Field(primary_key=True, index=True)
    model_id: str
    read_at: datetime = moment()


class Moved(SQLModel, table=True):
    """What became of one earlier reading under a newer version: a coding, or an open suggestion.

    `outcome` is `carried`, `person` (somebody has to choose) or `dropped`. `became` are the codes
    it may have become; `chosen` those that somebody chose, each made a coding of its own.
    """

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    story_id: uuid.UUID = story_key()
    framework: str = Field(index=True)
    coding_id: int | None = Field(default=None, foreign_key="coding.id", ondelete="CASCADE")
    suggestion_id: int | None = Field(
        default=None, sa_type=sa.BigInteger, foreign_key="suggestion.id", ondelete="CASCADE"
    )
    outcome: str
    became: list[str] = Field(sa_type=sa.JSON)
    chosen: list[str] | None = Field(default=None, sa_type=sa.JSON)
    settled_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = maybe_moment()

    __table_args__ = (
        sa.UniqueConstraint("framework", "coding_id"),
        sa.UniqueConstraint("framework", "suggestion_id"),
    )
