"""The outreach worker's recorder: a story told, kept, sent; with and without a connection."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlmodel import Session, select

from storybank.tables import Consent, Note, Story
from tests.browser.conftest import Site, Visit
from tests.browser.phones import (
    NOTHING,
    SAFE,
    SMALL,
    agree,
    context,
    cut_off,
    left_on_phone,
    open_app,
    peoples_context,
    peoples_phone,
    phone,
    press_until,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "peoples_context", "peoples_phone", "phone"]

FIRST_VIEW_BYTES = 90_000


def test_a_story_is_told_kept_and_sent_by_keyboard_at_320_pixels_and_every_page_is_accessible(
    site: Site, peoples_context: BrowserContext
) -> None:
    worker = sign_in(peoples_context, site)
    visit = open_app(peoples_context, site)
    page = visit.page
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="No stories on this phone")).to_be_visible()
    _look(visit)
    press_until(page, "New story", "Enter")
    press_until(page, "Continue", "Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    _look(visit)
    press_until(page, "Cancel", "Enter")
    _agree_aloud(visit)
    _tell_of_a_child(visit)
    _record(visit)
    press_until(page, "Keep this story", "Enter")
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    _look(visit)
    with Session(site.engine) as session:
        story = session.exec(select(Story)).one()
        assert str(story.sent_by) == worker
        assert story.teller == "about-a-child"
        assert story.seconds > 2
        consent = session.exec(select(Consent)).one()
        assert (consent.how, consent.given_by) == ("spoken", "family")
        assert consent.clip is not None
        assert session.exec(select(Note)).one()
    assert left_on_phone(page) == NOTHING
    _hand_over(visit)


def _look(visit: Visit) -> None:
    """The page as it stands is accessible, and needs no scrolling sideways."""
    visit.check()
    assert visit.fits()


def _agree_aloud(visit: Visit) -> None:
    page = visit.page
    press_until(page, "New story", "Enter")
    press_until(page, "They say it aloud", "Space")
    press_until(page, "Record their answer", "Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    page.wait_for_timeout(1500)
    assert visit.fits()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stopped. It is kept on this phone.")).to_be_visible()
    press_until(page, "Can people at the council read", "Space")
    press_until(page, "Continue", "Enter")
    expect(page.locator("h1")).to_have_text("About the story")


def _tell_of_a_child(visit: Visit) -> None:
    """Of a child it is asked who the teller is to them, and what to leave out is said."""
    page = visit.page
    press_until(page, "About the teller", "ArrowDown")
    expect(page.get_by_text("Did they agree to it?")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Leave out their name, their school")).to_be_visible()
    press_until(page, "Record it", "Enter")
    expect(page.get_by_role("link", name="Choose who the teller is to the child")).to_be_visible()
    _look(visit)
    press_until(page, "Their parent, or looks after them", "ArrowDown")
    page.keyboard.press("ArrowDown")
    press_until(page, "Record it", "Enter")


def _record(visit: Visit) -> None:
    page = visit.page
    press_until(page, "Start recording", "Enter")
    expect(page.get_by_text("Recording started.")).to_be_visible()
    _look(visit)
    press_until(page, "Pause", "Enter")
    expect(page.get_by_role("button", name="Carry on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paused. What was said is kept")).to_be_visible()
    page.get_by_role("button", name="Carry on").click()  # waits until it rests no more
    expect(page.get_by_text("Recording goes on.")).to_be_visible()
    page.wait_for_timeout(2200)
    press_until(page, "Stop", "Enter")
    expect(page.get_by_label("What you recorded")).to_be_visible()
    press_until(page, "Your note", "")
    page.keyboard.type("They showed me the allotment.")
    _look(visit)


def _hand_over(visit: Visit) -> None:
    """The receipt is shown, and nothing of it stays; the list of what was sent has the story."""
    page = visit.page
    page.get_by_role("button", name="Show the receipt").click()
    expect(page.locator(".sb-code")).to_have_text(re.compile(r"^(\d{4} ){3}\d{4}$"))
    expect(page.get_by_role("img", name="A picture of the code.")).to_be_visible()
    expect(page.get_by_text("type the code in at").locator("strong")).to_contain_text("/receipt")
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="What you sent").click()
    reference = page.locator(".sb-item a")
    expect(reference).to_have_text(re.compile(r"[A-Z]{4}-\d{4}"))
    assert re.fullmatch(r"/worker/stories/[0-9a-f-]{36}", reference.get_attribute("href") or "")
    visit.check()


def test_a_story_can_be_written_and_deleted_with_the_keyboard_alone_at_320_pixels(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    cut_off(page)
    press_until(page, "New story", "Enter")
    press_until(page, "They say it aloud", "ArrowDown")
    press_until(page, "Can people at the council read", "Space")
    assert visit.fits()
    press_until(page, "Continue", "Enter")
    expect(page.locator("h1")).to_be_focused()
    assert visit.fits()
    press_until(page, "Write it instead", "Enter")
    press_until(page, "In their words", "")
    page.keyboard.type("The bus never comes.")
    press_until(page, "Keep this story", "Enter")
    expect(page.locator(".sb-item__state")).to_have_text("On this phone")
    assert visit.fits()
    press_until(page, "Delete: the story", "Enter")
    press_until(page, "Delete it for good", "Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    visit.check()
    press_until(page, "The person changed their mind", "Space")
    press_until(page, "Delete it for good", "Enter")
    expect(page.locator(".sb-item__state")).to_have_text("Deleted")
    expect(page.get_by_text("Reason: The person changed their mind.")).to_be_visible()
    assert left_on_phone(page) == NOTHING
    visit.check()
    _a_note_alone_is_not_ready_to_be_sent(context, visit)


def _a_note_alone_is_not_ready_to_be_sent(context: BrowserContext, visit: Visit) -> None:
    agree(visit.page)
    visit.page.get_by_role("button", name="Write it instead").click()
    visit.page.get_by_label("In your words").fill("She cried here.")
    visit.page.wait_for_timeout(1500)
    visit.page.close()
    page = context.new_page()
    page.goto(visit.site.url + "/collect/")
    expect(page.get_by_text("Only your note was written, no story")).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_have_count(1)


def test_the_first_view_is_small(site: Site, context: BrowserContext) -> None:
    sign_in(context, site)
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on(
        "requestfinished",
        lambda r: sizes.update({r.url: r.sizes()["responseBodySize"]}),
    )
    page.goto(site.url + "/collect/")
    expect(page.get_by_role("button", name="New story")).to_be_visible()
    page.wait_for_timeout(300)
    assert any(url.endswith(".css") for url in sizes)
    assert any("collect-" in url and url.endswith(".js") for url in sizes)
    assert sum(sizes.values()) < FIRST_VIEW_BYTES, sizes
