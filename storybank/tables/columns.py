"""Kinds of columns that the tables share, and the names of constraints."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """Give this moment, in UTC."""
    return datetime.now(UTC)


def moment(**options: Any) -> Any:
    """Make a column that says when a row was made, in UTC."""
    return Field(default_factory=now, sa_type=sa.DateTime(timezone=True), **options)


def maybe_moment() -> Any:
    """Make a column for a moment that may not have come yet."""
    return Field(default=None, sa_type=sa.DateTime(timezone=True))


def long_text(**options: Any) -> Any:
    """Make a column for text of any length."""
    return Field(sa_type=sa.Text, **options)


def story_key(**options: Any) -> Any:
    """Make the column by which a row hangs on its story, and goes when it goes."""
    return Field(foreign_key="story.id", ondelete="CASCADE", index=True, **options)


def on_one_text() -> sa.CheckConstraint:
    """Make the rule that a row stands on a version of a story or on a note, never on both."""
    return sa.CheckConstraint("num_nonnulls(transcript_id, note_id) = 1", name="one_text")


def maybe_on(table: str) -> Any:
    """Make the column by which a row may stand on a row of `table`, and goes when that goes."""
    return Field(default=None, foreign_key=f"{table}.id", ondelete="CASCADE", index=True)


class OneOf(sa.TypeDecorator[StrEnum]):
    """Keeps a member of a StrEnum as its text, and gives the member back, not bare text."""

    impl = sa.String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:
        """Give the member whose text was stored."""
        return None if value is None else self.kind(value)
