"""Turn ranked stories into what is shown: titles, passages, times, marks."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from storybank.capture.checks import touches, unchecked
from storybank.search.candidates import Candidate
from storybank.search.marks import marks
from storybank.search.narrow import Condition, is_one_of
from storybank.search.rank import Scored
from storybank.tables import PassageRow, Story, TranscriptRow
from storybank.values import FoundPassage, Hit

SHOWN = 3
"""How many passages of one story are shown."""
NEARLY = 0.6
"""A further passage is shown where it scores at least this part of the best one's score."""


def hits_of(session: Session, stories: Sequence[Scored], wanted: str) -> tuple[Hit, ...]:
    """Give one hit for each of `stories`, in their order; `wanted` is the tsquery to mark."""
    shown = {
        story.story_id: {c.passage_id: score for c, score in _worth_showing(story)}
        for story in stories
    }
    passages = _passages(session, shown, wanted)
    rows = _stories(session, list(shown))
    return tuple(
        Hit(
            story_id=str(story.story_id),
            external_id=rows[story.story_id].external_id,
            title=rows[story.story_id].title,
            score=round(story.score, 4),
            passages=tuple(passages[passage] for passage in shown[story.story_id]),
        )
        for story in stories
    )


def browsed(
    session: Session, condition: Condition, *, limit: int, offset: int
) -> tuple[tuple[Hit, ...], int]:
    """Give stories under `condition`, newest first, each with its first passage; and how many."""
    total = session.scalar(select(func.count()).select_from(Story).where(condition)) or 0
    newest = (
        select(Story)
        .where(condition)
        .order_by(col(Story.told_on).desc(), col(Story.created_at).desc(), col(Story.id))
    )
    rows = session.scalars(newest.offset(offset).limit(limit)).all()
    firsts = session.execute(
        select(col(PassageRow.story_id), col(PassageRow.id)).where(
            is_one_of(col(PassageRow.story_id), [row.id for row in rows]),
            col(PassageRow.ordinal) == 0,
        )
    ).all()
    shown = {story_id: {passage_id: 0.0} for story_id, passage_id in firsts}
    passages = _passages(session, shown, "")
    return tuple(
        Hit(
            story_id=str(row.id),
            external_id=row.external_id,
            title=row.title,
            score=0.0,
            passages=tuple(passages[passage] for passage in shown.get(row.id, {})),
        )
        for row in rows
    ), total


def _worth_showing(story: Scored) -> list[tuple[Candidate, float]]:
    least = story.passages[0][1] * NEARLY
    return [pair for pair in story.passages[:SHOWN] if pair[1] >= least]


def _stories(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Story]:
    return {
        row.id: row for row in session.scalars(select(Story).where(is_one_of(col(Story.id), ids)))
    }


def _passages(
    session: Session, shown: Mapping[uuid.UUID, Mapping[int, float]], wanted: str
) -> dict[int, FoundPassage]:
    scores = {passage: score for of_story in shown.values() for passage, score in of_story.items()}
    query = (
        select(PassageRow, col(TranscriptRow.translates))
        .join(TranscriptRow, col(TranscriptRow.id) == col(PassageRow.transcript_id))
        .options(defer(PassageRow.embedding), defer(PassageRow.words))
        .where(col(PassageRow.id).in_(scores))
    )
    rows = [(row[0], row[1] is not None) for row in session.execute(query).all()]
    marked = marks(session, [row.text for row, _ in rows], wanted)
    doubted = unchecked(session, list({row.transcript_id for row, _ in rows}))
    return {
        row.id: FoundPassage(
            row.id, row.text, row.start, row.end, row.start_ms, round(scores[row.id], 4), spans,
            unchecked=touches(doubted.get(row.transcript_id, ()), row.start, row.end),
            translated=translated,
        )
        for (row, translated), spans in zip(rows, marked, strict=True)
    }  # fmt: skip
