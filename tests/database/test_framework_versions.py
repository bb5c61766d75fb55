import dataclasses
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import select

from storybank import pipeline, worker
from storybank.access import Actor
from storybank.db import reading, transaction
from storybank.errors import BadVersion, Conflict, NotAllowed
from storybank.tables import FrameworkVersion, Moved, SuggestionRow, Tag
from storybank.values import Direction, Role, Suggestion
from storybank.versions import draft as drafting
from storybank.versions import shelf
from storybank.versions.fates import Outcome
from storybank.versions.progress import read_by
from tests.factories import make_person
from tests.fakes import KeywordTagger, make_workshop
from tests.staff import cookie_for, tell
from tests.versions import (
    FIRST,
    VersionTagger,
    change,
    publish,
    retire,
)

pytestmark = pytest.mark.database


@pytest.fixture
def ada(engine):
    actor, _ = cookie_for(engine, Role.EVALUATOR)
    return dataclasses.replace(actor, may_change_frameworks=True)


def test_a_version_is_published_and_read_by_from_then_on(engine, ada):
    with reading(engine) as session:
        assert shelf.current_name(session, FIRST) == FIRST
    made = publish(engine, ada, retire("aim-adapting"))

    with reading(engine) as session:
        assert shelf.current_name(session, FIRST) == made.name == "thriving-communities@2"
        assert shelf.named(session, made.name) == made
        assert "aim-adapting" not in made.by_id
        assert "aim-adapting" in shelf.named(session, FIRST).by_id
        assert shelf.names_of(session, "thriving-communities") == [made.name, FIRST]
        assert all(near.code in made.by_id for code in made.codes for near in code.near)
        assert shelf.draft_row(session, "thriving-communities") is None


def test_only_evaluators_with_the_right_may_write(engine, ada):
    plain = dataclasses.replace(ada, may_change_frameworks=False)
    admin = Actor(uuid.uuid4(), Role.ADMIN, may_change_frameworks=True)
    for actor in (plain, admin):
        with pytest.raises(NotAllowed), transaction(engine) as session:
            shelf.begin(session, actor, FIRST)


def test_nobody_publishes_what_they_have_not_looked_over(engine, ada):
    with transaction(engine) as session:
        change(session, ada, retire("aim-adapting"))
        seen = shelf.mark_of_row(shelf.draft_row(session, "thriving-communities"))
    with transaction(engine) as session:
        change(session, ada, retire("learning"))
    with pytest.raises(Conflict), transaction(engine) as session:
        shelf.publish(session, ada, seen, "", FIRST)


def test_a_look_at_one_draft_does_not_publish_the_next_with_as_many_changes(engine, ada):
    with transaction(engine) as session:
        change(session, ada, retire("aim-adapting"))
        row = shelf.draft_row(session, "thriving-communities")
        seen = shelf.mark_of_row(row)
        shelf.discard(session, ada, row)
    with transaction(engine) as session:
        change(session, ada, retire("learning"))
    with pytest.raises(Conflict), transaction(engine) as session:
        shelf.publish(session, ada, seen, "", FIRST)


def test_two_people_who_begin_or_publish_at_once_are_both_answered(engine, ada):
    both = threading.Barrier(2, timeout=30)

    def at_once(do):
        def act(_):
            with transaction(engine) as session:
                session.connection()
                both.wait()
                try:
                    return do(session)
                except Conflict:
                    return "conflict"

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(act, range(2), timeout=60))

    def begun(session):
        return shelf.begin(session, ada, FIRST).begun_at

    for _ in range(5):
        one, other = at_once(begun)
        assert one == other
        with transaction(engine) as session:
            shelf.discard(session, ada, shelf.draft_row(session, "thriving-communities"))

    with transaction(engine) as session:
        change(session, ada, retire("aim-adapting"))
        seen = shelf.mark_of_row(shelf.draft_row(session, "thriving-communities"))
    ended = at_once(lambda session: shelf.publish(session, ada, seen, "why", FIRST))
    assert ended.count("conflict") == 1
    with reading(engine) as session:
        names = [row.name for row in shelf.history(session, "thriving-communities")]
        assert names == ["thriving-communities@2"]


def test_a_draft_begun_while_the_one_before_is_published_is_of_the_new_version(engine, ada):
    with transaction(engine) as session:
        change(session, ada, retire("aim-adapting"))
    publishing = transaction(engine)
    session = publishing.__enter__()
    row = shelf.draft_row(session, "thriving-communities", lock=True)

    def begun():
        with transaction(engine) as other:
            return shelf.begin(other, ada, FIRST).based_on

    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(begun)
        _until_somebody_waits(engine)
        shelf.publish(session, ada, shelf.mark_of_row(row), "why", FIRST)
        publishing.__exit__(None, None, None)
        assert waits.result(timeout=30) == "thriving-communities@2"


def _until_somebody_waits(engine):
    query = sa.text("select count(*) from pg_locks where not granted")
    for _ in range(300):
        with engine.connect() as connection:
            if connection.scalar(query):
                return
        time.sleep(0.1)
    pytest.fail("nobody waited for the draft")


def test_a_draft_without_changes_or_words_is_not_published(engine, ada):
    with transaction(engine) as session:
        row = shelf.begin(session, ada, FIRST)
    with pytest.raises(BadVersion) as caught, transaction(engine) as session:
        shelf.publish(session, ada, shelf.mark_of_row(row), "", FIRST)
    assert "Nothing has been changed" in caught.value.message
    with transaction(engine) as session:
        change(session, ada, lambda d: drafting.split(d, "learning", ["One", "Two"]))
    with pytest.raises(BadVersion) as caught, transaction(engine) as session:
        row = shelf.draft_row(session, "thriving-communities")
        shelf.publish(session, ada, shelf.mark_of_row(row), "", FIRST)
    assert "One still needs: a question, a definition" in caught.value.message


def test_a_suggestion_that_is_only_offered_is_no_tag_and_does_not_move(engine, desk):
    class Offering(KeywordTagger):
        def tag(self, text, sentences):
            return tuple(
                Suggestion("learning", Direction.LIVED, span, span.of(text), 0.4, offered=True,
                           model_id="examples-of-x@2")
                for span in sentences
            )  # fmt: skip

    story_id = uuid.UUID(tell(engine, desk, "The bus never comes."))
    shop = dataclasses.replace(make_workshop(engine, desk), tagger=Offering())
    pipeline.understand(shop, story_id)
    with reading(engine) as session:
        row = session.exec(select(SuggestionRow)).one()
        assert (row.offered, row.model_id) == (True, "examples-of-x@2")
        assert session.exec(select(Tag)).all() == []


def test_published_versions_are_never_changed(engine, ada):
    made = publish(engine, ada, retire("learning"))
    publish(engine, ada, retire("strengths"))
    with transaction(engine) as session:
        make_person(session)
        rows = session.exec(select(FrameworkVersion).order_by(FrameworkVersion.version)).all()
        assert [row.name for row in rows] == ["thriving-communities@2", "thriving-communities@3"]
        assert shelf.named(session, made.name) == made


def test_a_worker_reads_stored_stories_by_the_version_just_published(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    made = publish(engine, ada, retire("learning"))
    tagger = VersionTagger(made.name, "aim-adapting")
    shop = dataclasses.replace(make_workshop(engine, desk), fresh=lambda: tagger)
    worker.run(shop, until_idle=True)

    with reading(engine) as session:
        assert read_by(session, uuid.UUID(story_id)) == [made.name, FIRST]
        assert session.exec(select(Moved.outcome)).one() == Outcome.CARRIED
