"""A resident's journey without scripts: each page, each mistake, and what is stored in the end."""

import io
import wave
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from storybank.db import transaction
from storybank.tables import Draft, Recording, Story
from tests.factories import make_programme
from tests.pages import Page, PageClient

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]

WORDS = "They asked us first, and then they built the ramp where we said. Zanzibar!"
ABOUT = (
    ("/tell/where", {"place": "blackbird-leys"}),
    ("/tell/when", {"month": "5", "year": "2026"}),
    ("/tell/who", {"teller": "about-me"}),
    ("/tell/your-reading", {"with-or-to": "with"}),
)
"""The pages between the story and its uses, with an answer each."""
USES = {"learn": "yes", "quote": "yes", "voice": "no", "publish": "no", "named": "no"}


def tone(seconds: float = 1.0) -> bytes:
    """A recording of a WAV file with a little sound in it."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(range(0, 200, 2)) * int(seconds * 160))
    return buffer.getvalue()


def fill(pages: PageClient, page: Page, action: str, **answers: str) -> Page:
    """Send a form as the page shows it, with some answers filled in."""
    return pages.post(action, page.form(action) | answers)


def answer_about(pages: PageClient, page: Page) -> Page:
    """Answer the questions about the story, up to the page about its uses."""
    for action, answers in ABOUT:
        page = fill(pages, page, action, **answers)
    return page


def tell(pages: PageClient, words: str = WORDS) -> Page:
    """Go through the form up to the page where answers are checked."""
    page = fill(pages, pages.get("/tell/write"), "/tell/write", text=words)
    page = answer_about(pages, page)
    return fill(pages, page, "/tell/uses", **USES)


def test_the_start_page_offers_every_way(pages: PageClient) -> None:
    page = pages.get("/?programme=warm-rooms")
    ways = [link["href"] for link in page.all("a", class_="sb-way")]
    assert ways == [
        "/tell/before/record?programme=warm-rooms",
        "/tell/before/write?programme=warm-rooms",
        "/tell/before/upload?programme=warm-rooms",
        "/tell/for-somebody?programme=warm-rooms",
    ]
    assert "Warm-Rooms" in page.words()


def test_a_typed_story_is_sent_and_gives_a_code(pages: PageClient, engine: Engine) -> None:
    check = tell(pages)
    assert check.one("h1").text == "Check your answers"
    for said in (
        WORDS,
        "Blackbird Leys",
        "May 2026",
        "some of your words in a report, without your name? Yes",
    ):
        assert said in check.words()
    sent = fill(pages, check, "/tell/check")
    assert sent.one("h1").text == "Your story is safe with us"
    code = sent.one("p", id="code").text
    assert [len(group) for group in code.split()] == [4, 4, 4, 4]
    with Session(engine) as session:
        story = session.exec(select(Story)).one()
        assert (story.may_learn, story.may_quote, story.may_voice) == (True, True, False)
        assert (story.happened, story.teller, story.channel) == ("2026-05", "about-me", "web")
        assert session.exec(select(Draft)).all() == []


def test_typed_words_keep_the_language_of_the_form(pages: PageClient, engine: Engine) -> None:
    pages.get("/?lang=ro")
    fill(pages, tell(pages), "/tell/check")
    with Session(engine) as session:
        assert session.exec(select(Story)).one().language == "ro"


def test_a_story_for_somebody_else_keeps_programme_and_helper(
    pages: PageClient, engine: Engine
) -> None:
    helper = pages.get("/tell/for-somebody?programme=warm-rooms")
    address = helper.all("a", class_="sb-way")[1]["href"]
    write = fill(pages, pages.get(address), "/tell/before/write")
    page = fill(pages, write, "/tell/write", text=WORDS)
    page = answer_about(pages, page)
    assert "Read each question aloud" in page.words()
    page = fill(pages, page, "/tell/uses", **USES)
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        story = session.exec(select(Story)).one()
        assert story.programme_id == make_programme(session, "warm-rooms").id


def test_an_empty_story_is_named_in_the_summary_and_beside_the_box(pages: PageClient) -> None:
    page = pages.post("/tell/write", pages.get("/tell/write").form("/tell/write"), status=422)
    assert page.one("title").text.startswith("Error: ")
    assert (
        page.one("a", href="#text").text
        == page.one("p", id="text-error").text.replace("Error:", "").strip()
    )


@pytest.mark.parametrize(
    ("action", "wrong", "named"),
    [
        ("/tell/where", {}, ["#place"]),
        ("/tell/when", {"month": "13", "year": "2025"}, ["#month"]),
        ("/tell/when", {"month": "5", "year": ""}, ["#year"]),
        ("/tell/who", {}, ["#teller"]),
        ("/tell/them", {"them": "dog"}, ["#them", "#relation"]),
        ("/tell/uses", {"learn": "yes"}, ["#quote", "#voice", "#publish", "#named"]),
    ],
)
def test_what_is_wrong_with_an_answer_is_named_and_the_rest_stays(
    pages: PageClient, action: str, wrong: dict[str, str], named: list[str]
) -> None:
    fill(pages, pages.get("/tell/write"), "/tell/write", text=WORDS)
    page = pages.get(action)
    assert not [e for e in page.all("input") if "checked" in e.attributes], "preselected"
    page = pages.post(action, page.form(action) | wrong, status=422)
    summary = [e["href"] for e in page.all("a") if e["href"].startswith("#")]
    assert summary == ["#main-content", *named]
    kept = {k: v for k, v in wrong.items() if v and v != "dog"}
    assert kept.items() <= page.form(action).items()


def test_changing_an_answer_leads_straight_back_to_the_check(pages: PageClient) -> None:
    tell(pages)
    assert pages.get("/tell/when").form("/tell/when")["year"] == "2026"
    page = fill(pages, pages.get("/tell/when"), "/tell/when", month="", year="")
    page = fill(pages, pages.get("/tell/where"), "/tell/where", place="rather-not-say")
    assert page.one("h1").text == "Check your answers"
    assert "You would rather not say" in page.words()
    assert "Not given" in page.words()


def test_refusing_to_be_read_says_what_that_means(pages: PageClient) -> None:
    tell(pages)
    page = fill(pages, pages.get("/tell/uses"), "/tell/uses", **(USES | {"learn": "no"}))
    assert "nobody will read it" in page.words()


def test_an_uploaded_recording_can_be_heard_and_sent(
    pages: PageClient, client: TestClient, engine: Engine
) -> None:
    sound = tone()
    page = pages.get("/tell/upload")
    page = pages.post("/tell/upload", page.form("/tell/upload"), files={"recording": ("x", sound)})
    page = answer_about(pages, page)
    page = fill(pages, page, "/tell/uses", **USES)
    assert client.get(page.one("audio")["src"]).content == sound
    fill(pages, page, "/tell/check")
    with Session(engine) as session:
        recording = session.exec(select(Recording)).one()
        assert (recording.container, recording.bytes) == ("wav", len(sound))
    story = pages.get("/receipt/story")
    assert client.get(story.one("audio")["src"]).content == sound


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "Choose a sound file first"),
        (b"", "The recording is empty"),
        (b"dear diary", "not a sound recording"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    pages: PageClient, content: bytes | None, says: str
) -> None:
    form = pages.get("/tell/upload").form("/tell/upload")
    files: dict[str, Any] = {"recording": ("a.mp3" if content is not None else "", content or b"")}
    page = pages.post("/tell/upload", form, files=files, status=422)
    assert says in page.one("p", id="recording-error").text


def test_the_recorder_sends_a_raw_body_and_is_told_where_to_go(client: TestClient) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain"}
    kept = client.post("/tell/recording", content=tone(), headers=headers)
    assert (kept.status_code, kept.text) == (201, "/tell/where")
    refused = client.post("/tell/recording", content=b"noise", headers=headers)
    assert refused.status_code == 422
    assert "not a sound recording" in refused.text


def test_a_double_send_shows_the_same_code(
    pages: PageClient, client: TestClient, engine: Engine
) -> None:
    check = tell(pages)
    cookie = client.cookies["storybank-draft"]
    first = fill(pages, check, "/tell/check").one("p", id="code").text
    client.cookies.clear()
    client.cookies["storybank-draft"] = cookie
    again = fill(pages, check, "/tell/check").one("p", id="code").text
    assert again == first
    with Session(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1


def test_no_code_is_shown_to_a_browser_that_sent_nothing(pages: PageClient) -> None:
    pages.get("/tell/sent", status=404)


def test_words_sent_after_the_draft_ran_out_are_kept(pages: PageClient, engine: Engine) -> None:
    form = pages.get("/tell/write").form("/tell/write")
    fill(pages, pages.get("/tell/write"), "/tell/write", text="first")
    with transaction(engine) as session:
        session.delete(session.exec(select(Draft)).one())
    page = pages.post("/tell/write", form | {"text": WORDS})
    assert page.one("h1").text.strip() == "Which part of town was it in?"


def test_a_story_told_after_one_whose_answer_was_lost_is_a_story_of_its_own(
    pages: PageClient, engine: Engine
) -> None:
    check = tell(pages)
    lost = pages.client.cookies["storybank-draft"]
    fill(pages, check, "/tell/check")
    pages.client.cookies.clear()
    pages.client.cookies.set("storybank-draft", lost, domain="testserver.local")
    check = tell(pages, "Something else, told again.")
    assert pages.client.cookies["storybank-draft"] != lost
    fill(pages, check, "/tell/check")
    with transaction(engine) as session:
        assert len(session.exec(select(Story)).all()) == 2


def test_the_cookie_of_the_code_is_worth_nothing_after_a_quarter_of_an_hour(
    pages: PageClient, engine: Engine
) -> None:
    fill(pages, tell(pages), "/tell/check")
    pages.get("/tell/sent")
    with transaction(engine) as session:
        story = session.exec(select(Story)).one()
        story.created_at -= timedelta(minutes=16)
        session.add(story)
    pages.get("/tell/sent", status=404)
