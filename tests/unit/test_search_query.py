"""The search box: what each way of typing asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.search.query import MOST_TERMS, Query, parse


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("", Query()),
        ("   ", Query()),
        ("bus cancelled", Query(words=("bus", "cancelled"))),
        ('"food bank"', Query(phrases=("food bank",))),
        ('bus "food  bank" queue', Query(words=("bus", "queue"), phrases=("food bank",))),
        ("“food bank”", Query(phrases=("food bank",))),
        ("allotment -waiting", Query(words=("allotment",), without=("waiting",))),
        ('swimming -"leisure centre"', Query(words=("swimming",), without=("leisure centre",))),
        ("-bus", Query(without=("bus",))),
        ("\u2212bus", Query(without=("bus",))),
        ("well-being", Query(words=("well-being",))),
        ("bus - train", Query(words=("bus", "train"))),
        ("--bus", Query(without=("-bus",))),
        ('food "bank', Query(words=("food", "bank"))),
        ('"food bank" the "queue', Query(words=("the", "queue"), phrases=("food bank",))),
        ('""', Query()),
        ('-""', Query()),
        ("?! … 🎉", Query()),
        ("don't & (a|b):*", Query(words=("don't", "(a|b):*"))),
        ("bus\x00stop", Query(words=("bus", "stop"))),
        ("\ud800bus", Query(words=("bus",))),
        ("حافلة", Query(words=("حافلة",))),
    ],
)
def test_each_way_of_typing(typed: str, asks: Query) -> None:
    assert parse(typed) == asks


def test_a_pasted_page_is_cut() -> None:
    assert len(parse("word " * 2_000).words) == MOST_TERMS
    assert len(parse("x" * 10_000).words[0]) == 1_000


def test_the_text_read_for_meaning_leaves_out_what_is_unwanted() -> None:
    assert parse('help "with the forms" -bus').wanted == "help with the forms"


@given(st.text() | st.text(alphabet='-" ab\x00'))
def test_any_text_can_be_read_and_every_term_says_something(typed: str) -> None:
    query = parse(typed)
    for term in (*query.words, *query.phrases, *query.without):
        assert any(c.isalnum() for c in term)
        assert "\x00" not in term
        assert '"' not in term
