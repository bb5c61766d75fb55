"""What is said of stories that went out: over a line that lets nothing through, and too late."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlmodel import Session, select

from storybank.tables import Story
from tests.browser.conftest import Site
from tests.browser.phones import (
    NOTHING,
    SAFE,
    agree,
    context,
    cut_off,
    left_on_phone,
    open_app,
    phone,
    sign_in,
    write,
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


def test_a_story_that_was_deleted_while_its_last_piece_was_on_the_way_is_not_called_deleted(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    cut_off(page)
    agree(page)
    write(page, "The bus never comes.")
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("It was only a test").check()
    held: list[tuple[Any, Any]] = []
    page.route("**/collect/stories", lambda route: held.append((route, route.fetch())))
    context.set_offline(False)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    for _ in range(100):
        page.wait_for_timeout(100)
        if held:
            break
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_text("The story is deleted from this phone.")).to_be_visible()
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator(".sb-item__state")).to_have_text(SAFE)
    expect(page.get_by_text("It had been sent before it was deleted here.")).to_be_visible()
    visit.check()
    assert left_on_phone(page) == NOTHING
    with Session(site.engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
