"""Work that no job stands for any more: its story would wait for ever, with no button to press.

A job ends after its story says how it went. Where that could not be written (a full disk), or a
job is lost, nobody comes back to the story; whoever tidies looks for these.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, cast, column, exists, table
from sqlalchemy.types import Text
from sqlmodel import Session, col, select

from storybank import jobs
from storybank.capture import intake
from storybank.capture.side_steps import AGAIN, STEPS, enqueue
from storybank.tables import SideStep, Story
from storybank.values import WORKING, StoryState

READING = (jobs.TRANSCRIBE, jobs.UNDERSTAND)
"""The tasks that bring a story to be read; the first enqueues the second as it ends."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """One step of a story that is neither done nor given up, and has no job.

    `tried`: a job for it failed for good, but could not say so on the story.
    """

    task: str
    story_id: uuid.UUID
    tried: bool


def stranded(session: Session) -> list[Stranded]:
    """Give the steps of all stories that nobody will do; those of one moment, seen at once."""
    found = []
    for step, task in AGAIN.items():
        steps = select(SideStep.story_id, _has_job((task,), "failed")).join(Story)
        steps = steps.where(
            SideStep.step == step,
            col(SideStep.problem).is_(None),
            col(Story.withdrawn_at).is_(None),
            ~_has_job((task,), "todo", "doing"),
        )
        found += [Stranded(task, story_id, tried) for story_id, tried in session.exec(steps)]
    stories = select(Story.id, _has_job(READING, "failed")).where(
        col(Story.state).in_(WORKING),
        col(Story.withdrawn_at).is_(None),
        ~_has_job(READING, "todo", "doing"),
    )
    found += [
        Stranded(jobs.UNDERSTAND, story_id, tried) for story_id, tried in session.exec(stories)
    ]
    return found


def begin_again(session: Session, one: Stranded) -> None:
    """Put a step back into the queue; a story is taken up at the step that it had reached."""
    story = session.get(Story, one.story_id, with_for_update=True)
    if story is None or story.withdrawn_at is not None:
        return
    if one.task in STEPS or story.state == StoryState.READY:
        enqueue(session, one.task, one.story_id)
    elif story.state in WORKING:
        intake.try_again(session, story)


def _has_job(tasks: Sequence[str], *states: str) -> ColumnElement[bool]:
    """Give the condition on `Story` that one of its jobs for these tasks is in one of `states`."""
    job = table("procrastinate_jobs", column("task_name"), column("status"), column("args"))
    return exists().where(
        job.c.task_name.in_(tasks),
        cast(job.c.status, Text).in_(states),
        job.c.args.op("->>")("story_id") == cast(col(Story.id), Text),
    )
