"""What a teller typed on their own pages and could not save: shown again, and soon gone."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storybank.capture.intake import Desk
from storybank.capture.unsaved import SHOWN_FOR
from storybank.capture.withdrawal import erase
from storybank.db import reading, transaction
from storybank.tables import Draft
from tests import told
from tests.pages import PageClient
from tests.told import Told

pytestmark = pytest.mark.database

CORRECT, MORE = "/receipt/correct", "/receipt/more"


@pytest.fixture
def story(pages: PageClient, engine: Engine, desk: Desk) -> Told:
    """A typed story that is read, open in the browser."""
    story = told.tell(engine, desk)
    told.finish(engine, desk, story)
    pages.post("/receipt", pages.get("/receipt").form("/receipt") | {"code": story.code})
    return story


def drafts(engine: Engine) -> list[Draft]:
    with reading(engine) as session:
        return list(session.exec(select(Draft)))


def assert_answered_by_an_address(pages: PageClient) -> None:
    """What a page was the answer to stays in the files of a shared computer's browser."""
    sent = pages.response.history[-1]
    assert (sent.request.method, sent.status_code) == ("POST", 303)
    assert "again=1" in sent.headers["location"]


def test_no_correction_that_was_not_saved_is_answered_with_a_page(
    pages: PageClient, engine: Engine, story: Told
) -> None:
    form = pages.get(CORRECT).form(CORRECT)
    page = pages.post(CORRECT, form | {"text-0": "Zanzibar marrow", "speak": "pl"})
    assert_answered_by_an_address(pages)
    assert page.form(CORRECT)["text-0"] == "Zanzibar marrow"
    pages.post(CORRECT, form | {"text-0": "!"}, status=422)
    assert_answered_by_an_address(pages)
    in_polish = pages.get(f"{CORRECT}?again=1&lang=pl", status=422)
    assert "The story is empty" not in in_polish.words(), "what is wrong is said in Polish, too"
    assert in_polish.form(CORRECT)["text-0"] == "!"
    pages.post(CORRECT, form | {"text-0": "Theirs."})
    assert drafts(engine) == [], "what was saved is kept nowhere else"
    clash = pages.post(CORRECT, form | {"text-0": "Mine."}, status=409)
    assert_answered_by_an_address(pages)
    assert "Mine." in clash.one("p", id="mine-0").text
    pages.post(CORRECT, clash.form(CORRECT))
    assert "mine-0" not in pages.get(f"{CORRECT}?again=1").source


def test_what_could_not_be_saved_is_sealed_shown_for_half_an_hour_and_goes_with_the_story(
    pages: PageClient, engine: Engine, desk: Desk, story: Told
) -> None:
    page = pages.post(MORE, pages.get(MORE).form(MORE) | {"text": "!!! ?"}, status=422)
    assert_answered_by_an_address(pages)
    assert page.form(MORE)["text"] == "!!! ?"
    with transaction(engine) as session:
        row = session.exec(select(Draft)).one()
        assert b"!!!" not in row.answers
        row.updated_at -= SHOWN_FOR
        session.add(row)
    assert pages.get(f"{MORE}?again=1").form(MORE)["text"] == ""
    pages.post("/receipt/take-back", pages.get("/receipt/take-back").form("/receipt/take-back"))
    erase(engine, desk.keyring, desk.blobs, story.story_id)
    assert drafts(engine) == []
