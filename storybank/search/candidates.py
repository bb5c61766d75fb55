"""Gather the passages that may answer a search: nearest in meaning, and sharing its words."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    Uuid,
    case,
    cast,
    column,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql as pg
from sqlmodel import Session, col

from storybank.search.narrow import FEW_STORIES, Condition, distance, matches
from storybank.search.words import Lexeme, Terms, all_of, any_of
from storybank.tables import PassageRow, Story
from storybank.values import Vector

POOL = 200
"""How many passages each of the two ways may bring; a search finds no more stories than those."""
LARGE_POOL = 120
"""The same in a large collection: what one walk through the HNSW index brings (`ef_search`)."""
FEW_PASSAGES = 1_500
"""Words are looked up and weighed in so many passages at most, the rarest words first."""

_PREPARE = text(
    "select set_config('hnsw.iterative_scan', 'relaxed_order', true), "
    "set_config('hnsw.ef_search', '120', true), "
    "set_config('hnsw.max_scan_tuples', '5000', true), "
    "set_config('random_page_cost', '1.1', true), "
    "set_config('plan_cache_mode', 'force_custom_plan', true)"
)
"""For this transaction: go on past filtered neighbours, but not for ever (a filter that leaves
2 in 100 fills half the pool then), and plan for the filters at hand and for indexes that lie in
memory: by its defaults the planner would rather read every story than look up two thousand."""


class Candidate(NamedTuple):
    """One passage of a story that may answer: `cosine` in [-1, 1], which words it holds.

    Bit n of `held` is set where it holds the n-th lexeme of the query; phrases come after those.
    """

    passage_id: int
    story_id: uuid.UUID
    ordinal: int
    cosine: float
    held: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as the database is asked it: who may be found, the words, the meaning.

    `vector` has shape (384,) and was made by `model_id`; only passages of the same model are
    compared with it.
    """

    condition: Condition
    terms: Terms
    vector: Vector
    model_id: str


def prepare(session: Session) -> None:
    """Set the planner up for searching, for as long as the session's transaction lasts."""
    session.connection().execute(_PREPARE)


def gather(session: Session, asked: Asked) -> tuple[list[Candidate], bool]:
    """Give all passages of every story that has one near in meaning or sharing words.

    The second value says that there may be more stories than these: not all were compared.
    """
    few = _are_few(session, asked.condition)
    near = _run(session, _nearest(asked, exact=few))
    shared = _run(session, _sharing(asked, few=few)) if asked.terms.lexemes else []
    stories = {*near, *shared}
    more = not few or len(near) == POOL or len(shared) == POOL
    return _passages_of(session, asked, stories), more


def _are_few(session: Session, condition: Condition) -> bool:
    counted = select(literal(1)).select_from(Story).where(condition).limit(FEW_STORIES + 1)
    number = session.connection().scalar(select(func.count()).select_from(counted.subquery()))
    return number is not None and number <= FEW_STORIES


def _run(session: Session, query: Select[uuid.UUID]) -> Sequence[uuid.UUID]:
    return [row[0] for row in session.connection().execute(query)]


def _nearest(asked: Asked, *, exact: bool) -> Select[uuid.UUID]:
    far: ColumnElement[float] = distance(asked.vector)
    if exact:
        far = far + 0.0  # an expression that the HNSW index does not know: all are compared
    return (
        select(col(PassageRow.story_id))
        .join(Story, col(Story.id) == col(PassageRow.story_id))
        .where(asked.condition, col(PassageRow.model_id) == asked.model_id)
        .order_by(far)
        .limit(POOL if exact else LARGE_POOL)
    )


def _sharing(asked: Asked, *, few: bool) -> Select[uuid.UUID]:
    """Stories with passages that share words: most telling words first, then nearest first.

    In a large collection only the rarer words are looked up: common ones stand in more passages
    than can be weighed in time. Where all are common, some passages that hold all of them are
    taken as they come, since the best of those are among the nearest in meaning as well.
    """
    lexemes = asked.terms.lexemes
    looked_up = lexemes if few else _telling(lexemes)
    query = (
        select(col(PassageRow.story_id))
        .join(Story, col(Story.id) == col(PassageRow.story_id))
        .where(asked.condition)
        .limit(POOL if few else LARGE_POOL)
    )
    if not looked_up:
        return query.where(matches(all_of(lexemes)))
    weighed = sum((_weighed(lexeme) for lexeme in lexemes), literal(0.0))
    return query.where(matches(any_of(looked_up))).order_by(
        weighed.desc(), distance(asked.vector) + 0.0
    )


def _telling(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Give the rarest words, as many as stand in FEW_PASSAGES passages together."""
    rarest, passages = [], 0.0
    for lexeme in sorted(lexemes, key=lambda one: one.passages):
        passages += lexeme.passages
        if passages > FEW_PASSAGES:
            break
        rarest.append(lexeme)
    return rarest


def _weighed(lexeme: Lexeme) -> ColumnElement[float]:
    return case((matches(lexeme.tsquery), literal(lexeme.weight)), else_=literal(0.0))


def _passages_of(session: Session, asked: Asked, stories: Collection[uuid.UUID]) -> list[Candidate]:
    if not stories:
        return []
    tests = [lexeme.tsquery for lexeme in asked.terms.lexemes] + list(asked.terms.phrases)
    bits = sum(
        (cast(cast(matches(q), Integer), BigInteger) * (1 << n) for n, q in enumerate(tests)),
        literal(0, BigInteger),
    )
    comparable = col(PassageRow.model_id) == asked.model_id
    ids = list(stories)
    given = func.unnest(cast(literal(ids, pg.ARRAY(Uuid)), pg.ARRAY(Uuid)))
    listed = given.table_valued(column("id", Uuid), with_ordinality="place").render_derived()
    query = select(
        col(PassageRow.id),
        listed.c.place,  # a number: to read the same id for each passage took most of the time
        col(PassageRow.ordinal),
        cast(case((comparable, 1.0 - distance(asked.vector)), else_=0.0), Double),
        bits,
    ).join(listed, listed.c.id == col(PassageRow.story_id))
    return [
        Candidate(passage, ids[place - 1], ordinal, cosine, held)
        for passage, place, ordinal, cosine, held in session.connection().execute(query)
    ]
