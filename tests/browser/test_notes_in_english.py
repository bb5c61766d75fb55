"""A worker puts their note into English on a phone; axe on each page, before and after."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from storybank import pipeline
from storybank.values import Channel, Role
from tests.browser.conftest import LAPTOP, Site, Visit
from tests.browser.test_staff import enter
from tests.fakes import make_workshop
from tests.staff import cookie_for, tell

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLISH = "Sąsiadka Anna Smith gotuje. Autobus nie jeździ."
ENGLISH = "Anna Smith cooks. The bus never comes."


def test_a_note_is_put_into_english_and_read_beside_the_story(
    site: Site, visiting: Callable[..., Visit]
) -> None:
    visit = visiting(LAPTOP)
    worker, cookie = cookie_for(site.engine, Role.WORKER)
    signed_in = {"name": "storybank-staff", "value": cookie, "url": site.url}
    visit.page.context.add_cookies([signed_in])
    beside = {"channel": Channel.WORKER, "note": POLISH, "sent_by": str(worker.person_id)}
    story = tell(site.engine, site.desk, "The lift is mended.", **beside)
    page = visit.go(f"/worker/stories/{story}")
    page.set_viewport_size({"width": 390, "height": 800})
    assert visit.fits()
    visit.check()
    box = page.get_by_label("The note in English")
    page.get_by_role("button", name="Keep the English of the note").click()
    expect(page.get_by_text("Write the note in English first.").first).to_be_visible()
    visit.check()
    box.fill(ENGLISH)
    page.get_by_role("button", name="Keep the English of the note").click()
    expect(page.get_by_text("In English, by a person")).to_be_visible()
    visit.check()
    pipeline.understand(make_workshop(site.engine, site.desk), uuid.UUID(story))

    enter(visit, Role.GOVERNANCE)
    page = visit.go("/masks")
    page.get_by_label("Putting a story into English").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="The same in English, by a person")).to_be_visible()
    assert visit.fits()
    visit.check()
    page = visit.go(f"/stories/{story}")
    expect(page.get_by_text("[person 1] cooks. The bus never comes.")).to_be_visible()
    visit.check()
