"""A question whether the page may listen, that nobody answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from storybank.db import transaction
from tests.browser.conftest import PHONE, Site, launch, open_visit
from tests.browser.phones import agree, context, open_app, phone, sign_in
from tests.factories import make_place, make_programme

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

LEFT_OPEN = """
    window.asked = 0;
    window.tracks = [];
    const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (what) => {
        window.asked += 1;
        if (!window.answers) await new Promise((answered) => (window.answer = answered));
        const stream = await get(what);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
"""Nothing is heard until `window.answer()`; where `window.answers` is true, at once."""
LATE = "() => { window.answers = true; window.answer(); }"
SWITCHED_OFF = "() => tracks.length === 1 && tracks.every((one) => one.readyState === 'ended')"
SECOND_PRESS_MS = 800
"""A press so soon after another counts for nothing."""
ASKS = "Your browser asks if we may use the microphone."


@pytest.fixture
def tellers(playwright_: Playwright, site: Site) -> Iterator[BrowserContext]:
    """A resident's phone with a microphone."""
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)
    browser: Browser = launch(
        playwright_,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        windowless=True,
    )
    yield browser.new_context(viewport=PHONE, bypass_csp=True)
    browser.close()


def test_a_teller_leaves_the_question_for_the_microphone_and_is_not_heard_later(
    tellers: BrowserContext, site: Site
) -> None:
    tellers.add_init_script(LEFT_OPEN)
    visit = open_visit(tellers, site)
    page = visit.go("/tell/record")
    status = page.locator("#recorder-status")
    page.get_by_role("button", name="Start recording").click()
    expect(status).to_have_text(ASKS)
    expect(page.get_by_role("link", name="Write it instead")).to_be_visible()
    visit.check()
    _leave_and_answer_late(page, "Start recording")
    expect(status).to_have_text("Ready when you are.")
    page.get_by_role("button", name="Start recording").click()
    expect(status).to_have_text("Recording started.")
    expect(page.get_by_role("button", name="Do not record now")).to_be_hidden()
    page.wait_for_timeout(1500)  # a second of sound
    page.get_by_role("button", name="Stop and keep it").click()
    expect(status).to_contain_text("Your recording is kept safe.")
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.evaluate("() => { window.answers = false; window.tracks = []; }")
    page.get_by_role("button", name="Record it again").click()
    expect(status).to_have_text(ASKS)
    _leave_and_answer_late(page, "Record it again")
    expect(page.get_by_role("link", name="Use this and continue")).to_be_visible()


def test_what_could_not_be_sent_outlives_a_question_that_nobody_answers(
    tellers: BrowserContext, site: Site
) -> None:
    tellers.add_init_script(LEFT_OPEN)
    tellers.add_init_script("window.answers = true")
    page = open_visit(tellers, site).go("/tell/record")
    status = page.locator("#recorder-status")
    page.get_by_role("button", name="Start recording").click()
    expect(status).to_have_text("Recording started.")
    page.wait_for_timeout(1500)  # a second of sound
    page.route("**/tell/record/keep", lambda route: route.abort())
    page.route("**/tell/recording**", lambda route: route.abort())
    page.get_by_role("button", name="Stop and keep it").click()
    expect(page.get_by_role("button", name="Try to send it again")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.evaluate("() => { window.answers = false; window.tracks = []; }")
    page.get_by_role("button", name="Record it again").click()
    expect(status).to_have_text(ASKS)
    _leave_and_answer_late(page, "Record it again")
    expect(status).to_have_text("What you said just now is on this page, and is not sent yet.")
    page.unroute_all()
    page.get_by_role("button", name="Try to send it again").click()
    expect(status).to_contain_text("Your recording is kept safe.", timeout=30_000)


def test_what_waits_for_a_choice_can_still_be_sent_after_a_question_that_nobody_answers(
    tellers: BrowserContext, site: Site
) -> None:
    tellers.add_init_script(LEFT_OPEN)
    tellers.add_init_script("window.answers = true")
    page = open_visit(tellers, site).go("/tell/record")
    other = {"sound": "/tell/recording", "goes_on": "/tell/where", "known": "another"}
    page.route("**/tell/recording/kept", lambda route: route.fulfill(status=409, json=other))
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder-status")).to_have_text("Recording started.")
    page.wait_for_timeout(1500)  # a second of sound
    page.get_by_role("button", name="Stop and keep it").click()
    expect(page.get_by_text("You have a recording from another page already")).to_be_visible()
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.evaluate("() => { window.answers = false; window.tracks = []; }")
    page.get_by_role("button", name="Record it again").click()
    page.get_by_role("button", name="Do not record now").click()
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.unroute_all()
    page.get_by_role("button", name="Try to send it again").click()
    expect(page.locator("#recorder-status")).to_contain_text("Your recording is kept safe.")


def test_a_worker_leaves_the_question_for_the_microphone_and_nobody_is_heard_later(
    site: Site, context: BrowserContext
) -> None:
    context.add_init_script(LEFT_OPEN)
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    agree(page)
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("button", name="Start recording").click()
    status = page.locator(".sb-recorder__status")
    expect(status).to_have_text(ASKS)
    page.wait_for_function("() => window.asked === 1")
    visit.check()
    _leave_and_answer_late(page, "Start recording")
    page.get_by_role("button", name="Start recording").click()
    expect(status).to_have_text("Recording started.")
    expect(page.get_by_role("button", name="Do not record now")).to_be_hidden()
    page.get_by_role("button", name="Pause").click()
    page.evaluate("() => tracks.at(-1).stop() || tracks.at(-1).dispatchEvent(new Event('ended'))")
    expect(status).to_contain_text("It stays paused.")
    page.wait_for_timeout(1000)  # until a second tap counts
    page.evaluate("() => { window.answers = false; }")
    page.get_by_role("button", name="Carry on").click()
    page.wait_for_function("() => window.asked === 3")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Carry on recording")).to_be_visible()


def _leave_and_answer_late(page: Page, then: str) -> None:
    page.get_by_role("button", name="Do not record now").click()
    expect(page.get_by_role("button", name="Do not record now")).to_be_hidden()
    expect(page.get_by_role("button", name=then)).to_be_focused()
    page.evaluate(LATE)
    page.wait_for_function(SWITCHED_OFF)
    page.wait_for_timeout(SECOND_PRESS_MS)
