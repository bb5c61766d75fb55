"""Stories on their way in from workers' phones: nothing lost, nothing twice, nothing in clear."""

import json
import os
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from storybank.capture import phones, uploads, withdrawal
from storybank.capture.phone_details import Announced
from storybank.capture.phones import Item
from storybank.capture.waiting import drop_unfinished
from storybank.commands import checking
from storybank.db import transaction
from storybank.errors import BadInput, BrokenRecording, Conflict, NotFound, SealBroken
from storybank.keys import load_keyring
from storybank.tables import AuditEntry, Recording, Story, Upload, Waiting
from storybank.values import Role
from storybank.vault import recording_context, story_key
from tests import phone
from tests.clips import recording, tone
from tests.factories import make_person, make_place, make_programme

pytestmark = pytest.mark.database

KILLED = Path(__file__).parents[1] / "faults" / "finish_killed.py"


@pytest.fixture
def worker(engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)
        return make_person(session, Role.WORKER).id


@pytest.fixture
def point(keyring):
    return keyring.phone_public()


def spoken(point, *sounds, **more):
    parts = {f"story_{n}": phone.sliced(sound) for n, sound in enumerate(sounds)}
    return phone.Story(point, phone.details(mode="spoken", text=None, **more), **parts)


def announce(engine, desk, worker, story):
    item = Item(worker, uuid.UUID(story.client_id))
    with transaction(engine) as session:
        standing = phones.announce(session, desk, item, Announced(**story.body))
    return item, standing


def bring(engine, desk, item, story):
    with transaction(engine) as session:
        for name, sealed in story.sealed.items():
            row = uploads.create(session, desk.keyring, item.owner, name, len(sealed))
            uploads.append(session, desk.keyring, row, 0, sealed)


def everything(engine):
    """All that stands in the database, as one text; bytes as hex."""
    with engine.connect() as connection:
        names = sa.inspect(engine).get_table_names()
        queries = [sa.text(f'select t::text from "{name}" t') for name in names]  # noqa: S608
        rows = [connection.execute(query).all() for query in queries]
    return "\n".join(row[0] for table in rows for row in table)


def told(engine, desk):
    with transaction(engine) as session:
        story, row = session.exec(select(Story)).one(), session.exec(select(Recording)).one()
    key = story_key(desk.keyring, story)
    return row, desk.blobs.get(key, row.blob, recording_context(row.id, "told"))


def test_two_parts_become_one_recording_of_the_right_length(engine, desk, worker, point):
    story = spoken(point, recording(tone(2), "webm"), recording(tone(3), "webm"))
    item, _ = announce(engine, desk, worker, story)
    bring(engine, desk, item, story)

    standing = phones.finish(engine, desk, item)

    assert standing.new
    row, _ = told(engine, desk)
    assert row.container == "flac"
    assert abs(row.seconds - 5) < 0.2


def test_a_part_that_holds_no_sound_does_not_stop_the_others(engine, desk, worker, point):
    sound = recording(tone(2), "webm")
    story = spoken(point, sound, recording(tone(2), "webm")[:200])
    item, _ = announce(engine, desk, worker, story)
    bring(engine, desk, item, story)
    phones.finish(engine, desk, item)
    assert told(engine, desk)[1] == sound


def test_a_damaged_part_with_sound_in_it_is_never_passed_over(engine, desk, worker, point):
    broken = b"\x1a\x45\xdf\xa3" + os.urandom(9000)
    story = spoken(point, recording(tone(2), "webm"), broken)
    item, _ = announce(engine, desk, worker, story)
    bring(engine, desk, item, story)
    with pytest.raises(BrokenRecording):
        phones.finish(engine, desk, item)
    with transaction(engine) as session:
        assert session.exec(select(Waiting)).one()
        assert len(session.exec(select(Upload)).all()) == 2


def test_a_part_changed_on_the_way_is_asked_for_again(engine, desk, worker, point):
    story = spoken(point, recording(tone(2), "webm"))
    item, _ = announce(engine, desk, worker, story)
    whole = story.sealed["story-0"]
    story.sealed["story-0"] = whole[:500] + bytes([whole[500] ^ 1]) + whole[501:]
    bring(engine, desk, item, story)
    with pytest.raises(SealBroken):
        phones.finish(engine, desk, item)
    assert phones.finish(engine, desk, item).missing == ("story-0",)
    story.sealed["story-0"] = whole
    bring(engine, desk, item, story)
    assert phones.finish(engine, desk, item).reference


def test_the_words_never_stand_in_the_database(engine, desk, worker, point):
    details = {
        "note": "Zanzibar note",
        "mode": "scribe",
        "text": "Marzipan told",
        "read_back": True,
    }
    typed = phone.Story(point, phone.details(**details))
    clip = spoken(point, recording(tone(1), "webm"), note="Zanzibar note")
    announce(engine, desk, worker, typed)
    item, _ = announce(engine, desk, worker, clip)
    bring(engine, desk, item, clip)
    with transaction(engine) as session:
        assert session.exec(select(Waiting)).one()
    waiting = everything(engine)
    phones.finish(engine, desk, item)
    for text in (waiting, everything(engine)):
        assert "thriving" in text  # it is really what the tables hold
        for word in ("Zanzibar", "Marzipan"):
            assert word not in text
            assert word.encode().hex() not in text


def test_a_second_worker_can_neither_see_nor_finish_the_firsts(engine, desk, worker, point):
    story = spoken(point, recording(tone(1), "webm"))
    item, _ = announce(engine, desk, worker, story)
    bring(engine, desk, item, story)
    with transaction(engine) as session:
        other = Item(make_person(session, Role.WORKER).id, item.client_id)
    with pytest.raises(NotFound):
        phones.finish(engine, desk, other)
    with transaction(engine) as session:
        phones.give_up(session, desk, other)
    assert phones.finish(engine, desk, item).reference
    with pytest.raises(NotFound):
        phones.finish(engine, desk, other)


def test_killed_at_every_step_it_loses_nothing_and_makes_one_story(
    engine, desk, worker, point, database_url
):
    sound = recording(tone(2), "webm")
    story = spoken(point, sound, note="A note.")
    item, _ = announce(engine, desk, worker, story)
    bring(engine, desk, item, story)
    command = [sys.executable, KILLED, database_url, desk.settings.data_dir, *map(str, (
        item.person_id, item.client_id
    ))]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    kills, references = json.loads(done.stdout)

    assert kills >= 15
    assert references == [phones.reference(desk.keyring, told(engine, desk)[0].story_id)]
    assert told(engine, desk)[1] == sound
    with transaction(engine) as session:
        sent = select(AuditEntry).where(AuditEntry.act == "send-story")
        assert len(session.exec(sent).all()) == 1
        assert not session.exec(select(Upload)).all()
        assert not session.exec(select(Waiting)).all()


def test_what_a_teller_took_back_is_not_revived_by_their_phone(engine, desk, worker, point):
    story = phone.Story(point, phone.details())
    item, first = announce(engine, desk, worker, story)
    with transaction(engine) as session:
        story_id = session.exec(select(Story.id)).one()
        withdrawal.withdraw(session, story_id)
    withdrawal.erase(engine, desk.keyring, desk.blobs, story_id)

    _, again = announce(engine, desk, worker, story)

    assert (again.reference, again.receipt, again.new) == (first.reference, None, False)
    assert phones.finish(engine, desk, item).reference == first.reference
    with transaction(engine) as session:
        assert session.exec(select(Story.withdrawn_at)).one()


def test_the_receipt_is_handed_over_for_fourteen_days_only(engine, desk, worker, point):
    story = phone.Story(point, phone.details())
    assert announce(engine, desk, worker, story)[1].receipt
    with transaction(engine) as session:
        row = session.exec(select(Story)).one()
        row.created_at -= timedelta(days=14, minutes=1)
        session.add(row)
    _, again = announce(engine, desk, worker, story)
    assert again.reference
    assert again.receipt is None


def test_what_was_never_sent_is_dropped_after_thirty_days(engine, desk, worker, point):
    old, new = (announce(engine, desk, worker, spoken(point, b"x"))[0] for _ in range(2))
    with transaction(engine) as session:
        row = session.get_one(Waiting, old.known_as)
        row.created_at -= timedelta(days=30, minutes=1)
        session.add(row)
    with transaction(engine) as session:
        assert drop_unfinished(session) == 1
    with transaction(engine) as session:
        assert session.exec(select(Waiting.client_id)).all() == [new.known_as]
        assert session.exec(select(AuditEntry.act)).all() == ["drop-unfinished-story"]


def test_what_a_worker_deletes_on_the_phone_goes_here_too(engine, desk, worker, point):
    story = spoken(point, recording(tone(1), "webm"))
    item, _ = announce(engine, desk, worker, story)
    bring(engine, desk, item, story)
    for _ in range(2):
        with transaction(engine) as session:
            phones.give_up(session, desk, item)
    with transaction(engine) as session:
        assert [row.sealed for row in session.exec(select(Waiting))] == [b""]
        assert not session.exec(select(Upload)).all()
        assert len(session.exec(select(AuditEntry)).all()) == 1


def test_other_recordings_under_the_same_id_clash(engine, desk, worker, point):
    story = spoken(point, b"x")
    announce(engine, desk, worker, story)
    story.body["parts"][0]["bytes"] += 1
    with pytest.raises(Conflict):
        announce(engine, desk, worker, story)


@pytest.mark.parametrize(("more", "said"), [
    ({"consent": {"uses": None}}, "yes or a no"),
    ({"consent": {"uses": {"learn": True}}}, "yes or a no"),
    ({"consent": {"how": "spoken"}}, "their yes is missing"),
    ({"text": " "}, "There is no story in this"),
    ({"programme": "nope"}, "no such programme"),
    ({"place": "nope"}, "no such place"),
    ({"teller": "nobody"}, "cannot read what the phone says"),
    ({"told_on": "soon"}, "cannot read what the phone says"),
])  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_kept(engine, desk, worker, point, more, said):
    with pytest.raises(BadInput) as error:
        announce(engine, desk, worker, phone.Story(point, phone.details(**more)))
    assert said in error.value.message
    with transaction(engine) as session:
        assert not session.exec(select(Story)).all()
        assert not session.exec(select(Waiting)).all()


def test_a_phone_whose_clock_runs_ahead_is_not_refused(engine, desk, worker, point):
    announce(engine, desk, worker, phone.Story(point, phone.details(told_on="2999-01-01")))
    with transaction(engine) as session:
        story = session.exec(select(Story)).one()
    assert story.told_on == story.created_at.date().isoformat()


def test_references_are_short_without_words_and_differ(keyring):
    made = {phones.reference(keyring, uuid.uuid4()) for _ in range(200)}
    assert len(made) == 200
    assert all(len(r) == 9 and r[4] == "-" and r[5:].isdigit() for r in made)
    assert not set("AEIOUY") & set("".join(made))


def test_doctor_says_whether_the_phone_key_is_kept(engine, settings, keyring):
    path = settings.keys_path
    whole = json.loads(path.read_text())
    path.chmod(0o600)
    path.write_text(json.dumps({name: whole[name] for name in whole if name != "phone"}))
    path.chmod(0o400)
    assert _looked(settings, engine) == {"keys": "well", "phone key": "look"}
    load_keyring(path, create=True)
    assert _looked(settings, engine) == {"keys": "well", "phone key": "well"}


def _looked(settings, engine):
    found = {finding.what: finding.state for finding in checking._keys(settings, engine)}
    return found
