"""The browser's Back after somebody has left in a hurry.

Chromium keeps whole pages in memory and shows them again at once. Playwright switches that off, so
these tests have a browser of their own, as people have it.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import PHONE, Site, find_chromium, open_visit

pytestmark = [pytest.mark.browser, pytest.mark.database]

STORY = "What is the story?"
WORDS = "Nobody must see this."
BACK = "() => { setTimeout(() => history.back(), 0); }"
KEPT_IN_MEMORY = """
    addEventListener("pageshow", (event) => (window.fromMemory = event.persisted));
"""


@pytest.fixture(scope="module")
def peoples(playwright_: Playwright) -> Iterator[Browser]:
    """A browser that keeps pages in memory."""
    browser = playwright_.chromium.launch(
        executable_path=find_chromium(),
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def test_this_browser_shows_pages_again_from_its_memory(peoples: Browser, site: Site) -> None:
    context = peoples.new_context(viewport=PHONE)
    context.add_init_script(KEPT_IN_MEMORY)
    page = open_visit(context, site).go("/about")
    page.goto(f"{site.url}/cookies")
    page.evaluate(BACK)
    expect(page).to_have_url(f"{site.url}/about")
    page.wait_for_function("() => window.fromMemory === true", timeout=10_000)
    context.close()


@pytest.mark.parametrize(
    ("way", "path", "field"),
    [
        ("button", "/tell/write", STORY),
        ("shift", "/tell/write", STORY),
        ("no scripts", "/tell/write", STORY),
        ("no line", "/tell/write", STORY),
        ("button", "/receipt", "What is your code?"),
    ],
)
def test_back_does_not_show_what_was_typed_before_leaving(
    peoples: Browser, site: Site, way: str, path: str, field: str
) -> None:
    context = peoples.new_context(viewport=PHONE, java_script_enabled=way != "no scripts")
    weather = "<title>Weather</title>"
    context.route("**/weather", lambda route: route.fulfill(body=weather, content_type="text/html"))
    page = open_visit(context, site).go(path)
    page.get_by_label(field).fill(WORDS)
    if way == "no line":
        page.route("**/leave", lambda route: route.abort())
    _leave(page, way)
    expect(page.get_by_label(field)).to_have_count(0)
    page.unroute_all()
    if way == "no scripts":
        page.go_back(wait_until="commit")
    else:
        page.evaluate(BACK)
    expect(page.get_by_label(field)).to_have_value("")
    context.close()


def _leave(page: Page, way: str) -> None:
    if way == "shift":
        for _ in range(3):
            page.keyboard.press("Shift")
    else:
        page.locator(".govuk-exit-this-page__button").click()
