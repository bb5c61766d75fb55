"""Two days without a connection on a phone that is switched off in between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlmodel import Session, select

from storybank.capture.wordings import write as write_wording
from storybank.consent import QUESTIONS, Translated
from storybank.db import transaction
from storybank.tables import Consent, Story
from storybank.values import Role
from tests.browser.conftest import Site, open_visit
from tests.browser.microphone import listen_in, whole
from tests.browser.phones import (
    SAFE,
    Phone,
    agree,
    begin_recording,
    clients_on_phone,
    cut_off,
    left_on_phone,
    make_phone,
    open_app,
    sign_in,
    wait_ready,
    write,
)
from tests.factories import make_person, make_programme
from tests.faults.ledger import phones_equal_stored, sha256

pytestmark = [pytest.mark.browser, pytest.mark.database]

WRITTEN = "The lift is mended at last."


@pytest.fixture
def peoples_phone(playwright_: Playwright, site: Site, tmp_path: Path) -> Phone:
    """A phone with the browser that people have."""
    return make_phone(playwright_, site.engine, tmp_path)


@pytest.fixture
def phone(playwright_: Playwright, site: Site, tmp_path: Path) -> Phone:
    """The same with the build without windows."""
    return make_phone(playwright_, site.engine, tmp_path, windowless=True)


def test_two_days_without_a_connection_and_a_cold_start_lose_nothing(
    site: Site, peoples_phone: Phone
) -> None:
    phone = peoples_phone
    other_words(site)
    with phone.open() as context:
        worker = sign_in(context, site)
        visit = open_app(context, site)
        wait_ready(visit.page)
        assert visit.problems == []
    with phone.open(offline=True) as context:
        heard = listen_in(context)
        visit = open_visit(context, site)
        page = visit.go("/collect")  # as people type it
        expect(page.get_by_text("There is no connection.")).to_be_visible()
        assert page.url == site.url + "/collect/"
        agree(page)
        begin_recording(page)
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Keep this story").click()
        expect(page.locator(".sb-item__state")).to_have_text("On this phone")
        _agree_to_the_club(page)
        write(page, WRITTEN)
        expect(page.locator(".sb-item__state")).to_have_count(2)
        clients = clients_on_phone(page)
        assert visit.problems == []
    assert phone.holds(worker), "the search does not reach what the recorder keeps"
    assert not phone.holds("lift is mended")
    assert not phone.holds('"read_back"')
    with phone.open(offline=True, bypass_csp=True) as context:
        _days_later(context, 1)
        page = open_app(context, site).page
        expect(page.locator(".sb-item__state")).to_have_text(["On this phone"] * 2)
        assert left_on_phone(page)["slices"] >= 2
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=4, hours=23))
        page = open_app(context, site).page
        expect(page.locator(".sb-item__state")).to_have_count(2)
        expect(page.get_by_text("has waited on this phone")).to_have_count(0)
        page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=5, hours=1))
        visit = open_app(context, site)
        expect(visit.page.get_by_text("has waited on this phone for 5 days")).to_be_visible()
        visit.check()
        context.set_offline(False)
        expect(visit.page.locator(".sb-item__state")).to_have_text([SAFE, SAFE], timeout=20_000)
    told = {clients["spoken"]: sha256(whole(heard)), clients["scribe"]: sha256(WRITTEN)}
    phones_equal_stored(told, site.engine, site.desk.keyring, site.desk.settings.blobs_dir)
    with Session(site.engine) as session:
        stories = session.exec(select(Story)).all()
        assert sorted(story.mode for story in stories) == ["spoken", "typed"]
        shown = session.exec(select(Consent.wording)).all()
        assert sorted(shown) == ["2026-11", "sport/1/ar"], "each keeps the words that were shown"
        assert {str(story.sent_by) for story in stories} == {worker}


def test_a_story_that_a_fast_clock_dated_is_warned_of_once_the_clock_is_put_right(
    site: Site, phone: Phone
) -> None:
    with phone.open(bypass_csp=True) as context:
        sign_in(context, site)
        _days_later(context, 400)
        page = open_app(context, site).page
        cut_off(page)
        agree(page)
        write(page, WRITTEN)
        expect(page.locator(".sb-item__state")).to_have_text("On this phone")
        for days, shown in ((0, False), (4, False), (6, True)):
            _days_later(context, days)
            page.reload()
            expect(page.locator(".sb-item__state")).to_have_text("On this phone")
            expect(page.get_by_text("has waited on this phone")).to_be_visible(visible=shown)


def other_words(site: Site) -> None:
    """A second programme, which asks for consent in words of its own."""
    with transaction(site.engine) as session:
        by = make_person(session, Role.ADMIN).id
        asked = (replace(QUESTIONS[0], ask="May the club read your story?"), *QUESTIONS[1:])
        first = ("هل يقرأ النادي قصتك؟", "نخفي الأسماء.")
        arabic = Translated("ar", (first, *[("نعم؟", "")] * 4), "يسأل النادي.")
        sport = make_programme(session, "sport")
        write_wording(session, sport, asked, "The club asks.", [arabic], by=by)


def _agree_to_the_club(page: Page) -> None:
    """Begin in the council's words, and change the programme: what was said counts no more."""
    page.get_by_role("button", name="New story").click()
    page.get_by_label("They say it aloud").check()
    page.get_by_role("button", name="Record their answer").click()
    expect(page.get_by_text("Recording started.")).to_be_visible()
    page.wait_for_timeout(1300)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("What you recorded")).to_be_visible()
    page.get_by_label("Can people at the council read your story").check()
    page.get_by_label("Programme").select_option("sport")
    expect(page.get_by_text("This programme asks in other words.")).to_be_visible()
    expect(page.get_by_text("The club asks.")).to_be_visible()
    expect(page.get_by_label("What you recorded")).to_have_count(0)
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(0)
    page.get_by_label("May the club read your story?").check()
    page.get_by_label("Language of the questions").select_option("ar")
    expect(page.get_by_text("The questions are in another language now.")).to_be_visible()
    expect(page.get_by_text("In English: May the club read your story?")).to_be_visible()
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(0)
    page.get_by_label("They told me").check()
    page.get_by_label("هل يقرأ النادي قصتك؟").check()
    page.get_by_role("button", name="Continue").click()


def _days_later(context: BrowserContext, days: int) -> None:
    context.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=days))
