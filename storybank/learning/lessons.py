"""Decisions as lessons: masked words, code and direction, and whether a person found it right."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storybank.access import Actor, visible
from storybank.capture.checks import unchecked
from storybank.index.doubted import is_held
from storybank.index.tags import fits, rows_read
from storybank.tables import Coding, Story
from storybank.understand.heads import Pair
from storybank.values import Direction, Role


@dataclass(frozen=True, slots=True)
class Lesson:
    """One decision: these words show the pair (`right`), or they do not."""

    story_id: uuid.UUID
    pair: Pair
    quote: str
    right: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The masked words of a story that lessons come from."""

    story_id: uuid.UUID
    text: str


def lessons_of(session: Session, framework: str) -> tuple[list[Lesson], list[Told]]:
    """Give the standing decisions under a version, and the stories that they were taken about.

    Only stories whose tellers agreed to be learnt from, and that were not taken back. Masked words
    only: training opens no story's key, and nothing that names somebody can be learnt by heart. A
    pair that one person confirmed and another rejected in the same story teaches nothing, nor do
    words that a correction took away, or that nobody has checked.
    """
    query = (
        select(Coding)
        .join(Story, col(Story.id) == col(Coding.story_id))
        .where(
            visible(Actor(role=Role.EVALUATOR)),
            Coding.framework == framework,
            col(Coding.undone_at).is_(None),
        )
        .order_by(col(Coding.id))
    )
    by_story: dict[uuid.UUID, list[Coding]] = defaultdict(list)
    for coding in session.exec(query):
        by_story[coding.story_id].append(coding)
    lessons: list[Lesson] = []
    told: list[Told] = []
    for story_id, codings in by_story.items():
        rows = rows_read(session, story_id)
        doubted = unchecked(session, [row.id for row in rows if row.id is not None])
        sure = [c for c in codings if fits(c, rows) and not is_held(session, c, rows, doubted)]
        found = _agreed(sure)
        if found and rows:
            lessons += found
            told.append(Told(story_id, rows[-1].masked or ""))
    return lessons, told


def _agreed(codings: list[Coding]) -> list[Lesson]:
    said: dict[Pair, dict[str, set[bool]]] = defaultdict(lambda: defaultdict(set))
    for coding in codings:
        right = coding.decision != "rejected"
        said[coding.code, Direction(coding.direction)][coding.quote].add(right)
    return [
        Lesson(codings[0].story_id, pair, quote, right)
        for pair, quotes in said.items()
        if len(set().union(*quotes.values())) == 1
        for quote, (right, *_) in ((q, tuple(r)) for q, r in quotes.items())
    ]
