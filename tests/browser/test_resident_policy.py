"""The content policy in a real browser: our pages keep it, and what is injected can do nothing."""

from collections.abc import Callable

import pytest

from tests import told
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit
from tests.browser.test_resident import open_story
from tests.web.test_tell import tone

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]


def test_nothing_on_a_page_breaks_the_policy(visiting: Visiting, site: Site) -> None:
    story = told.tell(site.engine, site.desk, recording=tone())
    visit = visiting(PHONE, bypass_csp=False)
    for path in ("/", "/tell/write", "/tell/record", "/receipt"):
        visit.go(path)
    open_story(visit, story.code)
    visit.page.wait_for_timeout(300)
    assert visit.problems == []


def test_injected_markup_that_lacks_the_nonce_sends_nothing(visiting: Visiting, site: Site) -> None:
    story = told.tell(site.engine, site.desk)
    visit = visiting(LAPTOP, bypass_csp=False)
    open_story(visit, story.code)
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_load_state("load")  # scripts come after the words
    page.evaluate(
        """() => {
            const button = document.createElement("button");
            button.setAttribute("hx-get", "/about?injected");
            button.setAttribute("hx-nonce", "wrong");
            button.id = "injected";
            document.querySelector("main").append(button);
            window.htmx.process(button);
        }"""
    )
    page.locator("#injected").click()
    page.wait_for_timeout(300)
    assert not [url for url in asked if "injected" in url]
    assert "hx-csp" in " ".join(visit.problems)
