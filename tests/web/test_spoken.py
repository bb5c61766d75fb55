"""Talking that is sent while it is said, as the page's script sends it."""

import base64

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from storybank.errors import Crowded
from storybank.tables import Draft, Story, Upload
from tests.factories import make_programme
from tests.pages import PageClient
from tests.web.test_tell import USES, answer_about, fill, tell, tone
from web.turns import Turns

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain", "Tus-Resumable": "1.0.0"}


def speak(
    client: TestClient,
    *pieces: bytes,
    whole: bool = True,
    query: str = "",
    name: str = "voice",
    knows: str = "",
    begins: bool = True,
) -> str:
    """Send a recording piece by piece; unless it is `whole`, its length is never said.

    Gives the address of the upload. `knows` are the recordings that its page was loaded with.
    """
    if begins:
        begun = client.post(f"/tell/recording/begin{query}", headers=OURS, data={"known": knows})
        assert begun.status_code == 204
    said = {"for": "draft", "name": name}
    named = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items()]
    headers = OURS | {"Upload-Defer-Length": "1", "Upload-Metadata": ",".join(named)}
    address: str = client.post("/uploads", headers=headers).headers["Location"]
    at = 0
    for piece in pieces:
        send_piece(client, address, at, piece, whole=whole and piece is pieces[-1])
        at += len(piece)
    return address


def send_piece(client: TestClient, address: str, at: int, piece: bytes, *, whole: bool) -> None:
    """Send one piece of what is said; `whole` says that it is the last."""
    kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(at)}
    end = str(at + len(piece))
    length = {"Upload-Length": end} if whole else {}
    answer = client.patch(address, content=piece, headers=OURS | kind | length)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, end)


def test_what_was_said_becomes_the_story_once_however_often_it_is_asked(
    pages: PageClient, client: TestClient, engine: Engine
) -> None:
    sound = tone(2)
    speak(client, sound[:9000], sound[9000:], query="?programme=warm-rooms")
    for _ in range(2):
        kept = client.post("/tell/recording/kept", headers=OURS)
        assert (kept.status_code, kept.text) == (201, "/tell/where")
    assert client.get("/tell/recording").content == sound
    page = answer_about(pages, pages.get("/tell/where"))
    fill(pages, fill(pages, page, "/tell/uses", **USES), "/tell/check")
    with Session(engine) as session:
        story = session.exec(select(Story)).one()
        assert story.seconds == pytest.approx(2, abs=0.1)
        assert story.programme_id == make_programme(session, "warm-rooms").id
        assert session.exec(select(Upload)).all() == []


def test_what_was_said_before_the_page_was_closed_is_offered_heard_and_used(
    pages: PageClient, client: TestClient
) -> None:
    sound = tone(3)
    half = sound[: len(sound) // 2]
    speak(client, half, whole=False)
    home = pages.get("/", headers={"Referer": "http://testserver/tell/record"})
    assert "You have started a story" in home.words()
    page = pages.get("/tell/record")
    assert "Length: 0:01" in page.words()
    heard = client.get("/tell/recording/begun", headers={"Range": "bytes=0-99"})
    assert (heard.status_code, heard.content) == (206, half[:100])
    page = pages.post("/tell/recording/kept", page.form("/tell/recording/kept"))
    assert page.one("form", action="/tell/where")
    assert client.get("/tell/recording").content == half


def test_starting_again_forgets_what_was_said_and_keeps_the_answers(
    pages: PageClient, client: TestClient
) -> None:
    tell(pages)
    speak(client, tone(3))
    shown = pages.get("/tell/record").one("div", id="recorder")["data-known"]
    speak(client, tone(1), knows=shown)
    assert client.post("/tell/recording/kept", headers=OURS).text == "/tell/which"
    assert client.get("/tell/recording").content == tone(1)


def test_another_browser_hears_and_uses_nothing(client: TestClient) -> None:
    speak(client, tone(2), whole=False)
    client.cookies.clear()
    assert client.get("/tell/recording/begun").status_code == 404
    assert client.post("/tell/recording/kept", headers=OURS).status_code == 404
    assert "We kept" not in client.get("/tell/record").text


def test_deleting_the_answers_deletes_what_was_said(
    pages: PageClient, client: TestClient, engine: Engine
) -> None:
    speak(client, tone(2), whole=False)
    home = pages.get("/", headers={"Referer": "http://testserver/tell/record"})
    fill(pages, home, "/tell/delete")
    with Session(engine) as session:
        assert session.exec(select(Upload)).all() == []
        assert session.exec(select(Draft)).all() == []


def test_noise_that_is_no_recording_is_refused_in_a_sentence(client: TestClient) -> None:
    speak(client, b"hello, I am a text")
    answer = client.post("/tell/recording/kept", headers=OURS)
    assert answer.status_code == 422
    assert "not a sound recording" in answer.text
    assert client.get("/tell/record").status_code == 200


def test_opening_the_page_again_and_again_does_not_fill_the_memory(
    app: FastAPI, client: TestClient
) -> None:
    sound = tone(3)
    speak(client, sound[:70_000], whole=False)
    app.state.held.listening = Turns(at_once=1, in_line=0)
    with app.state.held.listening.turn(Crowded()):
        assert client.get("/tell/record").status_code == 503
        part = client.get("/tell/recording/begun", headers={"Range": "bytes=100-40099"})
        assert (part.status_code, part.content) == (206, sound[100:40_100])
    assert "Length:" in client.get("/tell/record").text
    assert client.get("/tell/recording/begun").content == sound[:70_000]
