"""Advice comes while a worker types, in a real browser, and only the note is sent for it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from storybank.db import transaction
from storybank.values import Role
from tests.browser.conftest import PHONE, Site, Visit
from tests.factories import make_programme
from tests.staff import cookie_for
from tests.web.test_words import WordsHere
from web.wordcheck import get_words

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_advice_comes_while_typing(site: Site, visiting: Callable[..., Visit]) -> None:
    here = WordsHere()
    site.app.dependency_overrides[get_words] = lambda: here
    with transaction(site.engine) as session:
        make_programme(session)
    visit = visiting(PHONE)
    _, cookie = cookie_for(site.engine, Role.WORKER)
    visit.page.context.add_cookies([{"name": "storybank-staff", "value": cookie, "url": site.url}])
    sent: list[str] = []
    visit.page.on(
        "request", lambda r: sent.append(r.post_data or "") if r.url.endswith("/words") else None
    )
    visit.page.goto(f"{site.url}/worker/new")
    visit.page.fill("#text", "Zanzibar told me")
    visit.page.locator("#note").press_sequentially("Our service users")
    expect(visit.page.locator("#words")).to_contain_text("It defines people", timeout=20_000)
    assert not [body for body in sent if "Zanzibar" in body]
    visit.check()
    visit.page.fill("#note", "Our neighbours")
    expect(visit.page.locator("#words")).to_contain_text("No labels or jargon", timeout=20_000)
