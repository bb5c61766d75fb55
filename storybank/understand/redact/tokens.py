"""A text as a row of words with their offsets, and what the language pipeline saw in it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from storybank.values import Span

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_TAIL = re.compile(r"['\u2019](?:s|m|d|ll|ve|re)\Z", re.IGNORECASE)
_MARKS = " \t\"'\u201c\u2018(*\u2013\u2022-"
_LOOK_BACK = 12


@dataclass(frozen=True, slots=True)
class Token:
    """One word without an ending such as "'s" or "'ll": where it stands and how it is written."""

    start: int
    end: int
    text: str
    low: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Sight:
    """What the pipeline saw: persons, places, peoples, bodies and things with names.

    `proper` and `doing` say where proper nouns and verbs with a subject start, `naming` where words
    do that may name something: nouns and adjectives.
    """

    persons: tuple[Span, ...] = ()
    places: tuple[Span, ...] = ()
    peoples: tuple[Span, ...] = ()
    proper: frozenset[int] = frozenset()
    bodies: tuple[Span, ...] = ()
    doing: frozenset[int] = frozenset()
    naming: frozenset[int] = frozenset()


class Tokens:
    """The words of a text in order; digits are no words."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._row = [_token(match) for match in _WORD.finditer(text)]
        self._starts = [token.start for token in self._row]

    def __len__(self) -> int:
        return len(self._row)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._row)

    def __getitem__(self, number: int) -> Token:
        return self._row[number]

    def around(
        self, number: int, past: frozenset[str] = frozenset()
    ) -> tuple[Token | None, Token | None]:
        """Give the words before and after, beyond one of `past`; None at the ends."""
        return self._neighbour(number, -1, past), self._neighbour(number, 1, past)

    def _neighbour(self, number: int, step: int, past: frozenset[str]) -> Token | None:
        at = number + step
        if 0 <= at < len(self._row) and self._row[at].low in past:
            at += step
        return self._row[at] if 0 <= at < len(self._row) else None

    def within(self, span: Span) -> list[Token]:
        """Give the words that start inside `span`."""
        first = bisect_left(self._starts, span.start)
        return self._row[first : bisect_left(self._starts, span.end)]

    def number(self, token: Token) -> int:
        """Give the place of `token` in the row."""
        return bisect_left(self._starts, token.start)

    def follows_capital(self, token: Token, past: frozenset[str]) -> bool:
        """Say whether a capital stands before `token` in mid-sentence, as in a body's name."""
        before, _ = self.around(self.number(token))
        if before is None or self._text[before.end : token.start] != " ":
            return False
        return before.capital and not self.opens(before) and before.low not in past

    def opens(self, token: Token) -> bool:
        """Say whether `token` is the first word of its sentence or line."""
        return opens_sentence(self._text, token.start)


def opens_sentence(text: str, start: int) -> bool:
    """Say whether a sentence or a line begins at `start`."""
    before = text[max(0, start - _LOOK_BACK) : start].rstrip(_MARKS)
    return (not before and start <= _LOOK_BACK) or before.endswith(
        (".", "!", "?", "\n", ":", "\u2026")
    )


def _token(match: re.Match[str]) -> Token:
    word = _TAIL.sub("", match[0])
    low = word.lower().replace("\u2019", "'")
    return Token(match.start(), match.start() + len(word), word, low)
