"""How far the words of a recording can be trusted, what is still to come, and local words."""

import uuid
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import maybe_moment, moment, story_key


class Doubt(SQLModel, table=True):
    """A sentence of a transcript that is marked, and why; derived with the reading of it.

    `marks` are those of `values.Mark`, a space between. `root_id` names the doubt that has to be
    checked for this one to go: a translation is as doubtful as the words that it translates.
    """

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    start: int
    end: int
    marks: str
    root_id: int | None = Field(
        default=None, sa_type=sa.BigInteger, foreign_key="doubt.id", ondelete="CASCADE"
    )


class Checked(SQLModel, table=True):
    """Somebody's word that a marked sentence is right as it stands; taken back, not erased.

    `person_id` None is the teller. Told: it belongs to one version and the exact sentence in it.
    """

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    start: int
    end: int
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = moment()
    undone_at: datetime | None = maybe_moment()


class SoFar(SQLModel, table=True):
    """What is written down of a recording that is still listened to; gone when it is done.

    `sealed` is a Transcript under version 0. It is shown to the teller only, never indexed or read.
    """

    __tablename__: ClassVar[str] = "so_far"

    story_id: uuid.UUID = Field(foreign_key="story.id", ondelete="CASCADE", primary_key=True)
    sealed: bytes
    language: str
    seconds: float
    updated_at: datetime = moment()


class SideStep(SQLModel, table=True):
    """A step beside the words of a story that is not done: gone when it is.

    `step` is `voices`, `translation`, `reading` for newest words that could not be read, or
    `by-hand` for one that waits for a person. `problem` names the error for which it was given up,
    and is None while it is still to come.
    """

    __tablename__: ClassVar[str] = "side_step"

    story_id: uuid.UUID = Field(foreign_key="story.id", ondelete="CASCADE", primary_key=True)
    step: str = Field(primary_key=True)
    problem: str | None = None
    updated_at: datetime = moment()


class LocalWord(SQLModel, table=True):
    """A name that tellers of a programme may say: a place, a group, or somebody's role."""

    __tablename__: ClassVar[str] = "local_word"

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE", index=True)
    kind: str
    word: str
    created_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = moment()

    __table_args__ = (sa.UniqueConstraint("programme_id", "word"),)
