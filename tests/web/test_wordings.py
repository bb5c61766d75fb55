"""A programme's own words of consent: written by an admin, and asked on every way in."""

import base64
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from storybank.capture import wordings
from storybank.capture.odk_form import make_form, terms_of
from storybank.consent import QUESTIONS, SHIPPED, Translated
from storybank.db import transaction
from storybank.tables import Consent, ConsentWording, Story
from storybank.values import Role
from tests import phone
from tests.factories import make_person, make_place, make_programme
from tests.staff import sign_in
from tests.survey_apps import Collect, filled, new_id, said
from tests.web.phoned import make_key
from tests.web.test_paper import words_of
from tests.web.test_tell import ABOUT, USES, WORDS, fill

pytestmark = pytest.mark.database

ASK = "May the club read your story?"
HINT = "We hide names first. Only the club reads it."
ARABIC = Translated(
    "ar", (("هل يقرأ النادي قصتك؟", "نخفي الأسماء أولا. النادي فقط يقرأها."), *[("", "")] * 4)
)
ENGLISH_ONLY = "These words are in English only."
PAGE = "/admin/programmes/sport/wording"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _lists(engine):
    with transaction(engine) as session:
        make_programme(session)
        make_programme(session, "sport")
        make_place(session)


@pytest.fixture
def own(engine):
    """The programme "sport" asks in words of its own; gives a way to write the next version."""

    def write(ask=ASK, translated=(), second=()):
        with transaction(engine) as session:
            by = make_person(session, Role.ADMIN).id
            questions = (replace(QUESTIONS[0], ask=ask, hint=HINT), *(second or QUESTIONS[1:2]),
                         *QUESTIONS[2:])  # fmt: skip
            sport = make_programme(session, "sport")
            return wordings.write(session, sport, questions, "The club asks.", translated, by=by)

    write()
    return write


def consents(engine):
    with Session(engine) as session:
        return [row.wording for row in session.exec(select(Consent).order_by(Consent.id))]


def tell_in_sport(pages):
    """A resident's answers up to the page about the uses."""
    page = fill(pages, pages.get("/tell/write?programme=sport"), "/tell/write", text=WORDS)
    for action, answers in ABOUT:
        page = fill(pages, page, action, **answers)
    return page


def test_an_admin_writes_looks_keeps_and_goes_back(pages, client, engine):
    sign_in(client, engine, Role.ADMIN)
    page = pages.get("/admin/lists")
    assert PAGE in [a["href"] for a in page.all("a")]
    form = pages.get(PAGE).form(PAGE)
    assert "are the words of now" in pages.post(PAGE, form, status=422).words()
    wrong = form | {
        "learn-ask": "Yes?" * 40,
        "quote-ask": "Say yes",
        "named-short": "",
        "spoken": "",
    }
    said = pages.post(PAGE, wrong, status=422).words()
    for sentence in ("at most 120", "answered yes or no", "short form", "read aloud"):
        assert sentence in said
    preview = pages.post(PAGE, form | {"learn-ask": f" {ASK} ", "learn-hint": HINT})
    assert ASK in preview.words()
    again = pages.post(PAGE, preview.form(PAGE) | {"do": "change"})
    assert again.one("textarea", id="learn-ask").text.strip() == ASK
    kept = pages.post(PAGE, preview.form(PAGE) | {"do": "keep"})
    assert "sport/1" in kept.words()
    assert ASK in pages.get(f"{PAGE}?version=sport/1").words()
    pages.get(f"{PAGE}?version=sport/9", status=404)
    assert "words from before" in pages.post(f"{PAGE}/use", {"version": ""}).words()
    with Session(engine) as session:
        row = session.exec(select(ConsentWording)).one()
        assert not row.active
        assert wordings.wording_for(session, row.programme_id) == SHIPPED
    pages.post(f"{PAGE}/use", {"version": "sport/1"})
    pages.post("/admin/programmes/nope/wording", {}, status=404)


def test_an_admin_writes_the_words_in_the_tellers_languages(pages, client, engine):
    sign_in(client, engine, Role.ADMIN)
    (ask, hint), form = ARABIC.questions[0], pages.get(PAGE).form(PAGE)
    form |= {"learn-ask": ASK, "learn-hint": HINT}
    for wrong, says in (
        ({"ar-learn-ask": ask}, "Write the hint, too"),
        ({"ar-learn-hint": hint}, "with its question mark"),
        ({"ar-learn-ask": ask * 10, "ar-learn-hint": hint}, "at most 180"),
    ):
        page = pages.post(PAGE, form | wrong, status=422)
        assert says in page.words()
        assert len([e for e in page.all("details") if "open" in e.attributes]) == 1
    preview = pages.post(PAGE, form | {"ar-learn-ask": ask, "ar-learn-hint": hint})
    assert ask in preview.one("div", lang="ar", dir="rtl").text
    spoken = {"ar-spoken": "هل توافق؟"}
    kept = pages.post(PAGE, preview.form(PAGE) | spoken | {"do": "keep"})
    assert "العربية: no question is asked in English" in kept.words()
    assert "Polski: 1 of 5 questions is asked in English" in kept.words()
    with Session(engine) as session:
        row = session.exec(select(ConsentWording)).one()
        stored = wordings.wording_for(session, row.programme_id).translated
        assert stored == (replace(ARABIC, spoken=spoken["ar-spoken"]),)
    form = kept.form(PAGE)
    assert form["ar-learn-ask"] == ask
    for change in ({"learn-ask": "May the club see your story?"}, {"spoken": "May we play it?"}):
        assert "stayed as they were in: العربية" in pages.post(PAGE, form | change).words()


def test_a_resident_is_asked_in_the_programmes_words_and_they_are_stored(pages, engine, own):
    page = tell_in_sport(pages)
    assert ASK in page.words()
    own("May the club and its guests read your story?")  # while the page stands open
    page = fill(pages, page, "/tell/uses", **USES)
    assert ASK in page.words()
    assert "guests" not in page.words()
    fill(pages, page, "/tell/check")
    assert consents(engine) == ["sport/1"]
    shown = pages.get("/receipt/story")
    assert ASK in shown.words()
    page = pages.get("/receipt/uses")
    assert ASK in page.words()
    fill(pages, page, "/receipt/uses", quote="no")
    assert consents(engine) == ["sport/1", "sport/1"]


def test_words_that_nobody_translated_are_marked_as_english_and_easy_read_asks_them_too(
    pages, engine, own
):
    pages.client.headers["Accept-Language"] = "pl"
    page = tell_in_sport(pages)
    marked = [e.text for e in page.all("span", lang="en")]
    assert ASK in marked
    assert HINT in marked
    easy = pages.get("/tell/uses?easy=1")
    marked = [e.text for e in easy.all("span", lang="en")]
    assert [m for m in marked if m in HINT] == ["We hide names first.", "Only the club reads it."]
    assert ASK in marked
    page = pages.post("/tell/uses", easy.form("/tell/uses") | USES)
    fill(pages, page, "/tell/check")
    # Four of the five are the council's, and were said in Polish.
    assert consents(engine) == ["sport/1/pl/easy"]


def test_a_teller_is_asked_in_the_language_that_the_programme_wrote_and_it_is_stored(
    pages, app, engine, own
):
    own(translated=[ARABIC])
    pages.client.headers["Accept-Language"] = "ar"
    (ask, hint), says = ARABIC.questions[0], app.state.speeches["ar"].say(ENGLISH_ONLY)
    page = tell_in_sport(pages)
    assert ask in page.words()
    assert hint in page.words()
    assert says not in page.words(), "the other four are in the catalogue"
    assert not [e for e in page.all("span", lang="en") if e.text in {ASK, HINT, ask}]
    refused = pages.post("/tell/uses", page.form("/tell/uses"), status=422)
    assert any(ask in e.text for e in refused.all("a"))
    easy = pages.get("/tell/uses?easy=1")
    assert [e.text for e in easy.all("p") if e.text and e.text in hint] == [
        "نخفي الأسماء أولا.", "النادي فقط يقرأها.",
    ]  # fmt: skip
    page = pages.post("/tell/uses", easy.form("/tell/uses") | USES)
    assert ask in page.words()
    fill(pages, page, "/tell/check")
    assert consents(engine) == ["sport/2/ar/easy"]
    assert ask in pages.get("/receipt/story").words()
    assert ask in pages.get("/receipt/uses").words()
    assert ASK in pages.get("/receipt/uses?lang=en").words()


def test_a_page_says_once_which_words_are_in_english_only(pages, app, engine, own):
    pages.client.headers["Accept-Language"] = "ar"
    says = app.state.speeches["ar"].say(ENGLISH_ONLY)
    own(second=[replace(QUESTIONS[1], ask="May the club quote you?", hint="")])
    page = tell_in_sport(pages)
    for path in ("/tell/uses", "/tell/uses?easy=1"):
        assert pages.get(path).words().count(says) == 1
    assert ASK in [e.text for e in pages.get("/tell/uses").all("span", lang="en", dir="ltr")]
    fill(pages, fill(pages, page, "/tell/uses", **USES), "/tell/check")
    assert pages.get("/receipt/uses").words().count(says) == 1
    assert ENGLISH_ONLY not in pages.get("/receipt/uses?lang=en").words()


def test_the_prompt_is_said_in_the_tellers_language_where_it_was_written(
    pages, client, app, engine
):
    sign_in(client, engine, Role.ADMIN)
    at = "/admin/programmes/sport/prompt"
    assert "at most 300" in pages.post(at, {"ar": "م" * 301}, status=422).words()
    kept = pages.post(at, pages.get(at).form(at) | {"ar": " ماذا  تغير؟ "})
    assert kept.one("textarea", id="ar", dir="rtl").text.strip() == "ماذا تغير؟"
    client.cookies.clear()
    says = app.state.speeches["ar"].say(ENGLISH_ONLY)
    for way in ("/", "/tell/write", "/tell/record", "/tell/upload"):
        page = pages.get(f"{way}?programme=sport&lang=ar")
        assert "ماذا تغير؟" in page.words()
        assert says not in page.words()
        other = pages.get(f"{way}?programme=thriving&lang=ar")
        assert says in other.words()
        assert "What changed for you?" in [e.text for e in other.all("span", lang="en", dir="ltr")]
        assert says not in pages.get(f"{way}?programme=sport&lang=en").words()


def test_a_worker_gets_the_questions_of_the_programme_and_cannot_make_words_up(
    pages, client, engine, own
):
    sign_in(client, engine, Role.WORKER)
    form = pages.get("/worker/new").form("/worker/new")
    part = pages.part("/worker/new?programme=sport&shown=2026-11")
    assert part.one("input", name="shown")["value"] == "sport/1"
    assert ASK in part.source
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert (
        client.get("/worker/new?programme=sport&shown=sport/1", headers=headers).status_code == 204
    )
    filled_in = form | USES | {"text": WORDS, "place": "blackbird-leys", "teller": "about-me",
                               "programme": "sport", "how": "helper"}  # fmt: skip
    page = pages.post("/worker/new", filled_in, status=422)
    assert "asks in other words" in page.words()
    assert ASK in page.words()
    assert not any("checked" in e.attributes for e in page.all("input", name="learn"))
    shown = pages.post("/worker/new", filled_in | {"show": "1"})
    assert ASK in shown.words()
    pages.post("/worker/new", filled_in | {"shown": "sport/7", "asked_for": "sport"}, status=422)
    assert consents(engine) == []
    pages.post("/worker/new", page.form("/worker/new") | USES)
    assert consents(engine) == ["sport/1"]


def test_the_sheet_and_its_copy_are_in_the_same_words(pages, client, engine, own):
    sign_in(client, engine, Role.WORKER)
    printed = words_of(client.get("/admin/programmes/sport/paper.pdf").content)
    assert ASK in printed
    assert "wording sport/1" in printed
    own("Another question?")
    assert ASK in pages.part("/worker/paper?programme=sport&wording=sport/1&shown=sport/2").source
    form = pages.get("/worker/paper").form("/worker/paper")
    copied = form | USES | {"text": WORDS, "place": "blackbird-leys", "teller": "about-me",
                            "programme": "sport", "told_on": "2026-11-01"}  # fmt: skip
    page = pages.post("/worker/paper", copied | {"wording": "sport/4"}, status=422)
    assert "foot of the sheet, like sport/2" in page.words()
    pages.post("/worker/paper", copied | {"wording": "sport/1"})
    assert consents(engine) == ["sport/1"]


def test_a_phone_is_told_each_programmes_words_and_cannot_make_any_up(client, engine, own):
    sign_in(client, engine, Role.WORKER)
    me = client.get("/collect/me", headers=SAME).json()
    sport = next(p for p in me["programmes"] if p["slug"] == "sport")
    assert sport["consent"]["wording"] == "sport/1"
    assert sport["consent"]["questions"][0]["ask"] == ASK
    assert sport["consent"]["spoken"] == "The club asks."
    assert "consent" not in me["programmes"][0], "one without words of its own has the council's"
    key = base64.b64decode(me["key"])
    for wording, status in (("sport/1", 201), ("sport/8", 422)):
        item = phone.Story(key, phone.details(programme="sport", consent={"wording": wording}))
        answer = client.post("/collect/stories", json=item.body, headers=SAME)
        assert answer.status_code == status
    assert "do not know the wording" in answer.json()["error"]
    assert consents(engine) == ["sport/1"]


def test_a_survey_app_asks_in_the_programmes_words_and_cannot_make_any_up(client, engine, own):
    with transaction(engine) as session:
        form = make_form(terms_of(session, make_programme(session, "sport")))
        admin = sign_in(client, engine, Role.ADMIN)
        worker = make_person(session, Role.WORKER).id
        token = make_key(session, admin, worker, "sport", "Green phone")
    assert ASK.encode() in form.xml
    assert b"'sport/1'" in form.xml
    collect = Collect(client, f"/key/{token}")
    made_up = collect.post(filled(new_id(), "storybank-sport", wording="sport/8"))
    assert made_up.status_code == 422
    assert "do not know the wording" in said(made_up)
    assert collect.post(filled(new_id(), "storybank-sport", wording="sport/1")).status_code == 201
    with Session(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
    assert consents(engine) == ["sport/1"]
