"""What is still missing beside the words of a story: voices told apart, an English translation.

Of a story that was read before, so is the reading of its newest words, where that failed. Each is a
step of its own, with a row for as long as it is not done. The row goes with the commit that brings
what was missing; where a step is given up, it says why (docs/decisions/0028).
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from storybank import jobs
from storybank.tables import SideStep, Story, now
from storybank.values import BY_HAND as BY_HAND
from storybank.values import Channel

VOICES, TRANSLATION, READING = "voices", "translation", "reading"
TASKS = {VOICES: jobs.VOICES, TRANSLATION: jobs.TRANSLATE}
STEPS = {task: step for step, task in TASKS.items()}
AGAIN = {**TASKS, READING: jobs.UNDERSTAND}
"""The job that does each step again; a reading is done in the story's own turn, not aside."""


def begin(session: Session, story_id: uuid.UUID, step: str) -> None:
    """Keep that a step is to come, and enqueue it.

    Voices come before the story is read, which is quicker than to read it twice; but only once.
    """
    session.add(SideStep(story_id=story_id, step=step))
    session.flush()
    jobs.enqueue(session, TASKS[step], story_id, aside=step != VOICES)


def wait(session: Session, story_id: uuid.UUID, step: str) -> None:
    """Keep that a step waits for a person; does nothing where it does already."""
    if not is_left(session, story_id, step):
        session.add(SideStep(story_id=story_id, step=step))
        session.flush()


def left(session: Session, story_id: uuid.UUID) -> Sequence[SideStep]:
    """Give the steps of a story that are not done, in the order of their names."""
    return left_of(session, [story_id]).get(story_id, [])


def left_of(
    session: Session, stories: Iterable[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[SideStep]]:
    """Give the steps that are not done of each of these stories; without any it is left out."""
    found: dict[uuid.UUID, list[SideStep]] = {}
    query = select(SideStep).where(col(SideStep.story_id).in_(list(stories)))
    for row in session.exec(query.order_by(col(SideStep.step))):
        found.setdefault(row.story_id, []).append(row)
    return found


def is_left(session: Session, story_id: uuid.UUID, step: str) -> bool:
    """Say whether a step is not done: still to come, or given up."""
    return session.get(SideStep, (story_id, step)) is not None


def is_to_come(session: Session, story_id: uuid.UUID, step: str) -> bool:
    """Say whether a step is not done and not given up either."""
    row = session.get(SideStep, (story_id, step))
    return row is not None and row.problem is None


def done(session: Session, story_id: uuid.UUID, step: str) -> None:
    """Keep that nothing is missing any more; does nothing where that is so already."""
    row = session.get(SideStep, (story_id, step))
    if row is not None:
        session.delete(row)
        session.flush()


def give_up(session: Session, story_id: uuid.UUID, step: str, problem: str) -> bool:
    """Keep why a step failed for good; gives False where it was done meanwhile."""
    row = session.get(SideStep, (story_id, step))
    if row is None:
        return False
    row.problem, row.updated_at = problem, now()
    session.add(row)
    return True


def try_again(session: Session, story_id: uuid.UUID) -> bool:
    """Put the steps of a story that were given up back into the queue; gives False for none."""
    given_up = [row for row in left(session, story_id) if row.problem is not None]
    for row in given_up:
        row.problem, row.updated_at = None, now()
        session.add(row)
        enqueue(session, AGAIN[row.step], story_id)
        if row.step == TRANSLATION:
            done(session, story_id, BY_HAND)  # perhaps nobody has to write the English
    return bool(given_up)


def enqueue(session: Session, task: str, story_id: uuid.UUID) -> None:
    """Put a step back into the queue; a reading that waits there already serves for this one."""
    aside = task in STEPS
    if aside or not jobs.waits(session, task, story_id):
        jobs.enqueue(session, task, story_id, aside=aside)


def waits_by_hand() -> ColumnElement[bool]:
    """Give the condition on `Story` that it waits for a person to put it into English."""
    return exists().where(col(SideStep.story_id) == col(Story.id), col(SideStep.step) == BY_HAND)


def english_to_come() -> ColumnElement[bool]:
    """Give the condition on `Story` that its machine translation is not there."""
    here = col(SideStep.story_id) == col(Story.id)
    return exists().where(here, col(SideStep.step) == TRANSLATION)


def given_up() -> ColumnElement[bool]:
    """Give the condition on `Story` that one of its steps was given up."""
    return exists().where(
        col(SideStep.story_id) == col(Story.id), col(SideStep.problem).is_not(None)
    )


def in_want() -> ColumnElement[bool]:
    """Give the condition on `Story` that one was given up without which it is not read."""
    return exists().where(
        col(SideStep.story_id) == col(Story.id),
        col(SideStep.problem).is_not(None),
        (col(SideStep.step) != VOICES) | (col(Story.channel) != Channel.WEB),
    )


def read_all_the_same(step: SideStep, story: Story) -> bool:
    """Say whether a story is read although this step was given up; `in_want` asks the same in SQL.

    It is where voices are not known of what a teller recorded alone.
    """
    return step.step == VOICES and step.problem is not None and story.channel == Channel.WEB
