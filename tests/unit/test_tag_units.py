"""What the tagger looks at: sentences, clauses that can stand as quotations, and pairs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.understand.units import SHORTEST_CLAUSE, clauses, units
from storybank.values import Span
from tests.growth import IN_LINE, growth

LONG = (
    "We sat down with the planners on a wet Monday, and they drew it again in front of us, "
    "which nobody had done before."
)


def of(text: str) -> list[str]:
    return [span.of(text) for span in clauses(text, Span(0, len(text)))]


def test_a_sentence_is_cut_at_commas_and_joining_words():
    assert of(LONG) == [
        "We sat down with the planners on a wet Monday",
        "and they drew it again in front of us",
        "which nobody had done before.",
    ]


def test_a_short_piece_stays_with_its_neighbour():
    text = "Well, I said, we never once had the heating on that winter because it cost too much."
    assert of(text) == [
        "Well, I said, we never once had the heating on that winter",
        "because it cost too much.",
    ]


def test_a_sentence_with_nothing_to_cut_gives_no_clauses():
    assert of("Nobody asked us.") == []
    assert of("They took the bench away without a word to anyone on the street.") == []


def test_clauses_of_a_later_sentence_stand_where_they_stand_in_the_text():
    text = f"Hello. {LONG}"
    found = clauses(text, Span(7, len(text)))
    assert [span.of(text) for span in found] == of(LONG)


@given(st.text(alphabet="ab ,;-\u2013\u00e9\U0001f600andbutso ", max_size=200))
def test_any_clause_is_a_part_of_its_sentence_with_enough_words(text):
    found = clauses(text, Span(0, len(text)))
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert len(span.of(text).split()) >= SHORTEST_CLAUSE - 1  # a dash alone may fall away
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_units_name_the_sentence_of_each_clause():
    text = f"Rain. {LONG} Sun."
    sentences = (Span(0, 5), Span(6, 6 + len(LONG)), Span(7 + len(LONG), len(text)))
    found = units(text, sentences)

    assert found.sentences == sentences
    assert found.parents == (1, 1, 1)
    assert found.every == (*sentences, *found.clauses)
    assert all(clause.of(text) in LONG for clause in found.clauses)


def test_no_sentences_give_no_units():
    assert units("", ()).every == ()


@pytest.mark.parametrize("sign", [" ", "\u00a0", ", ", " - ", "\u2014", ": "])
def test_many_spaces_and_signs_in_a_row_take_time_in_line(sign):
    def cut(times):
        of(f"We went there to the hall{sign * times}there, and it was warm for us.")

    assert growth(cut, 1_500) < IN_LINE


def test_a_joining_word_after_many_spaces_begins_a_clause():
    found = of(f"We went there to the hall{' ' * 50}and it was warm for us.")
    assert [clause.split()[0] for clause in found] == ["We", "and"]
