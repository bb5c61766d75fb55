"""From an accepted story to a searched one, on real storage, with small fake engines."""

import io
import uuid
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from storybank import db, jobs, listening, pipeline, worker
from storybank.capture import drafts
from storybank.capture.answers import Answers
from storybank.capture.audio import decode
from storybank.capture.intake import Received, receive, record_consent, try_again
from storybank.errors import ConsentWithdrawn, NothingHeard
from storybank.tables import (
    Consent,
    Draft,
    PassageRow,
    Recording,
    Redaction,
    Story,
    SuggestionRow,
    Tag,
    TranscriptRow,
    now,
)
from storybank.values import Channel, ConsentGiven, NewStory, StoryState
from storybank.vault import open_transcript, recording_context, story_key
from tests.factories import make_programme
from tests.fakes import NamedRedactor, make_workshop

pytestmark = pytest.mark.database

AGREED = ConsentGiven(learn=True, quote=True)
TOLD = "The bus never comes now. Anna Smith from the flats drives us instead."


def tone(seconds: float = 4.0) -> bytes:
    sound = (np.sin(np.arange(int(seconds * 16_000)) / 20) * 9000).astype(np.int16)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(sound.tobytes())
    return file.getvalue()


def tell(engine, desk, **more) -> Received:
    told = NewStory(consent=AGREED, channel=Channel.WEB, **({"text": TOLD} | more))
    with db.transaction(engine) as session:
        make_programme(session)
        return receive(session, desk, told)


def speak(engine, desk, **more) -> Received:
    return tell(engine, desk, text=None, recording=tone(), **more)


def waiting(engine) -> list[tuple[str, str]]:
    query = "select task_name, args->>'story_id' from procrastinate_jobs where status = 'todo'"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query + " order by id"))]


def rows(engine, table):
    with db.reading(engine) as session:
        return session.exec(select(table)).all()


def test_a_typed_story_is_sealed_masked_read_and_tagged(engine, desk):
    shop = make_workshop(engine, desk)
    story_id = tell(engine, desk).story_id
    assert waiting(engine) == [(jobs.UNDERSTAND, str(story_id))]

    pipeline.understand(shop, story_id)

    (story,), (transcript,) = rows(engine, Story), rows(engine, TranscriptRow)
    assert story.state == StoryState.READY
    assert open_transcript(story_key(desk.keyring, story), transcript).text == TOLD
    assert transcript.masked == TOLD.replace("Anna Smith", "[person 1]")
    assert [p.text for p in rows(engine, PassageRow)] == [transcript.masked]
    (tag,) = rows(engine, SuggestionRow)
    assert (tag.code, tag.direction, tag.quote) == (
        "aim-adapting", "-", "The bus never comes now.",
    )  # fmt: skip
    assert TOLD[tag.start : tag.end] == tag.quote
    assert [t.state for t in rows(engine, Tag)] == ["suggested"]
    assert story.title == transcript.masked


def test_reading_twice_gives_the_same_rows_once(engine, desk):
    shop = make_workshop(engine, desk)
    story_id = tell(engine, desk).story_id
    pipeline.understand(shop, story_id)
    before = [len(rows(engine, t)) for t in (PassageRow, SuggestionRow, Redaction, Tag)]

    pipeline.understand(shop, story_id)

    after = [len(rows(engine, t)) for t in (PassageRow, SuggestionRow, Redaction, Tag)]
    assert before == after == [1, 1, 1, 1]


def test_a_recording_is_written_down_once_with_times_and_copied(engine, desk):
    shop = make_workshop(engine, desk)
    story_id = speak(engine, desk).story_id
    assert waiting(engine) == [(jobs.TRANSCRIBE, str(story_id))]

    listening.transcribe(shop, story_id)
    listening.transcribe(shop, story_id)
    listening.tell_voices(shop, story_id)
    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)

    assert [t.source for t in rows(engine, TranscriptRow)] == ["machine"]
    (tag,) = rows(engine, SuggestionRow)
    assert (tag.start_ms, tag.end_ms) == (0, 1900)
    (story,), (recording,) = rows(engine, Story), rows(engine, Recording)
    key = story_key(desk.keyring, story)
    whole = desk.blobs.get(key, recording.playable, recording_context(recording.id, "playable"))
    muted = desk.blobs.get(key, recording.muted, recording_context(recording.id, "muted"))
    said = slice(int(2.1 * 16_000), int(2.8 * 16_000))  # "Anna Smith" is said from 2.0 to 2.9 s
    assert np.abs(decode(whole, max_seconds=60)[said]).max() > 0.1
    assert np.abs(decode(muted, max_seconds=60)[said]).max() < 0.01
    assert np.abs(decode(muted, max_seconds=60)[:16_000]).max() > 0.1


def test_a_silent_recording_is_kept_and_says_so(engine, desk):
    shop = make_workshop(engine, desk, heard="")
    story_id = speak(engine, desk).story_id

    with pytest.raises(NothingHeard):
        listening.transcribe(shop, story_id)
    worker.run_step(shop, jobs.TRANSCRIBE, story_id, attempts=0)

    (story,) = rows(engine, Story)
    assert (story.state, story.problem) == (StoryState.NEEDS_HELP, "NothingHeard")
    assert len(rows(engine, Recording)) == 1


def test_a_story_that_needs_help_can_be_tried_again(engine, desk):
    shop = make_workshop(engine, desk, heard="")
    story_id = speak(engine, desk).story_id
    worker.run_step(shop, jobs.TRANSCRIBE, story_id, attempts=0)

    with db.transaction(engine) as session:
        try_again(session, session.get_one(Story, story_id))
    listening.transcribe(make_workshop(engine, desk), story_id)

    assert len(waiting(engine)) == 4
    assert rows(engine, Story)[0].state == StoryState.READING


def test_a_step_that_fails_is_tried_again_and_in_the_end_explained(engine, desk, monkeypatch):
    def broken(shop, story_id):
        raise RuntimeError

    shop = make_workshop(engine, desk)
    story_id = tell(engine, desk).story_id
    monkeypatch.setitem(worker.STEPS, jobs.UNDERSTAND, broken)

    with pytest.raises(RuntimeError):
        worker.run_step(shop, jobs.UNDERSTAND, story_id, attempts=worker.MOST_ATTEMPTS - 1)
    assert rows(engine, Story)[0].state == StoryState.RECEIVED
    worker.run_step(shop, jobs.UNDERSTAND, story_id, attempts=worker.MOST_ATTEMPTS)

    (story,) = rows(engine, Story)
    assert (story.state, story.problem) == (StoryState.NEEDS_HELP, "StorybankError")


def test_a_story_withdrawn_meanwhile_is_left_alone(engine, desk):
    shop = make_workshop(engine, desk)
    story_id = tell(engine, desk).story_id
    with db.transaction(engine) as session:
        story = session.get_one(Story, story_id)
        story.wrapped_key, story.state = None, StoryState.WITHDRAWN
        session.add(story)

    with pytest.raises(ConsentWithdrawn):
        pipeline.understand(shop, story_id)
    worker.run_step(shop, jobs.UNDERSTAND, story_id, attempts=0)

    assert rows(engine, Story)[0].state == StoryState.WITHDRAWN
    assert rows(engine, PassageRow) == []


def test_a_worker_empties_the_queue_and_takes_up_what_a_dead_one_left(engine, desk, database_url):
    shop = make_workshop(engine, desk)
    typed, spoken = tell(engine, desk).story_id, speak(engine, desk).story_id
    with engine.begin() as connection:  # as a killed worker leaves it: taken, and never finished
        connection.execute(sa.text(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour')"
        ))  # fmt: skip
        connection.execute(sa.text(
            "update procrastinate_jobs set status = 'doing',"
            " worker_id = (select id from procrastinate_workers) where args->>'story_id' = :id"
        ), {"id": str(typed)})  # fmt: skip
    shop = make_workshop(engine, desk)

    worker.run(shop, until_idle=True)

    states = {s.id: s.state for s in rows(engine, Story)}
    assert states[spoken] == StoryState.READY
    worker.run(shop, until_idle=True)
    assert {s.state for s in rows(engine, Story)} == {StoryState.READY}
    assert rows(engine, Recording)[0].muted


def test_consent_has_a_history_and_the_newest_counts(engine, desk):
    story_id = tell(engine, desk).story_id
    with db.transaction(engine) as session:
        record_consent(session, session.get_one(Story, story_id), ConsentGiven(learn=False))

    (story,) = rows(engine, Story)
    assert (story.may_learn, story.may_quote) == (False, False)
    with db.reading(engine) as session:
        given = session.exec(select(Consent).order_by(col(Consent.id))).all()
    assert [(c.learn, c.quote) for c in given] == [(True, True), (False, False)]


def test_no_file_and_no_row_holds_a_masked_word_in_clear(tmp_path, server_url, engine, desk):
    name = f"Quentin{uuid.uuid4().hex}"
    shop = replace(
        make_workshop(engine, desk, heard=f"{name} grew a Zanzibarmarrow here."),
        redactor=NamedRedactor(name),
    )
    spoken = speak(engine, desk).story_id
    typed = tell(engine, desk, text=f"My neighbour is {name}.").story_id
    cookie = drafts.new_cookie()
    with db.transaction(engine) as session:
        drafts.save_draft(session, desk.keyring, cookie, Answers(text=f"{name} again"))
    listening.transcribe(shop, spoken)
    listening.tell_voices(shop, spoken)
    pipeline.understand(shop, spoken)
    pipeline.copy(shop, spoken)
    pipeline.understand(shop, typed)

    dump = _every_row(engine)
    assert "Zanzibarmarrow" in dump  # masked passages are in clear: every row was read
    assert name not in dump
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert files
    files += _files_of_server(engine, server_url)
    assert [p.name for p in files if name.encode() in p.read_bytes()] == []


def _every_row(engine) -> str:
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = (
            row
            for table in tables
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(table)))
        )
        return "\n".join(str(row) for row in rows)


def _files_of_server(engine, server_url: str) -> list[Path]:
    """The built-in server's files and logs; a server elsewhere keeps its own out of sight."""
    folder = Path(str(sa.make_url(server_url).query.get("host", "")))
    if not folder.is_absolute():
        return []
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("checkpoint"))
    found = [p for p in folder.rglob("*") if p.is_file()]
    assert found
    return found


def test_what_has_run_out_is_tidied_away_and_the_rest_stays(engine, desk):
    fresh, old = drafts.new_cookie(), drafts.new_cookie()
    said = drafts.listen(desk.settings, tone())
    with db.transaction(engine) as session:
        for cookie in (fresh, old):
            drafts.keep_recording(session, desk, cookie, Answers(), said)
    with db.transaction(engine) as session:
        row = session.get_one(Draft, desk.keyring.digest(f"draft|{old}"))
        row.updated_at = now() - timedelta(days=8)
        session.add(row)

    worker.tidy(make_workshop(engine, desk))

    assert [row.digest for row in rows(engine, Draft)] == [desk.keyring.digest(f"draft|{fresh}")]
    assert sum(p.is_file() for p in desk.settings.blobs_dir.rglob("*")) == 1
