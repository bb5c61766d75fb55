"""Two tabs of one browser: no recording is lost, and no answer is kept with another story."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from storybank.capture.drafts import hold_draft, open_draft, save_draft
from storybank.db import transaction
from storybank.keys import Keyring
from storybank.tables import Draft, Story
from tests.pages import Page, PageClient
from tests.web.test_spoken import OURS, send_piece, speak
from tests.web.test_tell import USES, fill, tell, tone
from tests.web.test_tell_kept import set_out

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]

OTHERS = (
    ("/tell/where", {"place": "rather-not-say"}),
    ("/tell/when", {"month": "1", "year": "2020"}),
    ("/tell/who", {"teller": "about-someone-else"}),
    ("/tell/them", {"them": "child", "relation": "friend"}),
    ("/tell/your-reading", {"with-or-to": "to"}),
)
"""Questions, each with another answer than the one that is there."""
FIRST, SECOND = tone(2), tone(3)


def known(page: Page) -> str:
    """Which recordings a page of the recorder was loaded with."""
    return page.one("div", id="recorder")["data-known"]


def choose(pages: PageClient, page: Page, sound: bytes, *, status: int = 200) -> Page:
    """Send a sound file by the form as a page shows it."""
    files: dict[str, Any] = {"recording": ("a.wav", sound)}
    action = page.one("form", enctype="multipart/form-data")["action"]
    return pages.post(action, page.form(action), files=files, status=status)


def keep(client: TestClient, name: str, knows: str = "") -> Any:
    """Ask for what was said to be made the story."""
    return client.post("/tell/recording/kept", headers=OURS, data={"name": name, "known": knows})


def heard(client: TestClient) -> bytes:
    return client.get("/tell/recording").content


def test_a_file_from_a_second_tab_replaces_no_recording_before_the_teller_says_so(
    pages: PageClient, client: TestClient
) -> None:
    first, second = pages.get("/tell/upload"), pages.get("/tell/upload")
    choose(pages, first, FIRST)
    clash = choose(pages, second, SECOND, status=409)
    assert "You have a recording from another page already" in clash.one("div", role="alert").text
    assert [a["href"] for a in clash.all("a") if "Go on with" in a.text] == ["/tell/where"]
    assert heard(client) == FIRST
    choose(pages, first, FIRST)  # sent twice it is no other recording
    choose(pages, clash, SECOND)
    assert heard(client) == SECOND


def test_a_second_tab_is_told_of_a_recording_when_it_begins_to_record(
    pages: PageClient, client: TestClient
) -> None:
    page = pages.get("/tell/record")
    speak(client, FIRST, name="voice-1")
    assert keep(client, "voice-1").status_code == 201
    told = client.post("/tell/recording/begin", headers=OURS, data={"known": known(page)})
    assert told.status_code == 409
    other = json.loads(told.text)
    assert (other["sound"], other["goes_on"]) == ("/tell/recording", "/tell/where")
    speak(client, SECOND, name="voice-2", knows=other["known"])
    assert keep(client, "voice-2", other["known"]).status_code == 201
    assert heard(client) == SECOND


def test_of_first_words_that_leave_two_tabs_at_one_moment_none_is_lost(pages: PageClient) -> None:
    first, second = (set_out(pages) for _ in range(2))
    before = dict(pages.client.cookies)
    fill(pages, first, "/tell/write", text="The lift is mended.")
    pages.client.cookies.clear()
    pages.client.cookies.update(before)  # the second left before the first was answered
    words = second.form("/tell/write") | {"text": "The bus never comes."}
    page = pages.post("/tell/write", words, status=409)
    assert "The lift is mended." in page.source
    assert "The bus never comes." in page.source


def late_answer(pages: PageClient, way: str) -> dict[str, str]:
    """Give the cookies of a second tab's page before the first word, which left without any."""
    path = f"/tell/before/{way}"
    form = pages.get(path).form(path)
    tab = TestClient(pages.client.app)
    return dict(tab.post(path, data=form, headers=OURS, follow_redirects=False).cookies)


def arrives(pages: PageClient, cookies: dict[str, str]) -> None:
    """Let the browser take the cookies of an answer."""
    for name, value in cookies.items():
        pages.client.cookies.set(name, value, domain="testserver.local")


def test_a_second_tab_that_is_answered_late_takes_no_words_from_the_first(
    pages: PageClient,
) -> None:
    late = late_answer(pages, "write")
    assert late
    fill(pages, set_out(pages, own="yes"), "/tell/write", text="The lift is mended.")
    arrives(pages, late)
    assert pages.get("/tell/where").one("form", action="/tell/where")
    second = pages.get("/tell/write")
    assert "The lift is mended." in second.source
    blank = second.form("/tell/write") | {"text": "The bus never comes.", "before": ""}
    page = pages.post("/tell/write", blank, status=409)
    assert "The lift is mended." in page.source
    assert "The bus never comes." in page.source


def test_a_second_tab_that_is_answered_late_takes_no_recording_from_the_first(
    pages: PageClient, client: TestClient
) -> None:
    late = late_answer(pages, "record")
    set_out(pages, "record")
    speak(client, FIRST, name="voice-1")
    arrives(pages, late)
    assert keep(client, "voice-1").status_code == 201
    assert heard(client) == FIRST


def waits_for_a_lock(engine: Engine) -> bool:
    """Say whether anybody in this database waits for what another one holds."""
    waiting = sa.text(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock'"
    )
    with engine.connect() as connection:
        return bool(connection.execute(waiting).scalar_one())


def test_first_words_that_arrive_while_those_of_another_tab_are_kept_wait_for_them(
    pages: PageClient, engine: Engine, keyring: Keyring
) -> None:
    tab = set_out(pages)
    cookie = next(c.value for c in pages.client.cookies.jar if c.name != "storybank-form")
    words = tab.form("/tell/write") | {"text": "The bus never comes."}
    with ThreadPoolExecutor(1) as other:
        with transaction(engine) as session:
            hold_draft(session, keyring, cookie)
            assert session.exec(select(Draft)).one()
            late = other.submit(pages.client.post, "/tell/write", data=words, headers=OURS)
            deadline = time.monotonic() + 60
            while not late.done() and not waits_for_a_lock(engine):
                assert time.monotonic() < deadline, "it neither waited nor ended"
                time.sleep(0.02)
            assert not late.done()
            answers = open_draft(session, keyring, cookie)
            assert answers is not None
            said = replace(answers, text="The lift is mended.")
            save_draft(session, keyring, cookie, said)
        answer = late.result(timeout=60)
    assert answer.status_code == 409
    assert "The lift is mended." in answer.text
    assert "The bus never comes." in answer.text


def test_what_another_tab_still_records_is_neither_mixed_in_nor_forgotten(
    pages: PageClient, client: TestClient
) -> None:
    page = pages.get("/tell/record")
    for name in ("voice-1", "voice-2"):  # both begin before a word of either is here
        speak(client, name=name)
    first = speak(client, FIRST[:9000], whole=False, name="voice-1", begins=False)
    speak(client, SECOND, name="voice-2", begins=False)
    told = client.post("/tell/recording/begin", headers=OURS, data={"known": known(page)})
    assert json.loads(told.text)["sound"] == "/tell/recording/begun"
    assert keep(client, "voice-2").status_code == 201
    assert heard(client) == SECOND
    send_piece(client, first, 9000, FIRST[9000:], whole=True)
    clash = keep(client, "voice-1")
    assert clash.status_code == 409
    assert heard(client) == SECOND
    assert keep(client, "voice-1", json.loads(clash.text)["known"]).status_code == 201
    assert heard(client) == FIRST
    assert keep(client, "voice-1").status_code == 201, "its answer was lost, and it is asked again"
    assert keep(client, "voice-2").status_code == 404, "that was replaced: it is not the one kept"


def test_what_was_half_said_is_used_in_place_of_another_recording_only_when_it_was_shown(
    pages: PageClient, client: TestClient
) -> None:
    speak(client, FIRST[:9000], whole=False, name="voice-1")
    page = pages.get("/tell/record")
    choose(pages, pages.get("/tell/upload"), SECOND)
    form = page.form("/tell/recording/kept")
    clash = pages.post("/tell/recording/kept", form, status=409)
    assert "You have a recording from another page already" in clash.one("div", role="alert").text
    assert heard(client) == SECOND
    fill(pages, clash, "/tell/recording/kept")
    assert heard(client) == FIRST[:9000]


def begun_anew(pages: PageClient) -> None:
    """Send the story that is open, and tell another in the same browser."""
    fill(pages, pages.get("/tell/check"), "/tell/check")
    tell(pages, "Another story altogether.")


def test_an_answer_given_for_one_story_is_never_kept_with_another(pages: PageClient) -> None:
    tell(pages)
    yes = dict.fromkeys(USES, "yes")
    answered = [
        *((path, pages.get(path), said) for path, said in OTHERS),
        ("/tell/uses", pages.get("/tell/uses"), yes),
        ("/tell/uses", pages.get("/tell/uses?easy=1"), yes),
        ("/tell/delete", pages.get("/tell/where"), {}),
        ("/tell/check", pages.get("/tell/check"), {}),
    ]
    begun_anew(pages)
    before = pages.get("/tell/check").words()
    for path, page, said in answered:
        refused = pages.post(path, page.form(path) | said, status=409)
        assert "You began another story after this page was opened" in refused.words(), path
        assert pages.get("/tell/check").words() == before, path
        home = pages.get("/", headers={"Referer": f"http://testserver{path}"})
        assert "You have started a story" in home.words(), path


def test_choosing_which_is_sent_of_one_story_deletes_nothing_of_another(
    pages: PageClient, client: TestClient
) -> None:
    tell(pages)
    choose(pages, pages.get("/tell/upload"), FIRST)
    page = pages.get("/tell/which")
    fill(pages, page, "/tell/which", which="words")
    begun_anew(pages)
    choose(pages, pages.get("/tell/upload"), SECOND)
    pages.post("/tell/which", page.form("/tell/which") | {"which": "words"}, status=409)
    assert heard(client) == SECOND


def test_an_old_page_that_asks_about_an_unsent_story_deletes_no_other(
    pages: PageClient,
) -> None:
    tell(pages)
    came = {"Referer": "http://testserver/tell/write"}
    page = pages.get("/tell/before/write", headers=came)
    begun_anew(pages)
    asked = pages.post(
        "/tell/before/write", page.form("/tell/before/write") | {"unsent": "delete"}, status=409
    )
    assert asked.one("h1").text == "You have started a story"
    pages.get("/tell/check")
    fill(pages, asked, "/tell/before/write", unsent="delete")
    assert "Another story altogether." not in pages.get("/tell/write").source


def test_nothing_is_sent_that_another_tab_changed_since_it_was_checked(
    pages: PageClient, engine: Engine
) -> None:
    check = tell(pages)
    fill(pages, pages.get("/tell/uses"), "/tell/uses", **USES | {"publish": "yes"})
    again = pages.post("/tell/check", check.form("/tell/check"), status=409)
    assert "Your answers have changed" in again.words()
    with Session(engine) as session:
        assert session.exec(select(Story)).all() == []
    assert fill(pages, again, "/tell/check").one("p", id="code").text
