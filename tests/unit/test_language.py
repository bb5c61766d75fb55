"""Choosing among languages, sentences with something put in, and English on a foreign page."""

import gettext

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from storybank.sentences import sentence
from web.forms import Problems
from web.language import LANGUAGES, Speech, _Marking, english, plain, preferred


@pytest.fixture
def polish(tmp_path) -> Speech:
    """Polish with two sentences, and nothing else."""
    catalogue = Catalog(locale="pl")
    catalogue.add("Error", "Błąd")
    catalogue.add("Write %(n)s, not %(what)s.", "Pisz %(n)s, a nie %(what)s.")
    catalogue.add("Guessed.", "Zgadnięte.", flags={"fuzzy"})
    with (tmp_path / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    with (tmp_path / "messages.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    read.add_fallback(_Marking())
    return Speech(LANGUAGES["pl"], read)


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


def test_what_is_missing_or_only_guessed_is_shown_in_english_and_marked(polish: Speech) -> None:
    for lacking in ("Not there.", "Guessed."):
        page = polish.finish(f"<p>{polish.say(lacking)}</p>")
        assert page == f'<p><span lang="en" dir="ltr">{lacking}</span></p>'


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


def test_no_draft_is_approved_until_its_header_says_so(polish: Speech) -> None:
    assert not polish.approved
    catalogue = gettext.NullTranslations()
    catalogue._info = {"x-approved-by": "A. Person, 2026-11-30"}  # what gettext reads of a header
    assert Speech(LANGUAGES["pl"], catalogue).approved
    assert Speech(LANGUAGES["en"], gettext.NullTranslations()).approved


def test_problems_are_said_with_the_word_for_error(polish: Speech) -> None:
    problems = Problems({"year": sentence("Write %(n)s, not %(what)s.", n=1, what="2")})
    assert problems.said_by(polish.say).of("year") == {
        "text": "Pisz 1, a nie 2.",
        "visuallyHiddenText": "Błąd",
    }
