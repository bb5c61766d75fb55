"""The recorder under hasty fingers, and a story whose page closes while another one is open."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, select

from storybank.tables import Consent, Note
from tests.browser.conftest import Site
from tests.browser.phones import (
    NOTHING,
    SAFE,
    context,
    left_on_phone,
    open_app,
    phone,
    sign_in,
)
from tests.browser.test_collect import other_words

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

SLOW_AND_COUNTED = """
    const estimate = navigator.storage.estimate.bind(navigator.storage);
    navigator.storage.estimate = async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return estimate();
    };
    window.tracks = [];
    const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (asked) => {
        const stream = await get(asked);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
"""A phone that takes its time to say how much room there is, and each microphone that it gave."""
LIVE = "() => window.tracks.filter((track) => track.readyState === 'live').length"
STOP_TWICE = """async () => {
    const [start, , stop] = document.querySelectorAll(".sb-recorder .sb-actions button");
    stop.click();
    while (start.hidden) await new Promise((resolve) => setTimeout(resolve, 5));
    start.click();
}"""
"""The second tap comes as soon as another button stands where Stop was."""


def test_a_button_that_is_tapped_twice_records_once_and_stops_for_good(
    site: Site, context: BrowserContext
) -> None:
    context.add_init_script(SLOW_AND_COUNTED)
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    page.get_by_role("button", name="New story").click()
    page.get_by_label("They say it aloud").check()
    page.get_by_role("button", name="Record their answer").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("h1")).to_have_text("Your stories")
    page.wait_for_timeout(800)
    assert page.evaluate("() => window.tracks.length") == 0, "a page that is gone records"
    assert left_on_phone(page) == NOTHING
    page.get_by_role("button", name="New story").click()
    page.get_by_label("They say it aloud").check()
    _start_and_stop_twice(page, "Record their answer")
    page.get_by_label("Can people at the council read your story").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Record it").click()
    _start_and_stop_twice(page, "Start recording")
    expect(page.get_by_role("button", name="Carry on recording")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="Keep this story").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    assert page.evaluate(LIVE) == 0
    assert left_on_phone(page) == NOTHING


def _start_and_stop_twice(page: Page, start: str) -> None:
    before = page.evaluate("() => window.tracks.length")
    page.get_by_role("button", name=start).dblclick()
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    page.wait_for_timeout(1300)
    assert page.evaluate(LIVE) == 1
    page.evaluate(STOP_TWICE)
    status = page.locator(".sb-recorder__status")
    expect(status).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)  # longer than a phone takes to say how much room there is
    expect(status).to_have_text("Stopped. It is kept on this phone.")
    expect(page.get_by_label("What you recorded")).to_be_visible()
    assert page.evaluate("() => window.tracks.length") == before + 1
    assert page.evaluate(LIVE) == 0


def test_a_page_that_closes_leaves_its_story_and_its_last_ticks_to_the_page_that_stays(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    page = open_app(context, site).page
    other = open_app(context, site).page
    page.get_by_role("button", name="New story").click()
    page.get_by_label("They told me").check()
    page.get_by_label("Can people at the council read your story").check()
    page.get_by_label("Can we use some of your words").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Write it instead").click()
    page.get_by_label("In their words").fill("The bus never comes.")
    expect(other.get_by_text("It is being recorded or written in another window.")).to_be_visible()
    expect(other.get_by_text("Written, 4 words")).to_be_visible()  # the words stand: now the tick
    page.get_by_label("I read it back to them").check()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    page.get_by_label("Can we use some of your words").uncheck()
    page.wait_for_timeout(500)
    page.close()
    other.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(other.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    expect(other.get_by_text("Writing was cut off.")).to_be_visible()
    with Session(site.engine) as session:
        assert session.exec(select(Note.read_back)).all() == [True]
        assert session.exec(select(Consent.learn, Consent.quote)).one() == (True, False)


def test_a_yes_to_words_that_were_changed_is_not_sent_where_the_page_closes(
    site: Site, context: BrowserContext
) -> None:
    other_words(site)
    sign_in(context, site)
    page = open_app(context, site).page
    other = open_app(context, site).page
    page.get_by_role("button", name="New story").click()
    page.get_by_label("Programme").select_option("sport")
    page.get_by_label("They told me").check()
    page.get_by_label("May the club read your story?").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Write it instead").click()
    page.get_by_label("In their words").fill("The bus never comes.")
    expect(other.get_by_text("Written, 4 words")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    page.get_by_label("Language of the questions").select_option("ar")
    expect(page.get_by_text("The questions are in another language now.")).to_be_visible()
    page.get_by_label("هل يقرأ النادي قصتك؟").check()  # a yes counts with Continue only
    page.wait_for_timeout(500)
    page.close()
    other.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(other.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    with Session(site.engine) as session:
        found = session.exec(select(Consent.learn, Consent.wording)).one()
    assert found == (False, "sport/1/ar")
