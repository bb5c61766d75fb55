"""What was read from stories, and what people decided about it.

Transcripts by people and codings are told; all else is derived and names its producer.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql as pg
from sqlmodel import Field, SQLModel

from storybank.tables.columns import (
    long_text,
    maybe_moment,
    maybe_on,
    moment,
    on_one_text,
    story_key,
)

DIMENSIONS = 384
"""Length of a passage's vector; the embedder in the manifest gives as many numbers."""


class TranscriptRow(SQLModel, table=True):
    """One immutable version of a story's text, sealed; spans point into it.

    `source` is `typed`, `machine`, `corrected` or `translated`. A translation names in `translates`
    what it translates, and has a version below 0: never the newest. `person_id` is who made it;
    None is a machine. The sealed bytes are JSON of a Transcript (`vault.py`). `masked` are the
    teller's words of it with personal details replaced; it is derived and may be shown to staff
    where consent allows. `withheld` says that the words are told in another language: names in
    them cannot be found, so `masked` is empty, and no passage or quotation is made of them.
    `language` is what they are found to be written in, or what was heard.
    """

    __tablename__: ClassVar[str] = "transcript"

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    version: int
    source: str
    sealed: bytes
    language: str = "en"
    model_id: str | None = None
    translates: int | None = Field(
        default=None, foreign_key="transcript.id", ondelete="CASCADE", index=True
    )
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    masked: str | None = Field(default=None, sa_type=sa.Text)
    rules_id: str | None = None
    withheld: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    created_at: datetime = moment()

    __table_args__ = (sa.UniqueConstraint("story_id", "version"),)


class Redaction(SQLModel, table=True):
    """Where a personal detail stands and what is shown for it; never the detail.

    It stands in a transcript or in a worker's note. `sure`, in [0, 1], says how likely it is one;
    1.0 where a person decided.
    """

    __table_args__ = (on_one_text(),)

    id: int | None = Field(default=None, primary_key=True)
    transcript_id: int | None = maybe_on("transcript")
    note_id: int | None = maybe_on("note")
    start: int
    end: int
    kind: str
    placeholder: str
    rules_id: str
    sure: float = Field(default=1.0, sa_column_kwargs={"server_default": "1.0"})


class PassageRow(SQLModel, table=True):
    """A searched passage: masked words, their span in the transcript, time, and vector."""

    __tablename__: ClassVar[str] = "passage"

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    ordinal: int
    start: int
    end: int
    text: str = long_text()
    start_ms: int | None = None
    end_ms: int | None = None
    embedding: Any = Field(default=None, sa_type=HALFVEC(DIMENSIONS))
    model_id: str
    words: Any = Field(
        default=None,
        sa_column=sa.Column(
            "words", pg.TSVECTOR, sa.Computed("to_tsvector('english', text)", persisted=True)
        ),
    )

    __table_args__ = (
        sa.Index("ix_passage_words", "words", postgresql_using="gin"),
        sa.Index(
            "ix_passage_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_ops={"embedding": "halfvec_cosine_ops"},
        ),
    )


class SuggestionRow(SQLModel, table=True):
    """A tag the machine read from a transcript; `quote` holds masked words.

    `offered` says that it is only shown to whoever codes, and counts nowhere.
    """

    __tablename__: ClassVar[str] = "suggestion"

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    framework: str
    code: str
    direction: str
    start: int
    end: int
    quote: str = long_text()
    start_ms: int | None = None
    end_ms: int | None = None
    score: float
    model_id: str
    offered: bool = False


class Coding(SQLModel, table=True):
    """A person's decision about a code: `confirmed`, `rejected` or `added`; undone, not erased.

    It stands on a span and quoted words, so it outlives the suggestion it answered. One that was
    made under an earlier version of the framework is followed by a row that is `carried_from` it.
    """

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    transcript_id: int = Field(foreign_key="transcript.id", ondelete="CASCADE", index=True)
    framework: str
    code: str
    direction: str
    start: int
    end: int
    quote: str = long_text()
    start_ms: int | None = None
    decision: str
    person_id: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = moment()
    undone_at: datetime | None = maybe_moment()
    carried_from: int | None = Field(
        default=None, foreign_key="coding.id", ondelete="CASCADE", index=True
    )


class Tag(SQLModel, table=True):
    """Which codes a story carries now, for filters and counts; derived from the two above.

    `state` is `suggested` or `confirmed`; what people rejected is not here.
    """

    story_id: uuid.UUID = Field(foreign_key="story.id", ondelete="CASCADE", primary_key=True)
    framework: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    direction: str = Field(primary_key=True)
    state: str

    __table_args__ = (
        sa.Index(
            "ix_tag_code_direction_framework_story", "code", "direction", "framework", "story_id"
        ),
    )


class TellerAnswer(SQLModel, table=True):
    """What a teller answered to one plain question about their own story: the teller's reading.

    The newest row of a question counts; what it means in codes is in `capture/own_reading.py`.
    """

    __tablename__: ClassVar[str] = "teller_answer"

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    question: str
    answer: str
    created_at: datetime = moment()


class Disagreement(SQLModel, table=True):
    """A teller's word that one reading of their story is wrong; taken back, not erased."""

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    framework: str
    code: str
    direction: str
    created_at: datetime = moment()
    undone_at: datetime | None = maybe_moment()


class Note(SQLModel, table=True):
    """What a worker wrote beside a story, in their own words or the teller's: never quoted.

    `sealed` holds the words as written: they never change, for masks and decisions count in them.
    `masked` is the same with personal details replaced, by `rules_id`; without rules, as an
    earlier version of Storybank masked it, which did not keep where. `tellers` says that the words
    are the teller's, written down before a recording. `read_back` says that the teller's words were
    read back to them: these, where there is a recording. In any other `language` than English
    `masked` is empty: the rules for names do not read it. `translates` names the note of which
    `person_id` wrote these words as its English; the last one counts.
    """

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    person_id: uuid.UUID = Field(foreign_key="person.id")
    sealed: bytes
    masked: str | None = Field(default=None, sa_type=sa.Text)
    rules_id: str | None = None
    read_back: bool = False
    tellers: bool = False
    language: str = "en"
    translates: int | None = Field(
        default=None, foreign_key="note.id", ondelete="CASCADE", index=True
    )
    created_at: datetime = moment()

    @property
    def withheld(self) -> bool:
        """Whether nobody who may see masked words only sees any of these."""
        return self.language != "en"
