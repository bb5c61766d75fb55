"""Count what the stories of a result carry: codes in both directions, places, and the rest."""

from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from storybank.search.narrow import Condition
from storybank.tables import Place, Programme, Story, Tag
from storybank.values import Direction, Facet

Counted = Select[str, str, int]


def count_facets(session: Session, condition: Condition) -> tuple[Facet, ...]:
    """Give how many stories under `condition` carry each value, most frequent first.

    Kinds are `code` (values such as `doing-with+`; both directions stand there whenever one
    does, with 0 if need be), `place`, `programme` (slugs) and `channel`. A story counts once.
    """
    counted = union_all(
        _tags(condition),
        _linked("place", Place, col(Story.place_id), condition),
        _linked("programme", Programme, col(Story.programme_id), condition),
        _channels(condition),
    )
    facets = [Facet(row[0], row[1], row[2]) for row in session.connection().execute(counted)]
    return tuple(
        sorted(facets + _other_directions(facets), key=lambda f: (f.kind, -f.count, f.value))
    )


def _tags(condition: Condition) -> Counted:
    carried = col(Tag.code) + col(Tag.direction)
    return (
        select(literal("code"), carried, func.count(func.distinct(col(Tag.story_id))))
        .join(Story, col(Story.id) == col(Tag.story_id))
        .where(condition)
        .group_by(carried)
    )


def _linked(
    kind: str,
    table: type[Place] | type[Programme],
    key: Mapped[int | None] | Mapped[int],
    condition: Condition,
) -> Counted:
    return (
        select(literal(kind), col(table.slug), func.count())
        .join(Story, col(table.id) == key)
        .where(condition)
        .group_by(col(table.slug))
    )


def _channels(condition: Condition) -> Counted:
    return (
        select(literal("channel"), cast(col(Story.channel), String), func.count())
        .where(condition)
        .group_by(col(Story.channel))
    )


def _other_directions(facets: list[Facet]) -> list[Facet]:
    """Give 0 for the direction that no story shows: nobody did is an answer, too."""
    there = {facet.value for facet in facets if facet.kind == "code"}
    opposite = {Direction.LIVED: Direction.MISSING, Direction.MISSING: Direction.LIVED}
    turned = {value[:-1] + opposite[Direction(value[-1])] for value in there}
    return [Facet("code", value, 0) for value in sorted(turned - there)]
