"""The one place where a query is scoped to a person: role, consent and withdrawal.

Every search, page, export and report starts from `readable_stories`; a test walks all routes.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storybank.errors import NotAllowed, NotFound
from storybank.tables import Story
from storybank.values import Role, Use

_USE_COLUMN = {
    Use.LEARN: "may_learn",
    Use.QUOTE: "may_quote",
    Use.VOICE: "may_voice",
    Use.PUBLISH: "may_publish",
    Use.NAMED: "may_named",
}

_READERS = frozenset({Role.EVALUATOR, Role.GOVERNANCE})
_MASKERS = (Role.GOVERNANCE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a signed-in person with a role, or nobody (`role` None).

    `may_change_frameworks` is a right that an admin gives to single evaluators.
    """

    person_id: uuid.UUID | None = None
    role: Role | None = None
    name: str = ""
    may_change_frameworks: bool = False

    @property
    def person(self) -> uuid.UUID:
        """The id of the person, for what was let through by a role: then somebody is there."""
        assert self.person_id is not None  # noqa: S101 (whoever has a role is a person)
        return self.person_id

    def require(self, *roles: Role) -> None:
        """Raise NotAllowed unless this person has one of `roles`."""
        if self.role not in roles:
            raise NotAllowed(f"role {self.role} of {self.person_id}")

    def require_frameworks(self) -> None:
        """Raise NotAllowed unless this evaluator may write versions of the framework."""
        self.require(Role.EVALUATOR)
        if not self.may_change_frameworks:
            raise NotAllowed(
                f"frameworks, {self.person_id}",
                message="Your account may not change what stories are read for. "
                "Ask an admin for the right to.",
            )


NOBODY = Actor()
"""A visitor without an account."""


def visible(actor: Actor, *uses: Use) -> ColumnElement[bool]:
    """Give the condition under which a row of `Story` may be read by `actor` for all of `uses`.

    Reading inside the council always needs the teller's yes to learning. Withdrawn stories are
    never visible. Workers, admins and visitors read nothing here.
    """
    if actor.role not in _READERS:
        return false()
    condition: ColumnElement[bool] = col(Story.withdrawn_at).is_(None)
    for use in {Use.LEARN, *uses}:
        condition = condition & (col(getattr(Story, _USE_COLUMN[use])) == true())
    return condition


def readable_stories(actor: Actor, *uses: Use) -> SelectOfScalar[Story]:
    """Stories whose masked words `actor` may read for `uses`; callers narrow and order it."""
    return select(Story).where(visible(actor, *uses))


def readable_story(session: Session, actor: Actor, story_id: uuid.UUID, *uses: Use) -> Story:
    """Give one story if `actor` may read it for `uses`; raises NotFound otherwise.

    A story that exists but is refused looks exactly like one that does not.
    """
    query = readable_stories(actor, *uses).where(col(Story.id) == story_id)
    story = session.exec(query).one_or_none()
    if story is None:
        raise NotFound(f"story {story_id}")
    return story


def originals(actor: Actor) -> ColumnElement[bool]:
    """Give the condition under which `actor` may see the words of a story as told, to mask them.

    Governance and admins may, where the teller agreed to learning; evaluators never.
    """
    if actor.role not in _MASKERS:
        return false()
    return col(Story.withdrawn_at).is_(None) & (col(Story.may_learn) == true())


def original_story(session: Session, actor: Actor, story_id: uuid.UUID) -> Story:
    """Give one story whose words as told `actor` may see; raises NotAllowed or NotFound."""
    actor.require(*_MASKERS)
    query = select(Story).where(originals(actor), col(Story.id) == story_id)
    story = session.exec(query).one_or_none()
    if story is None:
        raise NotFound(f"story {story_id}")
    return story


def sent_stories(actor: Actor) -> SelectOfScalar[Story]:
    """Stories that this worker sent, newest first: their state, not their words."""
    return (
        select(Story)
        .where(col(Story.sent_by) == actor.person_id, col(Story.sent_by).is_not(None))
        .order_by(col(Story.created_at).desc())
    )


def sent_story(session: Session, actor: Actor, story_id: uuid.UUID, *uses: Use) -> Story:
    """Give one story that this worker sent, words and all, while the teller lets it be read.

    Reading needs the teller's yes to learning, and to each of `uses`. Raises NotFound otherwise:
    another worker's story looks exactly like one that does not exist.
    """
    query = sent_stories(actor).order_by(None).where(col(Story.id) == story_id)
    query = query.where(col(Story.withdrawn_at).is_(None))
    for use in {Use.LEARN, *uses}:
        query = query.where(col(getattr(Story, _USE_COLUMN[use])) == true())
    story = session.exec(query).one_or_none() if actor.role == Role.WORKER else None
    if story is None:
        raise NotFound(f"sent story {story_id}")
    return story
