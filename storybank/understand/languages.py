"""Which language a typed story is written in: from its words, and a little from where it was typed.

The rest of the machine reads English only. A Polish story that is taken for English would be shown
with its names in it, so what cannot be told counts as English only where English is likely.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from babel import Locale

ENGLISH, UNDETERMINED = "en", "und"
"""Codes of languages; UNDETERMINED (so named by ISO 639-2) is some other language than English."""
WEIGHTS = "model.npz.xz"

STARTS = ((3, 30.0), (6, 10.0))
LIKELY = 3.0
"""How many times likelier the expected language is than any other: in three words, in six, in more.

Of 4,000 sentences of invented English stories, 4 of up to six words, mostly names, and none longer
were less likely English than that (docs/decisions/0031)."""
SURELY = 1 / 30
"""A sentence of four words and more whose English is less likely than this is in another language:
no English one of those was."""
LEAST_WORDS = 4
MIXED = 0.15
"""With this part of its words or of its letters in such sentences a story is not read as English:
that much of it would be shown with its names."""
TOLD = 0.5
"""Another language is named where it has this part of what is not English."""

_SAME = {"ary": "ar", "arz": "ar"}
"""Varieties that are written and read as the language beside them."""
_PASSED_OVER = ("zxx", "pcm")
"""No language; and Nigerian Pidgin, as which both short English and Urdu in Latin letters pass."""
_ENDS = re.compile(r"[.!?\u061f\u06d4\u0964\u2026\u3002\uff01\uff1f\n]+")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese have no spaces: each letter counts as a word."""
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")

UNNAMED = "another language"
"""What an undetermined language is called in a sentence."""

Chances = Mapping[str, float]
"""How likely each language is, by its code; together 1."""


class LanguageFinder(Protocol):
    """Says which language a text is written in."""

    def find(self, text: str, expected: str) -> str:
        """Give the code of the language of `text`, or UNDETERMINED.

        `expected` is that of the form it was typed in: it settles a few words, never a whole story.
        """


class WrittenLanguages:
    """Finds languages by runs of bytes (py3langid, 139 languages); loads on the first text."""

    def __init__(self, weights: Path) -> None:
        self._weights = weights

    def find(self, text: str, expected: str) -> str:
        """See LanguageFinder."""
        whole = expecting(chances(self._identifier.rank(text)), expected, _count(text))
        parts = [(part, chances(self._identifier.rank(part))) for part in runs(text)]
        if is_english(whole) and not is_mixed(text, parts):
            return ENGLISH
        return named(whole, parts)

    @cached_property
    def _identifier(self) -> Any:
        from py3langid.langid import LanguageIdentifier  # 120 MB: only the worker pays

        file = self._weights / WEIGHTS
        return LanguageIdentifier.from_model_file(str(file), norm_probs=True)


def name_of(code: str) -> str:
    """Give the English name of a language for a sentence: `Polish` for `pl`."""
    if code == UNDETERMINED:
        return UNNAMED
    return str(Locale("en").languages.get(code.partition("-")[0], code))


def chances(ranked: list[tuple[str, float]]) -> Chances:
    """Give the chances of languages with varieties added up, without what is none."""
    found: dict[str, float] = {}
    for code, chance in ranked:
        if code not in _PASSED_OVER:
            found[_SAME.get(code, code)] = found.get(_SAME.get(code, code), 0.0) + chance
    return found


def expecting(found: Chances, expected: str, words: int) -> Chances:
    """Give the chances with a start for the expected language: the smaller, the more words."""
    start = next((start for most, start in STARTS if words <= most), LIKELY)
    return {code: chance * (start if code == expected else 1.0) for code, chance in found.items()}


def is_english(found: Chances) -> bool:
    """Say whether no other language is likelier."""
    others = (chance for code, chance in found.items() if code != ENGLISH)
    return found.get(ENGLISH, 0.0) >= max(others, default=0.0)


def is_mixed(text: str, sentences: list[tuple[str, Chances]]) -> bool:
    """Say whether so much of a text is in sentences of another language that it is no English."""
    other = [part for part, found in sentences if surely_other(found)]
    # by both: a Chinese word has few letters, and a Thai one counts as many words
    return any(sum(map(size, other)) >= MIXED * size(text) > 0 for size in (_count, _letters))


def surely_other(found: Chances) -> bool:
    """Say whether a sentence is in another language than English, beyond doubt."""
    best = max((c for code, c in found.items() if code != ENGLISH), default=0.0)
    return found.get(ENGLISH, 0.0) < SURELY * best


def named(whole: Chances, sentences: list[tuple[str, Chances]]) -> str:
    """Give the language of a text that is no English, or UNDETERMINED where none stands out.

    Of a mixed text it is the language of the sentences that are none.
    """
    for found in (whole, *(found for _, found in sentences if surely_other(found))):
        others = {code: chance for code, chance in found.items() if code != ENGLISH}
        best = max(others, key=lambda code: others[code], default=UNDETERMINED)
        if best in others and not is_english(found) and others[best] >= TOLD * sum(others.values()):
            return best
    return UNDETERMINED


def runs(text: str) -> list[str]:
    """Give the sentences of a text with the short ones put together: LEAST_WORDS at least in each.

    Short ones go with short ones, wherever those stand: beside a long one their language is lost.
    """
    pieces = [piece for piece in _ENDS.split(text) if _count(piece)]
    long = [piece for piece in pieces if _count(piece) >= LEAST_WORDS]
    joined: list[str] = []
    for piece in (piece for piece in pieces if _count(piece) < LEAST_WORDS):
        if joined and _count(joined[-1]) < LEAST_WORDS:
            joined[-1] += f". {piece}"
        else:
            joined.append(piece)
    if joined and _count(joined[-1]) < LEAST_WORDS:
        rest = joined.pop()
        beside = joined or long or [""]
        beside[-1] += f". {rest}"
    return [run for run in (*long, *joined) if _count(run) >= LEAST_WORDS]


def _count(text: str) -> int:
    return sum(1 for word in _WORDS.findall(text))


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
