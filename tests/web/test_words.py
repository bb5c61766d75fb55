"""Advice on words as staff type: shown, kept out of the way, and never about quotations."""

import pytest

from storybank.db import transaction
from storybank.framework import models_folder
from storybank.understand.people_first import LanguageCheck, load_words
from storybank.values import Role
from tests.factories import make_programme
from tests.fakes import plain_nlp
from tests.staff import sign_in
from web.wordcheck import MOST_CHARS, get_words, look_with

pytestmark = pytest.mark.database


class WordsHere:
    """The real check with a grammar that knows no parts of speech, in this process."""

    def __init__(self) -> None:
        words = load_words(models_folder() / "language" / "people-first.toml")
        self._check = LanguageCheck(plain_nlp(), words)

    def begin(self) -> None:
        """Begin nothing."""

    def look(self, text):
        """Check the text."""
        return look_with(self._check, text)


class WordsGone:
    """A check whose process died."""

    def begin(self) -> None:
        """Begin nothing."""

    def look(self, text):
        """Give nothing."""
        return None


@pytest.fixture
def checked(app, client, engine):
    app.dependency_overrides[get_words] = WordsHere
    with transaction(engine) as session:
        make_programme(session)
    return client


def token(client, address):
    page = client.get(address).text
    return page.split('name="form_token" value="', 1)[1].split('"', 1)[0]


def test_a_worker_is_advised_while_typing_and_quotations_are_left_alone(checked, engine) -> None:
    sign_in(checked, engine, Role.WORKER)
    data = {
        "form_token": token(checked, "/worker/new"),
        "note": 'Hard to reach. "I am a service user"',
    }
    part = checked.post("/words", data=data, headers={"HX-Request-Type": "partial"})
    assert part.status_code == 200
    assert "<h1" not in part.text
    assert "Hard to reach" in part.text
    assert "Try:" in part.text
    assert "service user" not in part.text
    assert "Reading age" not in part.text  # nobody outside reads a note


def test_the_button_without_scripts_sends_nothing_and_keeps_what_was_typed(checked, engine) -> None:
    sign_in(checked, engine, Role.WORKER)
    data = {"form_token": token(checked, "/worker/new"), "note": "Our service users", "do": "words"}
    page = checked.post("/worker/new", data=data)
    assert page.status_code == 200
    assert page.text.count("Our service users") == 1
    assert "It defines people by what we provide for them." in page.text
    assert "There is a problem" not in page.text


def test_what_residents_read_has_its_reading_age_beside_it(checked, engine) -> None:
    sign_in(checked, engine, Role.ADMIN)
    asked = "What has happened to you here in the last year, good or bad, that you want to tell us?"
    data = {"form_token": token(checked, "/admin/lists"), "prompt": asked, "do": "words"}
    page = checked.post("/admin/programmes", data=data)
    assert page.status_code == 200
    assert "Reading age: " in page.text
    assert "No labels or jargon found." in page.text
    wording = {
        "form_token": data["form_token"],
        "learn-ask": "May service users learn?",
        "do": "words",
    }
    assert "service users" in checked.post("/admin/wording", data=wording).text


def test_a_story_pasted_into_a_note_is_left_alone_also_where_it_goes_on_for_pages(
    checked, engine
) -> None:
    sign_in(checked, engine, Role.WORKER)
    story = "I am a service user.\r\n\r\n" * (MOST_CHARS // 10)
    data = {
        "form_token": token(checked, "/worker/new"),
        "note": f'Hard to reach. She said: "{story}That is all." Our clients sing.',
    }
    page = checked.post("/words", data=data)
    assert page.status_code == 200
    assert "1 place to look at" in page.text
    assert "Only the first ten pages or so were looked at." in page.text
    data["note"] = "Hard to reach"
    assert "first ten pages" not in checked.post("/words", data=data).text


def test_where_words_cannot_be_checked_the_page_says_so_and_goes_on(app, client, engine) -> None:
    app.dependency_overrides[get_words] = WordsGone
    sign_in(client, engine, Role.WORKER)
    data = {"form_token": token(client, "/worker/new"), "note": "clients", "do": "words"}
    page = client.post("/worker/new", data=data)
    assert page.status_code == 200
    assert "could not be checked just now" in page.text
