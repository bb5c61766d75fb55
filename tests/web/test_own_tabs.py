"""Pages of a teller's own story that were open while another story was opened, or none any more.

No answer, and above all no taking back, may go to another story than the one that its page showed.
"""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine
from sqlmodel import select

from storybank.capture.intake import Desk
from storybank.db import reading
from storybank.tables import Consent, Disagreement, Story, TranscriptRow
from storybank.values import Use
from storybank.vault import open_transcript, story_key
from tests import told
from tests.pages import Page, PageClient
from tests.told import Told
from tests.web.test_spoken import OURS
from web import receipts
from web.routes import all_routers

pytestmark = pytest.mark.database

CORRECT, MORE = "/receipt/correct", "/receipt/more"
FORMS: list[tuple[str, str, dict[str, str]]] = [
    ("/receipt/take-back", "/receipt/take-back", {}),
    ("/receipt/uses", "/receipt/uses", dict.fromkeys([use.value for use in Use], "no")),
    ("/receipt/uses?easy=1", "/receipt/uses", dict.fromkeys([use.value for use in Use], "no")),
    ("/receipt/your-reading", "/receipt/your-reading", {"with-or-to": "to"}),
    ("/receipt/story", "/receipt/disagree", {}),
]
TYPED = [(CORRECT, "text-0"), (MORE, "text")]


@pytest.fixture
def two(engine: Engine, desk: Desk) -> tuple[Told, Told]:
    """Two stories that are read, each with a code of its own."""
    stories = told.tell(engine, desk), told.tell(engine, desk)
    for story in stories:
        told.finish(engine, desk, story)
    return stories


def enter(pages: PageClient, story: Told) -> Page:
    page = pages.get("/receipt")
    return pages.post("/receipt", page.form("/receipt") | {"code": story.code})


def of_first(page: Page, action: str) -> dict[str, str]:
    """The hidden fields of the first form to this address."""
    form = page.all("form", action=action)[0]
    return {e["name"]: e["value"] for e in page.all("input", type="hidden") if form in e.path}


def everything(engine: Engine) -> list[Any]:
    """All that a teller can change of their stories, but the words."""
    with reading(engine) as session:
        return [
            [repr(row) for row in session.exec(select(table))]  # type: ignore[call-overload]
            for table in (Consent, Disagreement, Story, TranscriptRow)
        ]


def words(engine: Engine, desk: Desk, story: Told) -> str:
    """The words of a story as they are now."""
    with reading(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, story.story_id))
        query = select(TranscriptRow).where(TranscriptRow.story_id == story.story_id)
        rows = session.exec(query.order_by(TranscriptRow.version)).all()  # type: ignore[arg-type]
        return open_transcript(key, rows[-1]).text


@pytest.mark.parametrize(("shown", "action", "said"), FORMS)
@pytest.mark.parametrize("then", ["another", "closed"])
def test_an_answer_counts_for_no_story_but_the_one_that_its_page_showed(
    pages: PageClient, engine: Engine, two: tuple[Told, Told], shown: str, action: str,
    said: dict[str, str], then: str,
) -> None:  # fmt: skip
    first, second = two
    enter(pages, first)
    page = pages.get(shown)
    form = of_first(page, action) | said
    if then == "another":
        enter(pages, second)
    else:
        pages.client.cookies.clear()
    before = everything(engine)
    asked = pages.post(action, form)
    assert asked.one("h1").text.strip() == "What is your code?"
    assert "Nothing was changed" in asked.one("div", role="alert").text
    assert everything(engine) == before


@pytest.mark.parametrize(("action", "field"), TYPED)
@pytest.mark.parametrize("then", ["another", "closed", "too late"])
def test_what_was_typed_meanwhile_waits_for_the_code_of_its_own_story(
    pages: PageClient, engine: Engine, desk: Desk, two: tuple[Told, Told], action: str,
    field: str, then: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    first, second = two
    enter(pages, first)
    form = pages.get(action).form(action) | {field: "The caretaker came at last."}
    if then == "another":
        enter(pages, second)
    elif then == "closed":
        pages.client.cookies.clear()
    else:
        late = receipts.now() + receipts.LASTS + timedelta(minutes=1)
        monkeypatch.setattr(receipts, "now", lambda: late)
    before = everything(engine)
    asked = pages.post(action, form)
    assert "What you typed is kept" in asked.one("div", role="alert").text
    assert "caretaker" not in asked.source
    assert everything(engine) == before
    wrong = pages.post("/receipt", asked.form("/receipt") | {"code": "1"}, status=422)
    assert "What you typed is kept" in wrong.words()
    other = pages.post("/receipt", wrong.form("/receipt") | {"code": second.code})
    assert other.one("h1").text == "Your story"
    assert "caretaker" not in other.source
    page = pages.post("/receipt", wrong.form("/receipt") | {"code": first.code})
    assert page.form(action)[field] == "The caretaker came at last."
    pages.post(action, page.form(action))
    assert "The caretaker came at last." in words(engine, desk, first)
    assert "caretaker" not in words(engine, desk, second)


@pytest.mark.parametrize(
    "path", ["story", "correct", "more", "your-reading", "uses", "uses?easy=1", "take-back"]
)
def test_opening_a_page_of_the_story_starts_its_half_hour_anew(
    pages: PageClient, two: tuple[Told, Told], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(pages, two[0])
    soon = receipts.now() + receipts.LASTS - timedelta(minutes=1)
    monkeypatch.setattr(receipts, "now", lambda: soon)
    pages.get(f"/receipt/{path}")
    monkeypatch.setattr(receipts, "now", lambda: soon + timedelta(minutes=2))
    assert pages.get("/receipt/story").one("h1").text == "Your story"


def test_no_form_counts_that_does_not_say_for_which_story_it_was_shown(
    pages: PageClient, engine: Engine, two: tuple[Told, Told]
) -> None:
    enter(pages, two[0])
    before = everything(engine)
    forms = [
        route.path
        for router in all_routers()
        for route in router.routes
        if isinstance(route, APIRoute)
        and route.path.startswith("/receipt/")
        and "POST" in route.methods
    ]
    assert len(forms) >= 7
    for path in forms:
        answer = pages.client.post(path, headers=OURS, data={"right": "1"}, follow_redirects=False)
        assert answer.headers["location"] == "/receipt?late=nothing", path
    assert everything(engine) == before
