"""The outreach worker's recorder, as far as it needs no long recording."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect
from sqlmodel import Session, select

from storybank.db import transaction
from storybank.tables import Consent, Note, Story
from tests.browser.conftest import Site
from tests.browser.phones import (
    Phone,
    agree,
    begin_recording,
    left_on_phone,
    open_app,
    sign_in,
    write,
)
from tests.factories import make_place, make_programme
from tests.web.test_tell import tone

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def phone(playwright_: Playwright, site: Site, tmp_path: Path) -> Phone:
    """A phone that hears a tone for as long as it listens."""
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)
    sound = tmp_path / "said.wav"
    sound.write_bytes(tone(20))
    return Phone(playwright_, tmp_path / "profile", sound)


@pytest.fixture
def context(phone: Phone) -> Iterator[BrowserContext]:
    """The phone's browser, with axe allowed in."""
    with phone.open(bypass_csp=True) as context:
        yield context


def test_a_story_is_told_kept_and_sent_with_every_page_on_the_way_accessible(
    site: Site, context: BrowserContext
) -> None:
    worker = sign_in(context, site)
    visit = open_app(context, site)
    page = visit.page
    expect(page.get_by_role("heading", name="No stories on this phone")).to_be_visible()
    visit.check()
    page.get_by_role("button", name="New story").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    visit.check()
    page.get_by_role("button", name="Cancel").click()
    agree(page, spoken=True)
    visit.check()
    begin_recording(page)
    visit.check()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Carry on").click()
    page.wait_for_timeout(2200)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("What you recorded")).to_be_visible()
    page.get_by_label("Your note").fill("They showed me the allotment.")
    visit.check()
    page.get_by_role("button", name="Keep this story").click()
    state = page.locator(".sb-item__state")
    expect(state).to_have_text(re.compile(r"^Safe, reference [A-Z]{4}-\d{4}$"), timeout=20_000)
    visit.check()
    with Session(site.engine) as session:
        story = session.exec(select(Story)).one()
        assert story.sent_by is not None
        assert str(story.sent_by) == worker
        assert story.seconds > 2
        consent = session.exec(select(Consent)).one()
        assert (consent.how, consent.given_by) == ("spoken", "teller")
        assert consent.clip is not None
        assert session.exec(select(Note)).one()
    assert left_on_phone(page) == {"slices": 0, "details": 0}
