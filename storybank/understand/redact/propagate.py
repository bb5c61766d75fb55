"""A name found once in a story is masked wherever it stands in it, in any case."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from storybank.understand.redact.clues import does_something, is_set_off
from storybank.understand.redact.given import GIVEN, NAMES_TOO
from storybank.understand.redact.given_too import VERBS_TOO
from storybank.understand.redact.lexicon import Lexicon
from storybank.understand.redact.nicknames import NICKNAMES
from storybank.understand.redact.placeholders import forms
from storybank.understand.redact.recase import FEW_CAPITALS, capital_share
from storybank.understand.redact.tokens import Tokens, opens_sentence
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import NEVER, PARTICLES, PUBLIC, TITLES
from storybank.values import Span

_NOT_A_NAME_AFTER = frozenset(
    words("in last this since next early late of until the every during by on mid for a an")
)
_ANY_WORD = frozenset({"the", "a", "an"})
_NO_NAME_IN_SMALL = frozenset(
    words("the a an my your his her our their this that so very be is was are were not too more of")
)
_FROM = re.compile(r" from (?:the|next|number|across|over|up|down)", re.IGNORECASE)
_TIMES = frozenset(words("may june april august summer winter autumn spring will mark"))
_NOT_A_NAME_BEFORE = frozenset(
    words("i you we they he she it the a an be not have my your their his her our this that")
)
_SMALL = PARTICLES | TITLES
_CALLED = (NAMES_TOO - VERBS_TOO) | NICKNAMES
_PUBLIC_AFTER = re.compile(r"(?:['\u2019]s?)? ([^\W\d_]+)")


def everywhere(
    text: str, names: Sequence[Span], lexicon: Lexicon, spelt: Collection[str] = ()
) -> Iterator[Span]:
    """Give every other place where a word of `names`, or its short form, stands alone.

    `spelt` are names of one word that the text spells out. A name that is also an everyday word
    ("Faith", "May") counts only with a capital, and not where the words around use it in its other
    meaning; a name within a public name ("Smith Street") is kept.
    """
    yield from _again(text, names)
    parts = _parts([*(name.of(text) for name in names), *spelt], lexicon)
    if not parts:
        return
    small = capital_share(text) < FEW_CAPITALS
    for token in Tokens(text):
        for start, end, word in _pieces(token.start, token.text):
            if word.lower() not in parts or _is_public(text, end):
                continue
            telling = word[0].isupper() or (small and word in _CALLED)
            if (
                parts[word.lower()]
                or (telling and _means_a_name(text, start, end))
                or (small and word in VERBS_TOO and _acts(text, start, end))
            ):
                yield Span(start, end)


def _again(text: str, names: Sequence[Span]) -> Iterator[Span]:
    """Give the places of whole names of several words: "man ho", whose parts are words."""
    whole = {name.of(text).lower() for name in names if " " in name.of(text)}
    lengths: dict[str, set[int]] = {}
    for name in whole:
        lengths.setdefault(name.split(" ")[0], set()).add(len(name))
    for token in Tokens(text) if whole else ():
        for length in lengths.get(token.low, ()):
            end = token.start + length
            again = text[token.start : end].lower() in whole and not text[end : end + 1].isalpha()
            if again and not _is_public(text, end):
                yield Span(token.start, end)


def _acts(text: str, start: int, end: int) -> bool:
    """Whether a name that is a common word, in small letters, stands where a person would."""
    if is_set_off(text, start, end):
        return True
    return opens_sentence(text, start) and (
        does_something(text, end) or bool(_FROM.match(text, end))
    )


def _parts(names: Iterable[str], lexicon: Lexicon) -> dict[str, bool]:
    """Give each word of the names in small letters, and whether it can mean nothing else."""
    parts: dict[str, bool] = {}
    for name in names:
        for token in Tokens(name):
            for word in forms(token.low):
                if (
                    len(word) > 1
                    and (word not in NEVER or word in NAMES_TOO)
                    and word not in _SMALL
                ):
                    parts[word] = word in GIVEN or not (
                        word in NEVER or word in PUBLIC or lexicon.ordinary(word)
                    )
    return parts


def _pieces(start: int, word: str) -> Iterator[tuple[int, int, str]]:
    """Give a word, its stem without a plural ending, and its parts between hyphens."""
    yield start, start + len(word), word
    if len(word) > 4 and word.endswith("s"):
        yield start, start + len(word), word[:-1]
    if "-" in word:
        for piece in re.finditer(r"[^\-]+", word):
            yield start + piece.start(), start + piece.end(), piece[0]


def _is_public(text: str, end: int) -> bool:
    after = _PUBLIC_AFTER.match(text, end)
    return after is not None and after[1][0].isupper() and after[1].lower() in PUBLIC


def _means_a_name(text: str, start: int, end: int) -> bool:
    before = re.search(r"([^\W\d_]+)[ \t]\Z", text[max(0, start - 30) : start])
    after = re.match(r"[ \t]([^\W\d_]+)", text[end : end + 30])
    if text[start].islower() and before is not None and before[1] in _NO_NAME_IN_SMALL:
        return False
    dull = _NOT_A_NAME_AFTER if text[start:end].lower() in _TIMES else _ANY_WORD
    if before is not None and before[1].lower() in dull:
        return False
    if before is not None and before[1][0].isupper() and text[start:end].lower() in PUBLIC:
        return False  # "Rose Hill", though a Mr Hill is in the story
    opens = opens_sentence(text, start)
    return not (opens and after is not None and after[1].lower() in _NOT_A_NAME_BEFORE)
