"""No story waits for work that nobody will do: its steps are given up aloud, or begun again."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from storybank import db, jobs, worker
from storybank.capture import again
from storybank.commands.checking import _stories
from storybank.errors import DiskFull
from storybank.tables import Story, now
from storybank.values import Channel, StoryState
from tests.database.test_side_steps import HEARD, POLISH, Bank, Ears
from tests.factories import make_story

pytestmark = pytest.mark.database

KILLED = "update procrastinate_jobs set status = 'doing', attempts = 99"
FAILED = "update procrastinate_jobs set status = 'failed'"
LOST = "delete from procrastinate_jobs"


@pytest.fixture
def bank(engine, desk):
    return Bank(engine, desk)


def say(engine, statement, *names):
    """Run a statement on the jobs of these tasks."""
    listed = ", ".join(f"'{name}'" for name in names)
    with engine.begin() as connection:
        connection.execute(sa.text(f"{statement} where task_name in ({listed})"))


def jobs_now(engine):
    query = sa.text("select task_name, status::text, lock from procrastinate_jobs order by 1, 2")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def rescue(shop):
    async def once():
        app = worker.make_app(shop)
        async with app.open_async():
            return await worker.rescue(app, shop)

    return asyncio.run(once())


class FullOnce:
    """Stands where a step is given up, and finds no room on the disk the first time."""

    def __init__(self, real):
        self.real, self.full = real, True

    def __call__(self, *given):
        if self.full:
            self.full = False
            raise DiskFull("the database's disk")
        self.real(*given)


def test_a_step_that_killed_its_workers_is_not_over_before_its_story_says_so(
    bank, engine, monkeypatch
):
    bank.tell(Channel.WORKER, Ears(POLISH, language="pl", english=HEARD))
    say(engine, LOST, jobs.UNDERSTAND, jobs.TRANSCRIBE)
    say(engine, KILLED, jobs.VOICES, jobs.TRANSLATE)
    monkeypatch.setattr(worker, "give_up", FullOnce(worker.give_up))
    rescue(bank.shop)
    said = bank.left()
    assert sorted(map(str, said.values())) == ["None", "StorybankError"], "one still found room"
    assert sorted(status for _, status, _ in jobs_now(engine)) == ["doing", "failed"]
    rescue(bank.shop)
    assert bank.left() == {"voices": "StorybankError", "translation": "StorybankError"}
    assert {status for _, status, _ in jobs_now(engine)} == {"failed"}
    assert rescue(bank.shop) == 0


def test_what_was_tried_to_the_end_unheard_is_given_up_later(bank, engine, monkeypatch):
    bank.tell(Channel.WEB, Ears(POLISH, language="pl", english=HEARD))
    say(engine, LOST, jobs.TRANSCRIBE)
    say(engine, FAILED, jobs.VOICES, jobs.TRANSLATE, jobs.UNDERSTAND)
    monkeypatch.setattr(worker, "give_up", FullOnce(worker.give_up))
    worker.tidy(bank.shop)
    assert bank.left() == {"voices": None, "translation": "StorybankError"}, "one found no room"
    worker.tidy(bank.shop)
    assert bank.left() == {"voices": "StorybankError", "translation": "StorybankError"}
    waits = [name for name, status, _ in jobs_now(engine) if status == "todo"]
    assert waits == [jobs.UNDERSTAND], "it is read as its teller's own"
    say(engine, FAILED, jobs.UNDERSTAND)
    worker.tidy(bank.shop)
    assert (bank.story().state, bank.story().problem) == (StoryState.NEEDS_HELP, "StorybankError")
    worker.tidy(bank.shop)
    assert {status for _, status, _ in jobs_now(engine)} == {"failed"}


def test_work_that_left_no_trace_is_begun_again_and_what_waits_is_left_alone(bank, engine, desk):
    bank.tell(Channel.WORKER, Ears(POLISH, language="pl", english=HEARD))
    before = jobs_now(engine)
    worker.tidy(bank.shop)
    assert jobs_now(engine) == before
    say(engine, LOST, *(name for name, _, _ in before))
    worker.tidy(bank.shop)
    worker.tidy(bank.shop)
    assert jobs_now(engine) == [
        (task, "todo", lock)
        for task, lock in (
            (jobs.TRANSLATE, jobs.lock_aside(jobs.TRANSLATE, str(bank.id))),
            (jobs.UNDERSTAND, str(bank.id)),
            (jobs.VOICES, jobs.lock_aside(jobs.VOICES, str(bank.id))),
        )
    ]
    assert bank.left() == {"voices": None, "translation": None}


def test_a_reading_that_was_to_be_tried_again_and_left_no_trace_is_begun_again(bank, engine):
    bank.tell(Channel.WEB, turns=())
    bank.voices.mended = True
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    bank.shop, whole = replace(bank.shop, tagger=None), bank.shop
    bank.fail(jobs.UNDERSTAND)
    bank.again()
    say(engine, LOST, jobs.UNDERSTAND)
    worker.tidy(whole)
    worker.tidy(whole)
    waits = [name for name, status, _ in jobs_now(engine) if status == "todo"]
    assert waits.count(jobs.UNDERSTAND) == 1
    bank.shop = whole
    bank.run(jobs.UNDERSTAND)
    assert bank.left() == {}


def test_all_that_was_given_up_is_tried_again_at_once_and_doctor_says_how(bank, engine, desk):
    own = Bank(engine, desk)
    own.tell(Channel.WEB)
    own.fail(jobs.VOICES)
    say(engine, LOST, jobs.UNDERSTAND)
    assert "stories in trouble" not in doctor(engine), "it is read all the same"
    bank.tell(Channel.WORKER)
    bank.fail(jobs.VOICES)
    with db.transaction(engine) as session:
        needy = {"state": StoryState.NEEDS_HELP, "problem": "ModelDamaged"}
        broken = make_story(session, may_learn=False, **needy).id
        make_story(session, withdrawn_at=now(), **needy)
        make_story(session, state=StoryState.NEEDS_HELP, problem="NothingHeard")
    found = doctor(engine)
    assert found["stories in trouble"].said.startswith("1 could not be read, 1 lack")
    assert "`storybank try-again`" in found["stories in trouble"].mend
    assert found["stories without words"].said.startswith("1 hold")

    with db.reading(engine) as session:
        wanted = again.to_try_again(session)
    assert sorted(wanted) == sorted([own.id, bank.id, broken])
    say(engine, LOST, jobs.VOICES, jobs.UNDERSTAND, jobs.TRANSCRIBE)
    assert (again.try_again(engine, wanted), again.try_again(engine, wanted)) == (3, 0)
    assert [task for task, _, _ in jobs_now(engine)] == [jobs.TRANSCRIBE, jobs.VOICES, jobs.VOICES]
    with db.reading(engine) as session:
        assert session.get_one(Story, broken).state == StoryState.RECEIVED
    assert {"stories in trouble", "worker"} & set(doctor(engine)) == {"worker"}


def doctor(engine):
    return {found.what: found for found in _stories(engine)}
