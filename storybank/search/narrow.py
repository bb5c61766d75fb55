"""Filters as SQL: which stories a search may find at all."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from pgvector import HalfVector
from sqlalchemy import ColumnElement, Uuid, and_, cast, func, literal
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from storybank.access import Actor, visible
from storybank.tables import PassageRow, Place, Programme, Story, Tag
from storybank.values import Filters, Vector

Condition = ColumnElement[bool]

FEW_STORIES = 2_000
"""Where the filters leave no more than this, every passage is compared: exact, and as quick."""


def may_be_found(actor: Actor, filters: Filters) -> Condition:
    """Give the condition on `Story` for what `actor` may read and `filters` let through.

    A story has to carry every one of `codes`, each in one of `directions`, in readings by the
    version `framework`. Within places,
    programmes and channels any one will do, since a story has only one of each.
    """
    parts: list[Condition] = [visible(actor)]
    parts += [_tagged(code, filters) for code in filters.codes]
    if filters.directions and not filters.codes:
        parts.append(_tagged(None, filters))
    if filters.places:
        parts.append(_linked(col(Story.place_id), Place, filters.places))
    if filters.programmes:
        parts.append(_linked(col(Story.programme_id), Programme, filters.programmes))
    if filters.channels:
        parts.append(col(Story.channel).in_(filters.channels))
    if filters.from_date:
        parts.append(col(Story.told_on) >= filters.from_date)
    if filters.to_date:
        parts.append(col(Story.told_on) <= filters.to_date)
    return and_(*parts)


def holds(session: Session, actor: Actor, tsquery: str) -> Condition:
    """Give the condition on `Story` that one of its passages answers a query in tsquery's own form.

    A phrase has to stand within one passage.
    """
    found = _few_that_hold(session, actor, tsquery)
    if found is not None:
        return is_one_of(col(Story.id), found)
    return col(Story.id).in_(select(PassageRow.story_id).where(matches(tsquery)))


def lacks(session: Session, actor: Actor, tsquery: str) -> Condition:
    """Give the condition on `Story` that none of its passages answers the query."""
    found = _few_that_hold(session, actor, tsquery)
    if found is not None:
        return ~is_one_of(col(Story.id), found)
    inside = select(PassageRow.id).where(PassageRow.story_id == Story.id, matches(tsquery))
    return ~inside.correlate(Story).exists()


def _few_that_hold(session: Session, actor: Actor, tsquery: str) -> list[uuid.UUID] | None:
    """Give the stories with a passage that answers, or None where they are not few.

    A list of them lets the database plan the search by how many they are.
    """
    query = (
        select(PassageRow.story_id)
        .join(Story, col(Story.id) == col(PassageRow.story_id))
        .where(visible(actor), matches(tsquery))
        .limit(FEW_STORIES + 1)
    )
    found = session.exec(query).all()
    return list(set(found)) if len(found) <= FEW_STORIES else None


def matches(tsquery: str) -> Condition:
    """Give the condition on `PassageRow` that its words answer a query in tsquery's own form."""
    return col(PassageRow.words).bool_op("@@")(cast(literal(tsquery), pg.TSQUERY))


def is_one_of(column: Mapped[uuid.UUID], ids: Collection[uuid.UUID]) -> Condition:
    """Give the condition that `column` is among `ids`: one parameter, however many they are."""
    return column == func.any(cast(literal(list(ids), pg.ARRAY(Uuid)), pg.ARRAY(Uuid)))


def distance(vector: Vector) -> ColumnElement[float]:
    """Give the cosine distance between `PassageRow.embedding` and `vector`, shape (384,)."""
    embedding: Any = col(PassageRow.embedding)
    measured: ColumnElement[float] = embedding.cosine_distance(HalfVector(vector))
    return measured


def _linked(
    key: Mapped[int | None] | Mapped[int],
    table: type[Place] | type[Programme],
    slugs: Sequence[str],
) -> Condition:
    """Give the condition that `key` is of one of `slugs`, such that an index can be used for it."""
    ids = select(table.id).where(col(table.slug).in_(slugs)).scalar_subquery()
    return key == func.any(func.array(ids))


def _tagged(code: str | None, filters: Filters) -> Condition:
    carried = select(Tag.story_id)
    if code is not None:
        carried = carried.where(Tag.code == code)
    if filters.directions:
        carried = carried.where(col(Tag.direction).in_(filters.directions))
    if filters.framework:
        carried = carried.where(Tag.framework == filters.framework)
    return col(Story.id).in_(carried)
