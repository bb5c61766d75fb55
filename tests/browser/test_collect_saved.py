"""A story that cannot leave the recorder: saved as a file there, and sent on the page for it."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, Route, expect
from sqlmodel import Session, select

from storybank.tables import Recording, Story
from tests.browser.conftest import Site
from tests.browser.phones import (
    NOTHING,
    SAFE,
    agree,
    begin_recording,
    left_on_phone,
    make_phone,
    open_app,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _refuse(route: Route) -> None:
    """Answer as a proxy on the way that takes no recordings."""
    route.fulfill(status=413, body="")


def test_what_the_phone_cannot_send_comes_in_by_its_saved_file_once(
    playwright_: Playwright, site: Site, tmp_path: Path
) -> None:
    phone = make_phone(playwright_, site.engine, tmp_path, windowless=True)
    with phone.open(bypass_csp=True, service_workers="block") as context:
        worker = sign_in(context, site)
        visit = open_app(context, site)
        page = visit.page
        page.route("**/uploads**", _refuse)
        agree(page, spoken=True)
        begin_recording(page)
        page.wait_for_timeout(3000)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Keep this story").click()
        expect(page.locator(".sb-item__state")).to_have_text("Needs you", timeout=20_000)
        visit.problems.clear()  # the browser says aloud that the proxy refused
        visit.check()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save to phone").click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)

        page.get_by_role("link", name="send the saved story").click()
        expect(page.locator("h1")).to_have_text("Send a story that you saved from a phone")
        page.get_by_role("button", name="Send the story").click()
        expect(page.get_by_role("link", name="Choose the file that you saved")).to_be_visible()
        page.get_by_label("Choose the saved story").set_input_files(file)
        page.get_by_role("button", name="Send the story").click()
        expect(page.locator("h1")).to_have_text("The story is safe")
        visit.problems.clear()  # the answer 422 to the form without a file
        visit.check()

        visit.go("/collect/")
        page.get_by_role("button", name="Retry").click()
        expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
        assert left_on_phone(page) == NOTHING
    with Session(site.engine) as session:
        assert str(session.exec(select(Story)).one().sent_by) == worker
        assert 2 < session.exec(select(Recording)).one().seconds < 10
