"""What was released stands: a drop is named, rounding and gains are not."""

import json

import pytest

from storybank.errors import BadInput
from storybank.evaluate.released import SLACK, drops, read_released


def test_only_what_fell_is_named():
    released = {"f1": 0.6, "quotes": 0.8, "recall": 0.5}
    now = {"f1": 0.6 - SLACK / 2, "quotes": 0.75, "precision": 0.1}

    quotes, recall = drops(now, released)
    assert quotes == "quotes was 0.800 in the last release, and is 0.750 now."
    assert "recall was 0.500" in recall
    assert "not measured" in recall
    assert drops({"f1": 0.9, "quotes": 0.8, "recall": 0.5}, released) == ()


def test_figures_are_read_by_the_name_of_the_gold_set(tmp_path):
    path = tmp_path / "tagging.json"
    path.write_text(json.dumps({"stories": {"f1": 0.6}}))

    assert read_released(path, "stories") == {"f1": 0.6}
    with pytest.raises(BadInput) as caught:
        read_released(path, "others")
    assert "no released figures for others" in caught.value.message


@pytest.mark.parametrize("words", ["", "[1]", '{"stories": {"f1": "high"}}', '{"stories": 3}'])
def test_a_file_that_is_something_else_names_its_mend(tmp_path, words):
    path = tmp_path / "tagging.json"
    path.write_text(words)
    with pytest.raises(BadInput) as caught:
        read_released(path, "stories")
    assert "leave --against out" in caught.value.message
