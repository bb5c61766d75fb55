"""The re-coding list: what became of each earlier reading, with its words and its story."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from storybank.access import Actor, visible
from storybank.capture.checks import touches, unchecked
from storybank.tables import Coding, Moved, Person, Story, SuggestionRow
from storybank.values import Direction

PER_PAGE = 50

Row = TypeVar("Row", Coding, SuggestionRow)


@dataclass(frozen=True, slots=True)
class MovedReading:
    """One earlier reading and what became of it.

    `said_by` is the person who decided, None for the machine's suggestion. `chosen` is None until
    somebody has chosen among `became`. Nobody can choose parts while the words are `unchecked`.
    """

    id: int
    story_id: uuid.UUID
    title: str
    framework: str
    code: str
    direction: Direction
    quote: str
    decision: str
    said_by: str | None
    became: tuple[str, ...]
    chosen: tuple[str, ...] | None
    settled_by: str | None
    settled_at: datetime | None
    unchecked: bool


def listed(
    session: Session, actor: Actor, framework: str, outcome: str, number: int
) -> Sequence[MovedReading]:
    """Give one page (from 1) of what moved to `framework` with `outcome`.

    What is still to be chosen comes first. Only stories that `actor` may read, and of suggestions
    and decisions only their masked words.
    """
    query = (
        select(Moved, Story)
        .join(Story, col(Story.id) == col(Moved.story_id))
        .where(visible(actor), Moved.framework == framework, Moved.outcome == outcome)
        .order_by(col(Moved.settled_at).is_not(None), col(Story.told_on), col(Moved.id))
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    rows = session.exec(query).all()
    codings = _by_id(session, Coding, [row.coding_id for row, _ in rows])
    suggestions = _by_id(session, SuggestionRow, [row.suggestion_id for row, _ in rows])
    ids = {c.person_id for c in codings.values()} | {row.settled_by for row, _ in rows}
    people = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all())
    every: list[Coding | SuggestionRow] = [*codings.values(), *suggestions.values()]
    doubted = unchecked(session, list({one.transcript_id for one in every}))
    found = []
    for row, story in rows:
        said = codings.get(row.coding_id) or suggestions[row.suggestion_id]
        coding = said if isinstance(said, Coding) else None
        found.append(
            MovedReading(
                id=row.id or 0,
                story_id=story.id,
                title=story.title,
                framework=said.framework,
                code=said.code,
                direction=Direction(said.direction),
                quote=said.quote,
                decision=coding.decision if coding else "suggested",
                said_by=people.get(coding.person_id, "somebody") if coding else None,
                became=tuple(row.became),
                chosen=None if row.chosen is None else tuple(row.chosen),
                settled_by=people.get(row.settled_by) if row.settled_by else None,
                settled_at=row.settled_at,
                unchecked=touches(doubted.get(said.transcript_id, ()), said.start, said.end),
            )
        )
    return found


def affected(session: Session, actor: Actor, framework: str) -> dict[str, tuple[int, int]]:
    """Give for each code of a version its standing decisions and its open suggestions."""
    codings = _counted(session, actor, Coding, framework, col(Coding.undone_at).is_(None))
    read = _counted(session, actor, SuggestionRow, framework, col(SuggestionRow.offered).is_(False))
    return {code: (codings.get(code, 0), read.get(code, 0)) for code in {*codings, *read}}


def _counted(
    session: Session, actor: Actor, table: type[Coding] | type[SuggestionRow], framework: str,
    condition: ColumnElement[bool],
) -> dict[str, int]:  # fmt: skip
    query = (
        select(table.code, func.count())
        .join(Story, col(Story.id) == col(table.story_id))
        .where(visible(actor), table.framework == framework, condition)
        .group_by(table.code)
    )
    return dict(session.exec(query).all())


def _by_id(session: Session, table: type[Row], ids: Iterable[int | None]) -> dict[int | None, Row]:
    wanted = [number for number in ids if number is not None]
    rows = session.exec(select(table).where(col(table.id).in_(wanted)))
    return {row.id: row for row in rows}
