"""Count what the stories of a result carry: codes in both directions, places, and the rest."""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    String,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import Session, col

from storybank.search.narrow import Condition
from storybank.tables import Place, Programme, Story, Tag
from storybank.values import Direction, Facet

Counted = Select[str, str, int]


def count_facets(
    session: Session, condition: Condition, framework: str | None = None
) -> tuple[Facet, ...]:
    """Give how many stories under `condition` carry each value, most frequent first.

    Kinds are `code` (values such as `doing-with+`; both directions stand there whenever one
    does, with 0 if need be), `place`, `programme` (slugs) and `channel`. A story counts once.
    Codes count in readings by the version `framework`, or by any (None).
    """
    found = _found(condition)
    alike = _alike(found)
    facets = _run(
        session,
        _tags(found, framework),
        _named("place", Place, alike.c.place_id, alike),
        _named("programme", Programme, alike.c.programme_id, alike),
        _channels(alike),
    )
    codes = [facet.value for facet in facets if facet.kind == "code"]
    if len(codes) != len(set(codes)):
        # Two versions of a framework share a code: only counting the stories themselves is right.
        others = [facet for facet in facets if facet.kind != "code"]
        facets = others + _run(session, _codes(found))
    facets += _other_directions(facets)
    return tuple(sorted(facets, key=lambda f: (f.kind, -f.count, f.value)))


def _run(session: Session, *counts: Counted) -> list[Facet]:
    rows = session.connection().execute(union_all(*counts)).all()
    return [Facet(row[0], row[1], row[2]) for row in rows]


def _found(condition: Condition) -> CTE:
    """Find the stories once, instead of once for each kind of count."""
    return (
        select(col(Story.id), col(Story.place_id), col(Story.programme_id), col(Story.channel))
        .where(condition)
        .cte("found")
        .prefix_with("materialized")
    )


def _alike(found: CTE) -> CTE:
    """Count the stories of the same place, programme and channel together: far fewer rows."""
    same = (found.c.place_id, found.c.programme_id, found.c.channel)
    return (
        select(*same, func.count().label("number"))
        .group_by(*same)
        .cte("alike")
        .prefix_with("materialized")
    )


def _number(alike: CTE) -> ColumnElement[int]:
    return cast(func.sum(alike.c.number), BigInteger)


def _tags(found: CTE, framework: str | None) -> Counted:
    """Count tags: quick, and the same as counting stories where only one framework has a code."""
    carried = col(Tag.code) + col(Tag.direction)
    counted = (
        select(literal("code"), carried, func.count())
        .join(found, found.c.id == col(Tag.story_id))
        .group_by(col(Tag.framework), col(Tag.code), col(Tag.direction))
    )
    return counted.where(col(Tag.framework) == framework) if framework else counted


def _codes(found: CTE) -> Counted:
    """Count codes; a story that carries one in two versions of a framework counts once."""
    carried = (
        select(col(Tag.story_id), (col(Tag.code) + col(Tag.direction)).label("value"))
        .join(found, found.c.id == col(Tag.story_id))
        .distinct()
        .subquery()
    )
    return select(literal("code"), carried.c.value, func.count()).group_by(carried.c.value)


def _named(
    kind: str, table: type[Place] | type[Programme], key: ColumnElement[Any], alike: CTE
) -> Counted:
    counts = select(key.label("key"), _number(alike).label("number")).group_by(key).subquery()
    return select(literal(kind), col(table.slug), counts.c.number).join(
        counts, counts.c.key == col(table.id)
    )


def _channels(alike: CTE) -> Counted:
    channel = alike.c.channel
    return select(literal("channel"), cast(channel, String), _number(alike)).group_by(channel)


def _other_directions(facets: list[Facet]) -> list[Facet]:
    """Give 0 for the direction that no story shows: nobody did is an answer, too."""
    there = {facet.value for facet in facets if facet.kind == "code"}
    opposite = {Direction.LIVED: Direction.MISSING, Direction.MISSING: Direction.LIVED}
    turned = {value[:-1] + opposite[Direction(value[-1])] for value in there}
    return [Facet("code", value, 0) for value in sorted(turned - there)]
