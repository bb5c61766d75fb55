"""What was given up, in all stories at once: how much of it there is, and to try all of it again.

One story is tried again from its page. After a model was mended there may be hundreds, and those
whose tellers do not let staff learn from them have no page that anybody may open.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine
from sqlmodel import Session, col, func, select

from storybank import errors
from storybank.capture import intake, side_steps
from storybank.capture.side_steps import given_up, in_want
from storybank.db import transaction
from storybank.tables import Story
from storybank.values import StoryState

UNUSABLE = frozenset(
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.BadInput)
)
"""Problems that lie in what was sent: to try the same again would give the same."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """How many stories are not read, lack voices, English or newest words, or hold no words."""

    unread: int
    in_want: int
    unusable: int


def count_given_up(session: Session) -> GivenUp:
    """Give how many stories lack something; one that is read all the same lacks nothing."""
    return GivenUp(
        unread=_count(session, _is_unread()),
        in_want=_count(session, in_want() & ~_is_unread()),
        unusable=_count(session, _needs_help() & col(Story.problem).in_(UNUSABLE)),
    )


def to_try_again(session: Session) -> Sequence[uuid.UUID]:
    """Give the stories in which something was given up that may go well now, the oldest first."""
    query = select(Story.id).where(col(Story.withdrawn_at).is_(None), _is_unread() | given_up())
    return session.exec(query.order_by(col(Story.created_at))).all()


def try_again(engine: Engine, stories: Sequence[uuid.UUID]) -> int:
    """Put what was given up of these stories back into the queue; gives how many had any."""
    count = 0
    for story_id in stories:
        with transaction(engine) as session:
            story = session.get(Story, story_id, with_for_update=True)
            if story is None or story.withdrawn_at is not None:
                continue
            unread = story.state == StoryState.NEEDS_HELP and story.problem not in UNUSABLE
            if unread:
                intake.try_again(session, story)
            count += side_steps.try_again(session, story_id) or unread
    return count


def _needs_help() -> ColumnElement[bool]:
    return col(Story.state) == StoryState.NEEDS_HELP


def _is_unread() -> ColumnElement[bool]:
    return _needs_help() & col(Story.problem).not_in(UNUSABLE)


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Story)
    return session.exec(query.where(condition, col(Story.withdrawn_at).is_(None))).one()
