"""Scores of tags, checked by hand."""

import json

import pytest

from storybank.errors import BadInput
from storybank.evaluate.tagging import GoldStory, Tally, read_gold, score
from storybank.framework import load_framework
from storybank.values import Direction, Span, Suggestion

THRIVING = load_framework("thriving-communities@1")


def story(number: int, *pairs: str, disputed: tuple[str, ...] = ()) -> GoldStory:
    quotes = {(pair[:-1], pair[-1]): ("the form was far too long",) for pair in pairs}
    return GoldStory(
        str(number), "text", quotes, frozenset((pair[:-1], pair[-1]) for pair in disputed)
    )


def read(pair: str, quote: str = "form was far too", number: float = 0.85) -> Suggestion:
    return Suggestion(pair[:-1], Direction(pair[-1]), Span(0, 1), quote, number)


def test_right_wrong_and_missed_are_counted_and_disputed_pairs_left_out():
    gold = [story(1, "learning+", "own-goals-", disputed=("good-place+",)), story(2)]
    found = [[read("learning+"), read("good-place+"), read("joined-up-")], [read("learning+")]]
    scores = score(gold, found)

    assert scores.micro == Tally(right=1, wrong=2, missed=1)
    assert scores.micro.f1 == pytest.approx(2 / 5)
    assert scores.pairs["learning", "+"] == Tally(right=1, wrong=1)
    assert scores.pairs["own-goals", "-"] == Tally(missed=1)
    assert ("good-place", "+") not in scores.pairs


def test_a_pair_counts_once_a_story_however_many_quotes_carry_it():
    scores = score([story(1, "learning+")], [[read("learning+"), read("learning+", "else")]])
    assert scores.micro == Tally(right=1)


def test_the_right_code_in_the_wrong_direction_is_wrong_and_missed():
    assert score([story(1, "learning+")], [[read("learning-")]]).micro == Tally(0, 1, 1)


def test_a_quote_counts_when_it_holds_half_the_coders_words():
    gold = [story(1, "learning+"), story(2, "learning+")]
    found = [[read("learning+", "Form was FAR")], [read("learning+", "the form")]]
    scores = score(gold, found)
    assert scores.quotes == 0.5
    assert scores.quote_words == 2.5


def test_the_interval_holds_the_figure_and_is_the_same_every_time():
    gold = [story(n, "learning+") for n in range(20)]
    found = [[read("learning+")] if n % 2 else [read("joined-up+")] for n in range(20)]
    low, high = score(gold, found).interval

    assert low < score(gold, found).micro.f1 == 0.5 < high
    assert (low, high) == score(gold, found).interval


def test_each_pair_has_an_interval_of_its_own():
    gold = [story(n, "learning+", *["own-goals+"] * (n < 4)) for n in range(20)]
    found = [[read("learning+"), *[read("own-goals+")] * (n < 2)] for n in range(20)]
    intervals = score(gold, found).intervals

    assert intervals["learning", "+"] == (1.0, 1.0)
    low, high = intervals["own-goals", "+"]
    assert low == 0.0 < 2 / 3 < high == 1.0


def test_scores_are_counted_in_tenths_with_how_many_were_right():
    gold = [story(1, "learning+", disputed=("good-place+",))]
    found = [[read("learning+", number=0.85), read("joined-up+", number=0.81), read("good-place+")]]
    assert score(gold, found).bands == {0.8: (2, 1)}


def test_nothing_read_and_nothing_given_is_no_division_by_nought():
    scores = score([], [])
    assert (scores.micro.f1, scores.micro.precision, scores.quotes) == (0, 0, 0)


def test_gold_files_are_read_and_faults_named_by_line(tmp_path):
    path = tmp_path / "gold.jsonl"
    code = {"code": "learning", "direction": "+", "quote": "we tried"}
    row = {"id": "1", "text": "we tried", "codes": [code], "disputed": []}
    path.write_text(json.dumps(row) + "\n\n")
    assert read_gold(path, THRIVING)[0].quotes == {("learning", "+"): ("we tried",)}

    for harm in ({"codes": [code | {"direction": "?"}]}, {"codes": [code | {"code": "fun"}]}):
        path.write_text(json.dumps(row) + "\n" + json.dumps(row | harm))
        with pytest.raises(BadInput) as caught:
            read_gold(path, THRIVING)
        assert caught.value.message.startswith("Line 2 ")

    path.write_text("\n")
    with pytest.raises(BadInput) as caught:
        read_gold(path, THRIVING)
    assert "holds no story" in caught.value.message
    with pytest.raises(BadInput):
        read_gold(tmp_path / "none.jsonl", THRIVING)
