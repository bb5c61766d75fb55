"""Half-told stories and open pages while Storybank is brought up to date."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from storybank.capture.answers import Answers
from storybank.capture.drafts import new_cookie, open_draft, save_draft
from storybank.db import transaction
from storybank.keys import Keyring
from tests.pages import PageClient
from tests.web.test_tell import USES, fill, tell
from tests.web.test_tell_tabs import OTHERS

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]


@dataclass(frozen=True, slots=True)
class LaterAnswers(Answers):
    """The answers of a version that asks one thing more."""

    weather: str | None = None


def test_a_page_of_an_earlier_version_is_told_from_one_about_another_story(
    pages: PageClient,
) -> None:
    tell(pages)
    before = pages.get("/tell/check").words()
    answered = (
        *OTHERS, ("/tell/uses", dict.fromkeys(USES, "yes")), ("/tell/check", {}),
        ("/tell/delete", {}),
    )  # fmt: skip
    for path, said in answered:
        shown = "/tell/check" if path == "/tell/delete" else path
        form = pages.get(shown).form(path) | said
        del form["story"]
        refused = pages.post(path, form, status=409)
        assert "open while Storybank was brought up to date" in refused.words(), path
        home = pages.get("/", headers={"Referer": f"http://testserver{path}"})
        assert "You have started a story" in home.words(), path
        assert pages.get("/tell/check").words() == before, path
    fill(pages, pages.get("/tell/check"), "/tell/check")


def test_a_story_begun_in_a_later_version_opens_in_an_earlier_one(
    engine: Engine, keyring: Keyring
) -> None:
    cookie = new_cookie()
    with transaction(engine) as session:
        save_draft(session, keyring, cookie, LaterAnswers(text="The lift.", weather="rain"))
    with Session(engine) as session:
        assert open_draft(session, keyring, cookie) == Answers(text="The lift.")


def test_answers_that_were_checked_before_an_update_are_the_same_after_it() -> None:
    told = Answers(text="The lift.", place="", uses={"learn": True}, own_reading={})
    later = LaterAnswers(text="The lift.", place="", uses={"learn": True}, own_reading={})
    assert later.whole_mark == told.whole_mark
    assert replace(later, weather="rain").whole_mark != told.whole_mark
    for change in ({"place": None}, {"own_reading": None}, {"uses": {"learn": False}}):
        assert replace(told, **change).whole_mark != told.whole_mark
