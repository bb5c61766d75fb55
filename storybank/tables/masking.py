"""What people decided about masks, who went through a story, and what a council knows of places."""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from storybank.tables.columns import maybe_moment, maybe_on, moment, on_one_text, story_key


class MaskDecision(SQLModel, table=True):
    """A person's word about a personal detail: told, so it outlives every reading by the machine.

    `decision` is `masked` (it is one, of this kind) or `shown` (it is none). It stands on words of
    one version or of one worker's note, and is found again by them in later versions. The words
    themselves are in the sealed version or note only. Undone, not erased.
    """

    __tablename__: ClassVar[str] = "mask_decision"
    __table_args__ = (on_one_text(),)

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int | None = maybe_on("transcript")
    note_id: int | None = maybe_on("note")
    start: int
    end: int
    decision: str
    kind: str
    person_id: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = moment()
    undone_at: datetime | None = maybe_moment()


class MaskReview(SQLModel, table=True):
    """Somebody's word that they went through all masks of one version, by these rules."""

    __tablename__: ClassVar[str] = "mask_review"

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    rules_id: str
    person_id: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = moment()


class KnownPlaceRow(SQLModel, table=True):
    """A street, school or practice that a council wants masked, or a name that it wants kept.

    `kind` is one of `understand.redact.known.KINDS`.
    """

    __tablename__: ClassVar[str] = "known_place"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str
    created_at: datetime = moment()
