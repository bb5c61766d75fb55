"""Which words count as the same, and how wrong words are counted."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.evaluate.wording import edit_distance, normal_words

SOME = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("said", "also"),
    [
        ("Um, I don't know.", "i do not know"),
        ("It\u2019s twenty-five, isn't it?", "It is 25 is not it"),
        ("three thousand two hundred and four", "3,200 and 4"),
        ("two hundred five", "205"),
        ("one hundred percent", "100%"),
        ("twenty five six", "25 6"),
        ("The neighbours organised it", "the neighbors organized it"),
        ("[laughs] Yes (coughs) yes", "yes yes"),
        ("The centres", "the centers"),
        ("Tea & cake", "tea and cake"),
    ],
)
def test_spelling_habits_are_no_errors(said: str, also: str) -> None:
    assert normal_words(said, "en") == normal_words(also, "en")


@pytest.mark.parametrize(
    ("said", "other"),
    [("I can go", "I can't go"), ("fifteen", "fifty"), ("for our hour", "for your hour")],
)
def test_real_differences_stay(said: str, other: str) -> None:
    assert normal_words(said, "en") != normal_words(other, "en")


def test_other_languages_keep_their_letters() -> None:
    assert normal_words("¿Qué tal, niño?", "es") == ["qué", "tal", "niño"]
    assert normal_words("Um homem", "pt") == ["um", "homem"]


def test_edit_distance_counts_changed_lost_and_added_words() -> None:
    assert edit_distance(["a", "b", "c"], ["a", "x", "c"]) == 1
    assert edit_distance(["a", "b", "c"], ["a", "c"]) == 1
    assert edit_distance(["a", "b", "c"], ["a", "b", "b", "c", "d"]) == 2
    assert edit_distance([], ["a"]) == 1
    assert edit_distance(["a"], []) == 1


@given(SOME, SOME)
def test_edit_distance_agrees_with_jiwer(gold: list[str], heard: list[str]) -> None:
    theirs = jiwer.process_words(" ".join(gold), " ".join(heard))

    expected = theirs.substitutions + theirs.deletions + theirs.insertions

    assert edit_distance(gold, heard) == expected
