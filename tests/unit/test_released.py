"""What was released stands: a figure that became worse is named, rounding and gains are not."""

import json

import pytest

from storybank.errors import BadInput
from storybank.evaluate.released import Bar, falls, read_released


def test_only_what_became_worse_is_named():
    released = {"f1": 0.6, "quotes": 0.8, "recall": 0.5}
    now = {"f1": 0.595, "quotes": 0.75, "precision": 0.1}

    assert falls(now, released, Bar(slack=0.01)) == [
        "quotes: 0.7500, released 0.8000",
        "recall: not measured, released 0.5000",
    ]
    assert falls({"f1": 0.9, "quotes": 0.8, "recall": 0.5}, released, Bar()) == []
    assert len(falls(now, released, Bar())) == 3


def test_of_some_figures_less_is_better():
    released, bar = {"masked beside, written": 0.02}, Bar(less_is_better=("masked",))
    assert falls({"masked beside, written": 0.01}, released, bar) == []
    assert falls({"masked beside, written": 0.03}, released, bar)


def test_figures_are_read_by_the_name_of_the_gold_set(tmp_path):
    path = tmp_path / "tagging.json"
    path.write_text(json.dumps({"sets": {"stories.jsonl": {"f1": 0.6}}}))

    assert read_released(path, "stories.jsonl") == {"f1": 0.6}
    with pytest.raises(BadInput) as caught:
        read_released(path, "others.jsonl")
    assert "no figures for others.jsonl" in caught.value.message


@pytest.mark.parametrize("words", ["", "[1]", '{"sets": {"a": {"f1": "high"}}}', '{"sets": 3}'])
def test_a_file_that_is_something_else_names_its_mend(tmp_path, words):
    path = tmp_path / "tagging.json"
    path.write_text(words)
    with pytest.raises(BadInput) as caught:
        read_released(path, "a")
    assert caught.value.message.endswith("Check both names.")


def test_what_is_no_number_is_worse_than_any():
    assert len(falls({"F1": float("nan")}, {"F1": 0.64}, Bar(slack=0.01))) == 1
