"""A story taken back is erased within a minute: nothing that takes long stands before its job."""

import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from storybank import jobs, worker
from storybank.capture import scrubbing
from storybank.capture.intake import Desk
from storybank.capture.withdrawal import erased
from storybank.db import reading
from storybank.pipeline import Workshop
from storybank.tables import Story
from storybank.values import Transcript, Vector
from tests.database.test_withdrawal import SOUND, WORDS, take_back, tell
from tests.fakes import CannedTranscriber, make_workshop

# Not `slow`: a worker runs here, and slow tests share their process with Playwright's own loop.
pytestmark = pytest.mark.database

RECORDINGS = 8
AT_MOST_S = 60.0

WAITING = "select count(*) from procrastinate_jobs where status = 'todo' and queue_name = :queue"
TAKEN = """
    with me as (select worker_id from procrastinate_register_worker_v1())
    select task_name, args ->> 'story_id'
    from me, procrastinate_fetch_job_v2(cast(array['withdrawals'] as varchar[]), me.worker_id)
"""
"""What a worker that asks for withdrawals is given, in the queue's own words."""


def waiting(engine: Engine, queue: str) -> int:
    """How many jobs of a queue are still to begin."""
    with engine.connect() as connection:
        return connection.execute(sa.text(WAITING), {"queue": queue}).scalar_one()


def gone(engine: Engine, story_id: uuid.UUID) -> bool:
    """Say whether a story has been erased."""
    with reading(engine) as session:
        return erased(session.get_one(Story, story_id))


def within(limit_s: float, true: Callable[[], bool]) -> bool:
    """Wait until something is true; False where it is not within the limit."""
    deadline = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def work_until(shop: Workshop, done: Callable[[], bool]) -> None:
    """Let a worker work as in service, and end it as an operator does."""

    def end() -> None:
        within(AT_MOST_S, lambda: left.is_set() or done())
        if not left.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    left = threading.Event()
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ending = threading.Thread(target=end)
    ending.start()
    try:
        worker.run(shop)
    finally:
        left.set()
        ending.join()
        signal.signal(signal.SIGTERM, before)


def test_its_job_may_begin_at_once_and_is_the_first_that_is_taken(
    engine: Engine, desk: Desk
) -> None:
    for number in range(RECORDINGS):
        tell(engine, desk, text=None, recording=SOUND, client_id=f"before-{number}")
    story_id = tell(engine, desk, text=None, recording=SOUND).story_id
    take_back(engine, story_id)
    with engine.begin() as connection:
        row = connection.execute(
            sa.text(
                "select status, scheduled_at, lock, queueing_lock, attempts"
                " from procrastinate_jobs where task_name = :task"
            ),
            {"task": jobs.WITHDRAW},
        ).one()
        assert tuple(row) == ("todo", None, None, None, 0)
        taken = connection.execute(sa.text(TAKEN)).one()
    assert tuple(taken) == (jobs.WITHDRAW, str(story_id))
    assert waiting(engine, jobs.SPEECH) == RECORDINGS + 1, "nobody has listened to any"


class Listening(CannedTranscriber):
    """Has a recording that goes on until a story was taken back and erased."""

    def __init__(self, engine: Engine, story_id: uuid.UUID) -> None:
        super().__init__(WORDS)
        self._engine, self._story_id = engine, story_id
        self.meanwhile: list[bool] = []
        self.behind = 0

    def transcribe(self, audio: Vector, **more: Any) -> Transcript:
        """Take the story back, wait for the other job, and only then hear something."""
        if not self.meanwhile:
            take_back(self._engine, self._story_id)
            self.behind = waiting(self._engine, jobs.SPEECH)
            erased_now = within(AT_MOST_S / 2, lambda: gone(self._engine, self._story_id))
            self.meanwhile.append(erased_now)
        return super().transcribe(audio, **more)


def test_a_recording_that_takes_hours_and_those_behind_it_do_not_hold_it_up(
    engine: Engine, desk: Desk
) -> None:
    for number in range(RECORDINGS):
        tell(engine, desk, text=None, recording=SOUND, client_id=f"before-{number}")
    story_id = tell(engine, desk, text=None, recording=SOUND).story_id
    listening = Listening(engine, story_id)
    shop = replace(make_workshop(engine, desk), transcriber=listening)

    work_until(shop, lambda: bool(listening.meanwhile))

    assert listening.meanwhile == [True], "it waited for a recording to be listened to"
    assert listening.behind >= RECORDINGS - 1, "there was no queue"


def test_the_rewriting_of_the_files_does_not_hold_up_the_next_one(
    engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tell(engine, desk).story_id, tell(engine, desk, client_id="c-2").story_id
    rewrite, meanwhile = scrubbing.rewrite, list[bool]()

    def long(engine: Engine) -> bool:
        if not meanwhile:
            take_back(engine, second)
            meanwhile.append(within(AT_MOST_S / 2, lambda: gone(engine, second)))
        return rewrite(engine)

    monkeypatch.setattr(scrubbing, "rewrite", long)
    take_back(engine, first)
    work_until(make_workshop(engine, desk), lambda: bool(meanwhile))
    assert meanwhile == [True], "it waited for the tables to be written anew"


def test_what_was_erased_during_a_rewriting_is_rewritten_after_it(
    engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tell(engine, desk).story_id, tell(engine, desk, client_id="c-2").story_id
    rewrite, done = scrubbing.rewrite, list[bool]()

    def one_more(engine: Engine) -> bool:
        done.append(rewrite(engine))
        if len(done) == 1:
            take_back(engine, second)
            within(AT_MOST_S / 2, lambda: gone(engine, second))
        return done[-1]

    monkeypatch.setattr(scrubbing, "rewrite", one_more)
    take_back(engine, first)
    work_until(make_workshop(engine, desk), lambda: len(done) == 2)
    assert done == [True, True]
