"""How masking is measured."""

import pytest

from storybank.errors import BadInput
from storybank.evaluate.gold_details import Marked, lowered, places, read_gold
from storybank.evaluate.redaction import BAR, LOWER, TRUE, headline, score
from storybank.evaluate.released import falls
from storybank.values import Mask, Span
from tests.fakes import NamedRedactor


def gold(tmp_path, *lines):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_whole_word_place_counts_and_parts_of_words_do_not():
    found = list(places("Ron said Ronald and Ron.", [Marked("Ron", "name")] * 2))

    assert [(m.kind, place) for m, place in found] == [("name", Span(0, 3)), ("name", Span(20, 23))]


def test_recall_by_type_and_mode_and_what_is_masked_beside(tmp_path):
    line = (
        '{"id":"a","text":"Ann met Bob at 7 Elm Road.","pii":[{"text":"Ann","type":"name"},'
        '{"text":"Bob","type":"name"},{"text":"7 Elm Road","type":"address"}]}'
    )
    texts = read_gold(gold(tmp_path, line))
    done = []

    result = score(texts, NamedRedactor("Ann", "bob", "met", "Elm Road"), lambda: done.append(1))

    by = {(k.mode, k.group): (k.masked, k.places) for k in result.kinds}
    assert by[TRUE, "name"] == (1, 2)
    assert by[TRUE, "address"] == (0, 1)
    assert by[TRUE, "all"] == (1, 3)
    assert by[LOWER, "name"] == (1, 2)
    assert result.wrongly[TRUE] == pytest.approx(1 / 2)
    assert {(m.mode, m.kind, m.start) for m in result.misses} == {
        (TRUE, "name", 8),
        (TRUE, "address", 15),
        (LOWER, "name", 0),
        (LOWER, "address", 15),
    }
    assert done == [1]


class AllButSpaces:
    """Masks each word by itself, so that the gaps inside a name stay."""

    rules_id = "words-1"

    def find(self, text, doubtful=()):
        return tuple(
            Mask(Span(at, at + 1), "person", "[x]")
            for at, letter in enumerate(text)
            if letter.isalnum()
        )


def test_a_gap_between_masked_words_is_no_leak(tmp_path):
    line = '{"id":"a","text":"Ann Dee sang","pii":[{"text":"Ann Dee","type":"name"}]}'
    result = score(read_gold(gold(tmp_path, line)), AllButSpaces(), lambda: None)

    assert result.kinds[0].recall == 1.0


def test_places_to_keep_are_counted_and_those_masked_are_named(tmp_path):
    line = '{"id":"a","text":"Barton and Osney","pii":[],"kept":["Barton","Osney"]}'
    result = score(read_gold(gold(tmp_path, line)), NamedRedactor("Osney"), lambda: None)

    assert result.kept == {TRUE: 0.5, LOWER: 1.0}
    assert [(m.mode, m.kind, m.start) for m in result.masked_places] == [(TRUE, "kept", 11)]
    assert headline(result)["places kept, true case"] == 0.5


def test_small_letters_keep_the_length_of_a_text():
    assert lowered("İSTANBUL Ann") == "İstanbul ann"


@pytest.mark.parametrize(
    "line", ["{", '{"id":1,"text":"x"}', '{"id":1,"text":"x","pii":[1]}', "[]"]
)
def test_a_broken_gold_line_is_named(tmp_path, line):
    whole = '{"id":"a","text":"x","pii":[]}'

    with pytest.raises(BadInput) as caught:
        read_gold(gold(tmp_path, whole, line))

    assert "Line 2" in caught.value.message


def test_an_empty_or_absent_gold_file_is_said(tmp_path):
    with pytest.raises(BadInput):
        read_gold(gold(tmp_path, ""))
    with pytest.raises(BadInput):
        read_gold(tmp_path / "none.jsonl")


def test_details_said_aloud_and_origins_are_counted_apart(tmp_path):
    line = (
        '{"id":"a","text":"Ann: oh one two","origin":"english","pii":[{"text":"Ann","type":"name"},'
        '{"text":"oh one two","type":"phone","mode":"spoken"}]}'
    )
    result = score(read_gold(gold(tmp_path, line)), NamedRedactor("Ann", "oh one two"), lambda: 0)

    assert {(k.mode, k.group): k.recall for k in result.kinds if k.group != "all"} == {
        (TRUE, "name"): 1.0, (LOWER, "name"): 0.0, ("spoken", "phone"): 1.0,
    }  # fmt: skip
    assert headline(result) == {
        "name, true case": 1.0, "name, lower case": 0.0, "identifiers, spoken": 1.0,
        "worst origin, true case": 1.0, "worst origin, lower case": 0.0,
        "other words masked, true case": 0.0, "other words masked, lower case": 0.0,
    }  # fmt: skip


def test_a_fall_is_named_and_more_that_is_wrongly_masked_is_one():
    released = {"name, true case": 0.9, "address, spoken": 0.9, "other words masked, x": 0.01}
    now = {"name, true case": 0.95, "other words masked, x": 0.02}

    assert falls(now, released, BAR) == [
        "address, spoken: not measured, released 0.9000",
        "other words masked, x: 0.0200, released 0.0100",
    ]
    assert falls(released, released, BAR) == []
