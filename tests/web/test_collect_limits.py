"""What a worker's phone in the wrong hands may not do."""

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.tables import AuditEntry, Story, Upload
from tests import phone
from tests.clips import recording, tone
from tests.web.test_collect import announce, finish, point, spoken, stories, upload, worker

pytestmark = pytest.mark.database
__all__ = ["point", "upload", "worker"]


def test_parts_that_no_memory_could_hold_are_refused_unopened(client, engine, point, upload):
    item = spoken(point, recording(tone(1), "webm"), recording(tone(1), "webm"))
    announce(client, item)
    upload(item)
    with transaction(engine) as session:
        for row in session.exec(select(Upload)):
            row.received = row.length = 150 * 1024 * 1024
            session.add(row)
    answer = finish(client, item)
    assert (answer.status_code, stories(engine)) == (413, [])
    assert answer.json()["error"] == "The recording is larger than 200 MB."


def test_what_was_sent_beside_the_announced_parts_is_not_opened(client, engine, point, upload):
    item = spoken(point, recording(tone(1), "webm"))
    announce(client, item)
    item.sealed["story-1"] = b"SB1 nothing"
    upload(item)
    with transaction(engine) as session:
        row = session.exec(select(Upload).where(Upload.name == "story-1")).one()
        row.received = 10**12  # no such bytes are there: who opens it breaks
        session.add(row)
    assert finish(client, item).status_code == 201


def test_a_name_that_no_database_takes_is_for_a_person_to_look_at(client, point):
    answer = announce(client, phone.Story(point, phone.details(place="a\0")))
    assert answer.status_code == 422
    assert "ask the person who runs Storybank" in answer.json()["error"]


def test_a_receipt_given_again_is_noted(client, engine, worker, point):
    item = phone.Story(point, phone.details())
    announce(client, item)
    with transaction(engine) as session:
        noted = select(AuditEntry).where(AuditEntry.act == "give-receipt-again")
        assert session.exec(noted).all() == [], "the first time it is for the teller"
    assert "receipt" in finish(client, item).json()
    with transaction(engine) as session:
        [entry] = session.exec(noted)
        [story] = session.exec(select(Story))
        assert (entry.person_id, entry.object_id) == (worker.person_id, str(story.id))
