"""Pages in other languages in a real browser: from the right, on a narrow phone, by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from storybank.db import transaction
from tests.browser.conftest import Site, Visit
from tests.factories import make_place, make_programme
from web.language import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.database]

NARROWEST = {"width": 320, "height": 640}
BROKEN_WORDS = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), broken = [];
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (text.parentElement.closest("script, style, thead, .govuk-visually-hidden")) continue;
        for (const word of text.data.matchAll(/[^\\s\\-\\/]+/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const parts = [...range.getClientRects()].filter((part) => part.width > 1);
            const tops = parts.map((part) => part.top);
            if (Math.max(...tops) - Math.min(...tops) > 8) broken.push(word[0]);
        }
    }
    return broken;
}"""
"""Words that stand in more than one line."""


@pytest.fixture(autouse=True)
def _places(site: Site) -> None:
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)


def test_arabic_runs_from_the_right_fits_and_is_clean(visiting: Callable[..., Visit]) -> None:
    visit = visiting(NARROWEST, locale="ar")
    for path in ("/", "/tell/write", "/tell/record", "/receipt", "/cookies"):
        page = visit.go(path)
        visit.check()
        assert visit.fits(), path
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert page.locator("h1").evaluate("e => getComputedStyle(e).direction") == "rtl"
    visit.go("/receipt")
    field = page.locator("#code")
    assert field.evaluate("e => getComputedStyle(e).direction") == "ltr", "digits run on"


def test_long_words_fit_the_narrowest_phone_and_none_is_broken(
    visiting: Callable[..., Visit],
) -> None:
    visit = visiting(NARROWEST)
    page = visit.go("/tell/write")
    page.get_by_label("What is the story?").fill("The lift is mended.")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/tell/where$"))
    for code in LANGUAGES:
        for path in ("/", "/cookies", "/privacy", "/tell/record", "/tell/uses?easy=1"):
            visit.go(f"{path}{'&' if '?' in path else '?'}lang={code}")
            assert visit.fits(), f"{path} in {code}"
            assert page.evaluate(BROKEN_WORDS) == [], f"{path} in {code}"


def test_the_mark_of_a_choice_stands_to_the_right_of_its_words(
    visiting: Callable[..., Visit],
) -> None:
    visit = visiting(NARROWEST, locale="ar")
    page = visit.go("/tell/write")
    page.locator("#text").fill("…")
    page.locator("#text").fill("الحافلة")
    page.locator("form[action='/tell/write'] .govuk-button").click()
    visit.go("/tell/who")
    label = page.locator(".govuk-radios__label").first
    ring = label.evaluate(
        "e => { const item = e.parentElement.getBoundingClientRect();"
        " const right = parseFloat(getComputedStyle(e, '::before').right);"
        " return item.right - right - 40; }"
    )
    words = label.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e);"
        " return r.getBoundingClientRect().right; }"
    )
    assert words <= ring, "the ring lies over the words"
    visit.check()
    assert visit.fits()


def test_a_language_is_chosen_by_keyboard_without_scripts(visiting: Callable[..., Visit]) -> None:
    visit = visiting(NARROWEST, java_script_enabled=False)
    page = visit.go("/")
    page.get_by_role("link", name="Polski").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    page.locator("a[href^='/tell/before']").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    expect(page).to_have_url(re.compile("/tell/"))
    visit.go("/receipt")
    page.locator("#code").fill("12")
    page.get_by_role("button", name="Română").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ro")
    expect(page.locator("#code")).to_have_value("12")
    assert visit.fits()
    page.locator("#code").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()  # it was sent, in no new language
    expect(page.locator("html")).to_have_attribute("lang", "ro")
