"""Small letters only, or capitals only: the pipeline's eyes for names need a text as printed."""

from typing import Any

from storybank.understand.redact.given import GIVEN
from storybank.understand.redact.lexicon import Lexicon

FEW_CAPITALS = 0.015
MANY_CAPITALS = 0.6


def recased(doc: Any, lexicon: Lexicon) -> str | None:
    """Give a text of the same length with a capital on each likely name; None where not needed.

    A text needs it where hardly any word has a capital, or nearly every letter is one.
    """
    if FEW_CAPITALS <= capital_share(doc.text) < MANY_CAPITALS:
        return None
    return "".join(_written(token, lexicon) + str(token.whitespace_) for token in doc)


def capital_share(text: str) -> float:
    """Give the part of all letters that are capitals, in [0, 1]; 0.0 where there are none."""
    letters = sum(map(str.isalpha, text))
    return sum(map(str.isupper, text)) / letters if letters else 0.0


def _written(token: Any, lexicon: Lexicon) -> str:
    plain = str(token.text)
    likely = plain.isalpha() and (plain.lower() in GIVEN or not lexicon.ordinary(plain))
    changed = plain.capitalize() if likely else plain.lower()
    return changed if len(changed) == len(plain) else plain
