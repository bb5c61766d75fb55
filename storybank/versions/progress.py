"""How far the stories have come that are to be read by a version of the framework."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, select

from storybank.tables import Moved, ReadBy, SideStep, Story
from storybank.values import BY_HAND, StoryState
from storybank.versions.fates import Outcome
from storybank.versions.shelf import version_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How many stories a version has read, and how many can be read at all."""

    read: int
    stories: int

    @property
    def left(self) -> int:
        """How many are not read by it yet."""
        return max(0, self.stories - self.read)


@dataclass(frozen=True, slots=True)
class Movement:
    """How many earlier readings moved by themselves, fell away, or need a person.

    `settled` of those that need a person have been chosen for.
    """

    carried: int = 0
    dropped: int = 0
    person: int = 0
    settled: int = 0


def was_read_by(framework: str) -> ColumnElement[bool]:
    """Give the condition on `Story` that the machine has read it by this version."""
    return exists().where(col(ReadBy.story_id) == col(Story.id), col(ReadBy.framework) == framework)


def readable() -> ColumnElement[bool]:
    """Give the condition on `Story` that a machine can read it: what waits for its English cannot.

    It was told in another language, and waits for a person.
    """
    waits = exists().where(col(SideStep.story_id) == col(Story.id), col(SideStep.step) == BY_HAND)
    return (col(Story.state) == StoryState.READY) & ~waits


def unread(framework: str) -> ColumnElement[bool]:
    """Give the condition on `Story` that it can be read, and was not by this version."""
    return readable() & col(Story.withdrawn_at).is_(None) & ~was_read_by(framework)


def progress_of(session: Session, framework: str, scope: ColumnElement[bool]) -> Progress:
    """Count the stories under `scope` (see `access.visible`) that a version has read."""
    ready = scope & readable()
    stories = session.exec(select(func.count()).select_from(Story).where(ready)).one()
    read = session.exec(
        select(func.count()).select_from(Story).where(ready, was_read_by(framework))
    ).one()
    return Progress(read, stories)


def movement_of(session: Session, framework: str, scope: ColumnElement[bool]) -> Movement:
    """Count what moved to a version, in the stories under `scope`."""
    rows = session.exec(
        select(Moved.outcome, func.count(), func.count(col(Moved.settled_at)))
        .join(Story, col(Story.id) == col(Moved.story_id))
        .where(Moved.framework == framework, scope)
        .group_by(col(Moved.outcome))
    ).all()
    counts = {outcome: (number, settled) for outcome, number, settled in rows}
    person = counts.get(Outcome.PERSON, (0, 0))
    return Movement(
        carried=counts.get(Outcome.CARRIED, (0, 0))[0],
        dropped=counts.get(Outcome.DROPPED, (0, 0))[0],
        person=person[0],
        settled=person[1],
    )


def read_by(session: Session, story_id: uuid.UUID) -> list[str]:
    """Give the versions that a story was read by, the newest of each framework first."""
    names = session.exec(select(ReadBy.framework).where(ReadBy.story_id == story_id)).all()
    return sorted(names, key=version_of, reverse=True)


def read_by_each(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Give the versions that each of some stories was read by, the oldest first."""
    rows = session.exec(select(ReadBy).where(col(ReadBy.story_id).in_(ids))).all()
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for row in sorted(rows, key=lambda row: version_of(row.framework)):
        found[row.story_id] = (*found.get(row.story_id, ()), row.framework)
    return found


def reading_of(session: Session, story_id: uuid.UUID, wanted: str, *, newest: bool = False) -> str:
    """Give the version by which to show a story: the one wanted, or the newest it was read by.

    With `newest` it is the newest in any case, and `wanted` only says of which framework. A story
    that was read by none is shown by the one wanted.
    """
    names = read_by(session, story_id)
    same = [name for name in names if version_of(name)[0] == version_of(wanted)[0]]
    if not same or (wanted in same and not newest):
        return wanted
    return same[0]
