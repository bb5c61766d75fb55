"""The catalogues hold what residents can meet, keep placeholders, and compile."""

import gettext
import re
import sys
from pathlib import Path

import pytest
from babel.messages import Catalog

from storybank import consent, errors
from storybank.capture import own_reading
from web.language import DRAFT_SAYS, LANGUAGES, LOCALES

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts import spoken, translations  # noqa: E402 (developer tools stand outside the packages)


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return translations.gathered()


@pytest.fixture(scope="module")
def template() -> set[str]:
    """Every English sentence of the committed template, plural forms apart."""
    ids = [message.id for message in translations.read(LOCALES / "messages.pot")]
    return {text for found in ids for text in ([found] if isinstance(found, str) else found)}


def test_every_language_but_english_has_a_catalogue() -> None:
    found = {path.parent.parent.name for path in translations.catalogues()}
    assert found == LANGUAGES.keys() - {"en"}


def test_the_template_is_in_step_with_the_pages(gathered: Catalog) -> None:
    committed = {message.id for message in translations.read(LOCALES / "messages.pot")}
    wanted = {message.id for message in gathered}
    mend = "run: python scripts/translations.py update"
    assert (wanted - committed, committed - wanted) == (set(), set()), mend


def test_what_residents_are_asked_and_told_can_be_translated(template: set[str]) -> None:
    asked = [text for q in consent.QUESTIONS for text in (q.ask, q.hint)]
    asked += [q.ask for q in own_reading.QUESTIONS]
    asked += [choice.say for q in own_reading.QUESTIONS for choice in q.choices]
    met = [k.message for k in spoken.every_error() if k.__name__ not in spoken.STAFF_MEET]
    assert errors.EmptyStory.message in met
    assert {*asked, *met, DRAFT_SAYS} - template == set()


def test_the_list_of_staff_s_errors_names_errors_that_there_are() -> None:
    modules = [path for top in ("storybank", "web") for path in (ROOT / top).rglob("*.py")]
    named = re.compile(r"^class (\w+)\(", re.MULTILINE)
    there = {name for path in modules for name in named.findall(path.read_text("utf-8"))}
    assert spoken.STAFF_MEET - there == set()


def test_translations_compile_and_keep_placeholders_and_elements(gathered: Catalog) -> None:
    found = [p for p in translations.problems(gathered) if "not translated" not in p]
    assert [p for p in found if "out of step" not in p] == []


def test_consent_is_asked_in_every_language() -> None:
    """A half-translated question about consent would be no question."""
    for path in translations.catalogues():
        catalogue = translations.read(path)
        for question in consent.QUESTIONS:
            for text in (question.ask, question.hint):
                entry = catalogue.get(text)
                assert entry is not None, f"{path.parent.parent.name}: {text}"
                assert entry.string, f"{path.parent.parent.name}: {text}"


def test_templates_translate_only_what_is_written_in_them() -> None:
    """What `_()` gives is taken as HTML, so a variable in it could be what somebody typed."""
    loose = re.compile(r"\b(_|gettext|ngettext)\(\s*(?![\"'])")
    found = [
        f"{path.name}:{number}"
        for path in translations.TEMPLATES.rglob("*.html")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if loose.search(line)
    ]
    assert found == [], "say a constant of Python with the filter `said`"


@pytest.mark.parametrize(
    ("english", "translation", "problem"),
    [
        ("Wait %(n)s minutes.", "Czekaj.", "placeholders differ (n)"),
        ("Wait %(n)s minutes.", "Czekaj %(m)s minut.", "placeholders differ (m, n)"),
        ("Wait.", "Czekaj 5 % czasu.", "a lone %"),
        ('<a href="%(url)s">Go</a>', "%(url)s", "elements differ"),
        ("Wait.", "<b>Czekaj</b>", "elements differ"),
        ("Wait.", "", "not translated"),
    ],
)
def test_the_check_names_what_a_translator_broke(
    tmp_path: Path, english: str, translation: str, problem: str
) -> None:
    wanted, polish = translations.Catalogue(), translations.Catalogue(locale="pl")
    wanted.add(english)
    polish.add(english, translation)
    translations._write(tmp_path / "messages.pot", wanted)
    translations._write(tmp_path / "pl" / "LC_MESSAGES" / "messages.po", polish)
    (found,) = translations.problems(wanted, tmp_path)
    assert found.startswith("pl: ")
    assert problem in found


@pytest.mark.parametrize(
    "lines",
    [
        'msgid "Wait.\nmsgstr "Czekaj."',
        'msgid "Wait."\nmsgstr Czekaj.',
        'msgid "Wait."\nmsgstr "Cze"kaj."',
        'msgid "Wait."\nmsgstr "Czekaj."\nrubbish',
    ],
)
def test_the_check_names_a_catalogue_that_cannot_be_read(tmp_path: Path, lines: str) -> None:
    wanted = translations.Catalogue()
    wanted.add("Wait.")
    translations._write(tmp_path / "messages.pot", wanted)
    broken = tmp_path / "pl" / "LC_MESSAGES" / "messages.po"
    broken.parent.mkdir(parents=True)
    broken.write_text(f"{lines}\n", "utf-8")
    (found,) = translations.problems(wanted, tmp_path)
    assert found.startswith("pl: cannot be read from line")


@pytest.fixture
def polish(tmp_path: Path) -> Path:
    """A catalogue with a draft, and a text whose draft somebody approved; both are in step."""
    catalogue = translations.Catalogue(locale="pl", fuzzy=False)
    catalogue.add("Wait.", "Czekaj.", flags={"fuzzy"})
    catalogue.add("Go.", "Idź.")
    path = tmp_path / "pl" / "LC_MESSAGES" / "messages.po"
    translations._write(path, catalogue)
    return updated(path, "Wait.", "Go.")


def updated(path: Path, *wanted: str) -> Path:
    template = translations.Catalogue()
    for text in wanted:
        template.add(text)
    translations._write(path, translations.in_step(translations.read(path), template))
    return path


def texts_of(path: Path, name: str) -> dict[str, str]:
    """What a compiled catalogue holds."""
    translations.compile_all(path.parents[2])
    with path.with_name(name).open("rb") as file:
        return {k: v for k, v in gettext.GNUTranslations(file)._catalog.items() if k}


def test_every_text_is_a_draft_until_somebody_takes_its_flag_away(polish: Path) -> None:
    assert texts_of(polish, "messages.mo") == {"Go.": "Idź."}
    assert texts_of(polish, "drafts.mo") == {"Wait.": "Czekaj."}, "a draft is shown, too"
    polish.write_text(polish.read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")
    assert texts_of(polish, "messages.mo") == {"Go.": "Idź.", "Wait.": "Czekaj."}
    assert texts_of(polish, "drafts.mo") == {}


def test_an_approved_text_that_is_changed_becomes_a_draft_by_itself(polish: Path) -> None:
    updated(polish, "Wait.", "Go.")
    assert texts_of(polish, "messages.mo") == {"Go.": "Idź."}, "an update keeps approvals"
    polish.write_text(polish.read_text("utf-8").replace("Idź.", "Proszę iść."), "utf-8")
    assert texts_of(polish, "messages.mo") == {}, "also before the catalogue is updated"
    assert updated(polish, "Wait.", "Go.").read_text("utf-8").count("#, fuzzy") == 2
    polish.write_text(polish.read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")
    assert set(texts_of(updated(polish, "Wait.", "Go."), "messages.mo")) == {"Go.", "Wait."}


def test_a_sentence_whose_english_changed_starts_as_a_draft(polish: Path) -> None:
    text = updated(polish, "Wait.", "Go now.").read_text("utf-8")
    assert text.count("#, fuzzy") == 2
    polish.write_text(text.replace('msgid "Go now."\nmsgstr ""', 'msgid "Go now."\nmsgstr "Idź."'))
    assert texts_of(polish, "drafts.mo") == {"Wait.": "Czekaj.", "Go now.": "Idź."}
