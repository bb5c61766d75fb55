"""A resident in a real browser: the journey with scripts and without, by keyboard, on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from storybank import pipeline
from storybank.db import transaction
from storybank.tables import Recording, Story
from storybank.values import StoryState
from tests import told
from tests.browser.addresses import PUBLIC, TELLING
from tests.browser.conftest import LAPTOP, Site, Visit, until
from tests.factories import make_place, make_programme
from tests.fakes import make_workshop
from tests.web.test_tell import tone

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]
NARROWEST = {"width": 320, "height": 640}


@pytest.fixture(autouse=True)
def _places(site: Site) -> None:
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)


STEPS = [
    path.removeprefix("/tell/")
    for path in TELLING
    if not path.endswith(("/them", "/sent", "/which"))
]


def answer(visit: Visit, step: str, *, place: str = "blackbird-leys", use: str = "Yes") -> None:
    """Fill in one page of the form and send it."""
    page = visit.page
    if step == "where":
        page.get_by_label("Which part of town").select_option(place)
    if step == "when":
        page.get_by_label("Year").fill("2026")
    if step == "who":
        page.get_by_label("Me", exact=True).check()
    if step == "your-reading":
        page.get_by_label("With me").check()
        page.get_by_label("I joined in").check()
    if step == "uses":
        for group in page.get_by_role("group").all():
            group.get_by_label(use).check()
    page.get_by_role("button", name=re.compile("Continue|Send your story")).click()


def answer_the_rest(visit: Visit, *, look: bool = True) -> None:
    """From the page about where it was to the page with the code."""
    for step in STEPS:
        expect(visit.page).to_have_url(re.compile(f"/tell/{step}$"))
        if look:
            visit.check()
        answer(visit, step)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Your story is safe with us")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_typed_story_from_the_start_page_to_the_story_itself(
    visiting: Visiting, site: Site, scripts: bool
) -> None:
    visit = visiting(java_script_enabled=scripts)
    page = visit.go("/")
    if scripts:
        visit.check()
    page.locator(".sb-way").filter(has_text="Write as much").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You can leave at any time")
    if scripts:
        visit.check()
    page.get_by_role("button", name="Continue").click()
    if scripts:
        visit.check()
    page.get_by_label("What is the story?").fill("We built the ramp together. 🎉 No bus stops.")
    page.get_by_role("button", name="Continue").click()
    answer_the_rest(visit, look=scripts)
    code = page.locator("#code").inner_text()
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", code)
    if scripts:
        visit.check()
    page.get_by_role("button", name="I have the code").click()
    page.get_by_role("link", name="Open my story").click()
    page.get_by_label("What is your code?").fill(code)
    page.get_by_role("button", name="Open my story").click()
    expect(page.get_by_text("We built the ramp together. 🎉")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("waiting its turn")
    if scripts:
        visit.check()
    with transaction(site.engine) as session:
        story = session.exec(select(Story.id)).one()
    pipeline.understand(make_workshop(site.engine, site.desk), story)
    if not scripts:  # with scripts it goes on by itself, as another test looks at
        page.get_by_role("link", name="Load this page again").click()
        expect(page.locator("#status")).to_contain_text("has read your story")
        page.reload()
        expect(page.get_by_text("No bus stops.").first).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("This is wrong"))).to_be_visible()


def test_going_back_to_begin_again_asks_before_any_word_is_lost(visiting: Visiting) -> None:
    visit = visiting(NARROWEST)
    page = visit.go("/tell/before/write")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What is the story?").fill("We built the ramp together.")
    page.get_by_role("button", name="Continue").click()
    where = f"{visit.site.url}/tell/where"
    expect(page).to_have_url(where)
    for _ in range(2):
        page.go_back()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("A story was started in this browser")
    assert visit.fits()
    visit.check()
    page.go_forward()
    expect(page.get_by_label("What is the story?")).to_have_value("We built the ramp together.")
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("button", name="Carry on with it").click()
    expect(page).to_have_url(where)


def test_a_sound_file_is_sent_and_opened_without_scripts(visiting: Visiting, site: Site) -> None:
    sound = {"name": "story.wav", "mimeType": "audio/wav", "buffer": tone()}
    visit = visiting(java_script_enabled=False)
    page = visit.go("/tell/record")
    expect(page.locator("#recorder")).to_be_hidden()
    page.get_by_label("Choose a sound file").set_input_files(sound)  # type: ignore[arg-type]
    page.get_by_role("button", name="Send this file").click()
    answer_the_rest(visit, look=False)
    with Session(site.engine) as session:
        kept = session.exec(select(Recording)).one()
    assert kept.bytes == len(tone())
    told.finish(site.engine, site.desk, told.Told(kept.story_id, ""))
    page.goto(site.url + "/receipt/story")
    expect(page.locator("audio")).to_be_visible()
    address = page.get_by_role("link", name=told.SENTENCES[1]).get_attribute("href") or ""
    assert address.endswith("#t=3.0"), "a browser plays from there by itself"
    sound = page.request.get(site.url + address, headers={"Range": "bytes=0-9"})
    assert (sound.status, len(sound.body())) == (206, 10)
    expect(page.locator("blockquote", has_text=told.SENTENCES[0])).to_be_visible()


def test_mistakes_are_named_and_focus_goes_to_the_summary(visiting: Visiting) -> None:
    visit = visiting()
    page = visit.go("/tell/write")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    visit.check()
    page.get_by_role("link", name="The story is empty").click()
    expect(page.get_by_label("What is the story?")).to_be_focused()
    page.keyboard.type("A story after all.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Which part of town")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    visit.check()


def test_the_whole_form_can_be_done_with_the_keyboard(visiting: Visiting) -> None:
    visit = visiting(LAPTOP)
    page = visit.go("/tell/write")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(visit, "text")
    page.keyboard.type("By keyboard.")
    _press_button(visit)
    _tab_to(visit, "place")
    page.keyboard.type("I would")
    _press_button(visit)
    _press_button(visit)  # when it was may be left open
    for name in ("teller", "with-or-to", "learn"):
        _tab_to(visit, name)
        page.keyboard.press("Space")
        if name != "learn":
            _press_button(visit)
    for use in ("quote", "voice", "publish", "named"):
        _tab_to(visit, use)
        page.keyboard.press("Space")
    _press_button(visit)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    _press_button(visit)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your story is safe with us")


def _tab_to(visit: Visit, name: str) -> None:
    for _ in range(30):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def _press_button(visit: Visit) -> None:
    for _ in range(30):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.matches('.govuk-button[type=submit]')"):
            with visit.page.expect_navigation():
                visit.page.keyboard.press("Enter")
            return
    raise AssertionError("the keyboard does not reach the button")


def test_no_page_scrolls_sideways_at_320_pixels(
    visiting: Visiting, site: Site, tmp_path: Path
) -> None:
    visit = visiting(NARROWEST)
    story = told.tell(site.engine, site.desk, recording=tone())
    told.finish(site.engine, site.desk, story)
    for path in (*PUBLIC, "/nothing-here"):
        visit.go(path.format(way="record"))
        assert visit.fits(), path
        visit.check()
    visit.go("/tell/write").get_by_label("What is the story?").fill("x" * 200)
    visit.page.get_by_role("button", name="Continue").click()
    for path in ("/tell/them", "/tell/uses?easy=1"):
        visit.go(path)
        assert visit.fits(), path
        visit.check()
    sound = tmp_path / "story.wav"
    sound.write_bytes(tone())
    visit.go("/tell/upload").get_by_label("Choose a sound file").set_input_files(sound)
    visit.page.get_by_role("button", name="Send this file").click()
    expect(visit.page).to_have_url(re.compile("/tell/which$"))
    assert visit.fits(), visit.page.url
    visit.check()
    visit.page.get_by_label("What I wrote").check()
    visit.page.get_by_role("button", name="Continue").click()
    expect(visit.page).to_have_url(re.compile("/tell/where$"))
    for step in STEPS:
        expect(visit.page).to_have_url(re.compile(f"/tell/{step}$"))
        assert visit.fits(), visit.page.url
        visit.check()
        answer(visit, step, place="rather-not-say", use="No")
    expect(visit.page).to_have_url(re.compile("/tell/sent$"))
    assert visit.fits(), visit.page.url
    open_story(visit, story.code)
    assert visit.fits(), visit.page.url
    visit.check()


def open_story(visit: Visit, code: str) -> None:
    """Open a story with its code."""
    visit.go("/receipt").get_by_label("What is your code?").fill(code)
    visit.page.get_by_role("button", name="Open my story").click()
    expect(visit.page).to_have_url(re.compile("/receipt/story$"))


def test_the_status_goes_on_by_itself_until_the_story_is_there(
    visiting: Visiting, site: Site
) -> None:
    story = told.tell(site.engine, site.desk, recording=tone())
    visit = visiting(LAPTOP, bypass_csp=False)
    open_story(visit, story.code)
    page = visit.page
    expect(page.locator("#status")).to_contain_text("waiting its turn")
    page.evaluate("window.here = true")
    with transaction(site.engine) as session:
        row = session.get_one(Story, story.story_id)
        row.state, row.progress = StoryState.LISTENING, 0.4
    expect(page.locator("#status")).to_contain_text("listening to your recording")
    told.finish(site.engine, site.desk, story)
    expect(page.get_by_text("Then nobody came back to tell us.").first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("has read your story")
    assert page.evaluate("window.here"), "the page was loaded again"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == [], "it goes on asking"
    assert visit.problems == []


def test_a_click_on_a_sentence_plays_the_recording_from_there(
    visiting: Visiting, site: Site
) -> None:
    story = told.tell(site.engine, site.desk, recording=tone(6))
    told.finish(site.engine, site.desk, story)
    visit = visiting(LAPTOP)
    open_story(visit, story.code)
    visit.check()
    page = visit.page
    page.locator(".sb-line").nth(1).click()
    until(page, "document.getElementById('player').currentTime >= 3")
    assert page.url.endswith("/receipt/story")
    expect(page.locator(".sb-line").nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".sb-line").nth(0)).not_to_have_attribute("aria-current", "true")
    page.locator(".sb-at").first.click()
    until(page, "document.getElementById('player').currentTime < 3")
