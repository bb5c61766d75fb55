"""With only the code: correct, add, answer again, disagree, see the uses, change consent."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.testclient import TestClient

from storybank import audit, coding, pipeline
from storybank.access import readable_stories
from storybank.capture.intake import Desk
from storybank.capture.own_story import disagreements, own_answers
from storybank.capture.whereabouts import OPENED_AS_TOLD
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.evidence.export import exportable, noted
from storybank.tables import Consent, Disagreement, Story, SuggestionRow, TranscriptRow
from storybank.values import Role, Use
from storybank.vault import open_transcript, story_key
from tests import told
from tests.fakes import make_workshop
from tests.pages import Page, PageClient
from tests.staff import cookie_for
from tests.told import Told
from web.forms import Form
from web.routes import own_consent, own_story, own_words

pytestmark = pytest.mark.database


@pytest.fixture
def held_desk(app: FastAPI, client: TestClient) -> Desk:
    desk: Desk = app.state.held.desk
    return desk


@pytest.fixture
def story(pages: PageClient, engine: Engine, held_desk: Desk) -> Told:
    """A typed story that is read, open in the browser."""
    story = told.tell(engine, held_desk)
    told.finish(engine, held_desk, story)
    enter(pages, story)
    return story


def enter(pages: PageClient, story: Told) -> Page:
    form = pages.get("/receipt").form("/receipt")
    return pages.post("/receipt", form | {"code": story.code})


def words(engine: Engine, desk: Desk, story: Told) -> list[str]:
    """Every version of the words, the oldest first."""
    with reading(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, story.story_id))
        rows = session.exec(select(TranscriptRow).order_by(TranscriptRow.version)).all()
        return [open_transcript(key, row).text for row in rows]


def test_another_language_keeps_what_the_teller_typed_and_stores_nothing(
    pages: PageClient, engine: Engine, held_desk: Desk, story: Told
) -> None:
    for path, typed in (
        ("/receipt/correct", {"text-0": "Margaret ask"}), ("/receipt/more", {"text": "And th"}),
        ("/receipt", {"code": "1234"}),
    ):  # fmt: skip
        page = pages.post(path, pages.get(path).form(path) | typed | {"speak": "pl"})
        assert page.one("html")["lang"] == "pl"
        ((name, words_typed),) = typed.items()
        assert page.form(path)[name] == words_typed
    page = pages.post("/receipt/uses", pages.get("/receipt/uses").form("/receipt/uses")
                      | {"learn": "no", "speak": "ro"})  # fmt: skip
    assert page.form("/receipt/uses")["learn"] == "no"
    pages.post("/receipt/your-reading", {"overall": "bad", "speak": "pl"})
    with reading(engine) as session:
        assert own_answers(session, story.story_id) == {}
        assert session.get_one(Story, story.story_id).may_learn
    assert len(words(engine, held_desk, story)) == 1


def test_words_are_corrected_and_nothing_told_is_lost(
    pages: PageClient, engine: Engine, held_desk: Desk, story: Told
) -> None:
    form = pages.get("/receipt/correct").form("/receipt/correct")
    better = told.TEXT.replace("Margaret", "Maggie")
    page = pages.post("/receipt/correct", form | {"text-0": better})
    assert "Your changes are saved." in page.words()
    assert words(engine, held_desk, story) == [told.TEXT, better]
    assert "Maggie from the centre" in page.words()
    page = pages.post("/receipt/correct", pages.get("/receipt/correct").form("/receipt/correct"))
    assert "You changed nothing." in page.words()
    stale = pages.post("/receipt/correct", form | {"text-0": "Mine."}, status=409)
    assert "Somebody else saved changes" in stale.words()
    assert "Maggie" in stale.source
    assert "Mine." in stale.source
    pages.post("/receipt/correct", form | {"text-0": " "}, status=409)
    fresh = pages.get("/receipt/correct").form("/receipt/correct")
    page = pages.post("/receipt/correct", fresh | {"text-0": "-"}, status=422)
    assert page.one("div", class_="govuk-error-summary")


def test_more_goes_to_the_end_and_is_read_again(
    pages: PageClient, engine: Engine, held_desk: Desk, story: Told
) -> None:
    form = pages.get("/receipt/more").form("/receipt/more")
    page = pages.post("/receipt/more", form | {"text": " The bus came back in May. "})
    assert "What you added is saved." in page.words()
    assert "A computer is reading your story." in page.words()
    assert words(engine, held_desk, story)[1] == f"{told.TEXT}\n\nThe bus came back in May."
    pipeline.understand(make_workshop(engine, held_desk), story.story_id)
    page = pages.get("/receipt/story")
    shown = page.one("li", class_="sb-reading--missing")
    assert "The bus came back in May." in shown.text
    assert "A computer suggests this." in shown.text
    page = pages.post("/receipt/more", form | {"text": "  "}, status=422)
    assert page.one("p", id="text-error")


def test_a_wrong_reading_is_disputed_taken_back_and_disputed_again(
    pages: PageClient, engine: Engine, story: Told
) -> None:
    def disputed() -> list[str]:
        with reading(engine) as session:
            return [row.code for row in disagreements(session, story.story_id)]

    page = pages.get("/receipt/story")
    reading_of = next(e for e in page.all("li", class_="sb-reading--missing"))
    values = {
        e["name"]: e["value"]
        for e in page.all("input", type="hidden")
        if reading_of in e.path and e["name"]
    }
    page = pages.post("/receipt/disagree", values)
    assert "You said that this is wrong." in page.one("li", class_="sb-reading--disputed").text
    assert disputed() == ["learning"]
    pages.post("/receipt/disagree", values)
    assert disputed() == ["learning"], "said twice, kept once"
    page = pages.post("/receipt/disagree", values | {"wrong": "0"})
    assert not page.all("li", class_="sb-reading--disputed")
    assert disputed() == []
    with reading(engine) as session:
        rows = session.exec(select(Disagreement)).all()
        assert [row.undone_at is not None for row in rows] == [True], "kept, not erased"
    for bent in ({"code": "no-such"}, {"direction": "?"}):
        pages.post("/receipt/disagree", values | bent, status=422)


def test_who_said_what_stands_side_by_side_without_names(
    pages: PageClient, engine: Engine, story: Told
) -> None:
    actor, _ = cookie_for(engine, Role.EVALUATOR, name="Ada Bright")
    with transaction(engine) as session:
        suggestion = session.exec(select(SuggestionRow).where(SuggestionRow.code == "learning"))
        number = suggestion.one().id
        assert number is not None
        coding.decide(session, actor, number, "rejected")
    form = pages.get("/receipt/your-reading").form("/receipt/your-reading")
    page = pages.post("/receipt/your-reading", form | {"with-or-to": "with"})
    shown = page.one("li", class_="sb-reading--missing").text
    assert "A computer suggests this." in shown
    assert "A person at the council does not agree." in shown
    assert "Ada" not in page.source
    assert "Your own answers say the same." in page.all("li", class_="sb-reading")[0].text


def test_answers_are_changed_and_taken_back(pages: PageClient, engine: Engine, story: Told) -> None:
    assert "You have not said yet" in pages.get("/receipt/story").words()
    form = pages.get("/receipt/your-reading").form("/receipt/your-reading")
    page = pages.post("/receipt/your-reading", form | {"overall": "both", "what-changed": "worse"})
    assert "Was it mostly good, bad or both? Both" in page.words()
    again = pages.get("/receipt/your-reading").form("/receipt/your-reading")
    assert (again["overall"], again["what-changed"]) == ("both", "worse")
    again.pop("what-changed")
    pages.post("/receipt/your-reading", again | {"overall": ""})
    with reading(engine) as session:
        assert own_answers(session, story.story_id) == {}


def test_where_a_story_has_been_is_said_without_names(
    pages: PageClient, client: TestClient, engine: Engine, held_desk: Desk, story: Told
) -> None:
    assert "Nobody has used your story yet." in pages.get("/receipt/story").words()
    pipeline.understand(make_workshop(engine, held_desk), story.story_id)
    actor, cookie = cookie_for(engine, Role.EVALUATOR)
    for _ in range(2):
        client.get(f"/stories/{story.story_id}", headers={"Cookie": f"storybank-staff={cookie}"})
    with transaction(engine) as session:
        assert len(list(noted(session, actor, exportable(session, actor, Use.QUOTE), "why"))) == 1
        audit.note(session, actor.person_id, OPENED_AS_TOLD, story.story_id, "why")
    page = pages.get("/receipt/story")
    used = [li.text for ul in page.all("ul", class_="sb-used")
            for li in page.all("li") if ul in li.path]  # fmt: skip
    assert len(used) == 3
    assert "opened your story. 2 times that day." in used[0]
    assert "checked what is hidden in your story. They saw the names in it." in used[1]
    assert "in a file with others" in used[2]
    assert "why" not in " ".join(used)


def test_a_changed_consent_counts_at_once(pages: PageClient, engine: Engine, story: Told) -> None:
    actor, _ = cookie_for(engine, Role.EVALUATOR)

    def readable(*uses: Use) -> int:
        with reading(engine) as session:
            return len(session.exec(readable_stories(actor, *uses)).all())

    form = pages.get("/receipt/uses").form("/receipt/uses")
    assert (form["learn"], form["quote"], form["named"]) == ("yes", "yes", "no")
    assert readable(Use.QUOTE) == 1
    page = pages.post("/receipt/uses", form | {"quote": "no", "publish": "yes"})
    assert "They count from now on." in page.words()
    assert (readable(), readable(Use.QUOTE), readable(Use.PUBLISH)) == (1, 0, 1)
    pages.post("/receipt/uses", form | {"learn": "no"})
    assert readable() == 0
    with reading(engine) as session:
        given = session.exec(select(Consent).order_by(Consent.id)).all()  # type: ignore[arg-type]
        assert [(c.how, c.learn, c.quote) for c in given] == [
            ("form", True, True), ("receipt", True, False), ("receipt", False, False),
        ]  # fmt: skip
    assert "You changed nothing." in pages.post("/receipt/uses", form | {"learn": "no"}).words()
    page = pages.post("/receipt/uses", {k: v for k, v in form.items() if k != "learn"}, status=422)
    assert "Choose yes or no" in page.words()


@pytest.mark.usefixtures("story")
def test_consent_is_changed_in_easy_read_too(pages: PageClient, engine: Engine) -> None:
    plain = pages.get("/receipt/uses")
    easy = pages.get(plain.one("a", class_="sb-easy-link")["href"])
    form = easy.form("/receipt/uses")
    assert form == plain.form("/receipt/uses") | {"easy": "1"}
    said = [e.text.strip() for tag in ("p", "legend") for e in easy.all(tag)]
    assert 1 < max(len(s.split()) for s in said) <= 15
    page = pages.post("/receipt/uses", form | {"speak": "ro"})
    assert page.one("html")["lang"] == "ro"
    form = page.form("/receipt/uses") | {"voice": ""}
    page = pages.post("/receipt/uses", form, status=422)
    assert page.all("div", class_="sb-easy"), "a mistake leads to another page"
    pages.post("/receipt/uses", form | {"voice": "no", "quote": "no"})
    with reading(engine) as session:
        newest = session.exec(select(Consent).order_by(Consent.id)).all()[-1]  # type: ignore[arg-type]
        assert (newest.how, newest.quote, newest.wording) == ("receipt", False, "2026-11/ro/easy")


def test_a_story_is_taken_back_with_one_answer(
    pages: PageClient, engine: Engine, story: Told
) -> None:
    page = pages.get("/receipt/take-back")
    assert "This cannot be undone." in page.words()
    with reading(engine) as session:
        assert session.get_one(Story, story.story_id).withdrawn_at is None, "a look changes nothing"
    page = pages.post("/receipt/take-back", page.form("/receipt/take-back"))
    assert "You took this story back on" in page.words()
    assert "We no longer have it." in page.words()
    own = ("story", "correct", "more", "your-reading", "uses", "take-back", "status")
    for name in own:
        page = pages.get(f"/receipt/{name}")
        assert page.one("h1").text == "You took this story back", name
    for name in ("correct", "more", "your-reading", "uses", "take-back", "disagree"):
        form = {"form_token": pages.get("/receipt").form("/receipt")["form_token"]}
        page = pages.post(f"/receipt/{name}", form | {"code": "learning", "direction": "-"})
        assert page.one("h1").text == "You took this story back", name
    assert pages.client.get("/receipt/audio/told").status_code == 404
    page = pages.post("/tell/finish", page.form("/tell/finish"))
    assert enter(pages, story).one("h1").text == "You took this story back"
    assert "Margaret" not in pages.get("/receipt/gone").source


def test_nothing_is_changed_in_a_story_taken_back_in_another_window(
    pages: PageClient, engine: Engine, held_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page found the story standing; before it takes hold, somebody takes it back."""
    form = {"form_token": pages.get("/receipt").form("/receipt")["form_token"], "text": "More.",
            "code": "learning", "direction": "-", "wrong": "1"}  # fmt: skip
    form |= {use.value: "yes" for use in Use}
    find = own_story.story_on_page

    def found_and_gone(request: Request, session: Session, form: Form) -> Story | None:
        found = find(request, session, form)
        assert found is not None
        with transaction(engine) as other:
            withdraw(other, found.id)
        return found

    for name in ("correct", "more", "your-reading", "uses", "disagree"):
        enter(pages, told.tell(engine, held_desk))
        form["own_story"] = pages.get("/receipt/more").form("/receipt/more")["own_story"]
        with monkeypatch.context() as patch:
            for module in (own_consent, own_story, own_words):
                patch.setattr(module, "story_on_page", found_and_gone)
            pages.post(f"/receipt/{name}", form, status=410)
    with reading(engine) as session:
        stories = session.exec(select(Story)).all()
        assert [s.may_learn for s in stories] == [False] * 5
        assert session.exec(select(Disagreement)).all() == []
        assert len(session.exec(select(TranscriptRow)).all()) == 5


def test_own_pages_without_a_code_lead_to_the_code(pages: PageClient) -> None:
    for name in ("story", "correct", "more", "your-reading", "uses", "take-back", "gone"):
        assert pages.get(f"/receipt/{name}").one("h1").text.strip() == "What is your code?", name
