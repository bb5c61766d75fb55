"""The paper form: one page with everything on it, and its copy in the order of the sheet."""

import re
import zlib

import pytest
from sqlmodel import select

from storybank.capture.paper import MAY, Sheet, paper_form
from storybank.consent import QUESTIONS, WORDING
from storybank.db import reading, transaction
from storybank.errors import FontMissing
from storybank.tables import Consent, Story
from storybank.values import Role
from tests.factories import make_place, make_programme
from tests.staff import sign_in

FILLED = {
    "programme": "thriving", "text": "They mended the lift.", "place": "blackbird-leys",
    "month": "5", "year": "2026", "teller": "about-me", "learn": "yes", "quote": "no",
    "voice": "no", "publish": "no", "named": "no", "wording": "2026-11", "told_on": "2026-11-01",
}  # fmt: skip


def words_of(pdf: bytes) -> str:
    """What stands on the pages of a PDF in a reader's own font, in order."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        content = zlib.decompress(stream) if stream[:1] == b"x" else stream
        found += re.findall(rb"\((.*?)(?<!\\)\) Tj", content, re.DOTALL)
    text = b" ".join(found).decode("latin-1")
    return re.sub(r"\\([()\\])", r"\1", text)


def test_one_page_holds_the_question_the_uses_and_the_address() -> None:
    pdf = paper_form(Sheet("Thriving", "What changed for you?", "https://s.example/p/thriving"))
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    words = words_of(pdf)
    order = ["Thriving", "What changed for you?", "Where did it happen?", "When, roughly?",
             "Whose story is it?", "A child's I know", MAY, *(q.ask for q in QUESTIONS),
             "s.example/p/thriving", f"wording {WORDING}"]  # fmt: skip
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    assert words.count("Yes No") == len(QUESTIONS)
    assert b"/Lang (en-GB)" in pdf


@pytest.mark.parametrize("name", ["Long name " * 20, "“Curly” – dashes…", "Społeczność"])
def test_the_longest_names_and_letters_of_other_languages_fit_one_page(name: str) -> None:
    try:
        pdf = paper_form(Sheet(name, "Co? " * 200, f"https://s.example/p/{'x' * 100}"))
    except FontMissing as error:
        pytest.skip(error.message)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1


@pytest.fixture
def lists(engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)


@pytest.mark.database
def test_staff_print_the_form(client, engine, lists):
    sign_in(client, engine, Role.WORKER)
    answer = client.get("/admin/programmes/thriving/paper.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert "127.0.0.1:8000/p/thriving" in words_of(answer.content)
    assert client.get("/admin/programmes/nope/paper.pdf").status_code == 404


@pytest.mark.database
def test_a_copied_sheet_is_one_story_with_the_wording_that_was_printed(
    pages, client, engine, lists
):
    worker = sign_in(client, engine, Role.WORKER)
    page = pages.get("/worker/paper")
    form = page.form("/worker/paper")
    asked = [e["name"] for e in page.elements if e.tag in ("select", "textarea", "input")]
    order = ["text", "place", "month", "teller", "learn", "quote", "named", "wording"]
    assert [asked.index(name) for name in order] == sorted(asked.index(name) for name in order)

    receipt = pages.post("/worker/paper", form | FILLED).one("p", class_="sb-code").text
    assert pages.post("/worker/paper", form | FILLED).one("p", class_="sb-code").text == receipt
    with reading(engine) as session:
        story = session.exec(select(Story)).one()
        consent = session.exec(select(Consent)).one()
    assert (story.channel, story.sent_by, story.happened) == ("paper", worker.person_id, "2026-05")
    assert (consent.how, consent.wording, consent.learn) == ("paper", "2026-11", True)


@pytest.mark.database
def test_the_next_sheet_on_a_page_that_somebody_went_back_to_is_not_lost(
    pages, client, engine, lists
):
    sign_in(client, engine, Role.WORKER)
    form = pages.get("/worker/paper").form("/worker/paper") | FILLED
    pages.post("/worker/paper", form)
    page = pages.post("/worker/paper", form | {"text": "Another sheet."}, status=409)
    assert "A story was sent from this page before, with other contents" in page.words()
    shown = page.form("/worker/paper")
    assert shown["text"] == "Another sheet."
    assert pages.post("/worker/paper", shown).one("p", class_="sb-code")
    with reading(engine) as session:
        assert len(session.exec(select(Story)).all()) == 2


@pytest.mark.database
def test_what_is_missing_is_asked_for(pages, client, engine, lists):
    sign_in(client, engine, Role.WORKER)
    for change, said in (
        ({"text": " "}, "The story is empty"), ({"place": ""}, "Choose the place"),
        ({"teller": "worker"}, "whose story"), ({"quote": ""}, "Choose what is ticked"),
        ({"wording": "new"}, "foot of the sheet"), ({"told_on": "2999-01-01"}, "in the future"),
        ({"teller": "about-a-child", "text": ""}, "Leave out their name"),
        ({"month": "13"}, "1 to 12"), ({"programme": "x"}, "no such programme"),
    ):  # fmt: skip
        page = pages.post("/worker/paper", FILLED | change, status=422)
        assert said in page.words()
        assert page.one("textarea", id="text").text.strip() == (FILLED | change)["text"].strip()
    with reading(engine) as session:
        assert session.exec(select(Story)).all() == []
