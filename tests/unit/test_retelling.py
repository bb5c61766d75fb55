"""Dates, times and codes as people say them, and the teller's answers in the words they chose."""

import uuid

from storybank.tables import TranscriptRow
from storybank.values import Transcript
from storybank.vault import seal_transcript
from web.render import in_fours, lower_first, say_clock, say_date, say_month
from web.retelling import Opened, Texts, answers


def test_answers_come_in_the_order_asked_and_in_words() -> None:
    found = answers({"overall": "both", "who-was-missing": "family council", "gone": "x"})
    assert [(a.ask, a.said) for a in found] == [
        ("Who was missing?", ("Family", "The council")),
        ("Was it mostly good, bad or both?", ("Both",)),
    ]
    assert answers({"overall": "no such choice"}) == []


def test_only_the_versions_that_are_asked_for_are_opened() -> None:
    key, story_id = bytes(32), uuid.uuid4()

    def row(number: int, sealed: bytes) -> TranscriptRow:
        return TranscriptRow(
            id=number, story_id=story_id, version=number, source="typed", sealed=sealed
        )

    last = seal_transcript(key, story_id, 3, Transcript("The lift is mended."))
    opened = Opened(key, [row(1, b"opens nowhere"), row(2, b"nor here"), row(3, last)])
    assert list(opened) == [1, 2, 3]
    assert Texts(opened, {}).newest == "The lift is mended."
    assert opened.get(9, "") == ""
    assert Texts(Opened(key, []), {}).newest == ""


def test_dates_times_and_codes_are_said_as_people_say_them() -> None:
    assert say_date("2026-11-03") == "3 November 2026"
    assert (say_month("2026-05"), say_month("2024")) == ("May 2026", "2024")
    assert [say_clock(s) for s in (0, 7.9, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
    assert in_fours("1234567812345678") == "1234 5678 1234 5678"
    assert (lower_first("Published"), lower_first("")) == ("published", "")
