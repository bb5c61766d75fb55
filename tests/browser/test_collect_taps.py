"""The recorder under hasty fingers, and a story whose page closes while another one is open."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, select

from storybank.tables import Consent, Note
from tests.browser.conftest import Site, until
from tests.browser.phones import (
    NOTHING,
    SAFE,
    SMALL,
    context,
    left_on_phone,
    open_app,
    phone,
    sign_in,
)
from tests.browser.phones import write as write_and_keep
from tests.browser.test_collect_offline import other_words

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
CLICK_TWICE = "(button) => { button.click(); button.click(); }"
NEVER_ENDS = "() => { MediaRecorder.prototype.stop = () => null; }"
NO_ROOM_FOR_ME = """
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...all) {
        if (this.name === "me") throw new DOMException("", "QuotaExceededError");
        return put.apply(this, all);
    };
"""
"""A phone that is too full to note who is signed in."""
LIVE = "() => window.tracks.filter((track) => track.readyState === 'live').length"
CLOSED_ONCE = """() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, ...more) {
        if (mode !== "readwrite") return begin.call(this, stores, mode, ...more);
        IDBDatabase.prototype.transaction = begin;
        throw new DOMException("", "InvalidStateError");
    };
}"""
"""What phones do to a page in the background: its connection to what is kept is closed."""
GONE = """async () => {
    const { held } = await navigator.locks.query();
    return !held.some(({ name }) => name.startsWith("storybank-story-"));
}"""
AGAIN = re.compile("^Begin again: ")
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
    page.get_by_role("button", name="Keep this story").evaluate(CLICK_TWICE)
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


def test_a_yes_without_a_story_alarms_nobody_and_is_begun_again(
    site: Site, context: BrowserContext
) -> None:
    context.add_init_script(SLOW_AND_COUNTED)
    sign_in(context, site)
    page = open_app(context, site).page
    page.get_by_role("button", name="New story").click()
    page.get_by_label("They say it aloud").check()
    page.get_by_role("button", name="Record their answer").click()
    expect(page.get_by_text("Recording started.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.evaluate(NEVER_ENDS)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. It is kept on this phone.")).to_be_visible(timeout=15_000)
    assert page.evaluate(LIVE) == 0, "the microphone is let go of by a broken recorder, too"
    page.close()
    visit = open_app(context, site, before=NO_ROOM_FOR_ME)
    page = visit.page
    state = page.locator(".sb-item__state")
    expect(state).to_have_text("Only the consent was recorded, no story")
    expect(page.locator(".sb-item__state--needs")).to_have_count(0)
    expect(page.locator(".sb-item__actions button")).to_have_text([AGAIN, re.compile("^Delete: ")])
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    visit.check()
    assert visit.fits()
    page.get_by_role("button", name="Begin again").click()
    page.get_by_role("button", name="Cancel").click()
    expect(state).to_have_text("Only the consent was recorded, no story")
    page.get_by_role("button", name="Begin again").click()
    page.get_by_label("They told me").check()
    page.get_by_label("Can people at the council read your story").check()
    page.evaluate(CLOSED_ONCE)
    page.get_by_role("button", name="Continue").click()
    write_and_keep(page, "The bus never comes.")
    expect(state).to_have_text([SAFE, "Deleted"], timeout=20_000)
    expect(page.get_by_text("Reason: It was begun again.")).to_be_visible()
    assert left_on_phone(page) == NOTHING


def write(page: Page, other: Page) -> None:
    """Go on from consent and write a story, until the other window shows that it stands."""
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Write it instead").click()
    page.get_by_label("In their words").fill("The bus never comes.")
    expect(other.get_by_text("It is being recorded or written in another window.")).to_be_visible()
    expect(other.get_by_text("Written, 4 words")).to_be_visible()


def back_to_consent(page: Page) -> None:
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()


def close(page: Page, other: Page) -> None:
    """Close a window, and look at the other one until it has sent the story."""
    page.wait_for_timeout(500)  # what was ticked last is written at once, and that takes a moment
    page.close()
    until(other, GONE)  # a closed page holds its story for another moment
    other.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(other.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)


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
    write(page, other)  # the words stand: now the tick
    page.get_by_label("I read it back to them").check()
    back_to_consent(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("h1")).to_have_text("Delete this story?")
    page.get_by_role("button", name="Do not delete it").click()
    page.get_by_label("Can we use some of your words").uncheck()
    close(page, other)
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
    write(page, other)
    back_to_consent(page)
    page.get_by_label("Language of the questions").select_option("ar")
    expect(page.get_by_text("The questions are in another language now.")).to_be_visible()
    page.get_by_label("هل يقرأ النادي قصتك؟").check()  # a yes counts with Continue only
    close(page, other)
    with Session(site.engine) as session:
        found = session.exec(select(Consent.learn, Consent.wording)).one()
    assert found == (False, "sport/1/ar")
