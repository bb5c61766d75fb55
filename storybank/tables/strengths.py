"""What stories name as good: derived, like all that names a producer, and made again at will."""

import uuid
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import long_text, story_key


class StrengthRow(SQLModel, table=True):
    """A skill, group, place or relationship that a story names as good, in its masked words.

    `quote` is the sentence that says so, `name` what is good in it, never a person's name. `start`
    and `end` are the passage's span in the transcript `transcript_id`. `rules_id` made it.
    """

    __tablename__: ClassVar[str] = "strength"

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    kind: str = Field(index=True)
    name: str
    quote: str = long_text()
    start: int
    end: int
    start_ms: int | None = None
    rules_id: str
