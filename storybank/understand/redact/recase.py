"""Small letters only, or capitals only: the pipeline's eyes for names need a text as printed."""

from typing import Any

from storybank.understand.redact.given import GIVEN
from storybank.understand.redact.lexicon import Lexicon

_MOST_CAPITALS = 0.015
_MOSTLY_CAPITALS = 0.6


def recased(doc: Any, lexicon: Lexicon) -> str | None:
    """Give a text of the same length with a capital on each likely name; None where not needed.

    A text needs it where hardly any word has a capital, or nearly every letter is one.
    """
    letters = [character for token in doc for character in token.text if character.isalpha()]
    if not letters:
        return None
    share = sum(character.isupper() for character in letters) / len(letters)
    if _MOST_CAPITALS < share < _MOSTLY_CAPITALS:
        return None
    return "".join(_written(token, lexicon) + str(token.whitespace_) for token in doc)


def _written(token: Any, lexicon: Lexicon) -> str:
    plain = str(token.text)
    likely = plain.isalpha() and (plain.lower() in GIVEN or not lexicon.ordinary(plain))
    changed = plain.capitalize() if likely else plain.lower()
    return changed if len(changed) == len(plain) else plain
