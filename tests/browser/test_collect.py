"""The outreach worker's recorder: every state of it, and what it keeps when things go wrong."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlmodel import Session, select

from storybank.db import transaction
from storybank.tables import Consent, Note, Story
from tests.browser.conftest import Site, Visit
from tests.browser.phones import (
    SMALL,
    Phone,
    agree,
    begin_recording,
    left_on_phone,
    open_app,
    press_until,
    sign_in,
    write,
)
from tests.factories import make_place, make_programme
from tests.web.test_tell import tone

pytestmark = [pytest.mark.browser, pytest.mark.database]

SAFE = re.compile(r"^Safe, reference [A-Z]{4}-\d{4}$")
NOTHING = {"slices": 0, "details": 0}
FIRST_VIEW_BYTES = 90_000
NO_ROOM = """() => {
    navigator.storage.estimate = async () => ({ quota: 100 * 2 ** 20, usage: 88 * 2 ** 20 });
}"""
ROOM = """() => {
    navigator.storage.estimate = async () => ({ quota: 2 ** 30, usage: 0 });
}"""
FULL_AFTER_TWO = """() => {
    const add = IDBObjectStore.prototype.add;
    let slices = 0;
    IDBObjectStore.prototype.add = function (...all) {
        if (this.name === "slices" && ++slices > 2) throw new DOMException("", "QuotaExceededError");
        return add.apply(this, all);
    };
}"""


@pytest.fixture
def phone(playwright_: Playwright, site: Site, tmp_path: Path) -> Phone:
    """A phone that hears a tone for as long as it listens."""
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)
    sound = tmp_path / "said.wav"
    sound.write_bytes(tone(20))
    return Phone(playwright_, tmp_path / "profile", sound)


@pytest.fixture
def context(phone: Phone) -> Iterator[BrowserContext]:
    """The phone's browser, with axe allowed in."""
    with phone.open(bypass_csp=True) as context:
        yield context


def state(page: Page) -> str:
    return page.locator(".sb-item__state").inner_text()


def test_a_story_is_told_kept_and_sent_and_every_page_on_the_way_is_accessible(
    site: Site, context: BrowserContext
) -> None:
    worker = sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    expect(page.get_by_role("heading", name="No stories on this phone")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="New story").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    visit.check()
    page.get_by_role("button", name="Cancel").click()
    agree(page, spoken=True)
    visit.check()
    _record(visit)
    page.get_by_role("button", name="Keep this story").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    visit.check()
    with Session(site.engine) as session:
        story = session.exec(select(Story)).one()
        assert str(story.sent_by) == worker
        assert story.seconds > 2
        consent = session.exec(select(Consent)).one()
        assert (consent.how, consent.given_by) == ("spoken", "teller")
        assert consent.clip is not None
        assert session.exec(select(Note)).one()
    assert left_on_phone(page) == NOTHING
    _hand_over(visit)


def _record(visit: Visit) -> None:
    page = visit.page
    begin_recording(page)
    visit.check()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Carry on").click()
    page.wait_for_timeout(2200)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("What you recorded")).to_be_visible()
    page.get_by_label("Your note").fill("They showed me the allotment.")
    visit.check()


def _hand_over(visit: Visit) -> None:
    """The receipt is shown, and nothing of it stays; the list of what was sent has the story."""
    page = visit.page
    page.get_by_role("button", name="Show the receipt").click()
    expect(page.locator(".sb-code")).to_have_text(re.compile(r"^(\d{4} ){3}\d{4}$"))
    visit.check()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="What you sent").click()
    reference = page.locator(".sb-item a")
    expect(reference).to_have_text(re.compile(r"[A-Z]{4}-\d{4}"))
    assert re.fullmatch(r"/worker/stories/[0-9a-f-]{36}", reference.get_attribute("href") or "")
    visit.check()


def test_two_days_without_a_connection_and_a_cold_start_lose_nothing(
    site: Site, phone: Phone
) -> None:
    with phone.open() as context:
        worker = sign_in(context, site)
        visit = open_app(context, site)
        visit.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        assert visit.problems == []
    with phone.open(offline=True) as context:
        visit = open_app(context, site)
        page = visit.page
        expect(page.get_by_text("There is no connection.")).to_be_visible()
        agree(page)
        begin_recording(page)
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Keep this story").click()
        expect(page.locator(".sb-item__state")).to_have_text("On this phone")
        agree(page)
        write(page, "The lift is mended at last.")
        expect(page.locator(".sb-item__state")).to_have_count(2)
        assert visit.problems == []
    with phone.open(offline=True, bypass_csp=True) as context:
        _days_later(context, 1)
        page = open_app(context, site).page
        expect(page.locator(".sb-item__state")).to_have_text(["On this phone"] * 2)
        assert left_on_phone(page)["slices"] >= 2
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=6))
        visit = open_app(context, site)
        expect(visit.page.get_by_text("has waited on this phone for 6 days")).to_be_visible()
        visit.check()
        context.set_offline(False)
        expect(visit.page.locator(".sb-item__state")).to_have_text([SAFE, SAFE], timeout=20_000)
    with Session(site.engine) as session:
        stories = session.exec(select(Story)).all()
        assert sorted(story.mode for story in stories) == ["spoken", "typed"]
        assert {str(story.sent_by) for story in stories} == {worker}


def _days_later(context: BrowserContext, days: int) -> None:
    context.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=days))


def test_the_next_worker_on_the_same_phone_sees_and_sends_nothing_of_the_first(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site, "First Worker")
    visit = open_app(context, site)
    page = visit.page
    context.set_offline(True)
    agree(page)
    write(page, "The bus never comes.")
    expect(page.locator(".sb-item__state")).to_have_text("On this phone")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in to record stories")
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
    expect(visit.page.get_by_text("Signed in as Wren Hill")).to_be_visible()
    other = context.new_page()
    other.goto(site.url + "/worker")
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("h1")).to_have_text("Sign in")
    context.set_offline(True)
    visit.page.reload()
    expect(visit.page.locator("h1")).to_have_text("Sign in to record stories")


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
    context.add_init_script(
        """const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (asked) => (window.heard = await get(asked));"""
    )
    sign_in(context, site)
    page = open_app(context, site).page
    agree(page)
    begin_recording(page)
    page.wait_for_timeout(1300)
    page.evaluate(
        """() => {
            const [track] = window.heard.getTracks();
            track.stop();
            track.dispatchEvent(new Event("ended"));
        }"""
    )
    expect(page.get_by_text("Recording goes on in a new part.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("Part 2")).to_be_visible()
    page.get_by_role("button", name="Keep this story").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    with Session(site.engine) as session:
        assert session.exec(select(Story)).one().seconds > 2


def test_a_story_can_be_written_and_deleted_with_the_keyboard_alone_at_320_pixels(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    context.set_offline(True)
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
