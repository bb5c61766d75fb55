"""Marked sentences and who has checked them: what is not checked is not used as evidence.

A sentence is named by its exact span in one version of the words. A correction makes a new version,
in which sentences that were checked before carry no mark any more.
"""

import functools
import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storybank import audit
from storybank.capture.lines import lines_of
from storybank.tables import Checked, Doubt, Story, TranscriptRow, now
from storybank.values import Span, Transcript

CHECKED, UNCHECKED = "check-words", "check-words-undone"
"""The two acts as the audit names them."""


def checked_spans(session: Session, row: TranscriptRow) -> tuple[Span, ...]:
    """Give the sentences of one version of which somebody said that they are right."""
    found = session.exec(_standing(row)).all()
    return tuple(Span(one.start, one.end) for one in found)


def check(
    session: Session, story: Story, row: TranscriptRow, span: Span, by: uuid.UUID | None
) -> None:
    """Keep that a person (None: the teller) says that a marked sentence is right as it stands.

    Said twice, it is kept once.
    """
    if span in checked_spans(session, row):
        return
    assert row.id is not None  # noqa: S101 (it was read from the database)
    session.add(
        Checked(
            story_id=story.id,
            transcript_id=row.id,
            start=span.start,
            end=span.end,
            person_id=by,
        )
    )
    audit.note(session, by, CHECKED, story.id, f"version {row.version}")
    session.flush()


def uncheck(
    session: Session, story: Story, row: TranscriptRow, span: Span, by: uuid.UUID | None
) -> None:
    """Take back that a sentence is right; who said so may be another person."""
    for one in session.exec(_standing(row)):
        if Span(one.start, one.end) == span:
            one.undone_at = now()
            session.add(one)
            audit.note(session, by, UNCHECKED, story.id, f"version {row.version}")
    session.flush()


def doubts_of(transcript: Transcript) -> tuple[tuple[Span, tuple[str, ...]], ...]:
    """Give the marked sentences of a transcript with their marks; gaps have no words to doubt."""
    return tuple(
        (line.span, line.flags)
        for line in lines_of(transcript)
        if line.flags and line.span.start < line.span.end
    )


def gaps_of(transcript: Transcript) -> tuple[tuple[float, float], ...]:
    """Give the seconds in which somebody speaks and nothing is written down."""
    return tuple(
        (segment.start, segment.end)
        for segment in transcript.segments
        if segment.span.start == segment.span.end
    )


def unchecked(session: Session, transcript_ids: Sequence[int]) -> Mapping[int, tuple[Span, ...]]:
    """Give the words of each transcript that are marked and that nobody has checked.

    A transcript without such words is not there.
    """
    if not transcript_ids:
        return {}
    query = select(Doubt).where(col(Doubt.transcript_id).in_(transcript_ids), is_open())
    found: dict[int, list[Span]] = {}
    for doubt in session.exec(query.order_by(col(Doubt.start))):
        found.setdefault(doubt.transcript_id, []).append(Span(doubt.start, doubt.end))
    return {number: tuple(spans) for number, spans in found.items()}


@functools.cache
def is_open() -> ColumnElement[bool]:
    """Give the condition on `Doubt` that nobody has checked the words, nor those it comes from.

    It is always the same, and made once: making it took longer than most searches ask for.
    """
    root = aliased(Doubt)
    checked = exists().where(
        col(root.id) == func.coalesce(col(Doubt.root_id), col(Doubt.id)),
        col(Checked.transcript_id) == col(root.transcript_id),
        col(Checked.start) == col(root.start),
        col(Checked.end) == col(root.end),
        col(Checked.undone_at).is_(None),
    )
    return ~checked


def touches(spans: Iterable[Span], start: int, end: int) -> bool:
    """Say whether one of `spans` shares words with the range from `start` to `end`."""
    return any(span.start < end and start < span.end for span in spans)


def _standing(row: TranscriptRow) -> SelectOfScalar[Checked]:
    return select(Checked).where(Checked.transcript_id == row.id, col(Checked.undone_at).is_(None))
