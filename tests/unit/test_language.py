"""Choosing among languages, sentences with something put in, and English on a foreign page."""

import gettext
import io

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from storybank.sentences import sentence
from web.forms import Problems
from web.language import LANGUAGES, Speech, _Marking, english, plain, preferred

APPROVED = {"Error": "Błąd", "Write %(n)s, not %(what)s.": "Pisz %(n)s, a nie %(what)s."}
DRAFTS = {"Drafted.": "Szkic.", ("%(num)s bus", "%(num)s buses"): ("autobus", "autobusy", "wiele")}


def catalogue(texts: dict) -> gettext.GNUTranslations:
    """A compiled catalogue that holds these texts, as the pages read it."""
    polish, compiled = Catalog(locale="pl"), io.BytesIO()
    for english_text, text in texts.items():
        polish.add(english_text, text)
    write_mo(compiled, polish)
    compiled.seek(0)
    read = gettext.GNUTranslations(compiled)
    read.add_fallback(_Marking())
    return read


@pytest.fixture
def polish() -> Speech:
    """Polish with two sentences that somebody approved, and two drafts."""
    return Speech(LANGUAGES["pl"], catalogue(APPROVED), catalogue(DRAFTS))


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        ("", "en"),
        ("pl", "pl"),
        ("PL-pl", "pl"),
        ("fr-FR, ro;q=0.8, ar;q=0.9", "ar"),
        ("en-US,en;q=0.9,ur;q=0.8", "en"),
        ("pl;q=0", "en"),
        ("pl;q=abc, ro;q=0.1", "ro"),
        ("*", "en"),
        (";;,,;q=", "en"),
        ("pt-BR", "pt"),
    ],
)
def test_the_browser_s_first_choice_that_we_speak_is_taken(accepted: str, found: str) -> None:
    assert preferred(accepted) == found


def test_a_sentence_is_filled_in_after_it_was_translated(polish: Speech) -> None:
    said = sentence("Write %(n)s, not %(what)s.", n=4, what="Error")
    assert said == "Write 4, not Error."
    assert polish.say(said) == "Pisz 4, a nie Błąd."


def test_what_is_missing_is_shown_in_english_and_marked(polish: Speech) -> None:
    page = polish.finish(f"<p>{polish.say('Not there.')}</p>")
    assert page == '<p><span lang="en" dir="ltr">Not there.</span></p>'


def test_a_mark_stands_only_where_an_element_may(polish: Speech) -> None:
    word = english("Hello > you")
    html = f'<title>{word}</title><a title="{word}">{word}</a><option>{word}</option>{word}'
    inside = '<span lang="en" dir="ltr">Hello > you</span>'
    assert polish.finish(html) == (
        f'<title>Hello > you</title><a title="Hello > you">{inside}</a>'
        f"<option>Hello > you</option>{inside}"
    )


def test_a_marked_sentence_may_hold_elements_and_marks(polish: Speech) -> None:
    html = polish.finish(english(f'Go <a href="/x">there {english("now")}</a>.'))
    assert html.count('<span lang="en"') == html.count("</span>") == 4
    assert plain(html) == html
    assert '<a href="/x"><span' in html


def test_each_page_notes_the_drafts_that_were_said_on_it_and_nothing_else(polish: Speech) -> None:
    first, second = polish.for_one_page(), polish.for_one_page()
    assert first.say("Error") == "Błąd"
    assert first.say("Not there.") == english("Not there.")
    assert first.drafts_said == set()
    assert second.say("Drafted.") == "Szkic."
    assert second.ngettext("%(num)s bus", "%(num)s buses", 2) == "autobusy"
    assert second.drafts_said == {"Drafted.", "%(num)s bus"}
    assert first.drafts_said == polish.drafts_said == set()


def test_english_is_no_draft() -> None:
    speech = Speech(LANGUAGES["en"], gettext.NullTranslations()).for_one_page()
    assert speech.say("Error") == "Error"
    assert speech.ngettext("bus", "buses", 2) == "buses"
    assert speech.drafts_said == set()


def test_problems_are_said_with_the_word_for_error(polish: Speech) -> None:
    problems = Problems({"year": sentence("Write %(n)s, not %(what)s.", n=1, what="2")})
    assert problems.said_by(polish.say).of("year") == {
        "text": "Pisz 1, a nie 2.",
        "visuallyHiddenText": "Błąd",
    }
