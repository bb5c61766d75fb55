"""A corrected story is read anew: what was said before is found, quoted and heard no more."""

import uuid

import numpy as np
import pytest
from sqlmodel import col, select

from storybank import jobs, pipeline
from storybank.capture import corrections
from storybank.capture.audio import decode
from storybank.db import reading, transaction
from storybank.rereading import read_again
from storybank.sealed import seal
from storybank.tables import (
    Note,
    PassageRow,
    Recording,
    Story,
    SuggestionRow,
    Tag,
    TranscriptRow,
)
from storybank.values import Channel, Role
from storybank.vault import note_context, recording_context, story_key
from tests.clips import recording, tone
from tests.factories import make_person
from tests.fakes import make_workshop
from tests.staff import tell

pytestmark = pytest.mark.database

HEARD = "The bus never comes. Why is the bus late? Anna Smith drives us. Tell nobody this bus."
"""The canned engine hears a word each half second; "Anna" is said from 4.5 s, "Tell" from 6.5."""


@pytest.fixture
def shop(engine, desk):
    return make_workshop(engine, desk, heard=HEARD)


@pytest.fixture
def story_id(engine, desk):
    told = {"channel": Channel.WORKER, "recording": recording(tone(9), "wav")}
    return uuid.UUID(tell(engine, desk, HEARD, **told))


def correct(engine, desk, story_id, edits, speakers=None):
    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        corrections.apply(session, desk, story, edits, speakers or {})


def rows(engine, table):
    with reading(engine) as session:
        return session.exec(select(table).order_by(col(table.id))).all()


def muted(engine, desk, story_id):
    """The sound that staff hear, and a function that gives how loud it is at a second."""
    with reading(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, story_id))
        row = session.exec(select(Recording)).one()
    sound = desk.blobs.get(key, row.muted, recording_context(row.id, "muted"))
    samples = decode(sound, max_seconds=60)
    return lambda second: float(
        np.abs(samples[int(second * 16_000) : int((second + 0.1) * 16_000)]).max()
    )


def test_what_was_corrected_is_read_anew_and_the_old_words_are_gone(engine, desk, shop, story_id):
    assert len(rows(engine, SuggestionRow)) == 3
    correct(engine, desk, story_id, {0: "The tram never comes.", 3: ""})
    pipeline.understand(shop, story_id)

    text = " ".join(p.text for p in rows(engine, PassageRow))
    assert text == "The tram never comes. Why is the bus late? [person 1] drives us."
    (tag,) = rows(engine, SuggestionRow)
    newest = rows(engine, TranscriptRow)[-1]
    assert (tag.transcript_id, tag.quote) == (newest.id, "Why is the bus late?")
    assert (tag.start_ms, tag.end_ms) == (2000, 4400)
    story = rows(engine, Story)[0]
    assert (story.state, story.words, story.title.startswith("The tram")) == ("ready", 13, True)


def test_what_the_worker_asks_is_not_found_tagged_counted_or_in_the_title(
    engine, desk, shop, story_id
):
    asked = {0: "worker", 1: "worker", 2: "teller", 3: "worker"}
    correct(engine, desk, story_id, {}, asked)
    pipeline.understand(shop, story_id)

    assert [p.text for p in rows(engine, PassageRow)] == ["[person 1] drives us."]
    assert rows(engine, SuggestionRow) == []
    with reading(engine) as session:
        assert session.exec(select(Tag)).all() == []
    story, newest = rows(engine, Story)[0], rows(engine, TranscriptRow)[-1]
    assert (story.title, story.words) == ("[person 1] drives us.", 4)
    assert newest.masked == "[person 1] drives us."


def test_a_story_in_which_only_the_worker_speaks_has_nothing_to_find(engine, desk, shop, story_id):
    correct(engine, desk, story_id, {}, dict.fromkeys(range(4), "worker"))
    pipeline.understand(shop, story_id)
    assert rows(engine, PassageRow) == []
    assert rows(engine, Story)[0].words == 0


def test_staff_do_not_hear_what_was_masked_once_or_taken_out(engine, desk, shop, story_id):
    pipeline.copy(shop, story_id)
    loud = muted(engine, desk, story_id)
    assert loud(4.8) < 0.01 < loud(6.9)

    correct(engine, desk, story_id, {2: "Our friend drives us.", 3: ""})
    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)

    loud = muted(engine, desk, story_id)
    assert loud(4.8) < 0.01  # "Anna Smith", whom the newest version does not name
    assert loud(6.9) < 0.01  # the sentence that was taken out
    assert loud(1.0) > 0.01 < loud(6.1)


def test_a_version_that_is_not_read_yet_does_not_go_out_unmasked(engine, desk, shop, story_id):
    correct(engine, desk, story_id, {0: "Anna Smith never comes."})
    pipeline.copy(shop, story_id)
    loud = muted(engine, desk, story_id)
    assert loud(0.2) < 0.01
    assert loud(4.8) < 0.01
    assert loud(2.5) > 0.01


def test_a_reading_that_was_overtaken_is_not_written(engine, desk, shop, story_id, monkeypatch):
    real = pipeline.read

    def read_slowly(shop, transcript, *decisions, **more):
        made = real(shop, transcript, *decisions, **more)
        if "tram" not in transcript.text:
            correct(engine, desk, story_id, {0: "The tram never comes."})
        return made

    monkeypatch.setattr(pipeline, "read", read_slowly)
    pipeline.understand(shop, story_id)
    assert rows(engine, Story)[0].state == "reading"
    pipeline.understand(shop, story_id)
    assert rows(engine, Story)[0].state == "ready"
    assert "tram" in rows(engine, PassageRow)[0].text


def test_a_workers_note_is_masked_and_never_found(engine, desk, shop, story_id):
    with transaction(engine) as session:
        person = make_person(session, Role.WORKER)
        story = session.get_one(Story, story_id)
        key = story_key(desk.keyring, story)
        words = "Anna Smith cried on the bus."
        sealed = seal(key, words.encode(), note_context(story_id))
        session.add(Note(story_id=story_id, person_id=person.id, sealed=sealed, read_back=True))
    pipeline.understand(shop, story_id)

    (note,) = rows(engine, Note)
    assert (note.masked, note.rules_id) == ("[person 1] cried on the bus.", "named-1")
    assert all("cried" not in p.text for p in rows(engine, PassageRow))
    assert len(rows(engine, SuggestionRow)) == 3
    assert "cried" not in (rows(engine, TranscriptRow)[0].masked or "")


def test_what_other_rules_silenced_is_not_heard_until_it_is_made_anew(engine, desk, shop, story_id):
    pipeline.copy(shop, story_id)
    assert read_again(engine, shop.redactor.rules_id) == 0
    with transaction(engine) as session:
        session.exec(select(Recording)).one().muted_by = None  # as before rules had a name

    assert read_again(engine, shop.redactor.rules_id, dry_run=True) == 1
    assert not rows(engine, Recording)[0].held
    assert read_again(engine, shop.redactor.rules_id) == 1
    assert rows(engine, Recording)[0].held
    with transaction(engine) as session:
        assert jobs.waits(session, jobs.UNDERSTAND, story_id)

    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)
    assert not rows(engine, Recording)[0].held
    assert read_again(engine, shop.redactor.rules_id) == 0
