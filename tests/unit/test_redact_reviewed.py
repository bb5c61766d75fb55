"""People's decisions put over what the rules found, in the same version and in later ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.spans import apply_masks
from storybank.understand.redact.relations import role_of
from storybank.understand.redact.reviewed import (
    MASKED,
    SHOWN_ANYWAY,
    Decided,
    occurrences,
    reviewed,
    without_shown,
)
from storybank.values import Mask, Span
from tests.growth import IN_LINE, growth

TEXT = "Ann rang. Bob Dee and ann came; Bob left Annfield."
FOUND = (
    Mask(Span(10, 17), "person", "[person 1]", 0.5),
    Mask(Span(32, 35), "person", "[person 1]"),
)


def decided(words, start, decision, *, here=True, kind="person"):
    return Decided(words, Span(start, start + len(words)), decision, kind, here)


def shown(*decisions):
    return apply_masks(TEXT, reviewed(TEXT, FOUND, decisions))


def test_without_decisions_the_masks_are_the_rules_own():
    assert reviewed(TEXT, FOUND, ()) == FOUND


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([decided("Bob Dee", 10, SHOWN_ANYWAY)],
         "Ann rang. Bob Dee and ann came; [person 1] left Annfield."),
        ([decided("Ann", 0, MASKED)],
         "[person 1] rang. [person 2] and ann came; [person 2] left Annfield."),
        ([decided("Bob Dee", 10, MASKED, kind="school")],
         "Ann rang. [school] and ann came; [person 1] left Annfield."),
        ([decided("Ann", 90, MASKED, here=False)],
         "[person 1] rang. [person 2] and [person 1] came; [person 2] left Annfield."),
        ([decided("Bob", 30, SHOWN_ANYWAY, here=False)],
         "Ann rang. [person 1] and ann came; Bob left Annfield."),
        ([decided("Bob", 32, SHOWN_ANYWAY), decided("Bob", 32, MASKED)],
         "Ann rang. [person 1] and ann came; [person 1] left Annfield."),
        ([decided("Zoe", 3, MASKED, here=False)],
         "Ann rang. [person 1] and ann came; [person 1] left Annfield."),
    ],
)  # fmt: skip
def test_decisions_are_put_over_what_was_found(decisions, expected):
    assert shown(*decisions) == expected


def test_a_decided_mask_is_sure():
    masks = reviewed(TEXT, FOUND, [decided("Bob Dee", 10, MASKED)])
    assert [mask.sure for mask in masks] == [1.0, 1.0]


def test_what_may_be_shown_may_be_heard():
    spans = [mask.span for mask in FOUND]
    assert without_shown(TEXT, spans, [decided("Bob", 32, SHOWN_ANYWAY)]) == spans[:1]
    again = [decided("Bob", 32, SHOWN_ANYWAY), decided("Bob", 32, MASKED)]
    assert without_shown(TEXT, spans, again) == spans


@given(st.text(max_size=80), st.text(max_size=12))
def test_occurrences_are_whole_words_of_the_text(text, words):
    for span in occurrences(text, words):
        assert span.of(text).casefold().split() or not words.split()
        assert span.start == 0 or not (text[span.start - 1] + text[span.start]).isalnum()


@pytest.mark.parametrize(
    ("told", "name", "role"),
    [
        ("My eldest son Tom rang.", "Tom", "my eldest son"),
        ("Tom, her support worker, rang.", "Tom", "her support worker"),
        ("my sister in law, Tom", "Tom", "my sister in law"),
        ("I saw Tom there.", "Tom", None),
        ("My Anna rang. Tom came.", "Tom", None),
    ],
)
def test_what_a_person_is_to_somebody_is_read_beside_the_name(told, name, role):
    start = told.index(name)
    assert role_of(told, Span(start, start + len(name))) == role


def test_a_name_masked_in_a_thousand_places_is_masked_in_a_later_version_in_line_with_the_places():
    def masked(times):
        every = [Decided("Jo", Span(at, at + 2), MASKED, "person", False) for at in range(times)]
        return reviewed("Jo came. " * times, (), every)

    assert len(masked(1_000)) == 1_000
    assert growth(masked, 1_000) < IN_LINE
