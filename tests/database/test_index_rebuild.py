"""Embedding passages anew after a change of model."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storybank.access import Actor
from storybank.db import reading, transaction
from storybank.index import rebuild as rebuilding
from storybank.index.rebuild import count_stale, rebuild
from storybank.search.retrieve import search
from storybank.tables import PassageRow
from storybank.values import Filters, Role
from tests.factories import make_story
from tests.wordbag import WordBag

pytestmark = pytest.mark.database

EMBEDDER = WordBag({"coach": "bus"}, model_id="new")


def total(engine: Engine, typed: str) -> int:
    with reading(engine) as session:
        return search(session, Actor(role=Role.EVALUATOR), EMBEDDER, typed, Filters()).total


def test_every_passage_gets_a_vector_of_the_new_model(engine, monkeypatch):
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    with transaction(engine) as session:
        for number in range(5):
            make_story(session, f"Bus {number}")
    assert (total(engine, "coach"), total(engine, "bus")) == (0, 5)

    steps = rebuild(engine, EMBEDDER)
    assert next(steps) == 2
    assert total(engine, "bus") == 5
    steps.close()  # stopped half-way: what was done stays done
    with reading(engine) as session:
        assert count_stale(session, "new") == 3
        assert count_stale(session, "new", everything=True) == 5

    assert list(rebuild(engine, EMBEDDER)) == [2, 1]
    assert list(rebuild(engine, EMBEDDER)) == []
    assert total(engine, "coach") == 5
    assert sum(rebuild(engine, EMBEDDER, everything=True)) == 5
    with reading(engine) as session:
        assert set(session.exec(select(PassageRow.model_id))) == {"new"}
