"""Dates, times and codes as people say them, and the teller's answers in the words they chose."""

from web.render import in_fours, lower_first, say_clock, say_date, say_month
from web.retelling import answers


def test_answers_come_in_the_order_asked_and_in_words() -> None:
    found = answers({"overall": "both", "who-was-missing": "family council", "gone": "x"})
    assert [(a.ask, a.said) for a in found] == [
        ("Who was missing?", ("Family", "The council")),
        ("Was it mostly good, bad or both?", ("Both",)),
    ]
    assert answers({"overall": "no such choice"}) == []


def test_dates_times_and_codes_are_said_as_people_say_them() -> None:
    assert say_date("2026-11-03") == "3 November 2026"
    assert (say_month("2026-05"), say_month("2024")) == ("May 2026", "2024")
    assert [say_clock(s) for s in (0, 7.9, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
    assert in_fours("1234567812345678") == "1234 5678 1234 5678"
    assert (lower_first("Published"), lower_first("")) == ("published", "")
