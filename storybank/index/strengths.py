"""Write down what a story names as good, in place of what was found in it before."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, delete

from storybank.tables import StrengthRow, TranscriptRow
from storybank.understand.strengths import RULES_ID, find_strengths
from storybank.values import Passage, Strength

Named = tuple[Passage, str, Strength]
"""A passage, its masked words, and a strength whose span counts in those."""


def read_strengths(
    nlp: Any, language: str, passages: Sequence[Passage], texts: Sequence[str]
) -> tuple[Named, ...]:
    """Give what the masked `texts` of `passages` name as good; only English is understood."""
    if language != "en":
        return ()
    return tuple(
        (passage, text, found)
        for passage, text in zip(passages, texts, strict=True)
        for found in find_strengths(nlp, text)
    )


def write_strengths(
    session: Session, story_id: uuid.UUID, row: TranscriptRow, named: Sequence[Named]
) -> None:
    """Make `named` all that this story names as good; safe to repeat."""
    assert row.id is not None  # noqa: S101 (it was read from the database)
    session.exec(delete(StrengthRow).where(col(StrengthRow.story_id) == story_id))
    session.add_all(
        StrengthRow(
            story_id=story_id,
            transcript_id=row.id,
            kind=found.kind,
            name=found.name,
            quote=found.span.of(text),
            start=passage.span.start,
            end=passage.span.end,
            start_ms=passage.start_ms,
            rules_id=RULES_ID,
        )
        for passage, text, found in named
    )
    session.flush()
