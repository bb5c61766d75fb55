"""The recorder when another worker has the phone, nobody is signed in, or the phone gives way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, select

from storybank.tables import Consent, Note, Story
from storybank.values import Role
from tests.browser.conftest import Site, Visit
from tests.browser.microphone import IN_HAND, TAKE_AWAY
from tests.browser.phones import (
    SAFE,
    agree,
    begin_recording,
    context,
    cut_off,
    left_on_phone,
    open_app,
    phone,
    put_cookie,
    sign_in,
    wait_ready,
    write,
)
from tests.staff import cookie_for

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

NO_ROOM = """() => {
    navigator.storage.estimate = async () => ({ quota: 100 * 2 ** 20, usage: 88 * 2 ** 20 });
}"""
ROOM = """() => {
    navigator.storage.estimate = async () => ({ quota: 2 ** 30, usage: 0 });
}"""
HIDE = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOW = """() => {
    delete document.visibilityState;
    document.dispatchEvent(new Event("visibilitychange"));
}"""
WRITES_RUBBISH = """() => {
    window.honest = Blob.prototype.arrayBuffer;
    Blob.prototype.arrayBuffer = async function () {
        return new Uint8Array(this.size).buffer;
    };
}"""
FULL_AFTER_ONE = """() => {
    window.add = IDBObjectStore.prototype.add;
    let slices = 0;
    IDBObjectStore.prototype.add = function (...all) {
        if (this.name !== "slices" || ++slices <= 1) return window.add.apply(this, all);
        throw new DOMException("", "QuotaExceededError");
    };
}"""
FULL_AFTER_TWO = """() => {
    const add = IDBObjectStore.prototype.add;
    let slices = 0;
    IDBObjectStore.prototype.add = function (...all) {
        if (this.name !== "slices" || ++slices <= 2) return add.apply(this, all);
        throw new DOMException("", "QuotaExceededError");
    };
}"""


def test_the_next_worker_on_the_same_phone_sees_and_sends_nothing_of_the_first(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site, "First Worker")
    visit = open_app(context, site)
    page = visit.page
    cut_off(page)
    agree(page)
    write(page, "The bus never comes.")
    expect(page.locator(".sb-item__state")).to_have_text("On this phone")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign out now?")
    expect(page.get_by_text("1 story waits on this phone.")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator(".sb-item__state")).to_have_text("On this phone")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in to record stories")
    expect(page.get_by_text("1 story waits on this phone.")).to_be_visible()
    visit.check()
    _shows_nothing_of_the_first(page)
    sign_in(context, site, "Second Worker")
    context.set_offline(False)
    page.reload()
    # The sign-out was asked for without a connection: it is done now, and ends this sign-in too.
    expect(page.locator("h1")).to_have_text("Sign in to record stories")
    sign_in(context, site, "Second Worker")
    page.reload()
    expect(page.get_by_text("Signed in as Second Worker")).to_be_visible()
    expect(page.get_by_role("heading", name="No stories on this phone")).to_be_visible()
    _shows_nothing_of_the_first(page)
    page.wait_for_timeout(500)
    with Session(site.engine) as session:
        assert session.exec(select(Story)).all() == []
    assert left_on_phone(page)["details"] == 1


def _shows_nothing_of_the_first(page: Page) -> None:
    shown = page.locator("body").inner_text()
    assert "First" not in shown
    assert "1 word" not in shown
    assert "On this phone" not in shown
    assert page.locator(".sb-item").count() == 0


def test_signing_out_on_another_page_hides_the_stories(site: Site, context: BrowserContext) -> None:
    sign_in(context, site)
    visit = open_app(context, site)
    wait_ready(visit.page)
    other = context.new_page()
    other.goto(site.url + "/worker")
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("h1")).to_have_text("Sign in")
    context.set_offline(True)
    visit.page.reload()
    expect(visit.page.locator("h1")).to_have_text("Sign in to record stories")
    context.set_offline(False)
    put_cookie(context, site.url, cookie_for(site.engine, Role.EVALUATOR)[1])
    visit.page.reload()
    expect(visit.page.locator("h1")).to_have_text("For outreach workers")


def test_a_sign_in_that_ran_out_keeps_the_stories_until_the_next(
    site: Site, context: BrowserContext
) -> None:
    worker = sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    cookies = context.cookies()
    context.clear_cookies()
    agree(page)
    write(page, "The bus never comes.")
    expect(page.locator(".sb-item__state")).to_have_text("Needs you")
    expect(page.get_by_role("link", name="Sign in to send")).to_be_visible()
    visit.check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save to phone").click()
    sealed = Path(saved.value.path()).read_bytes()
    assert sealed.startswith(b'{"storybank":1,')
    assert b"bus" not in sealed
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    with Session(site.engine) as session:
        assert str(session.exec(select(Story)).one().sent_by) == worker


def test_a_phone_whose_clock_is_wrong_records_offline_for_14_days_after_its_sign_in(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    page = open_app(context, site).page
    wait_ready(page)
    for days, heading in ((20, "Your stories"), (33, "Your stories"), (34, "Sign in to record")):
        context.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=days))
        page.reload()
        expect(page.locator("h1")).to_contain_text(heading)
        context.set_offline(True)  # the first answer came on the twentieth day of this clock
        page.reload()
        expect(page.locator("h1")).to_contain_text(heading)


def test_a_phone_without_room_refuses_and_a_full_one_keeps_what_was_said(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    agree(page)
    page.evaluate(NO_ROOM)
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("12 MB are free, and a recording needs 50 MB")).to_be_visible()
    visit.check()
    assert left_on_phone(page)["slices"] == 0
    page.evaluate(ROOM)
    page.evaluate(FULL_AFTER_TWO)
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("This phone is full. Recording has stopped.")).to_be_visible()
    visit.check()
    assert left_on_phone(page)["slices"] == 2
    page.get_by_role("button", name="Keep this story").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)


def test_the_microphone_goes_away_and_the_recording_goes_on_in_a_new_part(
    site: Site, context: BrowserContext
) -> None:
    context.add_init_script(IN_HAND)
    sign_in(context, site)
    page = open_app(context, site).page
    agree(page)
    page.get_by_role("button", name="Write it instead").click()
    page.get_by_label("In their words").fill("The bus never comes.")
    page.get_by_label("In your words").fill("She would rather tell it.")
    page.get_by_role("button", name="Back").click()
    begin_recording(page)
    expect(page.get_by_text("What you wrote in their words is kept.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.evaluate(TAKE_AWAY)
    expect(page.get_by_text("Recording goes on in a new part.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.evaluate(HIDE)
    page.wait_for_timeout(2200)
    page.evaluate(SHOW)
    expect(page.get_by_text("You were away from this page for 2 seconds.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.get_by_role("button", name="Pause").click()
    page.evaluate(TAKE_AWAY)
    expect(page.get_by_text("It stays paused.")).to_be_visible()
    expect(page.get_by_role("button", name="Carry on")).to_be_visible()
    slices = left_on_phone(page)["slices"]
    page.wait_for_timeout(1300)
    assert left_on_phone(page)["slices"] == slices, "nothing is recorded while it is paused"
    page.get_by_role("button", name="Carry on").click()
    expect(page.get_by_text("Recording goes on in a new part.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("Part 4")).to_be_visible()
    expect(page.get_by_label("Your note")).to_have_value("She would rather tell it.")
    page.get_by_role("button", name="Keep this story").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    expect(page.get_by_text("and 4 words written")).to_be_visible()
    with Session(site.engine) as session:
        assert session.exec(select(Story)).one().seconds > 5
        assert len(session.exec(select(Note)).all()) == 2


def test_a_yes_that_nobody_could_play_is_refused_at_once_and_holds_no_story_back(
    site: Site, context: BrowserContext
) -> None:
    context.add_init_script(IN_HAND)
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    page.get_by_role("button", name="New story").click()
    page.get_by_label("They say it aloud").check()
    page.get_by_label("Can people at the council read your story").check()
    _answer(page, 300)
    expect(page.get_by_text("That was too short to be an answer.")).to_be_visible()
    page.evaluate("window.switchedOff = true")
    page.evaluate(FULL_AFTER_ONE)
    page.get_by_role("button", name="Record their answer").click()
    expect(
        page.get_by_text("This phone is full. Recording has stopped. Nothing could be kept.")
    ).to_be_visible()
    assert left_on_phone(page)["slices"] == 0, "it was silent as far as it could be written"
    page.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    page.get_by_role("button", name="Record their answer").click()
    expect(page.get_by_text("Recording started.")).to_be_visible()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Record them saying yes")).to_be_visible()
    expect(page.get_by_text("Nothing can be heard in it.")).to_be_visible()
    visit.check()
    assert left_on_phone(page)["slices"] == 0
    page.evaluate("window.switchedOff = false")
    page.evaluate(WRITES_RUBBISH)
    page.get_by_role("button", name="Record their answer").click()
    expect(page.get_by_text("Recording started.")).to_be_visible()
    page.wait_for_timeout(1500)
    page.evaluate(TAKE_AWAY)
    expect(page.get_by_text("If their answer is not whole, record it again.")).to_be_visible()
    expect(page.get_by_label("What you recorded")).to_be_visible()
    _the_server_cannot_play_it(visit, site)


def _answer(page: Page, milliseconds: int) -> None:
    page.get_by_role("button", name="Record their answer").click()
    expect(page.get_by_text("Recording started.")).to_be_visible()
    page.wait_for_timeout(milliseconds)
    page.get_by_role("button", name="Stop").click()


def _the_server_cannot_play_it(visit: Visit, site: Site) -> None:
    """The story then needs the worker, who has a way on: their ticks."""
    page = visit.page
    page.evaluate("() => { Blob.prototype.arrayBuffer = window.honest; }")
    page.get_by_role("button", name="Continue").click()
    write(page, "The bus never comes.")
    ticks = page.get_by_role("button", name="Send with my ticks")
    expect(ticks).to_be_visible(timeout=20_000)
    expect(page.get_by_text("The recording of their yes is missing")).to_be_visible()
    visit.problems.clear()  # the browser says aloud that the server refused
    visit.check()
    ticks.click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    with Session(site.engine) as session:
        assert session.exec(select(Consent.how)).one() == "helper"
