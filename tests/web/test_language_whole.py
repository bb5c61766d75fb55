"""Every sentence of residents' pages is in the catalogues: seen with a language that is all marks.

In the marked language each sentence stands in ⟦ ⟧. What a page shows outside of them was written
past the catalogues, unless it is marked as English (names of programmes) or as told.
"""

import gettext
import re

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.capture.intake import Desk
from storybank.db import transaction
from tests import told
from tests.factories import make_place, make_programme
from tests.pages import Page, PageClient
from web.language import LANGUAGES, Speech

pytestmark = pytest.mark.database

LETTERS = re.compile(r"[^\W\d_]{2,}")
OURS = re.compile(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧")
"""A sentence; another one may be put into it."""
AS_TOLD = ("sb-words", "sb-told", "sb-correct__mine", "sb-languages", "sb-break", "sb-quote")
NAMES = {"Storybank", "Blackbird", "Leys"}
"""Of this site, and of the place that `make_place` makes."""
SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")


class Marks(gettext.NullTranslations):
    """A language in which every sentence is its English between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def marked(app: FastAPI, client: TestClient, engine: Engine) -> PageClient:
    """A client that reads every page in the marked language."""
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
    app.state.speeches["pl"] = Speech(LANGUAGES["pl"], Marks())
    client.headers["Accept-Language"] = "pl"
    return PageClient(client)


def unmarked(page: Page) -> list[str]:
    """Words that a reader of the page meets outside of any sentence of the catalogues."""
    found = []
    for element in page.elements:
        around = (*element.path, element)
        if any(e.tag in {"head", "script", "style", "svg", "textarea"} for e in around):
            continue
        if any(e["lang"] and e.tag != "html" for e in around):
            continue
        if any(name in e["class"].split() for e in around for name in AS_TOLD):
            continue
        found += [element[name] for name in SPOKEN_ATTRIBUTES if _left(element[name])]
        children = [e for e in page.elements if element in e.path]
        if not children and _left(element.text) and not _within(page, element):
            found.append(element.text.strip())
    return found


def _left(text: str) -> bool:
    words = OURS.sub(" ", text)
    return bool(set(LETTERS.findall(words)) - NAMES)


def _within(page: Page, element: object) -> bool:
    """Whether a link stands inside a sentence of ours, whose marks are in the element round it."""
    path = getattr(element, "path")  # noqa: B009 (an Element of tests.pages)
    text = getattr(element, "text")  # noqa: B009
    return bool(path) and any(text in m for m in OURS.findall(path[-1].text))


def test_pages_that_anybody_may_open_say_nothing_past_the_catalogues(marked: PageClient) -> None:
    for path in (
        "/", "/about", "/accessibility", "/cookies", "/privacy", "/receipt", "/tell/write",
        "/tell/record", "/tell/upload", "/tell/for-somebody",
    ):  # fmt: skip
        assert unmarked(marked.get(path)) == [], path
    for path in ("/tell/check", "/nowhere"):
        assert unmarked(marked.get(path, status=404)) == [], path


def test_the_form_says_nothing_past_the_catalogues_and_nor_do_its_complaints(
    marked: PageClient,
) -> None:
    page = marked.post("/tell/write", {"text": ""}, status=422)
    assert unmarked(page) == []
    page = marked.post("/tell/write", {"text": "The bus was late."})
    for _ in range(12):
        assert unmarked(page) == [], marked.response.url
        forms = [f["action"] for f in page.all("form") if f["action"] != "/tell/delete"]
        if marked.response.url.path == "/tell/sent":
            return
        if forms[0] not in {"/tell/check", "/tell/your-reading"}:  # these take every answer
            refused = marked.post(forms[0], page.form(forms[0]) | {"year": "x"}, status=422)
            assert unmarked(refused) == [], forms[0]
        page = marked.post(forms[0], page.form(forms[0]) | _answers(page))
    raise AssertionError("the form does not end")


def _answers(page: Page) -> dict[str, str]:
    given = {"place": "rather-not-say", "year": "2026", "teller": "about-someone-else"}
    for control in page.all("input", type="radio"):
        given.setdefault(control["name"], control["value"])
    return given


def test_a_told_story_says_nothing_past_the_catalogues(
    marked: PageClient, engine: Engine, app: FastAPI
) -> None:
    desk: Desk = app.state.held.desk
    story = told.tell(engine, desk)
    page = marked.post("/receipt", {"code": story.code})
    assert unmarked(page) == []
    told.finish(engine, desk, story)
    page = marked.get("/receipt/story")
    assert unmarked(page) == []
    links = {e["href"] for e in page.all("a") if not e["hreflang"]}
    links.add("/receipt/uses?easy=1")
    for link in sorted(link for link in links if re.match("/receipt/(?!audio)", link)):
        assert unmarked(marked.get(link)) == [], link
