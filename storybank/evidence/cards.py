"""What stands round the hits of a search: where each story came from and how it was read."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storybank.access import Actor, readable_stories
from storybank.tables import Place, Programme, Story, Tag


@dataclass(frozen=True, slots=True)
class Card:
    """One story of a result: its row, the names round it, and its tags, confirmed ones first."""

    story: Story
    programme: str
    place: str | None
    tags: tuple[Tag, ...]


def cards_of(
    session: Session, actor: Actor, story_ids: Iterable[str], framework: str | None = None
) -> dict[str, Card]:
    """Give a card for each of the stories that `actor` may read, by id.

    Its tags are those of the version `framework`, or of all (None).
    """
    ids = [uuid.UUID(story_id) for story_id in story_ids]
    named = (
        readable_stories(actor)
        .join(Programme, col(Programme.id) == col(Story.programme_id))
        .outerjoin(Place, col(Place.id) == col(Story.place_id))
        .add_columns(col(Programme.name), col(Place.name))
        .where(col(Story.id).in_(ids))
    )
    stories = session.execute(named).all()
    tags: dict[uuid.UUID, list[Tag]] = {}
    query = select(Tag).where(col(Tag.story_id).in_([story.id for story, _, _ in stories]))
    if framework:
        query = query.where(Tag.framework == framework)
    for tag in session.exec(query.order_by(col(Tag.state), col(Tag.code), col(Tag.direction))):
        tags.setdefault(tag.story_id, []).append(tag)
    return {
        str(story.id): Card(story, programme, place, tuple(tags.get(story.id, ())))
        for story, programme, place in stories
    }
