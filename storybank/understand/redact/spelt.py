"""Names spelt out letter by letter: "it's spelt K A R I M", "K for kite, O, F, I"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storybank.values import Span

_AS = r"(?: (?:for|as in) [^\W\d_]{2,20})?"
_BIG, _SMALL = r"[^\W\d_a-zß-öø-ÿ]", r"[^\W\d_A-ZÀ-ÖØ-Þ]"
_GAP = r" ?[,.\-] ?| "
_MINE = (
    "am|have|haven|live|love|like|know|think|want|need|work|go|get|feel|do|don|hope|wish|say|see|use"
    "|help|look|care|come"
)
"""After an I only the teller's: nobody else "am" or "live"."""
_ANYBODYS = "was|had|did|can|could|will|would|went|got|said|moved|came|lived|worked|never|just"
"""The teller's only where the name ends in an I of its own: "N A O M I was ill" is one name."""
_TELLER = (
    rf"(?!(?<=[^,\-] )[iI] (?:{_MINE})\b"
    rf"|(?:(?<=[iI] )|(?<=[iI]\. ))[iI] (?:{_ANYBODYS})\b)"
)
"""Not the "I" with which the teller goes on: "spelt K O F I I live near". In doubt it is masked."""
_CUE = (
    r"\b(?:(?i:spel(?:t|led|ling|l|ls)(?: it| that| this| like(?: that| this)?| as| is|,|:){0,3}) ?"
    r"|(?i:name(?:['\u2019]s| is|:)?) )"
)


def _row(first: str, letter: str, gap: str) -> str:
    """Give the form of letters of one case, with one separator throughout.

    The first three are the name's: "spelt A L I was" is Ali.
    """
    return (
        rf"{first}{_AS}(?P<{gap}>{_GAP}){letter}{_AS}(?P={gap}){letter}{_AS}"
        rf"(?:(?P={gap}){_TELLER}{letter}{_AS}){{0,22}}"
    )


_ROWS = rf"{_row(f'(?:{_BIG}|{_SMALL})', _SMALL, 'one')}|{_row(_BIG, _BIG, 'two')}"
_END = r"(?![\w'\u2019])"
_SPELT = re.compile(rf"{_CUE}(?P<it>{_ROWS}){_END}")
"""Three letters or more: "spelt with a K" tells little, and "spelt out A B C" is no name."""
_ALONE = re.compile(rf"(?:{_ROWS})\Z")
_ONE = re.compile(rf"[^\W\d_]{_AS}")


@dataclass(frozen=True, slots=True)
class Spelt:
    """The letters of a name as they stand in a text, and the word that they make."""

    span: Span
    word: str


def spelt_names(text: str) -> Iterator[Spelt]:
    """Find the letters of names spelt out right after "spelt" or "my name is"."""
    for match in _SPELT.finditer(text):
        yield Spelt(Span(*match.span("it")), _joined(match["it"]))


def spelt_word(letters: str) -> str | None:
    """Give the word, in small letters, where `letters` are nothing but one spelt out."""
    return _joined(letters) if _ALONE.match(letters) else None


def _joined(letters: str) -> str:
    return "".join(letter[0][0] for letter in _ONE.finditer(letters)).lower()
