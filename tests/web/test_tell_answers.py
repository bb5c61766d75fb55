"""What a resident is asked beside the story: whose it is, how they read it, in and out."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from storybank.tables import Consent, Story, TellerAnswer
from tests.factories import make_place, make_programme
from tests.pages import PageClient
from tests.web.test_tell import ABOUT, USES, WORDS, answer_about, fill, tell

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]


def test_a_story_about_a_child_asks_for_care_and_says_who_gave_consent(
    pages: PageClient, engine: Engine
) -> None:
    tell(pages)
    page = fill(pages, pages.get("/tell/who"), "/tell/who", teller="about-someone-else")
    assert "leave out their name, their school and their street" in page.words()
    page = fill(pages, page, "/tell/them", them="child", relation="parent")
    assert page.one("h1").text == "Check your answers"
    assert "A child or young person under 18" in page.words()
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        assert session.exec(select(Story)).one().teller == "about-a-child"
        assert session.exec(select(Consent)).one().given_by == "parent"


def test_a_story_that_is_about_the_teller_after_all_forgets_the_other(
    pages: PageClient, engine: Engine
) -> None:
    tell(pages)
    fill(pages, pages.get("/tell/who"), "/tell/who", teller="about-someone-else")
    fill(pages, pages.get("/tell/them"), "/tell/them", them="child", relation="parent")
    page = fill(pages, pages.get("/tell/who"), "/tell/who", teller="about-me")
    assert "child" not in page.words()
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        assert session.exec(select(Story)).one().teller == "about-me"
        assert session.exec(select(Consent)).one().given_by == "teller"


def test_the_tellers_own_reading_is_stored_and_skipped_questions_are_not(
    pages: PageClient, engine: Engine
) -> None:
    page = fill(pages, pages.get("/tell/write"), "/tell/write", text=WORDS)
    for action, answers in ABOUT[:3]:
        page = fill(pages, page, action, **answers)
    form = page.form("/tell/your-reading")
    assert "with-or-to" not in form
    chosen = {"what-changed": ["joined-in", "know-people"], "who-was-missing": ["nobody", "health"]}
    page = pages.post("/tell/your-reading", form | chosen | {"overall": "both"})
    page = fill(pages, page, "/tell/uses", **USES)
    assert "I joined in" in page.words()
    assert "Skipped" in page.words()
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        rows = session.exec(select(TellerAnswer.question, TellerAnswer.answer)).all()
    assert dict(rows) == {
        "who-was-missing": "health",
        "what-changed": "joined-in know-people",
        "overall": "both",
    }


def test_the_easy_read_page_asks_the_same_in_short_sentences_and_is_recorded(
    pages: PageClient, engine: Engine
) -> None:
    tell(pages)
    plain, easy = pages.get("/tell/uses"), pages.get("/tell/uses?easy=1")
    asked = {e["name"] for e in plain.all("input", type="radio")}
    assert {e["name"] for e in easy.all("input", type="radio")} == asked
    said = [e.text.strip() for tag in ("p", "legend", "h1") for e in easy.all(tag)]
    inside = [s for s in said if s and s in easy.one("div", class_="sb-easy").text]
    assert len(inside) > 15
    sentences = [part for text in inside for part in re.split(r"(?<=[.?])\s", text)]
    assert [s for s in sentences if len(s.split()) > 15] == []
    page = pages.post("/tell/uses", easy.form("/tell/uses") | {"learn": "no"})
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        assert session.exec(select(Consent)).one().wording == "2026-11/easy"


def test_a_programmes_link_presets_programme_and_place(pages: PageClient, engine: Engine) -> None:
    home = pages.get("/p/warm-rooms?place=blackbird-leys")
    way = home.all("a", class_="sb-way")[1]["href"]
    write = fill(pages, pages.get(way), "/tell/before/write")
    page = fill(pages, write, "/tell/write", text=WORDS)
    assert page.all("form", action="/tell/when"), "the place is asked all the same"
    for action, answers in ABOUT[1:]:
        page = fill(pages, page, action, **answers)
    page = fill(pages, page, "/tell/uses", **USES)
    assert "Blackbird Leys" in page.words()
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        story = session.exec(select(Story)).one()
        assert story.programme_id == make_programme(session, "warm-rooms").id
        assert story.place_id == make_place(session).id


def test_a_mistyped_place_or_programme_does_not_stop_a_story(
    pages: PageClient, engine: Engine
) -> None:
    pages.get("/p/no-such-programme", status=404)
    page = pages.get("/tell/write?programme=typo&place=nowhere")
    page = fill(pages, page, "/tell/write", text=WORDS)
    page = answer_about(pages, page)
    fill(pages, fill(pages, page, "/tell/uses", **USES), "/tell/check")
    with Session(engine) as session:
        assert session.exec(select(Story)).one().programme_id == make_programme(session).id


def test_leaving_in_a_hurry_closes_the_story_in_this_browser(
    pages: PageClient, client: TestClient
) -> None:
    tell(pages)
    answer = client.get("/leave", follow_redirects=False)
    assert answer.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert "storybank-draft" not in client.cookies
    pages.get("/tell/check", status=404)


def test_a_link_on_another_site_does_not_close_a_story(
    pages: PageClient, client: TestClient
) -> None:
    tell(pages)
    client.get("/leave", headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
    assert "storybank-draft" in client.cookies
