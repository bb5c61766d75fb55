"""Masking with the real pipeline: names, whole stories, long texts, and no call to the net."""

import json
import socket
from itertools import pairwise

import pytest
from typer.testing import CliRunner

from storybank.capture.starting import starting_list
from storybank.cli import app
from storybank.evaluate.gold_details import read_gold
from storybank.evaluate.redaction import BAR, headline, score
from storybank.evaluate.released import falls
from storybank.framework import models_folder
from storybank.spans import apply_masks
from storybank.values import Span
from tests.growth import IN_LINE, growth

pytestmark = pytest.mark.weights

STORY = (
    "Me and my husband Tariq moved to Cowley in 2011 and Denise from number 12 knocked. Denise's "
    "son Callum still cuts our hedge. I was at Oxford City Council for three hours, then Ngozi at "
    "the Rose Hill community centre rang 01632 960 118 and that was that.\n"
)


@pytest.fixture(scope="module")
def redactor(engines):
    return engines.redactor_knowing(starting_list().places)


def shown(redactor, text):
    return apply_masks(text, redactor.find(text))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Story from Ignatius Brill (07700 900877), told on the bench.",
         "Story from [person 1] ([phone number]), told on the bench."),
        ("Yours faithfully, H. Croxby-Mane (Mr), tenant since 1998.",
         "Yours faithfully, [person 1] (Mr), tenant since 1998."),
        ('I got a leaflet, "Living With Damp". I do not wish to live with damp.',
         'I got a leaflet, "Living With Damp". I do not wish to live with damp.'),
        ("It never worked.\n\nKind regards\nZbynek",
         "It never worked.\n\nKind regards\n[person 1]"),
        ("Seen with the worker. Kids: Natalko 8, Evgenina 5.",
         "Seen with the worker. Kids: [person 1] 8, [person 2] 5."),
        ("we rang and liam o'shaunessy came", "we rang and [person 1] came"),
        ("Spoke to Ingvild S. and Mr 'Tall One' Quarrie.",
         "Spoke to [person 1] and Mr 'Tall One' [person 2]."),
        ("I go to Turning Point. The referral said so. He has had her name covered.",
         "I go to Turning Point. The referral said so. He has had her name covered."),
    ],
)  # fmt: skip
def test_names_are_known_by_how_they_are_written(redactor, told, expected):
    assert shown(redactor, told) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            "My son Will will be six in May. May, my mother in law, took him to Hope Church.",
            "My son [person 1] will be six in May. [person 2], my mother in law, took him to "
            "Hope Church.",
        ),
        (
            "my name is abena and my sister in law adwoa lives near me. adwoa's kids play here",
            "my name is [person 1] and my sister in law [person 2] lives near me. "
            "[person 2, my sister in law]'s kids play here",
        ),
        (
            "this woman called pauline sat with me. dr chowdhury too. pauline rang the council",
            "this woman called [person 1] sat with me. dr [person 2] too. [person 1] rang the "
            "council",
        ),
        (
            "Set up by Yetunde Alabi-Cole with Gosia, Parveen and Mick Tranter. MICK mends the "
            "roof.",
            "Set up by [person 1] with [person 2], [person 3] and [person 4]. [person 4] mends the "
            "roof.",
        ),
        (
            "I met Mrs. T. Worthington-Smythe and Mr Hill. Hill's dog bit me on Rose Hill.",
            "I met Mrs. [person 1] and Mr [person 2]. [person 2]'s dog bit me on Rose Hill.",
        ),
        (
            "I'm Tunde. I'm tired. I'm Muslim. Ask for Siobhán O'Dowd at the Nye Bevan Centre.",
            "I'm [person 1]. I'm tired. I'm Muslim. Ask for [person 2] at the Nye Bevan Centre.",
        ),
        (
            "St Mungo's and Universal Credit never rang. Turning Point on Cowley Road did.",
            "St Mungo's and Universal Credit never rang. Turning Point on Cowley Road did.",
        ),
    ],
)
def test_people_are_masked_and_places_and_bodies_are_kept(redactor, told, expected):
    assert shown(redactor, told) == expected


def test_a_name_found_once_is_masked_everywhere_and_stays_one_person(redactor):
    told = (
        "Margaret Okonkwo ran the lunch. Later okonkwo's sister came, and MARGARET and Maggie sang."
    )

    assert shown(redactor, told) == (
        "[person 1] ran the lunch. Later [person 1]'s sister came, and [person 1] and [person 1] "
        "sang."
    )


def test_nothing_to_mask(redactor):
    assert redactor.find("") == ()
    assert redactor.find(" \n") == ()
    assert redactor.find("😀 ١٢٣ \u200f") == ()
    assert redactor.rules_id == "masking-9"


def test_a_long_text_is_masked_to_its_end_with_the_same_numbers(redactor):
    text = STORY * 200
    masks = redactor.find(text)

    assert all(one.span.end <= two.span.start for one, two in pairwise(masks))
    whole = apply_masks(text, masks)
    assert whole == apply_masks(STORY, redactor.find(STORY)) * 200


def test_a_long_story_takes_time_in_line_with_its_words(redactor):
    assert growth(lambda times: redactor.find(STORY * times), 10) < IN_LINE


def test_masking_asks_nobody_on_the_net(redactor, monkeypatch):
    def refuse(*_):
        raise AssertionError("masking reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert "[email]" in shown(redactor, "write to a.dee@example.co.uk or see example.org/adee")


def test_the_gold_sets_stay_as_well_masked_as_released(redactor):
    released = json.loads((models_folder() / "released" / "redaction.json").read_text())["sets"]
    gold = models_folder() / "gold" / "redaction"

    for name in ("stories.jsonl", "whole.jsonl", "places.jsonl"):
        result = score(read_gold(gold / name), redactor, lambda: None)
        assert falls(headline(result), released[name], BAR) == []
        assert max(result.wrongly.values()) <= 0.08


def test_masking_masked_stories_changes_little(redactor):
    texts = read_gold(models_folder() / "gold" / "redaction" / "stories.jsonl")
    once = [shown(redactor, gold.text) for gold in texts]
    again = [shown(redactor, text) for text in once]

    changed = sum(a != b for a, b in zip(once, again, strict=True))
    assert changed <= 1


def test_the_command_gives_masked_words_and_what_was_found(tmp_path, monkeypatch):
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path))
    file = tmp_path / "in.jsonl"
    told = "Call Denise on 07700 900123 😀. Then Wolvercote sang."  # a ward of one council only
    file.write_text(json.dumps({"id": 7, "text": told}) + "\n")

    result = CliRunner().invoke(app, ["redact", str(file)])

    assert result.exit_code == 0, result.stderr
    row = json.loads(result.stdout)
    assert row["id"] == 7
    assert row["masked"] == "Call [person 1] on [phone number] 😀. Then [person 2] sang."
    assert row["found"] == [
        {"start": 5, "end": 11, "kind": "person", "text": "Denise"},
        {"start": 15, "end": 27, "kind": "phone", "text": "07700 900123"},
        {"start": 36, "end": 46, "kind": "person", "text": "Wolvercote"},
    ]


def test_the_figures_come_as_json(tmp_path, monkeypatch):
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path))
    file = tmp_path / "gold.jsonl"
    row = {
        "id": "a",
        "text": "Ring 07700 900123.",
        "pii": [{"text": "07700 900123", "type": "phone"}],
    }
    file.write_text(json.dumps(row))

    result = CliRunner().invoke(app, ["evaluate", "redaction", str(file), "--json"])

    figures = json.loads(result.stdout)
    assert figures["types"][0] == {
        "mode": "true case", "type": "phone", "places": 1, "masked": 1, "recall": 1.0,
    }  # fmt: skip
    assert figures["missed"] == []


def test_a_missing_file_is_said_without_a_traceback(tmp_path):
    result = CliRunner().invoke(app, ["redact", str(tmp_path / "none.jsonl")])

    assert result.exit_code == 1
    assert "There is no file" in result.stderr


def test_worse_than_released_fails_with_the_names_of_the_figures(tmp_path, monkeypatch):
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path))
    gold, released = tmp_path / "gold.jsonl", tmp_path / "released.json"
    row = {"id": "a", "text": "A reed sang.", "pii": [{"text": "reed", "type": "name"}]}
    gold.write_text(json.dumps(row))
    released.write_text(json.dumps({"sets": {"gold.jsonl": {"name, true case": 1.0}}}))

    result = CliRunner().invoke(
        app, ["evaluate", "redaction", str(gold), "--json", "--against", str(released)]
    )

    assert result.exit_code == 1
    assert "name, true case: 0.0000, released 1.0000" in result.stderr


def test_a_role_is_kept_where_the_words_beside_do_not_say_it(redactor):
    told = "Her son Callum cut the hedge. Callum never asks. We live on Elm Road now."

    assert shown(redactor, told) == (
        "Her son [person 1] cut the hedge. [person 1, her son] never asks. We live on [street] now."
    )


def test_words_heard_badly_after_my_name_is_are_masked(redactor):
    told = "So my name is and nope, I live at the hell more."
    doubtful = [Span(14, 17), Span(18, 22), Span(38, 42), Span(43, 47)]

    assert "nope" in shown(redactor, told)
    assert "nope" not in apply_masks(told, redactor.find(told, doubtful))


HOSTILE = {
    "endless": "and then the bus came ",
    "emoji": "\U0001f600\U0001f44d\U0001f3fd ",
    "scripts": "Мария مريم 玛丽 மேரி Marie ",
    "markup": "<b onclick='x'>&lt;Anna&gt;</b><script>alert(1)</script> ",
    "control": "a\x00b\x07c\u202ed\ufeff\u200b ",
}


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_time_in_line_with_their_words(redactor, typed):
    masks = redactor.find(typed * 200)

    assert all(one.span.end <= two.span.start for one, two in pairwise(masks))
    assert growth(lambda times: redactor.find(typed * times), 200) < IN_LINE
