"""Which language a page speaks, what it remembers, and what stays English."""

import gettext
import uuid

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from storybank.db import transaction
from storybank.tables import Consent
from storybank.values import Role
from tests.factories import make_place, make_programme
from tests.pages import Element, Page, PageClient
from tests.staff import sign_in
from tests.web.test_tell import fill
from web.language import DRAFT_SAYS, LANGUAGES, Speech, english

pytestmark = pytest.mark.database

POLISH = {"Accept-Language": "de-DE,pl-PL;q=0.9,en;q=0.5"}


def test_the_browser_is_asked_and_english_is_the_last_choice(pages: PageClient) -> None:
    assert pages.get("/").one("html")["lang"] == "en-GB"
    assert pages.get("/", headers=POLISH).one("html")["lang"] == "pl"
    assert pages.get("/", headers={"Accept-Language": "de,fr;q=0.2"}).one("html")["lang"] == "en-GB"


def test_what_the_address_asks_for_is_kept_and_beats_the_browser(pages: PageClient) -> None:
    assert pages.get("/?lang=ro", headers=POLISH).one("html")["lang"] == "ro"
    assert pages.get("/about", headers=POLISH).one("html")["lang"] == "ro"
    pages.get("/about?lang=en")
    assert pages.get("/", headers=POLISH).one("html")["lang"] == "en-GB"


def test_a_language_that_is_not_there_changes_nothing(pages: PageClient) -> None:
    for asked in ("xx", "", "en%00", "<b>", "../pl", "PL"):
        assert pages.get(f"/?lang={asked}").one("html")["lang"] == "en-GB"
    assert "storybank-lang" not in pages.client.cookies


def test_arabic_and_urdu_are_written_from_the_right(pages: PageClient) -> None:
    assert {c for c in LANGUAGES if pages.get(f"/?lang={c}").one("html")["dir"] == "rtl"} == {
        "ar",
        "ur",
    }


def test_every_language_is_offered_in_its_own_name(pages: PageClient) -> None:
    page = pages.get("/about?programme=a&lang=ar")
    entries = [e for e in page.all("li") if e["hreflang"] or e["lang"]]
    assert [e.text.strip() for e in entries] == [one.name for one in LANGUAGES.values()]
    links = [e for e in page.all("a") if e["hreflang"]]
    assert len(links) == len(LANGUAGES) - 1
    assert {e["href"] for e in links} == {
        f"/about?programme=a&lang={code}" for code in LANGUAGES if code != "ar"
    }


def notes(pages: PageClient, path: str) -> list[Element]:
    return pages.get(path).all("div", class_="sb-draft-language")


def test_a_page_with_a_draft_says_so_in_its_language_and_in_english(
    pages: PageClient, app: FastAPI
) -> None:
    for code, speech in app.state.speeches.items():
        page = pages.get(f"/?lang={code}")
        found = page.all("div", class_="sb-draft-language")
        assert len(found) == (0 if code == "en" else 1), code
        for note in found:
            assert speech.say(DRAFT_SAYS) in note.text
            assert DRAFT_SAYS in [e.text for e in page.all("span", lang="en") if note in e.path]


class OnlyOneDraft(gettext.NullTranslations):
    """Polish of which everything is approved but a caption of the cookie page."""

    def gettext(self, message: str) -> str:
        return english(message) if message == "Every cookie of this site" else f"[{message}]"


class Drafted(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"({message})"


def test_the_note_goes_from_a_page_of_which_everything_is_approved(
    pages: PageClient, app: FastAPI
) -> None:
    app.state.speeches["pl"] = Speech(LANGUAGES["pl"], OnlyOneDraft(), Drafted())
    assert len(notes(pages, "/cookies?lang=pl")) == 1
    assert notes(pages, "/accessibility") == [], "another page's draft is no draft of this one"
    assert len(notes(pages, "/cookies")) == 1


def test_pages_of_staff_are_in_english_without_a_menu(pages: PageClient, engine: Engine) -> None:
    page = pages.get("/sign-in?lang=pl", headers=POLISH)
    assert page.one("html")["lang"] == "en-GB"
    assert page.all("div", class_="sb-languages") == []
    sign_in(pages.client, engine, Role.EVALUATOR)
    assert pages.get("/stories?lang=ar").one("html")["lang"] == "en-GB"
    assert pages.get(f"/stories/{uuid.uuid4()}", status=404).one("html")["lang"] == "en-GB"


def test_an_error_is_said_in_the_language_of_whoever_meets_it(
    pages: PageClient, client: TestClient, app: FastAPI
) -> None:
    polish = app.state.speeches["pl"]
    page = pages.get("/nowhere", status=404, headers=POLISH)
    assert page.one("h1").text == polish.say("Page not found") != "Page not found"
    text = client.get("/nowhere", headers=POLISH | {"Accept": "text/plain"}).text
    assert text in page.words()
    assert "If you typed" not in text


def test_a_problem_with_an_answer_is_said_in_the_language(pages: PageClient, app: FastAPI) -> None:
    polish = app.state.speeches["pl"]
    page = pages.post("/tell/write", {"text": " "}, status=422, headers=POLISH)
    empty = "The story is empty. Write at least a few words, or record your voice instead."
    assert polish.say(empty) != empty
    assert polish.say(empty) in page.words()
    assert empty not in page.words()


def speak(pages: PageClient, path: str, code: str, **typed: str) -> Page:
    """Press a language over a page with a form that is filled in."""
    page = pages.get(path)
    button = page.one("button", name="speak", value=code)
    assert page.one("form", id=button["form"])["action"] == path.partition("?")[0]
    shown = pages.post(path.partition("?")[0], page.form(path.partition("?")[0]) | typed
                       | {"speak": code})  # fmt: skip
    assert shown.one("html")["lang"] == code
    assert shown.all("div", class_="govuk-error-summary") == [], "nobody has pressed Continue yet"
    return shown


def test_another_language_keeps_what_is_typed_and_sends_nothing(
    pages: PageClient, engine: Engine
) -> None:
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
    page = speak(pages, "/tell/write", "pl", text="Half a sen")
    assert page.one("textarea").text.strip() == "Half a sen"
    assert pages.response.request.method == "GET", "a browser writes to its disk what it posted"
    page = fill(pages, page, "/tell/write", text=" half a sentence.")
    assert pages.get("/tell/where").one("html")["lang"] == "pl", "the language is remembered"
    page = speak(pages, "/tell/where", "ro", place="blackbird-leys")
    assert [o["value"] for o in page.all("option") if "selected" in o.attributes] == [
        "blackbird-leys"
    ]
    page = fill(pages, page, "/tell/where")
    page = speak(pages, "/tell/when", "pt", month="nothing", year="20")
    assert (page.one("input", id="month")["value"], page.one("input", id="year")["value"]) == (
        "nothing", "20",
    )  # fmt: skip
    page = fill(pages, page, "/tell/when", month="", year="")
    assert checked(speak(pages, "/tell/who", "pl", teller="about-me")) == {"about-me"}
    page = speak(pages, "/tell/them", "ar", them="child", relation="friend")
    assert checked(page) == {"child", "friend"}
    fill(pages, pages.get("/tell/who"), "/tell/who", teller="about-me")
    page = speak(pages, "/tell/your-reading", "bn", **{"with-or-to": "with", "overall": "bad"})
    assert checked(page) == {"with", "bad"}
    pages.post("/tell/your-reading", page.form("/tell/your-reading"))
    for path, code in (("/tell/uses", "ur"), ("/tell/uses?easy=1", "pl")):
        page = speak(pages, path, code, learn="yes", voice="no")
        assert checked(page) == {"yes", "no"}
        assert bool(page.all("div", class_="sb-easy")) == path.endswith("1")


def checked(page: Page) -> set[str]:
    return {e["value"] for e in page.all("input") if "checked" in e.attributes}


def test_consent_is_kept_with_the_language_in_which_it_was_asked(
    pages: PageClient, engine: Engine
) -> None:
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
    pages.client.headers["Accept-Language"] = "ur"
    page = pages.post("/tell/write", {"text": "بس دیر سے آئی۔"})
    answers = {"place": "rather-not-say", "year": "2026", "teller": "about-me"}
    while pages.response.url.path != "/tell/sent":
        form = next(f["action"] for f in page.all("form") if f["action"] != "/tell/delete")
        said = {e["name"]: "yes" for e in page.all("input", type="radio") if e["value"] == "yes"}
        page = pages.post(form, page.form(form) | answers | said)
    assert page.one("p", class_="sb-code")["dir"] == "ltr", "groups of digits keep their order"
    with transaction(engine) as session:
        assert session.exec(select(Consent)).one().wording == "2026-11/ur"
