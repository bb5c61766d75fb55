"""The teller's own reading: how answers are stored, and what they mean in codes."""

import pytest

from storybank.capture.own_reading import BY_NAME, QUESTIONS, answered, choices_of, meaning_of
from storybank.framework import load_framework
from storybank.values import Direction

LIVED, MISSING = Direction.LIVED, Direction.MISSING


def test_every_code_that_an_answer_can_mean_is_in_the_framework() -> None:
    known = load_framework("thriving-communities@1").by_id
    meant = {
        code for question in QUESTIONS for choice in question.choices for code, _ in choice.means
    }
    assert len(meant) == 7
    assert meant <= set(known)


@pytest.mark.parametrize(
    ("question", "answer", "means"),
    [
        ("with-or-to", "with", (("doing-with", LIVED),)),
        ("with-or-to", "to", (("doing-with", MISSING),)),
        ("with-or-to", "both", (("doing-with", LIVED), ("doing-with", MISSING))),
        ("strengths", "not-sure", ()),
        ("who-was-missing", "family council", (("collaboration", MISSING),)),
        ("who-was-missing", "nobody", (("collaboration", LIVED),)),
        ("what-changed", "reached know-people", (("own-goals", LIVED), ("weak-ties", LIVED))),
        ("what-changed", "nothing", ()),
        ("overall", "good", ()),
        ("overall", "", ()),
        ("no-such-question", "yes", ()),
        ("strengths", "no-such-answer", ()),
    ],
)
def test_an_answer_means_what_its_words_say(
    question: str, answer: str, means: tuple[tuple[str, Direction], ...]
) -> None:
    assert meaning_of(question, answer) == means


def test_values_are_kept_in_the_order_of_the_page_and_unknown_ones_fall_away() -> None:
    question = BY_NAME["what-changed"]
    assert answered(question, ["know-people", "hacked", "feel-better"]) == "feel-better know-people"
    assert answered(question, []) == ""
    assert answered(BY_NAME["overall"], ["good", "bad"]) == "bad"


def test_nobody_beside_somebody_is_somebody() -> None:
    question = BY_NAME["who-was-missing"]
    assert answered(question, ["nobody", "health"]) == "health"
    assert answered(question, ["nobody"]) == "nobody"


def test_choices_come_back_in_words() -> None:
    said = [choice.say for choice in choices_of("what-changed", "joined-in worse")]
    assert said == ["I joined in", "It got worse"]
