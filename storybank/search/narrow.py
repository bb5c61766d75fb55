"""Filters as SQL: which stories a search may find at all."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from pgvector import HalfVector
from sqlalchemy import ColumnElement, Uuid, and_, cast, func, literal
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from storybank.access import Actor, visible
from storybank.tables import PassageRow, Place, Programme, Story, Tag
from storybank.values import Direction, Filters, Vector

Condition = ColumnElement[bool]


def may_be_found(actor: Actor, filters: Filters) -> Condition:
    """Give the condition on `Story` for what `actor` may read and `filters` let through.

    A story has to carry every one of `codes`, each in one of `directions`. Within places,
    programmes and channels any one will do, since a story has only one of each.
    """
    parts: list[Condition] = [visible(actor)]
    parts += [_tagged(code, filters.directions) for code in filters.codes]
    if filters.directions and not filters.codes:
        parts.append(_tagged(None, filters.directions))
    if filters.places:
        found = select(Place.id).where(col(Place.slug).in_(filters.places))
        parts.append(col(Story.place_id).in_(found))
    if filters.programmes:
        held = select(Programme.id).where(col(Programme.slug).in_(filters.programmes))
        parts.append(col(Story.programme_id).in_(held))
    if filters.channels:
        parts.append(col(Story.channel).in_(filters.channels))
    if filters.from_date:
        parts.append(col(Story.told_on) >= filters.from_date)
    if filters.to_date:
        parts.append(col(Story.told_on) <= filters.to_date)
    return and_(*parts)


def holds(tsquery: str) -> Condition:
    """Give the condition on `Story` that one of its passages answers a query in tsquery's own form.

    A phrase has to stand within one passage.
    """
    return col(Story.id).in_(select(PassageRow.story_id).where(matches(tsquery)))


def lacks(tsquery: str) -> Condition:
    """Give the condition on `Story` that none of its passages answers the query."""
    inside = select(PassageRow.id).where(PassageRow.story_id == Story.id, matches(tsquery))
    return ~inside.correlate(Story).exists()


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


def _tagged(code: str | None, directions: Sequence[Direction]) -> Condition:
    carried = select(Tag.story_id)
    if code is not None:
        carried = carried.where(Tag.code == code)
    if directions:
        carried = carried.where(col(Tag.direction).in_(directions))
    return col(Story.id).in_(carried)
