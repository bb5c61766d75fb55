"""Patterns of words, as the data files of the language check write them, found in parsed text.

A pattern is words parted by spaces. `case` is the word in any form, `=cases` that form only,
`^SEND` those capitals only, `case/NOUN` only that part of speech, `a|b` either, `of?` may be left
out, `*` any word. Hyphens count as spaces.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storybank.errors import BadWordList
from storybank.understand.nlp import parsed

GRAMMAR = ("tok2vec", "tagger", "attribute_ruler", "lemmatizer")
"""The components of spaCy that tell the forms and the parts of speech of words."""

_HYPHENS = frozenset("-\u2010\u2011\u2013")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark of a text: where it stands, its base form, its part of speech."""

    start: int
    end: int
    text: str
    lower: str
    lemma: str
    pos: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One place of a pattern: the words that may stand there; none means any word."""

    any_form: frozenset[str]
    this_form: frozenset[str]
    capitals: frozenset[str]
    kinds: frozenset[str]
    optional: bool

    def takes(self, token: Token) -> bool:
        if self.kinds and token.pos not in self.kinds:
            return False
        if not (self.any_form or self.this_form or self.capitals):
            return token.lower[:1].isalnum() or token.lower[:1] == "'"
        return (
            token.lower in self.this_form
            or token.text in self.capitals
            or any(form in self.any_form for form in forms(token))
        )


def forms(token: Token) -> tuple[str, ...]:
    """Give what a token is looked up by: as written, its base form, without a plural s."""
    short = token.lower.removesuffix("s")
    return token.lower, token.lemma, short if len(short) > 2 else token.lower


class Phrase:
    """One pattern; `first` are the forms that its first word is looked up by."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._parts = tuple(_part(written) for written in pattern.split())
        if not self._parts or self._parts[0].optional or not self.first:
            raise BadWordList(pattern)

    @property
    def first(self) -> frozenset[str]:
        """Give the lower-case forms with which a place where it stands begins."""
        part = self._parts[0]
        return part.any_form | part.this_form | {word.lower() for word in part.capitals}

    def end_in(self, tokens: Sequence[Token], at: int) -> int:
        """Give the index behind the words that fit from `at` on, the longest way; 0 for none."""
        return self._end(tokens, at, 0)

    def _end(self, tokens: Sequence[Token], at: int, part: int) -> int:
        if part == len(self._parts):
            return at
        wanted = self._parts[part]
        found = 0
        if at < len(tokens) and wanted.takes(tokens[at]):
            found = self._end(tokens, at + 1, part + 1)
        return found or (self._end(tokens, at, part + 1) if wanted.optional else 0)


class PhraseBook:
    """Phrases by their first word, so that a text is gone through once, whatever their number."""

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        self._by_first: dict[str, list[tuple[str, Phrase]]] = {}
        for name, phrase in phrases:
            for word in phrase.first:
                self._by_first.setdefault(word, []).append((name, phrase))

    def find(self, tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
        """Give each place: the name that its phrase was given, first and last index (half open)."""
        for at, token in enumerate(tokens):
            for form in dict.fromkeys(forms(token)):
                for name, phrase in self._by_first.get(form, ()):
                    end = phrase.end_in(tokens, at)
                    if end:
                        yield name, at, end


def tokens_of(nlp: Any, text: str) -> Iterator[list[Token]]:
    """Give the words and marks of `text`, block by block, without hyphens inside of words."""
    plain = text.replace("\u2019", "'")  # one sign for one: places stay the same
    for offset, doc in parsed(nlp, plain, GRAMMAR):
        yield [_token(offset, word) for word in doc if _counts(doc, word)]


def _counts(doc: Any, word: Any) -> bool:
    if word.text in _HYPHENS and 0 < word.i < len(doc) - 1:
        return bool(doc[word.i - 1].whitespace_ or word.whitespace_)
    return not word.is_space or "\n" in word.text


def _token(offset: int, word: Any) -> Token:
    start = offset + word.idx
    lemma = (word.lemma_ or word.lower_).lower()
    return Token(start, start + len(word.text), word.text, word.lower_, lemma, word.pos_)


def _part(written: str) -> _Part:
    body = written.removesuffix("?")
    words, _, kinds = body.partition("/")
    split = [] if words == "*" else words.split("|")
    if not all(word.strip("=^") for word in split):
        raise BadWordList(written)
    return _Part(
        any_form=frozenset(w for w in split if w[0] not in "=^"),
        this_form=frozenset(w[1:] for w in split if w[0] == "="),
        capitals=frozenset(w[1:] for w in split if w[0] == "^"),
        kinds=frozenset(kinds.split(",")) if kinds else frozenset(),
        optional=body != written,
    )
