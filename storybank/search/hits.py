"""Turn ranked stories into what is shown: titles, passages, times, marks."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from storybank.capture.answers import WORKERS_OWN
from storybank.capture.checks import touches, unchecked
from storybank.search.candidates import Candidate
from storybank.search.marks import marked, spans_of
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
    passages, names = _passages(session, shown, wanted)
    return tuple(
        Hit(
            story_id=str(story.story_id),
            external_id=names[story.story_id].external_id,
            title=names[story.story_id].title,
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
    passages, _ = _passages(session, shown, "")
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


def _passages(
    session: Session, shown: Mapping[uuid.UUID, Mapping[int, float]], wanted: str
) -> tuple[dict[int, FoundPassage], dict[uuid.UUID, Any]]:
    """Give the passages as they are shown, and a row with the names of each story, by their ids."""
    scores = {passage: score for of_story in shown.values() for passage, score in of_story.items()}
    rows = session.execute(_to_show(list(scores), wanted)).all()
    doubted = unchecked(session, list({row.transcript_id for row in rows}))
    found = {
        row.id: FoundPassage(
            row.id, row.text, row.start, row.end, row.start_ms, round(scores[row.id], 4),
            spans_of(row.text, row.marked),
            unchecked=touches(doubted.get(row.transcript_id, ()), row.start, row.end),
            translated=row.translates is not None,
            workers=row.teller == WORKERS_OWN,
        )
        for row in rows
    }  # fmt: skip
    return found, {row.story_id: row for row in rows}


def _to_show(ids: Sequence[int], wanted: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(PassageRow.id),
            col(PassageRow.story_id),
            col(PassageRow.transcript_id),
            col(PassageRow.text),
            col(PassageRow.start),
            col(PassageRow.end),
            col(PassageRow.start_ms),
            col(TranscriptRow.translates),
            marked(col(PassageRow.text), wanted).label("marked"),
            col(Story.external_id),
            col(Story.title),
            col(Story.teller),
        )
        .join(TranscriptRow, col(TranscriptRow.id) == col(PassageRow.transcript_id))
        .join(Story, col(Story.id) == col(PassageRow.story_id))
        .where(col(PassageRow.id).in_(ids))
    )
