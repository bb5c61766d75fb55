"""Embed passages anew after a change of model; search stays up meanwhile."""

from collections.abc import Iterator

from pgvector import HalfVector
from sqlalchemy import ColumnElement, Engine, Row, bindparam, func, update
from sqlmodel import Session, col, select, true

from storybank.db import reading, transaction
from storybank.tables import PassageRow
from storybank.understand.embed import Embedder

BATCH = 512


def count_stale(session: Session, model_id: str, *, everything: bool = False) -> int:
    """Give how many passages `rebuild` would embed."""
    query = select(func.count()).select_from(PassageRow)
    return session.exec(query.where(_stale(model_id, everything=everything))).one()


def rebuild(engine: Engine, embedder: Embedder, *, everything: bool = False) -> Iterator[int]:
    """Embed passages whose vectors another model made (or all); gives the number in each batch.

    Every batch is committed by itself, so that it may be stopped and started again. Until its
    turn comes a passage is found by its words, not by its meaning: vectors of two models cannot
    be compared. Word indexes need nothing: the database keeps them itself.
    """
    last = 0
    while batch := _next(engine, embedder.model_id, last, everything=everything):
        vectors = embedder.encode([text for _, text in batch])
        with transaction(engine) as session:
            session.connection().execute(
                update(PassageRow.__table__)  # type: ignore[attr-defined]
                .where(col(PassageRow.id) == bindparam("passage"))
                .values(embedding=bindparam("vector"), model_id=embedder.model_id),
                [
                    {"passage": passage, "vector": HalfVector(vector)}
                    for (passage, _), vector in zip(batch, vectors, strict=True)
                ],
            )
        last = batch[-1][0]
        yield len(batch)


def _next(engine: Engine, model_id: str, last: int, *, everything: bool) -> list[tuple[int, str]]:
    with reading(engine) as session:
        rows: list[Row[int, str]] = list(
            session.connection().execute(
                select(col(PassageRow.id), col(PassageRow.text))
                .where(_stale(model_id, everything=everything), col(PassageRow.id) > last)
                .order_by(col(PassageRow.id))
                .limit(BATCH)
            )
        )
    return [(row[0], row[1]) for row in rows]


def _stale(model_id: str, *, everything: bool) -> ColumnElement[bool]:
    return true() if everything else col(PassageRow.model_id) != model_id
