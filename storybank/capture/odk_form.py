"""The story form for survey apps on phones (ODK Collect, KoboCollect, Enketo), made by pyxform.

Its version is a digest of what it holds: whatever changes in it, a programme's question or the
list of places, makes a new version, and a published one is never edited.
"""

import functools
import hashlib
from dataclasses import dataclass
from typing import Any

from babel import Locale
from sqlmodel import Session, col, select

from storybank.capture.answers import ABOUT_ANOTHER, ABOUT_CHILD, ABOUT_ME
from storybank.capture.care import A_CHILDS, IN_DANGER, LEAVE_OUT, RELATIONS, WHO
from storybank.capture.wordings import wording_for
from storybank.consent import SHIPPED, Question, Translated, Wording
from storybank.tables import Place, Programme

UNSAID = "rather-not-say"
SPOKEN, WRITTEN = "spoken", "written"
ENGLISH = "en"
ASKED_IN = "asked_in"
"""Name of the question in which language consent was asked, where there is a choice."""
AUDIO = "story_audio"
"""Name of the question whose answer is a recording."""
TELLERS = {
    ABOUT_ME: "The person's who tells it",
    ABOUT_ANOTHER: "Somebody's they know",
    ABOUT_CHILD: A_CHILDS,
    "worker": "Mine: what I saw or heard myself",
}
GIVERS = {"teller": "The teller", "parent": "A parent of the teller", "carer": "A carer"}

Row = dict[str, str]
_OF_A_CHILD = {"relevant": f"${{teller}} = '{ABOUT_CHILD}'"}


@dataclass(frozen=True, slots=True)
class FormTerms:
    """All that a form depends on: the programme, the places as (short name, name), the wording.

    `prompts` are the prompt in other languages, as (code, text).
    """

    slug: str
    name: str
    prompt: str
    places: tuple[tuple[str, str], ...]
    wording: Wording = SHIPPED
    prompts: tuple[tuple[str, str], ...] = ()

    @property
    def languages(self) -> tuple[Translated, ...]:
        """The languages in which all five questions are written."""
        return tuple(other for other in self.wording.translated if other.whole)


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """One version of a form as phones fetch it; `hash` is the MD5 that OpenRosa asks for."""

    id: str
    name: str
    version: str
    xml: bytes

    @property
    def hash(self) -> str:
        """Give the digest by which a phone sees that it has this form already."""
        return f"md5:{hashlib.md5(self.xml, usedforsecurity=False).hexdigest()}"


def form_id(slug: str) -> str:
    """Give the id of a programme's form; it never changes."""
    return f"storybank-{slug}"


def terms_of(session: Session, programme: Programme) -> FormTerms:
    """Read what the form of `programme` depends on."""
    places = session.exec(select(Place.slug, Place.name).order_by(col(Place.name))).all()
    return FormTerms(
        programme.slug, programme.name, programme.prompt, tuple((p[0], p[1]) for p in places),
        wording_for(session, programme.id), tuple(sorted(programme.prompts.items())),
    )  # fmt: skip


@functools.lru_cache(maxsize=64)
def make_form(terms: FormTerms) -> PhoneForm:
    """Give the form for these terms; the same terms give the same bytes and version."""
    draft = _convert(_workbook(terms, version="0"))
    version = f"{terms.wording.version.replace('/', '.')}-{hashlib.sha256(draft).hexdigest()[:16]}"
    xml = _convert(_workbook(terms, version))
    return PhoneForm(form_id(terms.slug), _said(terms.name), version, xml)


def _convert(workbook: dict[str, Any]) -> bytes:
    from pyxform.xls2xform import convert

    result: str = convert(workbook, validate=False, form_name="data").xform
    return result.encode()


def _workbook(terms: FormTerms, version: str) -> dict[str, Any]:
    settings = {
        "form_title": _said(terms.name),
        "form_id": form_id(terms.slug),
        "version": version,
        "default_language": "default",
    }
    return {
        "survey": [*_opening(terms.wording), *_consent(terms), *_story(terms), *_details()],
        "choices": _choices(terms),
        "settings": [settings],
    }


def _opening(wording: Wording) -> list[Row]:
    return [
        {"type": "calculate", "name": "wording", "calculation": f"'{wording.version}'"},
        {
            "type": "note",
            "name": "before",
            "label": "Ask before you start. Read each question aloud, and put in their answer. "
            "It is fine to say no to all of them.",
        },
    ]


def asked_as(use: str, language: str) -> str:
    """Name the question about a use, as it is asked in a language."""
    return f"consent_{use}" if language == ENGLISH else f"consent_{use}_{language}"


def _consent(terms: FormTerms) -> list[Row]:
    giver = {"type": "select_one givers", "name": "given_by", "required": "yes"}
    giver |= {"label": "Who gave these answers?"}
    if not terms.languages:
        return [*(_question(question) for question in terms.wording.questions), giver]
    tongue = _pick("tongues", ASKED_IN, "In which language do you ask?") | {"default": ENGLISH}
    rows = [tongue]
    for code in (ENGLISH, *(other.language for other in terms.languages)):
        only_then = {"relevant": f"${{{ASKED_IN}}} = '{code}'"}
        asked = terms.wording.in_language(code).questions
        rows += [_question(question, code) | only_then for question in asked]
    return [*rows, giver]


def _question(question: Question, language: str = ENGLISH) -> Row:
    return {
        "type": "select_one yes_no",
        "name": asked_as(question.use.value, language),
        "label": _said(question.ask),
        "hint": _said(question.hint),
        "required": "yes",
    }


def _story(terms: FormTerms) -> list[Row]:
    known = {other.language for other in terms.languages}
    prompts = [
        {"type": "note", "name": f"prompt_{code}", "label": _said(text)}
        | {"relevant": f"${{{ASKED_IN}}} = '{code}'"}
        for code, text in terms.prompts
        if code in known
    ]
    return [
        *prompts,
        {
            "type": "select_one tellings",
            "name": "telling",
            "label": "How will they tell it?",
            "required": "yes",
        },
        {
            "type": "audio",
            "name": AUDIO,
            "label": _said(terms.prompt),
            "hint": "Record them telling it.",
            "required": "yes",
            "relevant": f"${{telling}} = '{SPOKEN}'",
            "parameters": "quality=low",
        },
        {
            "type": "text",
            "name": "story_text",
            "label": _said(terms.prompt),
            "hint": "In their own words, as they say it. Leave out your own opinion.",
            "required": "yes",
            "relevant": f"${{telling}} = '{WRITTEN}'",
            "appearance": "multiline",
        },
    ]


def _details() -> list[Row]:
    return [
        _pick("tellers", "teller", "Whose story is it?"),
        {"type": "note", "name": "care", "label": f"{LEAVE_OUT} {IN_DANGER}"} | _OF_A_CHILD,
        _pick("relations", "relation", WHO) | _OF_A_CHILD,
        _pick("places", "place", "Where did it happen?"),
        {
            "type": "date",
            "name": "happened",
            "label": "When did it happen, roughly?",
            "hint": "Leave it out where they would rather not say.",
            "appearance": "month-year",
            "constraint": ". <= today()",
            "constraint_message": "Choose a month that is not in the future.",
        },
        {
            "type": "date",
            "name": "told_on",
            "label": "When were you told?",
            "default": "today()",
            "required": "yes",
            "constraint": ". <= today()",
            "constraint_message": "Choose a day that is not in the future.",
        },
    ]


def _pick(choices: str, name: str, label: str) -> Row:
    return {"type": f"select_one {choices}", "name": name, "label": label, "required": "yes"}


def _choices(terms: FormTerms) -> list[Row]:
    lists: dict[str, dict[str, str]] = {
        "yes_no": {"yes": "Yes", "no": "No"},
        "givers": GIVERS,
        "tellings": {SPOKEN: "Speaking: I record it", WRITTEN: "I write down what they say"},
        "tellers": TELLERS,
        "relations": RELATIONS,
        "places": dict(terms.places) | {UNSAID: "They would rather not say"},
    }
    if terms.languages:
        lists["tongues"] = {ENGLISH: "English"} | {
            other.language: _called(other.language) for other in terms.languages
        }
    return [
        {"list_name": name, "name": value, "label": _said(label)}
        for name, choices in lists.items()
        for value, label in choices.items()
    ]


def _called(language: str) -> str:
    """Give a language's name for the worker and for the teller: `Arabic (العربية)`."""
    locale = Locale.parse(language)
    return f"{locale.get_display_name('en')} ({locale.get_display_name()})"


def _said(words: str) -> str:
    """Give words that people wrote so that pyxform takes nothing in them for a reference."""
    return words.replace("${", "$ {")
