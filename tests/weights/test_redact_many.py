"""Masking of names by what is said around them: families, titles, lists, and who is spoken to."""

import pytest

from storybank.capture.starting import starting_list
from storybank.spans import apply_masks

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def redactor(engines):
    return engines.redactor_knowing(starting_list().places)


def shown(redactor, text):
    return apply_masks(text, redactor.find(text))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("We heard the Lister family through the wall.",
         "We heard the [person 1] family through the wall."),
        ("they moved the akhtaruzzaman family out in march",
         "they moved the [person 1] family out in march"),
        ("When I was ill Dr So came to us.", "When I was ill Dr [person 1] came to us."),
        ("then dr shire said it was my chest", "then dr [person 1] said it was my chest"),
        ("i said to summer, come in and sit down", "i said to [person 1], come in and sit down"),
        ("my cousin Monday said it would never happen",
         "my cousin [person 1] said it would never happen"),
        ("so yi held the baby for me", "so [person 1] held the baby for me"),
        ("the key is with min huang at the desk", "the key is with [person 1] at the desk"),
    ],
)  # fmt: skip
def test_names_are_known_by_what_is_said_around_them(redactor, told, expected):
    assert shown(redactor, told) == expected


@pytest.mark.parametrize(
    "told",
    [
        "The Royal family came on the telly.",
        "The whole family was there, and the young family next door.",
        "the little family upstairs is quiet",
        "My sister Sunday lunch was cold again.",
        "my mate and me said to go, and they went",
        "We walked up the drive. Then it rained.",
        "The chairman then told us it was four in the morning.",
        "the dr was late and the nurse never came",
        "I wrote to the housing office in Barton, and said to wait.",
    ],
)
def test_what_only_looks_like_it_is_left(redactor, told):
    assert shown(redactor, told) == told
