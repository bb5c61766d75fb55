"""Masks gone through with the keyboard, on a laptop and on a phone; axe on each page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from storybank.db import reading, transaction
from storybank.tables import Note
from storybank.values import Channel, Role
from tests.browser.conftest import LAPTOP, Site, Visit, until
from tests.browser.test_staff import enter
from tests.factories import make_person
from tests.fakes import NamedRedactor
from tests.staff import tell
from tests.web.test_masks import passages_of

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLISH = "Sąsiadka Anna Smith gotuje. Autobus nie jeździ."
ENGLISH = "My neighbour Anna Smith cooks."
TEXT = "The bus never comes. Anna Smith waits with me. Wilma left."


def test_masks_are_gone_through_with_the_keyboard(
    site: Site, visiting: Callable[..., Visit]
) -> None:
    with transaction(site.engine) as session:
        worker = str(make_person(session, Role.WORKER).id)
    beside = {"channel": Channel.WORKER, "note": "Zora let us in.", "sent_by": worker}
    story = tell(site.engine, site.desk, TEXT, **beside)
    visit = visiting(LAPTOP)
    enter(visit, Role.GOVERNANCE)
    page = visit.go("/masks")
    visit.check()
    page.get_by_label("Checking masks").check()
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(f"{site.url}/masks/{story}")
    visit.check()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    expect(page.locator(".sb-masks__state")).to_have_text("Shown")
    page.evaluate(
        """() => {
            const told = document.querySelector("[id^=note-].sb-masks__told");
            const last = told.lastChild;
            const at = last.data.indexOf("Zora"), range = document.createRange();
            range.setStart(last, at);
            range.setEnd(last, at + 4);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            told.dispatchEvent(new MouseEvent("mouseup"));
        }"""
    )
    expect(page.get_by_label("The words to mask")).to_have_value("Zora")
    page.get_by_role("button", name="Mask these words").click()
    expect(page.locator(".sb-masks__card")).to_have_count(2)

    page.set_viewport_size({"width": 360, "height": 740})
    assert visit.fits()
    visit.check()
    with reading(site.engine) as session:
        assert "Anna Smith waits with me. Wilma left." in passages_of(session)
        assert session.exec(select(Note.masked)).one() == "[person 1] let us in."


def test_a_key_held_down_decides_once_and_shift_leaves_the_keys_to_the_browser(
    site: Site, visiting: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = NamedRedactor("Anna Smith", "Wilma Jones", "Zora Brown").find
    monkeypatch.setattr(NamedRedactor, "find", lambda _, *told: found(*told))
    tell(site.engine, site.desk, "Anna Smith waits. Wilma Jones left. Zora Brown came.")
    visit = visiting({"width": 320, "height": 640})
    enter(visit, Role.GOVERNANCE)
    page = visit.go("/masks")
    page.get_by_label("Checking masks").check()
    page.get_by_role("button", name="Begin").click()
    marked = page.locator(".sb-masks__card--sure, .sb-masks__card--unsure")
    before = marked.count()
    assert before == 3

    expect(page.locator(".sb-scripted").first).to_be_visible()  # from now on keys are heard
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#card-0")).to_be_focused()
    page.keyboard.down("s")
    expect(marked).to_have_count(before - 1)
    until(page, "document.activeElement.closest('.sb-masks__card, .sb-masks__next')")
    for _ in range(3):  # held: the browser goes on saying that it is down
        page.keyboard.down("s")
    page.keyboard.up("s")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".sb-masks__card--shown")).to_have_count(1)
    assert visit.fits()


def test_no_other_button_or_link_loses_english_that_is_being_typed(
    site: Site, visiting: Callable[..., Visit]
) -> None:
    story = tell(site.engine, site.desk, POLISH)
    visit = visiting(LAPTOP)
    enter(visit, Role.GOVERNANCE)
    page = visit.go("/masks?waits=english")
    page.get_by_label("Putting a story into English").check()
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(f"{site.url}/masks/{story}")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    box = page.get_by_label("The story in English")
    box.fill(ENGLISH)
    page.get_by_label("The words to mask").fill("Smith")
    page.get_by_role("button", name="Mask these words").click()
    expect(box).to_be_focused()
    page.get_by_role("link", name="Search", exact=True).click(no_wait_after=True)
    until(page, "document.hasFocus()")
    expect(box).to_have_value(ENGLISH)
    assert asked == ["confirm", "beforeunload"]
    expect(page.locator(".sb-masks__card")).to_have_count(0)
    page.get_by_role("button", name="Keep this English").click()
    expect(page.get_by_text("Your English is kept.")).to_be_visible()
    page.get_by_label("The words to mask").fill("Smith")
    page.get_by_role("button", name="Mask these words").click()
    expect(page.locator(".sb-masks__card").first).to_be_visible()
    assert asked == ["confirm", "beforeunload"], "what is kept cannot be lost"
