"""The queue: jobs are rows in the same database, added in the transaction that needs them."""

import uuid
from typing import Any

import procrastinate
import sqlalchemy as sa
from sqlmodel import Session

TRANSCRIBE = "storybank.transcribe"
VOICES = "storybank.voices"
TRANSLATE = "storybank.translate"
UNDERSTAND = "storybank.understand"
COPY = "storybank.copy"
WITHDRAW = "storybank.withdraw"
REREAD = "storybank.reread"
REREAD_ALL = "storybank.reread_all"
SCRUB = "storybank.scrub"
SPEECH, READING, UPKEEP = "speech", "reading", "upkeep"
WITHDRAWALS, FILES = "withdrawals", "files"
"""Erasing has a queue of its own, and writing the files anew another (decision 12)."""

QUEUE_OF = {TRANSCRIBE: SPEECH, UNDERSTAND: READING, COPY: SPEECH, WITHDRAW: WITHDRAWALS}
QUEUE_OF |= {REREAD: READING, VOICES: SPEECH, TRANSLATE: SPEECH}

LATER = -10
"""The priority of work on stories that can be read already: those just told come first."""
ORDINARY, FIRST = 0, 5
"""The priority of nearly all, and of a short step without which others are done twice."""
PRIORITY = {VOICES: FIRST, REREAD: LATER}


def enqueue(session: Session, task: str, story_id: uuid.UUID, *, aside: bool = False) -> int:
    """Add one job for one story in the session's own transaction; gives the job's number.

    A story and its work are stored together or not at all. Arguments are ids only. Jobs of one
    story never run side by side, but for its withdrawal, which waits for nothing, and for what is
    done `aside`, which nothing waits for: see `lock_aside`.
    """
    connection: Any = session.connection().connection.driver_connection
    lock = lock_aside(task, str(story_id)) if aside else str(story_id)
    deferrer = _nobody().configure_task(
        task,
        queue=QUEUE_OF[task],
        lock=None if task == WITHDRAW else lock,
        priority=ORDINARY if aside else PRIORITY.get(task, ORDINARY),
        connection=connection,
    )
    return deferrer.defer(story_id=str(story_id))


def lock_aside(task: str, story_id: str) -> str:
    """Give the lock of a step that may fail or take long, for no other job of its story to wait.

    A job holds up all later ones under its lock, even while it only waits for its next try.
    """
    return f"{story_id} {task}"


def enqueue_rereading(session: Session) -> None:
    """Add the job that lets every stored story be read by the current framework, unless it waits.

    It only adds the jobs of single stories, which may be thousands.
    """
    _enqueue_one(session, REREAD_ALL, UPKEEP)


def enqueue_scrubbing(session: Session) -> None:
    """Add the job that takes the words of erased stories out of files and pages, unless it waits.

    One at a time: it writes whole tables anew.
    """
    _enqueue_one(session, SCRUB, FILES)


def _enqueue_one(session: Session, task: str, queue: str) -> None:
    """Add a job that serves for all, unless one waits; that one cannot begin before the commit."""
    waiting = sa.text(
        "select id from procrastinate_jobs where status = 'todo' and task_name = :task"
        " and (scheduled_at is null or scheduled_at <= now()) for update"
    )
    if session.connection().execute(waiting, {"task": task}).first() is None:
        connection: Any = session.connection().connection.driver_connection
        _nobody().configure_task(task, queue=queue, lock=task, connection=connection).defer()


def waits(session: Session, task: str, story_id: uuid.UUID) -> bool:
    """Say whether such a job of a story is still to begin; it then cannot before the commit.

    A job reads what is newest when it begins, so one that waits serves for any number of changes.
    """
    query = sa.text(
        "select id from procrastinate_jobs where status = 'todo' and task_name = :task"
        " and lock = :story and (scheduled_at is null or scheduled_at <= now()) for update"
    )
    found = session.connection().execute(query, {"task": task, "story": str(story_id)})
    return found.first() is not None


def _nobody() -> procrastinate.App:
    """Give an app that is never opened: the connection comes from the session."""
    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
