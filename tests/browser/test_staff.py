"""Staff in a real browser: search, read, hear, code; write up a story; invite. With and without
scripts, on a laptop and on a phone; axe on every page and state."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect
from sqlmodel import select

from storybank.capture.whereabouts import Done, uses_made
from storybank.db import reading, transaction
from storybank.tables import Coding, Story
from storybank.values import Role
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit, until
from tests.clips import recording, tone
from tests.factories import make_place, make_programme
from tests.faults.processes import until as comes_true
from tests.staff import cookie_for, tell, use_hash_embedder

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]
TEXT = "The bus 😀 never comes. Anna Smith waits with me in the rain."


@pytest.fixture(autouse=True)
def _hashed(site: Site) -> None:
    use_hash_embedder(site.app)


def enter(visit: Visit, role: Role, name: str = "Ada Bright") -> None:
    """Give the tab a fresh sign-in."""
    _, cookie = cookie_for(visit.site.engine, role, name)
    visit.page.context.add_cookies(
        [{"name": "storybank-staff", "value": cookie, "url": visit.site.url}]
    )


def select_words(page: Page, words: str) -> None:
    """Select words of the first passage as a mouse would."""
    page.evaluate(
        """words => {
            const passage = document.querySelector("[data-passage]");
            const texts = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT);
            const range = document.createRange();
            const whole = passage.textContent, start = whole.indexOf(words);
            let at = 0, node;
            while ((node = texts.nextNode())) {
                const end = at + node.length;
                if (start >= at && start < end) range.setStart(node, start - at);
                const last = start + words.length;
                if (last > at && last <= end) range.setEnd(node, last - at);
                at = end;
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            passage.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
        }""",
        words,
    )


def test_an_evaluator_searches_and_narrows_without_a_reload(visiting: Visiting, site: Site) -> None:
    tell(site.engine, site.desk, TEXT)
    tell(site.engine, site.desk, "We planted apples by the school.")
    visit = visiting(LAPTOP)
    enter(visit, Role.EVALUATOR)
    page = visit.go("/search")
    visit.check()
    page.evaluate("window.same = true")

    page.get_by_label("Words or meaning").fill("bus in the rain")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark").first).to_have_text("bus")
    page.get_by_label("Services that adapt").check()
    expect(page.locator(".sb-set__chip")).to_have_text(re.compile("Services that adapt"))
    tally = page.locator(".sb-tally")
    expect(tally).to_contain_text("2 stories read by version 1: 0 lived, 1 missing")
    expect(page).to_have_url(re.compile(r"q=bus.*code=aim-adapting"))
    assert page.evaluate("window.same")
    visit.check()

    page.get_by_label("Words or meaning").fill('"zebra moon"')
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name=re.compile("Nothing was found"))).to_be_visible()
    visit.check()


def test_an_evaluator_codes_selected_words_and_takes_it_back(
    visiting: Visiting, site: Site
) -> None:
    story = tell(site.engine, site.desk, TEXT)
    visit = visiting(LAPTOP)
    enter(visit, Role.EVALUATOR)
    page = visit.go(f"/stories/{story}")
    visit.check()

    page.get_by_role("button", name=re.compile("Confirm")).click()
    expect(page.get_by_role("status")).to_have_text("Confirmed: Services that adapt.")
    expect(page.locator(".sb-decided")).to_contain_text("Confirmed by you")
    visit.check()
    page.get_by_role("button", name=re.compile("Take back")).click()
    expect(page.get_by_role("button", name=re.compile("Reject"))).to_be_visible()

    select_words(page, "[person 1] waits with me")
    page.get_by_role("button", name="Add a code to these words").click()
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    expect(page.get_by_label("The words that show it")).to_have_value("[person 1] waits with me")
    page.get_by_label("Code", exact=True).select_option("weak-ties")
    page.get_by_label("Lived").check()
    page.get_by_role("button", name="Add this code").click()
    expect(page.locator(".sb-tagged", has_text="Local connections")).to_contain_text("Added by you")
    visit.check()
    with transaction(site.engine) as session:
        made = session.exec(select(Coding).where(Coding.decision == "added")).one()
    assert TEXT[made.start : made.end] == "Anna Smith waits with me"


def test_a_sentence_is_played_from_its_time(visiting: Visiting, site: Site) -> None:
    story = tell(site.engine, site.desk, TEXT, recording=recording(tone(4), "ogg"))
    visit = visiting(LAPTOP)
    enter(visit, Role.EVALUATOR)
    page = visit.go(f"/stories/{story}")
    visit.check()

    def played() -> bool:
        with reading(site.engine) as session:
            return Done.PLAYED in {use.done for use in uses_made(session, uuid.UUID(story))}

    assert not played(), "only looked at"
    page.get_by_role("link", name=re.compile("Play from 0:00")).first.click()
    until(page, "!document.getElementById('player').paused")
    assert comes_true(played)
    assert page.url.endswith(story)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_worker_writes_up_a_story_and_sees_it_listed(
    visiting: Visiting, site: Site, scripts: bool
) -> None:
    with transaction(site.engine) as session:
        make_place(session)
        make_programme(session)
    visit = visiting(PHONE, java_script_enabled=scripts)
    enter(visit, Role.WORKER, "Wren")
    page = visit.go("/worker")
    page.get_by_role("main").get_by_text("Write up a story").click()
    page.get_by_role("button", name="Send the story").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    if scripts:
        visit.check()
        assert visit.fits()
    page.get_by_label("In their words").fill("She said the lift is mended at last.")
    page.get_by_label("The person's who told it to me").check()
    page.get_by_label("Where did it happen?").select_option("blackbird-leys")
    for group in page.locator(".sb-ask fieldset").all()[:5]:
        group.get_by_label("Yes").check()
    page.get_by_label("They said their answers").check()
    page.get_by_role("button", name="Send the story").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The story is safe")
    if scripts:
        visit.check()
    page.get_by_role("link", name="See what you sent").click()
    expect(page.locator(".sb-state")).to_have_text("Waiting its turn")
    if scripts:
        visit.check()
        with transaction(site.engine) as session:
            story = session.exec(select(Story)).one()
            story.state = "ready"
            session.add(story)
        expect(page.locator(".sb-state")).to_have_text("Ready", timeout=10_000)


def test_an_evaluator_decides_and_adds_without_scripts(visiting: Visiting, site: Site) -> None:
    story = tell(site.engine, site.desk, TEXT)
    visit = visiting(LAPTOP, java_script_enabled=False)
    enter(visit, Role.EVALUATOR)
    page = visit.go("/search")
    page.get_by_label("Services that adapt").check()
    page.get_by_role("button", name="Use these filters").click()
    page.get_by_role("link", name=re.compile("The bus")).click()
    page.get_by_role("button", name=re.compile("Reject")).click()
    expect(page.locator(".sb-decided")).to_contain_text("Rejected by you")
    page.get_by_label("The words that show it").fill("waits with me")
    page.get_by_label("Code", exact=True).select_option("weak-ties")
    page.get_by_label("Lived").check()
    page.get_by_role("button", name="Add this code").click()
    expect(page).to_have_url(re.compile(f"/stories/{story}#c"))
    expect(page.locator(".sb-tagged")).to_have_count(2)


def test_staff_pages_keep_the_policy(visiting: Visiting, site: Site) -> None:
    story = tell(site.engine, site.desk, TEXT, recording=recording(tone(2), "ogg"))
    visit = visiting(LAPTOP, bypass_csp=False)
    enter(visit, Role.EVALUATOR)
    page = visit.go(f"/stories/{story}")
    page.get_by_role("button", name=re.compile("Confirm")).click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed")
    page.goto(f"{site.url}/search?q=bus")
    page.get_by_label("Only missing").check()
    expect(page.locator(".sb-set__chip")).to_have_count(1)
    assert visit.problems == []


def test_a_link_from_elsewhere_leads_somebody_who_is_signed_in_to_its_page(
    site: Site, visiting: Visiting
) -> None:
    page = visiting(LAPTOP).page
    _, cookie = cookie_for(site.engine, Role.EVALUATOR, "Ada Bright")
    staff = {"name": "storybank-staff", "value": cookie, "url": site.url, "sameSite": "Strict"}
    page.context.add_cookies([staff])  # type: ignore[list-item]
    asked: list[Request] = []
    page.on("request", lambda sent: asked.append(sent))
    page.goto(f"data:text/html,<a href='{site.url}/search?q=bus'>Look</a>")
    page.get_by_role("link", name="Look").click()
    expect(page).to_have_url(f"{site.url}/search?q=bus")
    first, last = (r.all_headers() for r in asked if r.url.endswith("/search?q=bus"))
    assert "storybank-staff" not in first.get("cookie", "")
    assert "storybank-staff" in last["cookie"]
