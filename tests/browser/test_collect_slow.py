"""The recorder on a line that takes what is sent and answers nothing, as at a signal's edge."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, Visit
from tests.browser.phones import (
    SAFE,
    agree,
    context,
    open_app,
    phone,
    sign_in,
    wait_ready,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

AT_ONCE_MS = 10_000
"""Well before the recorder itself stops waiting for an answer, which is after a minute."""


@pytest.fixture
def visit(site: Site, context: BrowserContext) -> Iterator[Visit]:
    """A worker with the recorder open, who was here before."""
    sign_in(context, site)
    visit = open_app(context, site)
    wait_ready(visit.page)
    yield visit
    context.unroute_all(behavior="ignoreErrors")


def _nothing_answers(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.context.route(address, lambda _: None)


def test_it_opens_and_a_story_can_be_told_before_anything_answers(visit: Visit) -> None:
    page = visit.page
    _nothing_answers(page, "**/collect/me")
    page.reload()
    expect(page.get_by_text("Signed in as Wren Hill")).to_be_visible(timeout=AT_ONCE_MS)
    expect(page.get_by_text("There is no connection.")).to_have_count(0)
    visit.check()
    agree(page)
    write(page, "The bus never comes.")
    expect(page.locator(".sb-item__state")).to_have_text("On this phone", timeout=AT_ONCE_MS)
    page.context.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE)


def test_signing_out_hides_the_stories_before_anything_answers(visit: Visit) -> None:
    page = visit.page
    _nothing_answers(page, "**/sign-out")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in to record stories", timeout=AT_ONCE_MS)
    expect(page.get_by_text("Wren Hill")).to_have_count(0)
    visit.check()
    page.reload()
    expect(page.get_by_text("There is no connection now.")).to_be_visible(timeout=AT_ONCE_MS)
    expect(page.get_by_text("Wren Hill")).to_have_count(0)


def test_who_asks_for_a_receipt_is_told_that_it_is_fetched(visit: Visit) -> None:
    page = visit.page
    agree(page)
    write(page, "The bus never comes.")
    expect(page.locator(".sb-item__state")).to_have_text(SAFE)
    _nothing_answers(page, "**/finish")
    page.get_by_role("button", name="Show the receipt").click()
    expect(page.get_by_text("Getting the receipt")).to_be_visible()
