"""What becomes here of a story that its worker deletes on the phone, early, late, or too late."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storybank.capture.saved_items import take_saved
from storybank.capture.waiting import KEPT, MOST_WAITING, drop_unfinished
from storybank.db import transaction
from storybank.tables import AuditEntry, Story, Upload, Waiting
from tests import phone
from tests.clips import recording, tone
from tests.web.test_collect import announce, finish, point, spoken, stories, upload, worker

pytestmark = pytest.mark.database
__all__ = ["point", "upload", "worker"]


def delete(client, item):
    return client.delete(f"/collect/stories/{item.client_id}")


def test_one_that_is_safe_already_stays_and_that_is_said(client, engine, point):
    item = phone.Story(point, phone.details())
    safe = announce(client, item).json()
    answer = delete(client, item)
    assert answer.status_code == 200
    assert answer.json() == {"state": "safe", "reference": safe["reference"]}
    assert len(stories(engine)) == 1


def test_one_that_its_teller_took_back_is_gone(client, engine, point):
    item = phone.Story(point, phone.details())
    announce(client, item)
    with transaction(engine) as session:
        story = session.exec(select(Story)).one()
        story.withdrawn_at = story.created_at
        session.add(story)
    assert delete(client, item).status_code == 204


@pytest.mark.parametrize("twice", [False, True])
def test_what_was_still_on_its_way_comes_too_late(client, engine, point, upload, twice):
    typed, said = phone.Story(point, phone.details()), spoken(point, recording(tone(1), "webm"))
    announce(client, said)
    upload(said)
    for item in (typed, said):
        for _ in range(2 if twice else 1):
            assert delete(client, item).status_code == 204
        assert announce(client, item).status_code == 409
        assert finish(client, item).status_code == 404
    assert stories(engine) == []
    with transaction(engine) as session:
        assert session.exec(select(Upload)).all() == []
        assert {row.sealed for row in session.exec(select(Waiting))} == {b""}
        assert session.exec(select(AuditEntry.act)).all() == ["give-up-story"]


def test_a_saved_copy_of_it_still_comes_in(client, engine, desk, point, worker):
    item = phone.Story(point, phone.details())
    delete(client, item)
    brought = take_saved(engine, desk, worker, item.saved(worker.person_id))
    assert brought.new
    assert announce(client, item).json()["reference"] == brought.reference
    with transaction(engine) as session:
        assert session.exec(select(Waiting)).all() == []


def test_it_is_remembered_for_as_long_as_others_wait(client, engine, point):
    item = phone.Story(point, phone.details())
    delete(client, item)
    with transaction(engine) as session:
        row = session.exec(select(Waiting)).one()
        row.created_at -= KEPT - timedelta(minutes=1)
        session.add(row)
    with transaction(engine) as session:
        assert drop_unfinished(session) == 0
    assert announce(client, item).status_code == 409
    with transaction(engine) as session:
        row = session.exec(select(Waiting)).one()
        row.created_at -= timedelta(minutes=2)
        session.add(row)
    with transaction(engine) as session:
        assert drop_unfinished(session) == 0
        assert session.exec(select(Waiting)).all() == []
        assert session.exec(select(AuditEntry.act)).all() == []


def test_nobody_fills_the_database_with_what_was_deleted(client, engine, point, worker):
    with transaction(engine) as session:
        for n in range(MOST_WAITING):
            name = f"phone|{worker.person_id}|{n}"
            row = Waiting(client_id=name, person_id=worker.person_id, body_digest=b"", sealed=b"x")
            session.add(row)
    assert delete(client, phone.Story(point, phone.details())).status_code == 204
    with transaction(engine) as session:
        assert len(session.exec(select(Waiting)).all()) == MOST_WAITING
