"""Coming back with a code: the page at each step of the work, the sound, and wrong codes."""

import time
import uuid
from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from storybank import throttle
from storybank.capture.intake import Desk
from storybank.db import transaction
from storybank.tables import Attempt, Story
from storybank.values import StoryState
from tests import told
from tests.pages import Page, PageClient
from tests.web.test_tell import tone
from web import receipts

pytestmark = pytest.mark.database


@pytest.fixture
def held_desk(app: FastAPI, client: TestClient) -> Desk:
    """The desk of the running application."""
    desk: Desk = app.state.held.desk
    return desk


def enter(pages: PageClient, code: str, status: int = 200) -> Page:
    """Type a code into the form."""
    form = pages.get("/receipt").form("/receipt")
    return pages.post("/receipt", form | {"code": code}, status=status)


def test_a_code_opens_the_story_however_it_is_typed(
    pages: PageClient, engine: Engine, held_desk: Desk
) -> None:
    story = told.tell(engine, held_desk)
    code = f"{story.code[:4]}-{story.code[4:8]} {story.code[8:]} "
    page = enter(pages, code)
    assert page.one("h1").text == "Your story"
    assert "Margaret" in page.words(), "the teller sees their own words unmasked"
    assert story.code not in str(pages.response.url)
    assert story.code not in str(pages.client.cookies)


@pytest.mark.parametrize("code", ["", "1234", "0000 0000 0000 0000", "é" * 16, "1" * 4000])
def test_a_wrong_code_opens_nothing_and_says_so(pages: PageClient, code: str) -> None:
    page = enter(pages, code, status=422)
    assert "There is no story with this code" in page.one("p", id="code-error").text
    assert pages.response.request.method == "GET", "a browser writes to its disk what it posted"
    assert page.one("input", id="code")["value"] == code[:100]
    assert not code or code[:16] not in str(pages.response.url)
    assert pages.get("/receipt/story").one("h1").text.strip() == "What is your code?"


def test_a_code_of_the_wrong_length_is_counted_for_the_teller(pages: PageClient) -> None:
    assert "You typed 15." in enter(pages, "1234 5678 9012 345", status=422).words()
    assert "You typed" not in enter(pages, "0000 0000 0000 0000", status=422).words()


def test_wrong_codes_are_slowed_and_a_right_one_is_never_shut_out(
    pages: PageClient, engine: Engine, held_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = told.tell(engine, held_desk)
    slowing = replace(receipts.TRIES, free=2, first=0.1, longest=0.2, hurried=1000)
    monkeypatch.setattr(receipts, "TRIES", slowing)
    took = []
    for _ in range(6):
        began = time.monotonic()
        enter(pages, "0000 0000 0000 0001", status=422)
        took.append(time.monotonic() - began)
    assert min(took[3:]) > 0.2
    assert enter(pages, story.code).one("h1").text == "Your story"
    with Session(engine) as session:
        digests = session.exec(select(Attempt.digest)).all()
    assert len(digests) == 6, "the right one is not counted"
    assert not [d for d in digests if b"testclient" in d]


def test_many_at_once_from_one_network_are_refused_and_others_are_not(
    pages: PageClient, engine: Engine, held_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowing = replace(receipts.TRIES, free=0, first=0.0, hurried=2)
    monkeypatch.setattr(receipts, "TRIES", slowing)
    for _ in range(2):
        enter(pages, "0000 0000 0000 0001", status=422)
    assert "Please wait a few seconds" in enter(pages, "0000 0000 0000 0001", status=429).words()
    monkeypatch.setattr(throttle, "network_of", lambda address: "somewhere else")
    story = told.tell(engine, held_desk)
    assert enter(pages, story.code).one("h1").text == "Your story"


def test_a_cookie_that_was_changed_or_is_too_old_opens_nothing(
    pages: PageClient, client: TestClient, engine: Engine, held_desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    story, other = told.tell(engine, held_desk), told.tell(engine, held_desk)
    enter(pages, story.code)
    good = client.cookies["storybank-story"]
    client.cookies.clear()
    bent = (
        good.replace(str(story.story_id), str(other.story_id)),
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.replace(".", ".9", 1),
        "nonsense",
    )
    for cookie in bent:
        answer = client.get(
            "/receipt/story",
            headers={"Cookie": f"storybank-story={cookie}"},
            follow_redirects=False,
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/receipt")
    until = receipts.now() + receipts.LASTS
    monkeypatch.setattr(receipts, "now", lambda: until + receipts.LASTS)
    late = client.get(
        "/receipt/story", headers={"Cookie": f"storybank-story={good}"}, follow_redirects=False
    )
    assert late.status_code == 303


def test_the_status_changes_without_a_reload_and_then_stops(
    pages: PageClient, client: TestClient, engine: Engine, held_desk: Desk
) -> None:
    story = told.tell(engine, held_desk, recording=tone())
    whole = enter(pages, story.code)
    poll = next(e["hx-get"] for e in whole.elements if e["hx-get"])
    assert "waiting its turn" in whole.words()
    unchanged = client.get(poll, headers={"HX-Request-Type": "partial"})
    assert (unchanged.status_code, unchanged.text) == (204, "")
    with transaction(engine) as session:
        row = session.get_one(Story, story.story_id)
        row.state, row.progress = StoryState.LISTENING, 0.4
    part = pages.part(poll)
    assert "40 %" in part.source
    assert "40 %" in pages.get("/receipt/story").source, "a reload says the same"
    poll = next(e["hx-get"] for e in part.elements if e["hx-get"])
    told.finish(engine, held_desk, story)
    part = pages.part(poll)
    assert not [e for e in part.elements if e["hx-get"]], "it goes on asking"
    assert part.one("div", id="told")["hx-swap-oob"] == "true"
    assert "Then nobody came back to tell us." in part.source


def test_a_spoken_story_shows_sentences_with_times_beside_the_player(
    pages: PageClient, engine: Engine, held_desk: Desk
) -> None:
    story = told.tell(engine, held_desk, recording=tone())
    told.finish(engine, held_desk, story)
    page = enter(pages, story.code)
    lines = page.all("a", class_="sb-line")
    assert [(e["data-at"], e["href"]) for e in lines] == [
        ("0.00", "/receipt/audio/playable#t=0.0"),
        ("3.00", "/receipt/audio/playable#t=3.0"),
    ]
    assert lines[1].text == "0:03 Then nobody came back to tell us."
    assert page.one("audio")["src"] == "/receipt/audio/playable"


def test_every_reading_shows_its_code_direction_meaning_and_words(
    pages: PageClient, app: FastAPI, engine: Engine, held_desk: Desk
) -> None:
    story = told.tell(engine, held_desk)
    told.finish(engine, held_desk, story)
    page = enter(pages, story.code)
    code = app.state.held.framework().code("learning")
    shown = page.all("li", class_="sb-reading--missing")
    assert len(shown) == 1
    for said in (code.name, "missing", code.directions.missing, "Then nobody came back"):
        assert said in shown[0].text
    agreed = page.words().partition("What you agreed to")[2]
    assert "read your story to learn from it? Yes" in agreed
    assert "on our website or in print? No" in agreed


def test_a_story_with_a_problem_says_in_a_sentence_what_happened(
    pages: PageClient, engine: Engine, held_desk: Desk
) -> None:
    story = told.tell(engine, held_desk, recording=tone())
    with transaction(engine) as session:
        row = session.get_one(Story, story.story_id)
        row.state, row.problem = StoryState.NEEDS_HELP, "NothingHeard"
    page = enter(pages, story.code)
    assert "could not hear any words" in page.words()
    assert not [e for e in page.elements if e["hx-get"]]


def test_the_sound_comes_in_ranges(
    pages: PageClient, client: TestClient, engine: Engine, held_desk: Desk
) -> None:
    sound = tone(20)
    assert len(sound) > 200_000, "several sealed pieces"
    story = told.tell(engine, held_desk, recording=sound)
    enter(pages, story.code)
    size = len(sound)

    def ask(range_: str) -> tuple[int, str | None, bytes]:
        answer = client.get("/receipt/audio/told", headers={"Range": range_})
        return answer.status_code, answer.headers.get("content-range"), answer.content

    assert ask("bytes=0-9") == (206, f"bytes 0-9/{size}", sound[:10])
    edge = 64 * 1024
    assert ask(f"bytes={edge - 3}-{edge + 2}")[2] == sound[edge - 3 : edge + 3]
    assert ask("bytes=-5") == (206, f"bytes {size - 5}-{size - 1}/{size}", sound[-5:])
    assert ask(f"bytes={size - 2}-")[2] == sound[-2:]
    assert ask(f"bytes=5-{size * 2}")[2] == sound[5:]
    assert ask(f"bytes={size}-") == (416, f"bytes */{size}", b"")
    assert ask("bytes=0-1,5-6") == (200, None, sound), "several ranges: the whole"
    whole = client.get("/receipt/audio/told")
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "no-store"
    assert whole.headers["content-type"] == "audio/wav"


def test_the_sound_of_a_story_is_for_its_teller_alone(
    pages: PageClient, client: TestClient, engine: Engine, held_desk: Desk
) -> None:
    told.tell(engine, held_desk, recording=tone())
    for path in ("/receipt/audio/told", "/receipt/audio/playable", "/receipt/audio/muted"):
        assert client.get(path).status_code == 404
    assert client.get(f"/stories/{uuid.uuid4()}/audio").status_code in {403, 404}


def test_closing_the_story_closes_it(pages: PageClient, engine: Engine, held_desk: Desk) -> None:
    story = told.tell(engine, held_desk)
    page = enter(pages, story.code)
    pages.post("/tell/finish", page.form("/tell/finish"))
    assert pages.get("/receipt/story").one("h1").text.strip() == "What is your code?"
