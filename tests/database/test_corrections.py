"""Corrections as rows: versions, their work, two people at once."""

import shutil
import threading
import time

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from storybank import jobs
from storybank.capture import corrections
from storybank.capture.by_hand import put_into_english
from storybank.capture.lines import lines_of
from storybank.capture.room import RESERVE_BYTES
from storybank.db import reading, transaction
from storybank.errors import (
    Busy,
    ConsentWithdrawn,
    DiskFull,
    EmptyStory,
    NothingWritten,
    StoryTooLong,
)
from storybank.tables import Story, TranscriptRow
from storybank.vault import open_transcript, story_key
from tests.clips import recording, tone
from tests.told import SENTENCES, TEXT, finish, tell

pytestmark = pytest.mark.database


def versions(engine, desk, story_id):
    with reading(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, story_id))
        rows = session.exec(select(TranscriptRow).order_by(col(TranscriptRow.version))).all()
        return [(row.version, row.source, open_transcript(key, row)) for row in rows]


def waiting(engine) -> list[str]:
    with engine.connect() as connection:
        query = sa.text("select task_name from procrastinate_jobs where status = 'todo'")
        return [row[0] for row in connection.execute(query)]


def apply(engine, desk, told, edits, speakers=None):
    with transaction(engine) as session:
        story = session.get_one(Story, told.story_id)
        return corrections.apply(session, desk, story, edits, speakers or {}).version


@pytest.fixture
def spoken(engine, desk):
    told = tell(engine, desk, recording=recording(tone(6), "ogg"))
    finish(engine, desk, told)
    return told


def test_a_correction_is_a_new_version_that_will_be_read(engine, desk, spoken):
    before = len(waiting(engine))
    assert apply(engine, desk, spoken, {0: "Margaret asked us."}, {1: "worker"}) == 2

    (one, was, old), (two, source, new) = versions(engine, desk, spoken.story_id)
    assert (one, was, two, source) == (1, "machine", 2, "corrected")
    assert (old.text, new.text) == (TEXT, f"Margaret asked us. {SENTENCES[1]}")
    assert [s.speaker for s in new.segments] == [None, "worker"]
    assert waiting(engine)[before:] == [jobs.UNDERSTAND]
    with reading(engine) as session:
        story = session.get_one(Story, spoken.story_id)
        assert (story.state, story.words) == ("reading", 10)


def test_nothing_changed_is_no_version_and_no_work(engine, desk, spoken):
    before = waiting(engine)
    assert apply(engine, desk, spoken, {0: f" {SENTENCES[0]} "}, {0: ""}) == 1
    assert waiting(engine) == before
    assert len(versions(engine, desk, spoken.story_id)) == 1


def test_more_is_added_at_the_end_of_typed_and_spoken_stories(engine, desk, spoken):
    with transaction(engine) as session:
        story = session.get_one(Story, spoken.story_id)
        corrections.append(session, desk, story, "Oh, and the lift\x00 broke.\r\n")
    with transaction(engine) as session:  # pressed twice
        story = session.get_one(Story, spoken.story_id)
        again = corrections.append(session, desk, story, "Oh, and the lift broke.")
        assert again.version == 2
    newest = versions(engine, desk, spoken.story_id)[-1][2]
    assert newest.text == f"{TEXT}\n\nOh, and the lift broke."
    lines = lines_of(newest)
    assert [(line.text, line.start) for line in lines] == [
        (SENTENCES[0], 0.0), (SENTENCES[1], 3.0), ("Oh, and the lift broke.", None),
    ]  # fmt: skip
    assert apply(engine, desk, spoken, {2: "And the lift broke."}) == 3
    assert versions(engine, desk, spoken.story_id)[-1][2].text.endswith("And the lift broke.")


@pytest.mark.parametrize("said", ["One.\n\nTwo.", "One.\n\nTwo.\r\nThree."])
def test_several_paragraphs_that_are_sent_twice_are_added_once(engine, desk, spoken, said):
    for _ in range(2):
        with transaction(engine) as session:
            story = session.get_one(Story, spoken.story_id)
            assert corrections.append(session, desk, story, said).version == 2


def test_a_correction_leaves_words_and_not_too_many(engine, desk):
    told = tell(engine, desk)
    with pytest.raises(EmptyStory):
        apply(engine, desk, told, {0: ""})
    with pytest.raises(StoryTooLong):
        apply(engine, desk, told, {0: "word " * (desk.settings.max_story_words + 1)})
    assert len(versions(engine, desk, told.story_id)) == 1


def test_nothing_is_written_where_the_disk_has_only_the_database_s_room(
    engine, desk, spoken, monkeypatch
):
    disk = shutil.disk_usage("/")._replace(free=RESERVE_BYTES - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk)
    with pytest.raises(DiskFull):
        apply(engine, desk, spoken, {0: "Margaret asked us."})
    with pytest.raises(DiskFull), transaction(engine) as session:
        story = session.get_one(Story, spoken.story_id)
        corrections.append(session, desk, story, "And the lift broke.")
    with pytest.raises(DiskFull), transaction(engine) as session:
        story = session.get_one(Story, spoken.story_id)
        corrections.newest(session, story.id).withheld = True
        put_into_english(session, desk, story, "Nobody came.", by=story.id)
    assert len(versions(engine, desk, spoken.story_id)) == 1


def test_what_is_not_written_down_or_taken_back_cannot_be_corrected(engine, desk):
    told = tell(engine, desk, recording=recording(tone(2), "ogg"))
    with pytest.raises(NothingWritten):
        apply(engine, desk, told, {0: "x"})
    typed = tell(engine, desk)
    with transaction(engine) as session:
        session.get_one(Story, typed.story_id).wrapped_key = None
    with pytest.raises(ConsentWithdrawn):
        apply(engine, desk, typed, {0: "x"})


def test_two_corrections_at_once_wait_for_each_other(engine, desk, spoken):
    made = []
    second = threading.Thread(
        target=lambda: made.append(apply(engine, desk, spoken, {1: "Nobody came."}))
    )
    with transaction(engine) as session:
        story = session.get_one(Story, spoken.story_id)
        corrections.apply(session, desk, story, {0: "Margaret asked."}, {})
        second.start()
        time.sleep(0.3)
        assert made == []
    second.join(10)
    assert made == [3]
    assert versions(engine, desk, spoken.story_id)[-1][2].text == "Margaret asked. Nobody came."


def test_marks_tell_versions_apart(engine, desk, spoken):
    apply(engine, desk, spoken, {0: "Margaret asked."})
    with reading(engine) as session:
        first, second = session.exec(select(TranscriptRow).order_by(col(TranscriptRow.id))).all()
        marks = [corrections.mark_of(row) for row in (first, second)]
        assert marks[0] != marks[1]
        found = corrections.marked(session, spoken.story_id, marks[0])
        assert found is not None
        assert found.id == first.id
        assert corrections.marked(session, spoken.story_id, "1-x") is None


def test_a_story_changed_many_times_is_read_once(engine, desk, spoken):
    before = len(waiting(engine))
    for number in range(4):
        apply(engine, desk, spoken, {0: f"Margaret asked us {number} times."})
    assert waiting(engine)[before:] == [jobs.UNDERSTAND]
    with engine.begin() as connection:
        connection.execute(sa.text("update procrastinate_jobs set status = 'doing' where id ="
                                   " (select max(id) from procrastinate_jobs)"))  # fmt: skip
    apply(engine, desk, spoken, {0: "Margaret asked us again."})
    assert waiting(engine)[before:] == [jobs.UNDERSTAND], "the one that began may have read before"


def test_a_job_that_serves_a_change_cannot_begin_before_it_is_stored(engine, desk, spoken):
    apply(engine, desk, spoken, {0: "Margaret asked us."})
    fetch = sa.text("select id from procrastinate_fetch_job_v2(array['reading'], null)")
    with transaction(engine) as session:
        story = session.get_one(Story, spoken.story_id)
        corrections.apply(session, desk, story, {0: "Margaret asked."}, {})
        with engine.begin() as connection:
            lock = sa.text("update procrastinate_jobs set lock = null where task_name <> :task")
            connection.execute(lock, {"task": jobs.UNDERSTAND})
            assert connection.execute(fetch).scalar() is None
    with engine.begin() as connection:
        assert connection.execute(fetch).scalar() is not None


def test_a_story_is_not_changed_faster_than_people_do(engine, desk, spoken):
    for number in range(corrections.HURRIED - 1):
        apply(engine, desk, spoken, {0: f"Margaret asked us {number} times."})
    with pytest.raises(Busy):
        apply(engine, desk, spoken, {0: "Margaret asked us once more."})
    later = sa.text("update transcript set created_at = created_at - interval '11 minutes'")
    with engine.begin() as connection:
        connection.execute(later)
    apply(engine, desk, spoken, {0: "Margaret asked us once more."})
