"""A teller comes back in a real browser: by QR code, by keyboard, without scripts, on a phone."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from storybank import pipeline
from storybank.capture.own_story import ReadAs, disagree
from storybank.db import transaction
from storybank.framework import load_framework
from storybank.tables import Story
from storybank.values import Direction, StoryState
from tests import told
from tests.browser.addresses import OWN
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit
from tests.browser.keyboard import fill, press, reach
from tests.clips import recording, tone
from tests.fakes import make_workshop
from tests.staff import listen_and_read
from tests.web.test_voices import SAID, TURNS

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]
NARROWEST = {"width": 320, "height": 640}
APART = ("/receipt/voices", "/receipt/gone")
"""A story in which several people speak has the first, one that was taken back the second."""
PAGES = [path.removeprefix("/receipt/") for path in (*OWN, "/receipt/uses?easy=1")
         if path not in APART]  # fmt: skip
PICTURES = os.environ.get("STORYBANK_TEST_PICTURES")
"""Folder into which the pages are put as pictures, for people to look at."""


def code_of(site: Site, *, spoken: bool = True) -> str:
    """Tell and read one story; gives its code."""
    story = told.tell(
        site.engine, site.desk, recording=recording(tone(2), "ogg") if spoken else None
    )
    told.finish(site.engine, site.desk, story)
    with transaction(site.engine) as session:
        row = session.get_one(Story, story.story_id)
        read_as = ReadAs(load_framework("thriving-communities@1"), "learning", Direction.MISSING)
        disagree(session, row, read_as, wrong=True)
    return story.code


def enter(visit: Visit, code: str) -> None:
    page = visit.go("/receipt")
    page.get_by_label("What is your code?").fill(code)
    page.get_by_role("button", name="Open my story").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your story")


def picture(visit: Visit, name: str) -> None:
    if PICTURES:
        width = visit.page.viewport_size["width"]  # type: ignore[index]
        visit.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def test_a_qr_code_fills_the_code_in_and_leaves_no_trace_of_it(
    visiting: Visiting, site: Site
) -> None:
    code = code_of(site)
    visit = visiting(bypass_csp=False)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    page = visit.go(f"/receipt#{code}")
    expect(page.get_by_label("What is your code?")).to_have_value(
        " ".join(code[i : i + 4] for i in range(0, 16, 4))
    )
    assert page.url == f"{site.url}/receipt"
    page.get_by_role("button", name="Open my story").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your story")
    assert not [url for url in asked if code in url.partition("#")[0]]
    page.go_back()
    assert code not in page.url
    assert visit.problems == []


def test_every_own_page_fits_and_is_accessible(visiting: Visiting, site: Site) -> None:
    code = code_of(site)
    visit = visiting(NARROWEST)
    enter(visit, code)
    for name in PAGES:
        visit.go(f"/receipt/{name}")
        assert visit.page.url.endswith(f"/receipt/{name}")
        visit.check()
        for size in (LAPTOP, PHONE, NARROWEST):
            visit.page.set_viewport_size(size)
            assert visit.fits(), f"{name} at {size['width']} px"
            expect(visit.page.get_by_role("button", name="Exit this page")).to_be_in_viewport()
            picture(visit, name)
    voiced = told.tell(site.engine, site.desk, recording=recording(tone(10), "ogg"))
    shop = make_workshop(site.engine, site.desk, heard=SAID, turns=TURNS)
    listen_and_read(shop, voiced.story_id)
    visit = visiting(NARROWEST)
    enter(visit, voiced.code)
    visit.go("/receipt/voices")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Who speaks?")
    assert visit.fits()
    visit.check()
    visit.go("/receipt/take-back")
    visit.page.get_by_role("button", name="Yes, take my story back").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("You took this story back")
    visit.check()
    picture(visit, "gone")


def test_a_teller_changes_and_takes_back_by_keyboard_without_scripts(
    visiting: Visiting, site: Site
) -> None:
    code = code_of(site, spoken=False)
    visit = visiting(java_script_enabled=False)
    page = visit.go("/receipt")
    fill(page, page.get_by_label("What is your code?"), code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your story")
    press(page, page.get_by_role("button", name=re.compile("It is right after all")))
    expect(page.get_by_role("alert")).to_have_text("You took that back.")
    press(page, page.get_by_role("button", name="Add more"))
    fill(page, page.get_by_label("What do you want to add?"), "The bus is back.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The bus is back.")).to_be_visible()
    press(page, page.get_by_role("link", name="Change what you agreed to"))
    reach(page, page.get_by_role("group").first.get_by_label("Yes"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Save my answers"))
    expect(page.get_by_role("alert")).to_contain_text("They count from now on.")
    press(page, page.get_by_role("link", name="Take my story back"))
    press(page, page.get_by_role("button", name="Yes, take my story back"))
    expect(page.get_by_text("We no longer have it.")).to_be_visible()


def test_a_story_that_is_read_meanwhile_shows_its_readings_with_buttons_that_work(
    visiting: Visiting, site: Site
) -> None:
    """The part that is swapped in has to be whole: forms with tokens, buttons with their look."""
    story = told.tell(site.engine, site.desk)
    visit = visiting()
    enter(visit, story.code)
    page = visit.page
    page.goto(f"{site.url}/receipt/more")
    page.get_by_label("What do you want to add?").fill("The bus is late.")
    page.get_by_role("button", name="Add this to my story").click()
    pipeline.understand(make_workshop(site.engine, site.desk), story.story_id)
    page.get_by_role("button", name=re.compile("This is wrong")).click(timeout=15_000)
    expect(page.get_by_role("alert")).to_contain_text("You said that this is wrong.")
    with transaction(site.engine) as session:
        assert session.get_one(Story, story.story_id).state == StoryState.READY


def test_words_that_are_not_saved_are_asked_about_but_not_when_leaving_in_a_hurry(
    visiting: Visiting, site: Site
) -> None:
    visit = visiting(PHONE)
    page, asked = visit.page, list[str]()
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    enter(visit, code_of(site, spoken=False))
    for path, save in (
        ("/receipt/correct", "Save these changes"),
        ("/receipt/more", "Add this to my story"),
    ):
        visit.go(path)
        page.locator("textarea").first.click()
        page.keyboard.type("Words of mine. ")
        page.get_by_role("link", name="Back to your story").click()
        expect(page.locator("textarea").first).to_have_value(re.compile("Words of mine"))
        assert asked.pop() == "beforeunload", path
        page.get_by_role("button", name="Polski").click()  # which keeps them, and asks nothing
        expect(page.locator("html")).to_have_attribute("lang", "pl")
        picture(visit, f"unkept{path.replace('/', '-')}")
        assert asked == [], path
        page.locator("textarea").first.click()
        page.locator(".govuk-back-link").click()
        expect(page.locator("textarea").first).to_have_value(re.compile("Words of mine"))
        assert asked.pop() == "beforeunload", "they were in the box before, and are not saved yet"
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en-GB")
        page.get_by_role("button", name=save).click()
        expect(page).to_have_url(re.compile("/receipt/story"))
        assert asked == [], path
    visit.go("/receipt/more")
    page.locator("textarea").click()
    page.keyboard.type("More of mine.")
    with page.expect_request("https://www.bbc.co.uk/weather"):
        page.locator(".govuk-exit-this-page__button").click()
    assert asked == []
