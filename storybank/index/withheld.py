"""Words in another language, typed or spoken: numbers are masked, and all of it is withheld.

The rules for names read English: in Polish they mask half of the words and miss names. So nobody
who may see masked words only sees these (docs/decisions/0031).
"""

import uuid
from collections.abc import Sequence

import numpy as np
from sqlmodel import Session

from storybank.capture.side_steps import TRANSLATION, is_left
from storybank.capture.translations import last_translation, to_translate
from storybank.index.by_rule import by_rule
from storybank.index.notes import WRITTEN_BEFORE, OpenNote
from storybank.index.readings import Reading
from storybank.tables import DIMENSIONS, TranscriptRow
from storybank.understand.engines import Redactor
from storybank.understand.languages import ENGLISH, UNDETERMINED, LanguageFinder
from storybank.understand.redact.reviewed import Decided
from storybank.values import Mark, Mask, Transcript


def has_english(session: Session, story_id: uuid.UUID) -> bool:
    """Say whether a story's English is to come, or ever stood beside a version: then it is none."""
    stood = last_translation(session, story_id) is not None
    return stood or is_left(session, story_id, TRANSLATION)


def told_in(
    finder: LanguageFinder, row: TranscriptRow, told: Transcript, *, in_english: bool = False
) -> str:
    """Give the language in which a version of a story is told: in any but ENGLISH it is withheld.

    `in_english` says that its English is there, is to come, or stood beside an earlier version.
    Then it is no English, whatever the words look like, nor is what was heard in another language
    for sure, whatever was corrected: nobody says for a teller what they said. What a machine heard
    in English without a doubt, and nobody changed, is English. Words typed under a recording are
    looked at by themselves, too: few beside many, they are lost in the whole.
    """
    if told.segments and to_translate(told):
        return told.language
    doubted = any(Mark.LANGUAGE_DOUBT in segment.flags for segment in told.segments)
    if row.source == "machine" and told.language == ENGLISH and not doubted:
        return ENGLISH
    found = finder.find(told.text, told.language)
    if found == ENGLISH and (added := _typed_under(told)):
        found = finder.find(added, told.language)
    if found == ENGLISH and not in_english:
        return ENGLISH
    if told.segments and told.language != ENGLISH:
        return told.language
    return UNDETERMINED if found == ENGLISH else found


def note_in(finder: LanguageFinder, names: Redactor, note: OpenNote, told: Transcript) -> str:
    """Give the language of a worker's note, without the heading that an earlier version wrote.

    Only the teller's words in it are likely in the language of the story, unless a person wrote
    them as the English of a note.
    """
    words = note.words.removeprefix(WRITTEN_BEFORE).strip()
    tellers = note.tellers or note.words.startswith(WRITTEN_BEFORE)
    as_told = tellers and not note.english
    return written_in(finder, names, words, told.language if as_told else ENGLISH)


def written_in(finder: LanguageFinder, names: Redactor, words: str, expected: str) -> str:
    """Give the language of a note, or of an English; without letters it is ENGLISH.

    Names are in many languages. Where `names` masks all, or leaves what is English without any
    help, nothing else would be shown: then a short English note that is mostly names is one.
    """
    if not _has_letters(words):
        return ENGLISH
    found = finder.find(words, expected)
    if found == ENGLISH or expected != ENGLISH:
        return found
    left = _left(words, names.find(words))
    return found if _has_letters(left) and finder.find(left, UNDETERMINED) != ENGLISH else ENGLISH


def language_of(
    finder: LanguageFinder, names: Redactor, row: TranscriptRow, words: Transcript
) -> str:
    """Give the language of a version, or of a translation, by its words and who heard them."""
    if row.translates is None:
        return told_in(finder, row, words)
    return written_in(finder, names, words.text, ENGLISH)


def _typed_under(told: Transcript) -> str:
    """Give the words under a recording that nobody heard in it; empty where there are none."""
    if not told.segments:
        return ""
    found, at = [], 0
    for segment in told.segments:
        found.append(told.text[at : segment.span.start])
        at = segment.span.end
    pieces = (piece.strip() for piece in (*found, told.text[at:]))
    return "\n\n".join(piece for piece in pieces if _has_letters(piece))


def _left(text: str, masks: Sequence[Mask]) -> str:
    """Give what would be shown of a text, without placeholders."""
    found, at = [], 0
    for mask in masks:
        found.append(text[at : mask.span.start])
        at = mask.span.end
    return " ".join((*found, text[at:]))


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def withheld_reading(
    text: str, found: Sequence[Mask], decisions: Sequence[Decided], language: str
) -> Reading:
    """Give the reading of words in `language`: what is masked in them, and nothing else.

    `found` is what the English rules find; `decisions` are what people said of masks.
    """
    return Reading(
        masks=by_rule(text, found, decisions),
        passages=(),
        texts=(),
        vectors=np.zeros((0, DIMENSIONS), dtype=np.float32),
        suggestions=(),
        masked="",
        withheld=True,
        language=language,
    )
