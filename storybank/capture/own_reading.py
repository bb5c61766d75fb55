"""The teller's own reading: five plain questions, and what each answer means in codes.

The meaning is kept here and nowhere else, beside the reason for it. It is careful: an answer
means a code only where the words of the choice say so by themselves. "Nothing changed" names no
outcome that failed, and "mostly good" is no code at all, so these two mean nothing in codes; they
are shown as they were said.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from storybank.values import Direction

Meaning = tuple[tuple[str, Direction], ...]
"""Codes with their directions, of the framework `thriving-communities`."""

LIVED, MISSING = Direction.LIVED, Direction.MISSING


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen: as it is stored, as it is read, and what it means."""

    value: str
    say: str
    means: Meaning = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the teller about their own story; `several` choices may be given at once.

    `alone` is the choice that makes no sense beside another.
    """

    name: str
    ask: str
    choices: tuple[Choice, ...]
    several: bool = False
    alone: str | None = None

    def choice(self, value: str) -> Choice | None:
        """Give the choice stored as `value`, or None where there is no such one."""
        return next((choice for choice in self.choices if choice.value == value), None)


QUESTIONS: tuple[Question, ...] = (
    # "With you" and "to you" are the two ends of one principle. Some of each is both, as in any
    # story where people were asked about one thing and not about another.
    Question(
        "with-or-to",
        "Were things done with you, or to you?",
        (
            Choice("with", "With me", (("doing-with", LIVED),)),
            Choice("to", "To me", (("doing-with", MISSING),)),
            Choice("both", "Some of each", (("doing-with", LIVED), ("doing-with", MISSING))),
        ),
    ),
    Question(
        "strengths",
        "Did people start from what you were good at?",
        (
            Choice("yes", "Yes", (("strengths", LIVED),)),
            Choice("no", "No", (("strengths", MISSING),)),
            Choice("not-sure", "I am not sure"),
        ),
    ),
    # Whoever was missing, the right people were not all there; who it was is shown as said.
    # "Nobody" says that all were there.
    Question(
        "who-was-missing",
        "Who was missing?",
        (
            Choice("family", "Family", (("collaboration", MISSING),)),
            Choice("neighbours", "Neighbours", (("collaboration", MISSING),)),
            Choice("council", "The council", (("collaboration", MISSING),)),
            Choice("health", "Health services", (("collaboration", MISSING),)),
            Choice("somebody-else", "Somebody else", (("collaboration", MISSING),)),
            Choice("nobody", "Nobody was missing", (("collaboration", LIVED),)),
        ),
        several=True,
        alone="nobody",
    ),
    # Each choice is one outcome in the teller's words. "It got worse" says that they are not well
    # now, whatever else it may mean.
    Question(
        "what-changed",
        "What changed?",
        (
            Choice("feel-better", "I feel better", (("good-place", LIVED),)),
            Choice("reached", "I reached something I wanted", (("own-goals", LIVED),)),
            Choice("joined-in", "I joined in", (("taking-part", LIVED),)),
            Choice("know-people", "I know more people", (("weak-ties", LIVED),)),
            Choice("worse", "It got worse", (("good-place", MISSING),)),
            Choice("nothing", "Nothing changed"),
        ),
        several=True,
        alone="nothing",
    ),
    Question(
        "overall",
        "Was it mostly good, bad or both?",
        (Choice("good", "Mostly good"), Choice("bad", "Mostly bad"), Choice("both", "Both")),
    ),
)

BY_NAME: dict[str, Question] = {question.name: question for question in QUESTIONS}


def answered(question: Question, chosen: Iterable[str]) -> str:
    """Give the answer as it is stored: the values that exist, in order, with a space between.

    A choice that makes no sense beside another falls away beside it; of one-choice questions the
    last value counts. Nothing chosen, or nothing that exists, gives an empty text: skipped.
    """
    given = set(chosen) if question.several else set(list(chosen)[-1:])
    values = [choice.value for choice in question.choices if choice.value in given]
    if len(values) > 1:
        values = [value for value in values if value != question.alone]
    return " ".join(values)


def choices_of(question: str, answer: str) -> tuple[Choice, ...]:
    """Give the choices that a stored answer holds, in order; unknown ones are passed over."""
    asked = BY_NAME.get(question)
    if asked is None:
        return ()
    found = (asked.choice(value) for value in answer.split())
    return tuple(choice for choice in found if choice is not None)


def meaning_of(question: str, answer: str) -> Meaning:
    """Give what a stored answer means: codes with directions, each once, in the order said.

    An unknown question or answer means nothing and gives (). The codes are those of the
    framework `thriving-communities`; of another one, pass over those that it does not have.
    """
    meant = [pair for choice in choices_of(question, answer) for pair in choice.means]
    return tuple(dict.fromkeys(meant))
