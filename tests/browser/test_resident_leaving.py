"""Leaving in a hurry: by the button, by Shift three times, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]


def begin(visit: Visit) -> Page:
    """Write a story, so that there is something to close; the weather is ours in the test."""
    page = visit.page
    page.route("https://www.bbc.co.uk/**", lambda r: r.fulfill(body="<h1>Weather</h1>"))
    visit.go("/tell/write").get_by_label("What is the story?").fill("Nobody must see this.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Which part of town")).to_be_visible()
    return page


def is_gone(visit: Visit) -> None:
    """The browser shows the weather, and nothing of the story opens in it any more."""
    expect(visit.page).to_have_url("https://www.bbc.co.uk/weather")
    visit.go("/")
    expect(visit.page.get_by_text("You have started a story")).to_have_count(0)
    visit.go("/tell/check")
    expect(visit.page.get_by_text("no longer here")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_button_closes_the_story_and_shows_the_weather(
    visiting: Visiting, scripts: bool
) -> None:
    visit = visiting(PHONE, java_script_enabled=scripts)
    page = begin(visit)
    page.locator(".govuk-exit-this-page__button").click()
    is_gone(visit)


def test_shift_three_times_does_the_same_also_while_typing(visiting: Visiting) -> None:
    visit = visiting(LAPTOP)
    page = begin(visit)
    page.get_by_label("Which part of town").focus()
    page.keyboard.press("Shift")
    expect(page.get_by_text(re.compile("press 2 more times"))).to_be_attached()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    is_gone(visit)
