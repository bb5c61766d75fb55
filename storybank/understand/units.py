"""What the tagger looks at in a text: sentences, and the clauses of long ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storybank.values import Span

SHORTEST_CLAUSE = 5
"""In words; a shorter piece stays with its neighbour, for alone it says little."""

_JOINS = "and|but|so|because|cos|when|where|which|who|then|until|although|though|while|if"
_CUT = re.compile(
    # Only from the first space on: to try each of many spaces in a row takes minutes.
    rf"(?:[,;:)]|\s[-\u2013\u2014]+)\s+|(?<!\s)\s+(?=(?:{_JOINS})\s)",
    re.IGNORECASE,
)
_EDGE = " \t\r\n,;:-\u2013\u2014"


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one stretch of text; `parents` names the sentence of each clause."""

    sentences: tuple[Span, ...]
    clauses: tuple[Span, ...]
    parents: tuple[int, ...]

    @property
    def every(self) -> tuple[Span, ...]:
        """All of them: sentences, then clauses."""
        return (*self.sentences, *self.clauses)


def units(text: str, sentences: Sequence[Span]) -> Units:
    """Give the units of the `sentences` of `text`; no sentences give none."""
    parts = [clauses(text, sentence) for sentence in sentences]
    return Units(
        sentences=tuple(sentences),
        clauses=tuple(clause for part in parts for clause in part),
        parents=tuple(place for place, part in enumerate(parts) for _ in part),
    )


def clauses(text: str, sentence: Span) -> tuple[Span, ...]:
    """Cut a sentence of `text` at punctuation and joining words; a short one gives none.

    Every clause has at least SHORTEST_CLAUSE words, and no comma or dash at its edges, so that
    it can stand as a quotation.
    """
    cuts = [m.end() for m in _CUT.finditer(text, sentence.start, sentence.end)]
    pieces: list[Span] = []
    start = sentence.start
    for end in (*cuts, sentence.end):
        if len(text[start:end].split()) >= SHORTEST_CLAUSE:
            pieces.append(Span(start, end))
            start = end
    if start < sentence.end and pieces:
        pieces[-1] = Span(pieces[-1].start, sentence.end)
    return tuple(_trimmed(text, piece) for piece in pieces) if len(pieces) > 1 else ()


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip(_EDGE))
    end = span.end - (len(words) - len(words.rstrip(_EDGE)))
    return Span(start, end) if start < end else span
