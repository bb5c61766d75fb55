"""Taking a story back: nobody can read it from then on, and nothing made from it is left."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import SQLModel, select
from typer.testing import CliRunner

from storybank import coding, jobs, listening, pipeline, worker
from storybank.access import Actor
from storybank.capture.blobs import Blobs
from storybank.capture.importing import Terms, import_rows
from storybank.capture.intake import Desk, Received, receive
from storybank.capture.withdrawal import ERASED, erase, erased, unfinished, withdraw
from storybank.cli import app
from storybank.db import reading, transaction
from storybank.errors import ConsentWithdrawn
from storybank.pipeline import Workshop
from storybank.tables import (
    AuditEntry,
    Checked,
    Consent,
    Disagreement,
    Doubt,
    MaskDecision,
    MaskReview,
    Moved,
    Note,
    Recording,
    SideStep,
    SoFar,
    Story,
    StrengthRow,
    SuggestionRow,
    TellerAnswer,
    TranscriptRow,
)
from storybank.values import Channel, ConsentGiven, NewStory, Role, StoryState, Use
from storybank.vault import story_key
from tests.clips import recording, tone
from tests.factories import make_person, make_place, make_programme
from tests.fakes import NamedRedactor, make_workshop
from tests.staff import listen_and_read

pytestmark = pytest.mark.database

WORDS = "The zanzibarese bus never comes. Anna Smith waited."
SOUND = recording(tone(1.0), "ogg")
YES = ConsentGiven(learn=True, quote=True, voice=True)


def tell(engine: Engine, desk: Desk, **more: object) -> Received:
    values = {"text": WORDS, "place": "blackbird-leys", "happened": "2026-05", "client_id": "c-1",
              "external_id": None, "teller": "about-me"} | more  # fmt: skip
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
        return receive(session, desk, NewStory(YES, Channel.WEB, **values))


def all_that_hangs(engine: Engine, desk: Desk, story_id: uuid.UUID) -> Workshop:
    """Read a spoken story and add a row of every kind that people make."""
    shop = make_workshop(engine, desk, heard=WORDS)
    listen_and_read(shop, story_id)
    with transaction(engine) as session:
        person = make_person(session)
        suggestion = session.exec(
            select(SuggestionRow).where(SuggestionRow.story_id == story_id)
        ).one()
        coding.decide(session, Actor(person.id, Role.EVALUATOR), suggestion.id, "confirmed")
        session.add(Note(story_id=story_id, person_id=person.id, sealed=b"-", masked="zanzibarese"))
        row = session.exec(select(TranscriptRow.id).where(TranscriptRow.story_id == story_id)).one()
        place = {"story_id": story_id, "transcript_id": row, "start": 0, "end": 3}
        session.add(Doubt(marks="gap", **place))
        session.add(MaskDecision(decision="masked", kind="person", person_id=person.id, **place))
        by = {"story_id": story_id, "transcript_id": row}
        session.add(MaskReview(rules_id="r", person_id=person.id, **by))
        moved = {"framework": "f@2", "outcome": "person", "became": ["aim-adapting"]}
        session.add(Moved(story_id=story_id, suggestion_id=suggestion.id, **moved))
        session.add(Checked(person_id=person.id, **place))
        said = {"kind": "place", "name": "zanzibarese", "quote": "zanzibarese", "rules_id": "r"}
        session.add(StrengthRow(**said, **place))
        session.add(SoFar(story_id=story_id, sealed=b"-", language="en", seconds=1.0))
        session.add(SideStep(story_id=story_id, step="translation"))
        session.add(TellerAnswer(story_id=story_id, question="with-or-to", answer="with"))
        session.add(
            Disagreement(story_id=story_id, framework="f@1", code="aim-adapting", direction="-")
        )
        consent = session.exec(select(Consent).where(Consent.story_id == story_id)).one()
        key = story_key(desk.keyring, session.get_one(Story, story_id))
        consent.clip = desk.blobs.put(key, b"I agree", "clip")
        session.add(consent)
    return shop


def take_back(engine: Engine, story_id: uuid.UUID) -> None:
    with transaction(engine) as session:
        withdraw(session, story_id)


def left_of(engine: Engine, story_id: uuid.UUID) -> dict[str, int]:
    """How many rows of each table that hangs on stories belong to this one."""
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(
                sa.select(sa.func.count()).where(table.c.story_id == story_id)
            )
            or 0
            for table in SQLModel.metadata.tables.values()
            if "story_id" in table.c
        }


def files(desk: Desk) -> list[Path]:
    return [p for p in desk.settings.blobs_dir.rglob("*") if p.is_file()]


def test_a_story_is_shut_at_once_before_any_job_has_run(engine: Engine, desk: Desk) -> None:
    story_id = tell(engine, desk, text=None, recording=SOUND).story_id
    all_that_hangs(engine, desk, story_id)
    take_back(engine, story_id)
    with reading(engine) as session:
        story = session.get_one(Story, story_id)
        assert (story.state, story.wrapped_key) == (StoryState.WITHDRAWN, None)
        assert not [use for use in Use if getattr(story, f"may_{use}")]
        with pytest.raises(ConsentWithdrawn):
            story_key(desk.keyring, story)
        newest = session.exec(select(Consent).order_by(Consent.id.desc()).limit(1)).one()  # type: ignore[union-attr]
        assert (newest.how, newest.learn) == ("receipt", False)
    with pytest.raises(ConsentWithdrawn):
        take_back(engine, story_id)


def test_the_job_leaves_a_tombstone_and_nothing_else(engine: Engine, desk: Desk) -> None:
    kept = tell(engine, desk, client_id="c-2").story_id
    story_id = tell(engine, desk, text=None, recording=SOUND, external_id="row-7").story_id
    shop = all_that_hangs(engine, desk, story_id)
    pipeline.understand(shop, kept)
    before = left_of(engine, kept)
    assert min(left_of(engine, story_id).values()) > 0, "a table that this test never fills"
    assert len(files(desk)) == 4
    take_back(engine, story_id)

    worker.run(shop, until_idle=True)

    assert {name: n for name, n in left_of(engine, story_id).items() if n} == {"consent": 2}
    assert files(desk) == []
    assert left_of(engine, kept) == before
    with reading(engine) as session:
        story = session.get_one(Story, story_id)
        assert erased(story)
        named = {"id", "created_at", "told_on", "programme_id", "channel", "mode", "withdrawn_at",
                 "receipt_digest", "key_id", "state"}  # fmt: skip
        said = {k: v for k, v in story.model_dump().items() if v and k not in named}
        assert set(said) == {"client_id", "external_id"}
        assert all(value.startswith("withdrawn-") for value in said.values())
        assert not [c for c in session.exec(select(Consent)) if c.clip]
        acts = session.exec(select(AuditEntry.act).where(AuditEntry.object_id == str(story_id)))
        assert [act for act in acts if act == ERASED] == [ERASED]


def test_the_job_waits_for_no_other_work_on_the_story(engine: Engine, desk: Desk) -> None:
    story_id = tell(engine, desk).story_id
    take_back(engine, story_id)
    with engine.connect() as connection:
        jobs_of = connection.execute(
            sa.text("select task_name, queue_name, lock from procrastinate_jobs order by id")
        ).all()
    assert jobs_of[-1] == (jobs.WITHDRAW, jobs.WITHDRAWALS, None)


def test_a_worker_killed_in_between_leaves_it_to_the_next(engine: Engine, desk: Desk) -> None:
    story_id = tell(engine, desk, text=None, recording=SOUND).story_id
    shop = all_that_hangs(engine, desk, story_id)
    take_back(engine, story_id)
    with reading(engine) as session:  # the sound is gone, and then the power
        blob = session.exec(select(Recording.blob)).one()
    desk.blobs.delete(blob)

    worker.forget_wholly(shop)

    assert files(desk) == []
    with reading(engine) as session:
        assert unfinished(session) == []
        assert erased(session.get_one(Story, story_id))
    assert not erase(engine, desk.keyring, desk.blobs, story_id), "a second time does nothing"


def test_a_story_that_stands_is_never_erased(engine: Engine, desk: Desk) -> None:
    story_id = tell(engine, desk).story_id
    assert not erase(engine, desk.keyring, desk.blobs, story_id)
    assert left_of(engine, story_id)["transcript"] == 1


def test_sent_again_it_stays_away(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    story_id = tell(engine, desk).story_id
    named = {"client_id": None, "external_id": "row-7"}
    imported = tell(engine, desk, **named).story_id
    for gone, known_as in ((story_id, {}), (imported, named)):
        take_back(engine, gone)
        for _ in range(2):  # before its job has run, and after
            with pytest.raises(ConsentWithdrawn):
                tell(engine, desk, **known_as)
            erase(engine, desk.keyring, desk.blobs, gone)
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "row-7", "text": "Zanzibarese."}\n{"id": "row-8", "text": "New."}\n')
    outcome = import_rows(engine, desk, rows, Terms(consent=YES))
    assert outcome.stored == 1
    assert [problem.line for problem in outcome.problems] == [1]


class _AtOnce(Blobs):
    """A store in whose first `put` somebody takes the story back."""

    def __init__(self, store: Blobs, then: Callable[[], None]) -> None:
        super().__init__(store._store)
        self._then: Callable[[], None] | None = then

    def put(self, key: bytes, plain: bytes, context: str) -> str:
        if self._then is not None:
            then, self._then = self._then, None
            then()
        return super().put(key, plain, context)


@pytest.mark.parametrize("step", ["transcribe", "understand", "copy"])
def test_taken_back_in_the_middle_of_a_step_leaves_nothing(
    engine: Engine, desk: Desk, step: str
) -> None:
    story_id = tell(engine, desk, text=None, recording=SOUND).story_id
    shop = make_workshop(engine, desk, heard=WORDS)
    steps = {"transcribe": listening.transcribe, "understand": pipeline.understand,
             "copy": pipeline.copy}  # fmt: skip
    for name, run in steps.items():
        if name == step:
            break
        run(shop, story_id)

    def stop() -> None:
        take_back(engine, story_id)
        worker.forget(shop, story_id)  # the job is quicker than the step

    class Listening(type(shop.transcriber)):  # type: ignore[misc]
        def transcribe(self, audio, **more):
            stop()
            return super().transcribe(audio, **more)

    class Reading(NamedRedactor):
        def find(self, text, doubtful=()):
            stop()
            return super().find(text)

    slow = {
        "transcribe": {"transcriber": Listening(WORDS)},
        "understand": {"redactor": Reading()},
        "copy": {"blobs": _AtOnce(desk.blobs, stop)},
    }[step]
    running = Workshop(**(vars(shop) | slow))
    with pytest.raises(ConsentWithdrawn):
        steps[step](running, story_id)

    assert {name for name, n in left_of(engine, story_id).items() if n} == {"consent"}
    assert files(desk) == []
    with reading(engine) as session:
        assert session.get_one(Story, story_id).title == ""


def test_no_decision_comes_after_it(engine: Engine, desk: Desk) -> None:
    story_id = tell(engine, desk).story_id
    pipeline.understand(make_workshop(engine, desk), story_id)
    with transaction(engine) as session:
        person = make_person(session)
    actor = Actor(person.id, Role.EVALUATOR)
    with pytest.raises(ConsentWithdrawn), transaction(engine) as session:
        suggestion = session.exec(select(SuggestionRow.id)).one()
        session.exec(select(Story).where(Story.id == story_id)).one()  # the page is open
        take_back(engine, story_id)
        coding.hold(session, story_id)
        coding.decide(session, actor, suggestion, "confirmed")


def test_an_operator_repeats_withdrawals_after_an_older_backup(
    engine: Engine, desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tell(engine, desk).story_id, tell(engine, desk, client_id="c-2").story_id
    take_back(engine, second)
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(desk.settings.data_dir))
    monkeypatch.setenv("STORYBANK_DATABASE_URL", database_url)
    result = CliRunner().invoke(app, ["take-back", str(first), str(second), str(uuid.uuid4())])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 of 3 stories taken back" in result.stderr
    with reading(engine) as session:
        assert session.get_one(Story, first).wrapped_key is None
    wrong = CliRunner().invoke(app, ["take-back", "mine"])
    assert wrong.exit_code == 1
    assert "no id of a story" in wrong.stderr
