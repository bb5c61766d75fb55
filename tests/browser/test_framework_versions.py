"""A version written, looked over, published and worked through, in a real browser; axe on each."""

import dataclasses
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from storybank import coding, rereading
from storybank.db import transaction
from storybank.tables import Person, SuggestionRow
from storybank.values import Role
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit
from tests.browser.test_staff import enter
from tests.fakes import make_workshop
from tests.staff import cookie_for, tell, use_hash_embedder
from tests.versions import VersionTagger

pytestmark = [pytest.mark.browser, pytest.mark.database]

TOLD = ("The bus never comes after six and the young ones cannot get to work.",
        "They moved the bus stop and nobody has put a bench there since.")  # fmt: skip


def look(visit: Visit, name: str) -> None:
    """Hold a page to what every page must keep, at both widths; keep pictures where asked to."""
    for size in (LAPTOP, PHONE):
        visit.page.set_viewport_size(size)
        assert visit.fits(), f"{visit.page.url} at {size['width']} px"
        visit.check()
        if folder := os.environ.get("PICTURES"):
            place = Path(folder) / f"{name}-{size['width']}.png"
            visit.page.screenshot(path=place, full_page=True)
    visit.page.set_viewport_size(LAPTOP)


def test_a_version_from_draft_to_recoding(site: Site, visiting: Callable[..., Visit]) -> None:
    use_hash_embedder(site.app)
    visit = visiting(LAPTOP)
    enter(visit, Role.EVALUATOR)
    told = [tell(site.engine, site.desk, text) for text in TOLD]
    with transaction(site.engine) as session:
        ada = session.exec(select(Person).where(Person.name == "Ada Bright")).one()
        ada.may_change_frameworks = True
        first = session.exec(select(SuggestionRow.id)).first()
    actor, _ = cookie_for(site.engine, Role.EVALUATOR, "Ben Orchard")
    with transaction(site.engine) as session:
        coding.decide(session, actor, first, "confirmed")

    page = visit.go("/framework-versions")
    look(visit, "1-versions")
    page.get_by_role("button", name="Begin a draft").click()
    page.locator("#clear-language").get_by_role("link", name="Retire").click()
    look(visit, "2-retire")
    page.get_by_role("button", name="Retire it").click()
    page.locator("#aim-adapting").get_by_role("link", name="Split").click()
    page.get_by_label("Names of the new codes").fill("Buses that come\nBenches to sit on")
    look(visit, "3-split")
    page.get_by_role("button", name="Split it").click()
    for name in ("buses-that-come", "benches-to-sit-on"):
        page.locator(f"#{name}").get_by_role("link", name="Change the words").click()
        page.get_by_label("Question").fill("Is it there?")
        page.get_by_label("Definition").fill("It is there when people need it.")
        page.get_by_label("Lived, in a few words").fill("it was there")
        page.get_by_label("Missing, in a few words").fill("it was not there")
        page.get_by_label("Examples, missing").fill("They took it away.\nIt never came.")
        if name.startswith("benches"):
            look(visit, "4-code")
        page.get_by_role("button", name="Keep it in the draft").click()
    look(visit, "5-draft")
    page.get_by_role("button", name="Look it over and publish").click()
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator("#why-error")).to_contain_text("Say why")
    page.get_by_label("Why it is changed").fill("Buses and benches are two things.")
    look(visit, "6-publish")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_role("alert")).to_contain_text("Published")

    shop = make_workshop(site.engine, site.desk)
    tagger = VersionTagger("thriving-communities@2", "buses-that-come")
    shop = dataclasses.replace(shop, fresh=lambda: tagger)
    rereading.reread(shop, uuid.UUID(told[0]))
    visit.go("/framework-versions")
    look(visit, "7-versions")
    rereading.reread(shop, uuid.UUID(told[1]))
    visit.go("/framework-versions/thriving-communities@2/moved")
    look(visit, "8-moved")
    box = page.get_by_role("checkbox", name="Buses that come").first
    box.check()
    page.get_by_role("button", name="Keep this choice").first.click()
    expect(page.locator(".sb-moved__row--done")).to_contain_text("Chosen by Ada Bright")
    look(visit, "9-chosen")
    visit.go("/search?code=buses-that-come")
    look(visit, "10-search")
    visit.go(f"/stories/{told[0]}?version=thriving-communities@1")
    look(visit, "11-story-then")
