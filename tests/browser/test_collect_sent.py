"""The list of what was sent, over a line that lets nothing through or answers late."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Site
from tests.browser.phones import (
    context,
    open_app,
    phone,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

SOON = """
const within = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => within(Math.min(ms, 500));
"""
"""Nobody waits for an answer for longer than half a second."""


def test_a_line_that_answers_nothing_is_told_and_can_be_tried_again(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    visit = open_app(context, site, SOON)
    page = visit.page
    page.route("**/collect/sent", lambda _: None)
    page.get_by_role("button", name="What you sent").click()
    expect(page.get_by_text("Getting the list")).to_be_visible()
    visit.check()
    expect(page.get_by_text("it lets nothing through")).to_be_visible()
    visit.check()
    page.unroute("**/collect/sent")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("You have not sent a story yet.")).to_be_visible()


def test_a_late_answer_does_not_take_the_page_away(site: Site, context: BrowserContext) -> None:
    sign_in(context, site)
    page = open_app(context, site).page
    held: list[Any] = []
    page.route("**/collect/sent", lambda route: held.append(route))
    page.get_by_role("button", name="What you sent").click()
    expect(page.get_by_text("Getting the list")).to_be_visible()
    page.get_by_role("button", name="Back to your stories").click()
    expect(page.get_by_role("heading", name="No stories on this phone")).to_be_visible()
    with page.expect_response("**/collect/sent"):
        held[0].continue_()
    page.wait_for_timeout(300)  # what would come comes at once
    expect(page.locator("h1")).to_have_text("Your stories")
