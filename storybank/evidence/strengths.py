"""What people are good at and what is good here: strengths that stories name, ward by ward."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from storybank.access import Actor
from storybank.capture.answers import WORKERS_OWN
from storybank.capture.checks import touches, unchecked
from storybank.search.narrow import may_be_found
from storybank.tables import PassageRow, Place, Story, StrengthRow, TranscriptRow
from storybank.values import Filters, StoryState

MOST_SHOWN = 300
NO_PLACE = "No place given"


@dataclass(frozen=True, slots=True)
class NamedStrength:
    """One strength with the masked words that name it, and the passage and story they stand in.

    `translated` says that the words are a translation, and not the teller's; `by_hand` that a
    person made it. `workers`: they are a worker's own, who saw or heard it themselves.
    """

    kind: str
    name: str
    quote: str
    story_id: uuid.UUID
    passage_id: int
    title: str
    told_on: str
    invented: bool
    translated: bool = False
    by_hand: bool = False
    workers: bool = False


@dataclass(frozen=True, slots=True)
class Ward:
    """The strengths of one place, and how many stories were read there."""

    place: str
    read: int
    stories: int
    named: tuple[NamedStrength, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All wards with stories; `total` strengths, of which `cut` are not shown."""

    wards: tuple[Ward, ...]
    read: int
    total: int
    cut: int
    by_kind: dict[str, int]


def register_of(session: Session, actor: Actor, filters: Filters, kind: str | None) -> Register:
    """Give the strengths that `actor` may read, by ward, those with most first.

    Words that a machine may have misheard and nobody has checked are left out. Counts of kinds
    are those before `kind` narrows them, and stories read are all that fit place and programme.
    """
    wide = _readable(actor, filters)
    found = _standing(session, _rows(session, wide))
    chosen = [row for row in found if kind is None or row[0].kind == kind]
    read = _read_by_place(session, wide)
    names = {place.id: place.name for place in session.exec(select(Place))}
    wards = []
    for place_id, count in read.items():
        here = [row for row in chosen if row[2].place_id == place_id]
        named = tuple(_named(*row) for row in here)
        stories = len({one.story_id for one in named})
        name = NO_PLACE if place_id is None else names[place_id]
        wards.append(Ward(name, count, stories, named))
    wards.sort(key=lambda ward: (-len(ward.named), ward.place))
    shown, cut = _cut(wards)
    kinds = {k: sum(row[0].kind == k for row in found) for k in {row[0].kind for row in found}}
    return Register(shown, sum(read.values()), len(chosen), cut, kinds)


Row = tuple[StrengthRow, PassageRow, Story, TranscriptRow]


def _readable(actor: Actor, filters: Filters) -> ColumnElement[bool]:
    narrowed = replace(filters, codes=(), directions=())
    return may_be_found(actor, narrowed) & (col(Story.state) == StoryState.READY)


def _rows(session: Session, condition: ColumnElement[bool]) -> Sequence[Row]:
    query = (
        select(StrengthRow, PassageRow, Story, TranscriptRow)
        .join(Story, col(Story.id) == col(StrengthRow.story_id))
        .join(TranscriptRow, col(TranscriptRow.id) == col(StrengthRow.transcript_id))
        .options(
            defer(TranscriptRow.sealed),  # type: ignore[arg-type]  # SQLModel says bytes
            defer(PassageRow.embedding),
            defer(PassageRow.words),
        )
        .join(
            PassageRow,
            (col(PassageRow.transcript_id) == col(StrengthRow.transcript_id))
            & (col(PassageRow.start) == col(StrengthRow.start)),
        )
        .where(condition)
        # Only words that stand there now: masks that somebody added meanwhile take them away.
        .where(func.strpos(col(PassageRow.text), col(StrengthRow.quote)) > 0)
        .order_by(col(StrengthRow.kind), col(Story.told_on).desc(), col(StrengthRow.id))
    )
    return session.exec(query).all()


def _standing(session: Session, rows: Sequence[Row]) -> list[Row]:
    doubted = unchecked(session, list({row[0].transcript_id for row in rows}))
    return [
        row
        for row in rows
        if not touches(doubted.get(row[0].transcript_id, ()), row[0].start, row[0].end)
    ]


def _read_by_place(session: Session, condition: ColumnElement[bool]) -> dict[int | None, int]:
    query = select(Story.place_id, func.count()).where(condition).group_by(col(Story.place_id))
    return dict(session.exec(query).all())


def _named(
    strength: StrengthRow, passage: PassageRow, story: Story, words: TranscriptRow
) -> NamedStrength:
    return NamedStrength(
        strength.kind,
        strength.name,
        strength.quote,
        story.id,
        passage.id or 0,
        story.title,
        story.told_on,
        story.invented,
        words.translates is not None,
        words.person_id is not None,
        story.teller == WORKERS_OWN,
    )


def _cut(wards: Sequence[Ward]) -> tuple[tuple[Ward, ...], int]:
    """Keep at most MOST_SHOWN strengths in all; gives the wards and how many were left out."""
    kept, left, cut = [], MOST_SHOWN, 0
    for ward in wards:
        kept.append(replace(ward, named=ward.named[:left]))
        cut += max(0, len(ward.named) - left)
        left = max(0, left - len(ward.named))
    return tuple(kept), cut
