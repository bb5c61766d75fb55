import pytest

from storybank.consent import NEEDS, QUESTIONS, effective
from storybank.values import ConsentGiven, Use


def test_every_use_is_asked_for_once_in_words_and_in_order():
    assert [question.use for question in QUESTIONS] == list(Use)
    assert all(question.ask.endswith("?") for question in QUESTIONS)


@pytest.mark.parametrize("use", list(NEEDS))
def test_a_use_without_its_ground_is_taken_as_no(use):
    said = ConsentGiven(**{use.value: True})

    assert not effective(said).allows(use)
    assert effective(ConsentGiven(**{use.value: True, "learn": True})).allows(use)


def test_the_wording_and_the_way_it_was_given_are_kept():
    kept = effective(ConsentGiven(learn=True, wording="2025-01", how="helper"))

    assert (kept.wording, kept.how) == ("2025-01", "helper")
