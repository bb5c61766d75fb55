"""A story taken back between two steps of what somebody does with it: refused, and nothing left."""

import dataclasses
import uuid

import pytest
import sqlalchemy as sa
from sqlmodel import select

from storybank import coding, masking, pipeline, recoding, refitting
from storybank.capture import corrections
from storybank.capture.withdrawal import erase, withdraw
from storybank.db import transaction
from storybank.errors import ConsentWithdrawn, NotFound
from storybank.tables import Coding, Moved, PassageRow, Story
from storybank.values import Direction, Role, Span
from storybank.versions.shelf import named
from tests.database.test_withdrawal import left_of
from tests.fakes import make_workshop
from tests.staff import cookie_for, tell
from tests.versions import FIRST, decide, publish, read_again, split_adapting

pytestmark = pytest.mark.database


@pytest.fixture
def ada(engine):
    with engine.begin() as connection:  # who would wait for ever fails instead
        name = connection.scalar(sa.text("select current_database()"))
        connection.execute(sa.text(f"alter database \"{name}\" set lock_timeout = '5s'"))
    engine.dispose()
    actor, _ = cookie_for(engine, Role.EVALUATOR)
    return dataclasses.replace(actor, may_change_frameworks=True)


@pytest.fixture
def story_id(engine, desk, ada):
    told = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    return uuid.UUID(told)


def undone(session, desk, ada):
    return coding.undo(session, ada, session.exec(select(Coding.id)).first())


def added(session, desk, ada):
    passage = session.exec(select(PassageRow.id)).one()
    tag = coding.NewTag(named(session, FIRST), "learning", Direction.MISSING)
    return coding.add(session, desk.keyring, ada, coding.Selection(passage, "never comes"), tag)


def settled(session, desk, ada):
    return recoding.settle(session, ada, session.exec(select(Moved.id)).one(), ["buses"])


def put_back(session, desk, ada):
    return recoding.unsettle(session, ada, session.exec(select(Moved.id)).one())


def dropped(session, desk, ada):
    return refitting.drop(session, ada, session.exec(select(Coding.id)).one())


def placed_again(session, desk, ada):
    passage = session.exec(select(PassageRow.id)).one()
    where = coding.Selection(passage, "tram never comes")
    old = session.exec(select(Coding.id)).one()
    return refitting.place_again(session, desk.keyring, ada, old, where, named(session, FIRST))


def split(engine, desk, ada, story_id):
    publish(engine, ada, split_adapting)
    read_again(engine, desk, str(story_id), None)


def corrected(engine, desk, ada, story_id):
    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        corrections.apply(session, desk, story, {0: "The tram never comes."}, {})
    pipeline.understand(make_workshop(engine, desk), story_id)


def nothing(engine, desk, ada, story_id):
    """Leave the story as it is."""


@pytest.mark.parametrize("is_erased", [False, True])
@pytest.mark.parametrize(
    ("act", "module", "before"),
    [
        (undone, coding, nothing),
        (added, coding, nothing),
        (settled, recoding.choose, split),
        (put_back, recoding.choose, split),
        (dropped, coding, corrected),
        (placed_again, coding, corrected),
    ],
)
def test_what_somebody_decides_then_is_refused_and_leaves_nothing(
    engine, desk, ada, story_id, monkeypatch, act, module, before, is_erased
):
    before(engine, desk, ada, story_id)
    readable = module.readable_story

    def then_taken_back(session, actor, asked, *uses):
        story = readable(session, actor, asked, *uses)
        monkeypatch.setattr(module, "readable_story", readable)
        with transaction(engine) as other:
            withdraw(other, story_id)
        if is_erased:
            assert erase(engine, desk.keyring, desk.blobs, story_id)
        return story

    monkeypatch.setattr(module, "readable_story", then_taken_back)
    with pytest.raises((ConsentWithdrawn, NotFound)), transaction(engine) as session:
        act(session, desk, ada)

    erase(engine, desk.keyring, desk.blobs, story_id)
    assert {name for name, n in left_of(engine, story_id).items() if n} == {"consent"}


@pytest.mark.parametrize("is_erased", [False, True])
@pytest.mark.parametrize(
    "act",
    [
        lambda *who: masking.accept(*who, "Anna Smith"),
        lambda *who: masking.take_off(*who, Span(0, 10)),
        lambda *who: masking.mask_words(*who, "bus", "person"),
        lambda *who: masking.undo(*who, Span(0, 10)),
        lambda *who: masking.finish(*who),
    ],
)
def test_a_mask_decided_then_is_refused_and_leaves_nothing(
    engine, desk, ada, monkeypatch, act, is_erased
):
    story_id = uuid.UUID(tell(engine, desk, "Anna Smith drives the bus."))
    officer, _ = cookie_for(engine, Role.GOVERNANCE, "Noor")
    may_see = masking.original_story

    def then_taken_back(session, actor, asked):
        story = may_see(session, actor, asked)
        monkeypatch.setattr(masking, "original_story", may_see)
        with transaction(engine) as other:
            withdraw(other, story_id)
        if is_erased:
            assert erase(engine, desk.keyring, desk.blobs, story_id)
        return story

    monkeypatch.setattr(masking, "original_story", then_taken_back)
    with pytest.raises((ConsentWithdrawn, NotFound)), transaction(engine) as session:
        act(session, desk.keyring, officer, story_id)

    erase(engine, desk.keyring, desk.blobs, story_id)
    assert {name for name, n in left_of(engine, story_id).items() if n} == {"consent"}
