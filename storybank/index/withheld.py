"""Words in another language, typed or spoken: numbers are masked, and all of it is withheld.

The rules for names read English: in Polish they mask half of the words and miss names. So nobody
who may see masked words only sees these (docs/decisions/0031).
"""

from collections.abc import Sequence

import numpy as np

from storybank.index.readings import Reading
from storybank.tables import DIMENSIONS, TranscriptRow
from storybank.understand.languages import ENGLISH, UNDETERMINED, LanguageFinder
from storybank.understand.redact.reviewed import Decided, reviewed
from storybank.values import Mark, Mask, Transcript

BY_RULE = frozenset(
    {
        "bank", "card", "driving_licence", "email", "handle", "link", "network_address", "nhs",
        "nino", "passport", "phone", "postcode", "vehicle",
    }
)  # fmt: skip
"""Kinds of details that are known by how they are written, in whatever language they stand."""


def told_in(
    finder: LanguageFinder, row: TranscriptRow, told: Transcript, *, in_english: bool = False
) -> str:
    """Give the language in which a version of a story is told: in any but ENGLISH it is withheld.

    `in_english` says that its English is there or to come: then it is no English, whatever the
    words look like. What a machine heard in English without a doubt, and nobody changed, is
    English. Of what was heard in another language the ear knows better which one it is.
    """
    doubted = any(Mark.LANGUAGE_DOUBT in segment.flags for segment in told.segments)
    if row.source == "machine" and told.language == ENGLISH and not doubted:
        return ENGLISH
    found = finder.find(told.text, told.language)
    if found == ENGLISH and not in_english:
        return ENGLISH
    if told.segments and told.language != ENGLISH:
        return told.language
    return UNDETERMINED if found == ENGLISH else found


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


def by_rule(text: str, found: Sequence[Mask], decisions: Sequence[Decided]) -> tuple[Mask, ...]:
    """Give the masks of withheld words: of `found` those that hold in any language."""
    return reviewed(text, [mask for mask in found if mask.kind in BY_RULE], decisions)
