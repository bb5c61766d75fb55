"""Words that were typed where there is no line: a press of the button does not lose them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storybank.db import transaction
from storybank.values import Channel, Role
from tests import told
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit
from tests.browser.test_staff import enter
from tests.factories import make_place, make_programme
from tests.staff import cookie_for, tell

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]
WORDS = "The caretaker came at last."


@pytest.fixture(autouse=True)
def _lists(site: Site) -> None:
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)


def _press_without_a_line(visit: Visit, field: str, button: str) -> Page:
    """Type, and press the button where there is no line; then the line is back."""
    page = visit.page
    page.get_by_label(field).first.fill(WORDS)
    page.context.set_offline(True)
    page.get_by_role("button", name=button).click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Nothing was sent. Your words are still on this page.")
    expect(notice).to_be_focused()
    expect(notice).to_be_in_viewport()
    visit.check()
    assert visit.fits()
    expect(page.get_by_label(field).first).to_have_value(WORDS)
    page.context.set_offline(False)
    expect(notice).to_be_hidden()
    return page


def test_a_story_that_is_written_without_a_line_goes_on_when_there_is_one(
    visiting: Visiting, site: Site
) -> None:
    visit = visiting(PHONE)
    visit.go("/tell/write")
    page = _press_without_a_line(visit, "What is the story?", "Continue")
    page.wait_for_timeout(1000)  # until a second press counts
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Which part of town")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "field", "button"),
    [
        ("/receipt/more", "What do you want to add?", "Add this to my story"),
        ("/receipt/correct", "Part 1", "Save these changes"),
    ],
)
def test_what_is_added_or_corrected_without_a_line_is_saved_when_there_is_one(
    visiting: Visiting, site: Site, path: str, field: str, button: str
) -> None:
    story = told.tell(site.engine, site.desk)
    told.finish(site.engine, site.desk, story)
    visit = visiting(PHONE)
    visit.go("/receipt").get_by_label("What is your code?").fill(story.code)
    visit.page.get_by_role("button", name="Open my story").click()
    expect(visit.page.locator("h1")).to_have_text("Your story")
    visit.go(path)
    page = _press_without_a_line(visit, field, button)
    page.wait_for_timeout(1000)  # until a second press counts
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("is saved" if "more" in path else "are saved")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize(
    ("path", "field"),
    [("/worker/new", "In their words"), ("/worker/paper", "The story")],
)
def test_what_a_worker_writes_down_without_a_line_stays_on_the_page(
    visiting: Visiting, site: Site, path: str, field: str, size: dict[str, int]
) -> None:
    visit = visiting(size)
    enter(visit, Role.WORKER)
    visit.go(path)
    page = _press_without_a_line(visit, field, "Send the story")
    page.wait_for_timeout(1000)  # until a second press counts
    page.get_by_role("button", name="Send the story").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()  # answers are missing: it was sent
    expect(page.get_by_label(field).first).to_have_value(WORDS)


POLISH = "Sąsiadka Anna Smith gotuje. Autobus nie jeździ."


@pytest.mark.parametrize(
    ("field", "button"),
    [
        ("Part 1", "Save these changes"),
        ("The note in English", "Keep the English of the note"),
        ("The story in English", "Keep this English"),
    ],
)
def test_what_a_worker_corrects_or_puts_into_english_without_a_line_stays_on_the_page(
    visiting: Visiting, site: Site, field: str, button: str
) -> None:
    visit = visiting(PHONE)
    wren, cookie = cookie_for(site.engine, Role.WORKER)
    signed_in = {"name": "storybank-staff", "value": cookie, "url": site.url}
    visit.page.context.add_cookies([signed_in])
    beside = {"note": POLISH, "sent_by": str(wren.person_id), "channel": Channel.WORKER}
    story = tell(site.engine, site.desk, POLISH, **beside)
    visit.go(f"/worker/stories/{story}")
    page = _press_without_a_line(visit, field, button)
    page.wait_for_timeout(1000)  # until a second press counts
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Your changes are saved")).to_be_visible()


def test_a_browser_that_wrongly_says_that_there_is_no_line_sends_at_the_second_press(
    visiting: Visiting,
) -> None:
    visit = visiting(PHONE)
    visit.page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false });")
    page = visit.go("/tell/write")
    page.get_by_label("What is the story?").fill(WORDS)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.wait_for_timeout(1000)  # until a second press counts
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Which part of town")).to_be_visible()
