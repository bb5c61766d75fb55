import uuid

import pytest
from sqlmodel import select

from storybank import db
from storybank.access import NOBODY, Actor, readable_stories, readable_story, sent_stories
from storybank.errors import NotAllowed, NotFound
from storybank.tables import Story, now
from storybank.values import Role, Use
from tests.factories import make_person, make_story

pytestmark = pytest.mark.database

EVALUATOR = Actor(uuid.uuid4(), Role.EVALUATOR)


@pytest.mark.parametrize("use", list(Use))
def test_a_refused_use_hides_the_story_from_that_use_only(engine, use):
    with db.transaction(engine) as session:
        refused = make_story(session, **{f"may_{use.value}": False})
        make_story(session)

        for asked in Use:
            found = session.exec(readable_stories(EVALUATOR, asked)).all()
            hidden = asked == use or use == Use.LEARN
            assert (refused in found) is not hidden
            assert len(found) == (1 if hidden else 2)


@pytest.mark.parametrize("actor", [NOBODY, Actor(uuid.uuid4(), Role.WORKER),
                                   Actor(uuid.uuid4(), Role.ADMIN)])  # fmt: skip
def test_nobody_without_a_reading_role_reads_any_story(engine, actor):
    with db.transaction(engine) as session:
        story = make_story(session)

        assert session.exec(readable_stories(actor)).all() == []
        with pytest.raises(NotFound):
            readable_story(session, actor, story.id)


def test_a_withdrawn_story_is_read_by_nobody(engine):
    with db.transaction(engine) as session:
        make_story(session, withdrawn_at=now())

        for role in Role:
            assert session.exec(readable_stories(Actor(uuid.uuid4(), role))).all() == []


def test_a_worker_lists_what_they_sent_and_nothing_else(engine):
    with db.transaction(engine) as session:
        one, two = make_person(session, Role.WORKER), make_person(session, Role.WORKER)
        mine = make_story(session, sent_by=one.id)
        make_story(session, sent_by=two.id)
        make_story(session)

        assert session.exec(sent_stories(Actor(one.id, Role.WORKER))).all() == [mine]
        assert session.exec(sent_stories(NOBODY)).all() == []
        assert len(session.exec(select(Story)).all()) == 3


def test_a_role_that_is_asked_for_is_needed():
    EVALUATOR.require(Role.EVALUATOR, Role.ADMIN)
    with pytest.raises(NotAllowed):
        EVALUATOR.require(Role.ADMIN)
