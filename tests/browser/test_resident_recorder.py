"""The recorder in the page, through Chromium's fake microphone."""

import os
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect
from sqlmodel import Session, select

from storybank.capture.audio import probe
from storybank.db import transaction
from storybank.tables import Draft, Upload
from tests.browser.conftest import PHONE, Site, Visit, clock_past, launch, open_visit, until
from tests.browser.microphone import IN_HAND, TAKE_AWAY, listen_in, whole
from tests.browser.phones import SMALL, press_until
from tests.browser.test_resident import answer_the_rest
from tests.factories import make_place, make_programme
from tests.faults.ledger import sha256, told_equals_stored
from tests.web.test_tell import tone

pytestmark = [pytest.mark.browser, pytest.mark.database]

PICTURES = os.environ.get("STORYBANK_TEST_PICTURES")
"""Folder into which pages are put as pictures, for people to look at."""
SECOND_PRESS_MS = 700
"""A press so soon after another, on a button that took its place, counts for nothing."""
Recording = Callable[..., Visit]


@pytest.fixture
def recording(playwright_: Playwright, site: Site, tmp_path: Path) -> Iterator[Recording]:
    """Open a tab whose microphone hears a file, or is refused."""
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)
    sound = tmp_path / "said.wav"
    sound.write_bytes(tone(6))
    opened: list[Browser] = []

    def visit(
        *, allowed: bool = True, size: dict[str, int] = PHONE, peoples: bool = False
    ) -> Visit:
        arguments = [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={sound}%noloop",
        ]
        if allowed:
            arguments.append("--use-fake-ui-for-media-stream")
        browser = launch(playwright_, *arguments, windowless=not peoples)
        opened.append(browser)
        context = browser.new_context(viewport=size, bypass_csp=True)
        return open_visit(context, site)

    yield visit
    for browser in opened:
        browser.close()


def test_a_recording_is_made_paused_kept_heard_and_made_again_by_keyboard_at_320_pixels(
    recording: Recording, site: Site
) -> None:
    visit = recording(size=SMALL, peoples=True)
    visit.page.add_init_script(IN_HAND)
    page = visit.go("/tell/record")
    _look(visit)
    status = page.locator("#recorder-status")
    expect(page.get_by_label("Choose a sound file")).to_be_hidden()
    press_until(page, "Start recording", "Enter")
    page.keyboard.press("Enter")  # pressed twice
    expect(status).to_have_text("Recording started.")
    assert page.evaluate("window.asked") == 1, "a second recording began, and nobody can stop it"
    _look(visit)
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(1), timeout=8000)
    press_until(page, "Pause", "Space")
    expect(status).to_have_text("Recording paused.")
    expect(page.get_by_role("button", name="Carry on")).to_be_focused()
    _look(visit)
    page.keyboard.press("Space")
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(2), timeout=8000)
    press_until(page, "Stop and keep it", "Enter")
    expect(status).to_contain_text("kept safe", timeout=15_000)
    _look(visit)
    length = page.evaluate(
        """async () => {
            const sound = document.getElementById("recorder-sound");
            sound.muted = true;
            await sound.play();
            return sound.error === null;
        }"""
    )
    assert length, "it cannot be heard again"
    first = _blob(site)
    page.wait_for_timeout(SECOND_PRESS_MS)
    press_until(page, "Record it again", "Enter")
    expect(status).to_have_text("Recording started.")
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(1), timeout=8000)
    page.evaluate(TAKE_AWAY)
    expect(status).to_contain_text("kept safe", timeout=15_000)
    expect(status).to_contain_text("The microphone was taken away.")
    assert _blob(site) not in {None, first}
    page.wait_for_timeout(SECOND_PRESS_MS)
    press_until(page, "Use this and continue", "Enter")
    expect(page.get_by_label("Which part of town")).to_be_visible()
    assert visit.problems == []


def picture(page: Page, name: str) -> None:
    """Put the page as a picture where people look at pictures."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def _look(visit: Visit) -> None:
    """The page as it stands is accessible, and needs no scrolling sideways."""
    visit.check()
    assert visit.fits()


def test_a_refused_microphone_is_explained_and_a_file_can_be_sent(recording: Recording) -> None:
    visit = recording(allowed=False)
    page = visit.go("/tell/record")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_role("heading", name="The microphone is switched off")).to_be_focused()
    expect(page.get_by_label("Choose a sound file")).to_be_visible()
    expect(page.get_by_role("link", name="Write it instead")).to_be_visible()
    visit.check()


def test_a_broken_connection_keeps_the_recording_on_the_page_until_it_is_sent(
    recording: Recording,
) -> None:
    visit = recording()
    page = visit.go("/tell/record")
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder-sent")).to_contain_text("is sent", timeout=8000)
    page.route("**/uploads/**", lambda route: route.abort())
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(3), timeout=8000)
    page.get_by_role("button", name="Stop and keep it").click()
    expect(page.locator("#recorder-status")).to_contain_text("connection broke", timeout=20_000)
    expect(page.get_by_role("link", name="Save it on this device")).to_be_visible()
    visit.check()
    page.unroute("**/uploads/**")
    page.get_by_role("button", name="Try to send it again").click()
    expect(page.locator("#recorder-status")).to_contain_text("kept safe", timeout=15_000)
    assert _heard(visit) > 2.5


def test_a_closed_tab_loses_at_most_two_seconds(recording: Recording, site: Site) -> None:
    visit = recording()
    heard = listen_in(visit.page.context)
    page = visit.go("/tell/before/record")
    page.get_by_label("This is my own phone").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(5), timeout=15_000)
    page.close()  # as when the battery is empty: no question is asked, no script runs
    back = open_visit(visit.page.context, site)
    page = back.go("/")
    page.get_by_role("button", name="Carry on with it").click()
    expect(page.get_by_role("heading", name="We kept what you said")).to_be_visible()
    back.check()
    sound = page.get_by_label("What you said so far")
    until(page, "document.querySelector('#recorder-half audio').readyState >= 1")
    assert sound.evaluate("sound => sound.error === null")
    page.get_by_role("button", name="Use this and continue").click()
    expect(page.get_by_label("Which part of town")).to_be_visible()
    assert _heard(back) >= 3
    kept = page.request.get(f"{site.url}/tell/recording").body()
    slices = [*accumulate(len(heard[0][at]) for at in sorted(heard[0]))]
    assert sum(end > len(kept) for end in slices) <= 2, "more than two seconds are lost"
    both = min(len(kept), slices[-1])  # it may have sent a slice that it did not live to note
    assert sha256(kept[:both]) == sha256(whole(heard)[:both])
    answer_the_rest(back, look=False)
    told_equals_stored([sha256(kept)], site.engine, site.desk.keyring, site.desk.settings.blobs_dir)
    assert back.problems == []


def test_leaving_in_a_hurry_asks_nothing_and_sends_nothing_more(
    recording: Recording, site: Site
) -> None:
    visit = recording()
    page = visit.go("/tell/record")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder-sent")).to_contain_text("is sent", timeout=8000)
    with page.expect_request("https://www.bbc.co.uk/weather"):
        page.locator(".govuk-exit-this-page__button").click()
    assert asked == []
    visit.go("/")
    expect(page.get_by_role("heading", name="How do you want to tell it?")).to_be_visible()
    assert [c for c in page.context.cookies() if "draft" in c.get("name", "")] == []
    with Session(site.engine) as session:
        left = [*session.exec(select(Draft)), *session.exec(select(Upload))]
    assert left == [], "it is not deleted, or sending began anew"


@pytest.mark.parametrize("slow", [False, True], ids=["at once", "a second later"])
def test_a_key_that_is_pressed_twice_or_held_on_stop_does_not_leave_the_page(
    recording: Recording, *, slow: bool
) -> None:
    visit = recording()
    page = visit.go("/tell/record")
    if slow:  # the way on comes long after the first press, and right under the second
        page.route("**/tell/recording/kept", _late)
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(1), timeout=8000)
    page.evaluate(HELD_ON_NEXT)
    page.get_by_role("button", name="Stop and keep it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Use this and continue")).to_be_focused(timeout=15_000)
    until(page, "window.pressed >= 2")
    page.wait_for_timeout(200)
    assert page.url.endswith("/tell/record")
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Which part of town")).to_be_visible()


def _late(route: Route) -> None:
    time.sleep(2 * SECOND_PRESS_MS / 1000)
    route.continue_()


HELD_ON_NEXT = """() => {
    // As soon as the way on has the focus: one press more, and one of a key that is still held.
    window.pressed = 0;
    document.getElementById("recorder-next").addEventListener("focus", ({target}) => {
        target.click();
        window.pressed += 1;
        const held = {key: "Enter", repeat: true, bubbles: true, cancelable: true};
        if (!target.dispatchEvent(new KeyboardEvent("keydown", held))) window.pressed += 1;
    });
}"""


def test_of_two_tabs_that_both_record_neither_is_lost_and_the_teller_chooses(
    recording: Recording,
) -> None:
    first = recording()
    second = open_visit(first.page.context, first.site)
    for visit in (first, second):
        visit.go("/tell/record")
    for button in ("Start recording", "Stop and keep it"):
        first.page.bring_to_front()
        if button.startswith("Stop"):
            expect(first.page.locator("#recorder-clock")).to_have_text(clock_past(2), timeout=8000)
        first.page.get_by_role("button", name=button).click()
    expect(first.page.locator("#recorder-status")).to_contain_text("kept safe", timeout=15_000)
    kept = _heard(first)
    page = second.page
    page.bring_to_front()
    page.get_by_role("button", name="Start recording").click()
    heading = page.get_by_role("heading", name="You have a recording from another page already")
    expect(heading).to_be_focused(timeout=15_000)
    expect(page.locator("#recorder-status")).to_contain_text("is not sent yet")
    _look(second)
    picture(second.page, "two-tabs")
    other = page.locator("#recorder-other-sound")
    until(page, "document.getElementById('recorder-other-sound').readyState >= 1")
    assert other.evaluate("sound => sound.error === null")
    assert _heard(second) == kept, "the second took the place of the first"
    page.get_by_role("button", name="Use the new recording instead").click()
    expect(page.locator("#recorder-status")).to_contain_text("kept safe", timeout=15_000)
    expect(heading).to_be_hidden()
    assert _heard(second) != kept
    # Now the first page does not know what is kept.
    first.page.bring_to_front()
    first.page.get_by_role("button", name="Record it again").click()
    heading = first.page.get_by_role("heading", name="You have a recording from another page")
    expect(heading).to_be_focused(timeout=15_000)
    first.page.wait_for_timeout(SECOND_PRESS_MS)
    first.page.get_by_role("link", name="Keep this recording and go on").click()
    expect(first.page.get_by_label("Which part of town")).to_be_visible()
    assert first.problems == second.problems == []


def _heard(visit: Visit) -> float:
    """Seconds that the decoder finds in what the browser's draft holds now."""
    answer = visit.page.request.get(f"{visit.site.url}/tell/recording")
    with Session(visit.site.engine) as session:
        assert session.exec(select(Upload)).all() == [], "sent pieces were left behind"
    return probe(answer.body(), max_seconds=60).seconds


def _blob(site: Site) -> str | None:
    with Session(site.engine) as session:
        return session.exec(select(Draft.blob)).one()
