"""The queue: jobs are rows in the same database, added in the transaction that needs them."""

import uuid
from typing import Any

import procrastinate
import sqlalchemy as sa
from sqlmodel import Session

TRANSCRIBE = "storybank.transcribe"
UNDERSTAND = "storybank.understand"
COPY = "storybank.copy"
WITHDRAW = "storybank.withdraw"
REREAD = "storybank.reread"
REREAD_ALL = "storybank.reread_all"
SPEECH, READING, UPKEEP, WITHDRAWALS = "speech", "reading", "upkeep", "withdrawals"

QUEUE_OF = {TRANSCRIBE: SPEECH, UNDERSTAND: READING, COPY: SPEECH, WITHDRAW: WITHDRAWALS}
QUEUE_OF[REREAD] = READING

LATER = -10
"""The priority of work on stories that can be read already: those just told come first."""


def enqueue(session: Session, task: str, story_id: uuid.UUID) -> int:
    """Add one job for one story in the session's own transaction; gives the job's number.

    A story and its work are stored together or not at all. Arguments are ids only. Jobs of one
    story never run side by side, but for its withdrawal: that waits for nothing.
    """
    connection: Any = session.connection().connection.driver_connection
    deferrer = _nobody().configure_task(
        task,
        queue=QUEUE_OF[task],
        lock=None if task == WITHDRAW else str(story_id),
        priority=LATER if task == REREAD else 0,
        connection=connection,
    )
    return deferrer.defer(story_id=str(story_id))


def enqueue_rereading(session: Session) -> None:
    """Add the job that lets every stored story be read by the current framework, unless it waits.

    It only adds the jobs of single stories, which may be thousands.
    """
    waiting = sa.text(
        "select id from procrastinate_jobs where status = 'todo' and task_name = :task"
    )
    if session.connection().execute(waiting, {"task": REREAD_ALL}).first() is None:
        connection: Any = session.connection().connection.driver_connection
        _nobody().configure_task(REREAD_ALL, queue=UPKEEP, connection=connection).defer()


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
