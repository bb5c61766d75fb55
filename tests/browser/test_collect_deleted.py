"""A story deleted on the phone while it is sent: it is deleted there, too, or not called so."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlmodel import Session, select

from storybank.tables import Story, Upload, Waiting
from tests.browser.conftest import Site
from tests.browser.microphone import NOT_COMPRESSED
from tests.browser.phones import (
    NOTHING,
    SAFE,
    agree,
    begin_recording,
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

SENDING_STOPS = "Sending stops, what was sent of it is deleted"
DELETED = "The story is deleted from this phone."
TOO_LATE = "It had been sent before you deleted it."
TWO_PIECES_S = 4


def _confirm(page: Page) -> None:
    page.get_by_label("The person changed their mind").check()
    page.get_by_role("button", name="Delete it for good").click()


def _wait_for(page: Page, found: list[Any]) -> None:
    for _ in range(200):
        if found:
            return
        page.wait_for_timeout(100)
    raise AssertionError("it was not sent")


def _stored(site: Site) -> tuple[int, int, int]:
    """Count stories, uploads, and announcements that hold something."""
    with Session(site.engine) as session:
        waiting = [row for row in session.exec(select(Waiting)) if row.sealed]
        rows = session.exec(select(Story)).all(), session.exec(select(Upload)).all(), waiting
    stories, uploads, announced = (len(found) for found in rows)
    return stories, uploads, announced


def test_a_page_that_asks_whether_to_delete_says_when_sending_begins_and_that_it_was_too_late(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    cut_off(page)
    agree(page)
    write(page, "The bus never comes.")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("It was not sent yet.")).to_be_visible()
    held: list[tuple[Any, Any]] = []
    page.route("**/collect/stories", lambda route: held.append((route, route.fetch())))
    context.set_offline(False)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    _wait_for(page, held)
    expect(page.get_by_text(SENDING_STOPS)).to_be_visible()
    visit.check()
    _confirm(page)
    expect(page.locator(".sb-item__state")).to_have_text("Off this phone")
    expect(page.get_by_text(DELETED)).to_have_count(0)
    visit.check()
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator(".sb-item__state")).to_have_text(SAFE)
    expect(page.get_by_text(TOO_LATE)).to_be_visible()
    expect(page.get_by_text("It had been sent before it was deleted here.")).to_be_visible()
    visit.check()
    assert left_on_phone(page) == NOTHING
    assert _stored(site) == (1, 0, 0)


def _record_and_hold_the_second_piece(page: Page) -> None:
    """Record, keep, and let the line carry the first piece only."""
    agree(page)
    begin_recording(page)
    page.wait_for_timeout(1000 * TWO_PIECES_S)
    page.get_by_role("button", name="Stop").click()
    held: list[Route] = []

    def carry(route: Route) -> None:
        if route.request.headers.get("upload-offset", "0") != "0":
            held.append(route)
        else:
            route.continue_()

    page.route("**/uploads/**", carry)
    page.get_by_role("button", name="Keep this story").click()
    _wait_for(page, held)


def _here(page: Page) -> Page:
    return page


def _in_another_window(page: Page) -> Page:
    other = page.context.new_page()
    other.goto(page.url)
    return other


@pytest.mark.parametrize("where", [_here, _in_another_window])
def test_sending_stops_when_the_story_is_deleted_and_nothing_of_it_stays_with_the_council(
    site: Site, context: BrowserContext, where: Callable[[Page], Page]
) -> None:
    context.add_init_script(NOT_COMPRESSED)
    sign_in(context, site)
    page = open_app(context, site).page
    _record_and_hold_the_second_piece(page)
    expect(page.locator(".sb-item__state")).to_contain_text("Sending")
    assert _stored(site) == (0, 1, 1)
    asked = where(page)
    asked.get_by_role("button", name="Delete").click()
    expect(asked.get_by_text(SENDING_STOPS)).to_be_visible()
    _confirm(asked)
    expect(asked.get_by_text("Nothing of it was left with the council.")).to_be_visible()
    for window in {page, asked}:
        expect(window.locator(".sb-item__state")).to_have_text("Deleted")
    assert left_on_phone(page) == NOTHING
    assert _stored(site) == (0, 0, 0)


def _typed_and_its_answer_lost(page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        page.context.set_offline(True)
        route.abort()

    page.route("**/collect/stories", lose)
    agree(page)
    write(page, "The bus never comes.")
    expect(page.get_by_text("There is no connection.")).to_be_visible()
    page.unroute_all()


def _half_of_a_recording(page: Page) -> None:
    _record_and_hold_the_second_piece(page)
    page.context.set_offline(True)
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize(
    ("told", "then", "stored"),
    [(_typed_and_its_answer_lost, SAFE, (1, 0, 0)), (_half_of_a_recording, "Deleted", (0, 0, 0))],
)
def test_what_was_deleted_without_a_line_is_called_so_when_the_server_says_it(
    site: Site,
    context: BrowserContext,
    told: Callable[[Page], None],
    then: Any,
    stored: tuple[int, int, int],
) -> None:
    context.add_init_script(NOT_COMPRESSED)
    sign_in(context, site)
    page = open_app(context, site).page
    told(page)
    page.get_by_role("button", name="Delete").click()
    _confirm(page)
    expect(page.locator(".sb-item__state")).to_have_text("Off this phone")
    expect(page.get_by_text("It has not answered yet, and is asked again.")).to_be_visible()
    expect(page.get_by_text(DELETED)).to_have_count(0)
    assert left_on_phone(page) == NOTHING
    address = page.url
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".sb-item__state")).to_have_text(then)
    assert _stored(site) == stored
