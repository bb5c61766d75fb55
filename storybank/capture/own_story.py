"""What a teller does with their own story once they have opened it with its code.

They say that a reading is wrong, answer the five questions again, and change what they agreed to.
Every act takes hold of the story first: after it was taken back none is left to do.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storybank import audit
from storybank.capture.intake import record_consent
from storybank.capture.own_reading import QUESTIONS, answered
from storybank.errors import ConsentWithdrawn
from storybank.framework import Framework
from storybank.tables import Disagreement, Story, TellerAnswer, now
from storybank.values import ConsentGiven, Direction


@dataclass(frozen=True, slots=True)
class ReadAs:
    """One reading that a teller speaks about: a code of a framework in one direction."""

    framework: Framework
    code: str
    direction: Direction


def take_hold(session: Session, story: Story) -> None:
    """Let nobody else change this story until the session commits; raises ConsentWithdrawn."""
    session.refresh(story, with_for_update=True)
    if story.withdrawn_at is not None:
        raise ConsentWithdrawn(f"story {story.id}")


def disagreements(session: Session, story_id: uuid.UUID) -> Sequence[Disagreement]:
    """Give what the teller of one story says is wrong with its readings, the oldest first."""
    query = select(Disagreement).where(
        Disagreement.story_id == story_id, col(Disagreement.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(Disagreement.id))).all()


def disagree(session: Session, story: Story, reading: ReadAs, *, wrong: bool) -> None:
    """Keep that the teller finds a reading wrong, or (`wrong` False) no longer does.

    Said twice, it is kept once. Raises UnknownCode or ConsentWithdrawn.
    """
    reading.framework.code(reading.code)
    take_hold(session, story)
    standing = [row for row in disagreements(session, story.id) if _same(row, reading)]
    if wrong and not standing:
        row = Disagreement(
            story_id=story.id,
            framework=reading.framework.name,
            code=reading.code,
            direction=reading.direction,
        )
        session.add(row)
        audit.note(session, None, "teller-disagrees", story.id, reading.code)
    elif not wrong and standing:
        for row in standing:
            row.undone_at = now()
            session.add(row)
        audit.note(session, None, "teller-agrees-again", story.id, reading.code)


def own_answers(session: Session, story_id: uuid.UUID) -> dict[str, str]:
    """Give the teller's newest answer to each of the five questions; skipped ones are not there."""
    query = select(TellerAnswer).where(TellerAnswer.story_id == story_id)
    rows = session.exec(query.order_by(col(TellerAnswer.id))).all()
    newest = {row.question: row.answer for row in rows}
    return {question: answer for question, answer in newest.items() if answer}


def answer_again(session: Session, story: Story, said: Mapping[str, Sequence[str]]) -> None:
    """Keep the answers that differ from the newest ones, each as a row of its own.

    `said` is what was chosen by a question's name; nothing chosen is a question skipped.
    """
    take_hold(session, story)
    before = own_answers(session, story.id)
    for question in QUESTIONS:
        answer = answered(question, said.get(question.name, ()))
        if answer != before.get(question.name, ""):
            row = TellerAnswer(story_id=story.id, question=question.name, answer=answer)
            session.add(row)


def change_consent(session: Session, story: Story, given: ConsentGiven) -> bool:
    """Make `given` the consent from now on, everywhere; gives whether anything changed.

    What was agreed to before stays in the history.
    """
    take_hold(session, story)
    before = _uses_of(story)
    record_consent(session, story, given)
    changed = before != _uses_of(story)
    audit.note(session, None, "teller-changes-consent", story.id, "changed" if changed else "same")
    return changed


def _uses_of(story: Story) -> tuple[bool, ...]:
    return (
        story.may_learn, story.may_quote, story.may_voice, story.may_publish, story.may_named,
    )  # fmt: skip


def _same(row: Disagreement, reading: ReadAs) -> bool:
    said = (row.framework, row.code, row.direction)
    return said == (reading.framework.name, reading.code, reading.direction)
