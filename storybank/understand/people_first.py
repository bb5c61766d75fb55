"""The people-first language check: labels, case language and jargon in what staff write.

It is for staff's own words only. Quotations are left alone, and tellers' words never come here.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from storybank.errors import BadWordList
from storybank.understand.phrases import Phrase, PhraseBook, Token, tokens_of
from storybank.understand.quoted import quoted, untouched
from storybank.values import Finding, Span

_NAMES = frozenset({"NOUN", "PROPN", "ADJ"})
_UNLESS = "unless:"


class Entry(BaseModel):
    """One kind of wording: where it stands, why it hurts, and what to write instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    find: tuple[str, ...]
    why: str
    suggest: tuple[str, ...]
    source: str
    unless: tuple[str, ...] = ()
    label: bool = False


class WordList(BaseModel):
    """All entries, and the published guides behind them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: dict[str, str]
    entry: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Words that an entry found: indexes of tokens, half open."""

    entry: str
    first: int
    end: int


class LanguageCheck:
    """Finds wordings that turn people into cases; `nlp` is a spaCy pipeline with a tagger."""

    def __init__(self, nlp: Any, words: WordList) -> None:
        self.nlp = nlp
        self._entries = {entry.id: entry for entry in words.entry}
        phrases = [(e.id, Phrase(p)) for e in words.entry for p in e.find]
        phrases += [(f"{_UNLESS}{e.id}", Phrase(p)) for e in words.entry for p in e.unless]
        self._book = PhraseBook(phrases)

    @property
    def ids(self) -> frozenset[str]:
        """Give the names of all entries."""
        return frozenset(self._entries)

    def check(self, text: str, most: int | None = None) -> tuple[Finding, ...]:
        """Give what could be said in a kinder or plainer way, in order, without overlap.

        Nothing that is quoted is found; an empty text gives nothing. Where only the first `most`
        characters are looked at, a quotation that goes on behind them is one all the same.
        """
        quotations = quoted(text)
        found: dict[Span, Entry] = {}
        for tokens in tokens_of(self.nlp, text[:most]):
            for place in self._places(tokens):
                span = Span(tokens[place.first].start, tokens[place.end - 1].end)
                found[span] = self._entries[place.entry]
        own = ((span, found[span]) for span in untouched(tuple(found), quotations))
        return tuple(Finding(s, s.of(text), one.why, one.suggest, one.id) for s, one in own)

    def _places(self, tokens: Sequence[Token]) -> list[_Place]:
        places, fine = [], set()
        for name, first, end in self._book.find(tokens):
            if name.startswith(_UNLESS):
                fine |= {(name.removeprefix(_UNLESS), at) for at in range(first, end)}
            else:
                places.append(_Place(name, first, end))
        kept = [p for p in places if not self._is_fine(p, fine, tokens)]
        return _without_overlap(kept)

    def _is_fine(self, place: _Place, fine: set[tuple[str, int]], tokens: Sequence[Token]) -> bool:
        if any((place.entry, at) in fine for at in range(place.first, place.end)):
            return True
        after = tokens[place.end] if place.end < len(tokens) else None
        return self._entries[place.entry].label and after is not None and after.pos in _NAMES


def _without_overlap(places: Sequence[_Place]) -> list[_Place]:
    """Keep the longest of those that share words; of equal ones the first."""
    taken: set[int] = set()
    kept = []
    for place in sorted(places, key=lambda p: (p.first - p.end, p.first)):
        words = set(range(place.first, place.end))
        if not words & taken:
            taken |= words
            kept.append(place)
    return sorted(kept, key=lambda p: p.first)


def load_words(file: Path) -> WordList:
    """Read the list of wordings; raises BadWordList naming what is wrong with it."""
    try:
        words = WordList.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadWordList(f"{file.name}: {error}") from None
    ids = [entry.id for entry in words.entry]
    for entry in words.entry:
        if ids.count(entry.id) > 1 or entry.source not in words.sources:
            raise BadWordList(f"{file.name}: {entry.id}")
    return words
