"""Leaving in a hurry: by the button, by Shift three times, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import told
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit, open_visit
from tests.browser.phones import Phone
from tests.browser.phones import peoples_phone as phone

__all__ = ["phone"]

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]

WEATHER = "https://www.bbc.co.uk/weather"


def begin(visit: Visit) -> Page:
    """Write a story, so that there is something to close."""
    page = visit.page
    visit.go("/tell/write").get_by_label("What is the story?").fill("Nobody must see this.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Which part of town")).to_be_visible()
    return page


def is_gone(visit: Visit) -> None:
    """Nothing of the story opens in the browser any more."""
    visit = open_visit(visit.page.context, visit.site)  # the other tab may still be on its way
    visit.go("/")
    expect(visit.page.get_by_text("You have started a story")).to_have_count(0)
    visit.go("/tell/check")
    expect(visit.page.get_by_text("Your answers are no longer here")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_button_closes_the_story_and_shows_the_weather(
    visiting: Visiting, scripts: bool
) -> None:
    visit = visiting(PHONE, java_script_enabled=scripts)
    page = begin(visit)
    with page.expect_request(WEATHER):  # which need not be had: tests do without a network
        page.locator(".govuk-exit-this-page__button").click()
    is_gone(visit)


def test_shift_three_times_does_the_same_also_while_typing(visiting: Visiting) -> None:
    visit = visiting(LAPTOP)
    page = begin(visit)
    page.get_by_label("Which part of town").focus()
    page.keyboard.press("Shift")
    expect(page.get_by_text(re.compile("press 2 more times"))).to_be_attached()
    page.keyboard.press("Shift")
    with page.expect_request(WEATHER):
        page.keyboard.press("Shift")
    is_gone(visit)


WRONG = "1234567812345670"
WRITES_IN_MS = 4000
"""By then Chromium has written what stands in a page's forms to its disk (2.5 s after a change)."""


def test_nothing_that_is_typed_stays_on_the_disk_of_a_shared_computer(
    site: Site, phone: Phone
) -> None:
    story = told.tell(site.engine, site.desk)
    told.finish(site.engine, site.desk, story)
    with phone.open() as context:
        # Some forms are answered with a page: what was sent belongs to it in the history.
        for path, field, typed, button in (
            ("/tell/write", "What is the story?", "thrumbletonzq", ""),
            ("/tell/write", "What is the story?", "polishedzq", "Polski"),
            ("/receipt", "What is your code?", story.code, ""),
            ("/receipt", "What is your code?", WRONG, "Open my story"),
        ):
            page = context.new_page()
            page.goto(site.url + path + "?lang=en")
            page.get_by_label(field).fill(typed)
            if button:
                page.get_by_role("button", name=button).click()
        page = context.new_page()
        page.goto(site.url + "/receipt?lang=en")
        page.get_by_label("What is your code?").fill(story.code)
        page.get_by_role("button", name="Open my story").click()
        expect(page.locator("h1")).to_have_text("Your story")
        page.goto(site.url + "/receipt/correct")
        page.locator("textarea").first.fill("correctionzq")
        more = context.new_page()
        more.goto(site.url + "/receipt/more")
        more.get_by_label("What do you want to add?").fill("additionzq")
        more.get_by_role("button", name="Polski").click()
        more.wait_for_timeout(WRITES_IN_MS)
    assert phone.holds("/receipt/more"), "the browser keeps what it had open: it is looked at late"
    typed = ("thrumbletonzq", "polishedzq", "correctionzq", "additionzq", story.code, WRONG)
    for words in (*typed, "Margaret"):
        assert not phone.holds(words), words
