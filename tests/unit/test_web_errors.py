"""Every error has a status and a sentence; forms and ranges are read exactly."""

from collections.abc import Iterator
from datetime import date

import pytest

from storybank.errors import Conflict, DiskFull, NotFound, SentBefore, StorybankError
from web import auth, security  # noqa: F401 (their errors are walked, too)
from web.errors import STATUS, TITLES, message_of, status_of, title_of
from web.forms import Form, Problems
from web.routes.capture import happened_in
from web.routes.media import byte_range


def kinds(of: type[StorybankError] = StorybankError) -> Iterator[type[StorybankError]]:
    """Every class of error, however deep."""
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


@pytest.mark.parametrize("kind", sorted(set(kinds()), key=lambda k: k.__name__))
def test_every_error_has_a_page(kind: type[StorybankError]) -> None:
    error = kind("a detail for the log")
    assert status_of(error) in TITLES
    assert message_of(error).endswith(".")
    assert "detail" not in message_of(error)


def test_only_what_was_sent_twice_is_titled_so() -> None:
    assert title_of(SentBefore()) == "This was sent before"
    assert title_of(Conflict()) == "This has changed meanwhile"
    assert title_of(ValueError()) == TITLES[500]


def test_causes_keep_their_own_status() -> None:
    assert (status_of(NotFound()), status_of(DiskFull()), status_of(ValueError())) == (
        404,
        507,
        500,
    )
    assert message_of(ValueError("a secret")) == StorybankError.message
    assert set(STATUS.values()) <= set(TITLES)


@pytest.mark.parametrize(
    ("month", "year", "happened", "wrong"),
    [
        ("", "", "", None),
        ("", "2024", "2024", None),
        ("5", "2026", "2026-05", None),
        ("11", "2026", "2026-11", None),
        ("٥", "٢٠٢٦", "2026-05", None),
        ("১১", "২০২৫", "2025-11", None),
        ("12", "2026", None, "month"),
        ("13", "2025", None, "month"),
        ("0", "2025", None, "month"),
        ("May", "2025", None, "month"),
        ("5", "", None, "year"),
        ("", "26", None, "year"),
        ("", "2027", None, "year"),
        ("", "²⁰²⁶", None, "year"),
        ("", "-2026", None, "year"),
    ],
)
def test_a_month_and_a_year_are_read_as_told(
    month: str, year: str, happened: str | None, wrong: str | None
) -> None:
    problems = Problems()
    form = Form({"month": (month,), "year": (year,)})
    found = happened_in(form, problems, today=date(2026, 11, 22))
    assert list(problems.by_field) == ([wrong] if wrong else [])
    if happened is not None:
        assert found == happened


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=5-", (5, 100)),
        ("bytes=-7", (93, 100)),
        ("bytes=-700", (0, 100)),
        ("bytes=90-900", (90, 100)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=1-2", None),
    ],
)
def test_a_range_is_read_as_the_standard_says(asked: str, found: tuple[int, int] | None) -> None:
    assert byte_range(asked, 100) == found
