"""How old a reader has to be to read a text with ease: the Flesch-Kincaid measure, in years.

Its grade (0.39 words a sentence + 11.8 syllables a word - 15.59) plus five is the age at which
children in England are in that year of school. It sees long sentences and long words, and nothing
else: a text can be easy to read and still say nothing. Ends of sentences are spaCy's tokens, so
that "e.g." or "Mrs." ends none; syllables are counted by the rules below (docs/language.md says
how well).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from storybank.understand.nlp import blocks

YEARS_BEFORE_SCHOOL = 5
LONG_SENTENCE = 20
"""Words: longer ones are shown as the first to shorten."""
LONG_WORD = 4
"""Syllables: words with as many are shown as the first to replace."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_ENDS = frozenset({".", "!", "?", "\u2026", ":", ";"})
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[aeiouy])[^aeiouy]+e(s|d)?$")
"""A last e that is not said: home, homes, called."""
_SAID = re.compile(
    r"[td]ed$|[scxzg]es$|[sc]hes$|[^aeiouyl]l(e|es|ed)$|[tb]res?$|^(maybe|recipe|cafe)s?$"
)
"""A last e that is said after all: wanted, changes, table, centre."""
_APART = re.compile(
    r"i[ao]|iu|eo(?!ple)|u[ae](?=[lt])|ying|being|doing|going|(?<=[^q])uou|iet|yone|yee|coop"
    r"|oe[mt]|eum|creat|theat|^scien|(?<![tc])ien(?!d)|(?<=[aeiou][^aeiou])eas?$"
)
"""Vowels that stand together and are two syllables: radio, create, client, idea."""
_TOGETHER = re.compile(
    r"[tsc]i(?=[aou])|gi(?=o)|(?<=\w)[^aeiouy]ely$|eful|eness|eli(?=ness)|[^aeiouy]ement|every"
    r"|business|evening|(some|home|there|where|nine|safe|care|time|life|like)(?=[a-z]{2}[^s]?)"
)
"""Vowels that are written and not said in the middle: nation, lovely, movement, sometimes."""


@dataclass(frozen=True, slots=True)
class ReadingAge:
    """The age in years, and what it comes from; `hard` and `long` are what to mend first."""

    years: float
    words: int
    sentences: int
    hard: tuple[str, ...] = ()
    long: tuple[str, ...] = ()


def reading_age(nlp: Any, text: str) -> ReadingAge | None:
    """Give the reading age of `text`, never below five; None where it has no words.

    `nlp` is any English spaCy pipeline: only its tokens are used.
    """
    words, syllables = 0, 0
    hard: dict[str, None] = {}
    long, count = [], 0
    for sentence in _sentences(nlp, text):
        found = _WORD.findall(sentence)
        if not found:
            continue
        count += 1
        words += len(found)
        lengths = [syllables_of(word) for word in found]
        syllables += sum(lengths)
        hard |= {w.lower(): None for w, n in zip(found, lengths, strict=True) if n >= LONG_WORD}
        if len(found) > LONG_SENTENCE:
            long.append(" ".join(sentence.split()))
    if not words:
        return None
    grade = 0.39 * words / count + 11.8 * syllables / words - 15.59
    years = max(float(YEARS_BEFORE_SCHOOL), grade + YEARS_BEFORE_SCHOOL)
    return ReadingAge(round(years, 1), words, count, tuple(hard), tuple(long))


@lru_cache(maxsize=20_000)
def syllables_of(word: str) -> int:
    """Give how many syllables a word has when it is said, at least one; letters are spelt out."""
    plain = word.lower().replace("\u2019", "'").removesuffix("'s")
    if plain.isdigit():
        return min(len(plain), 4)
    if word.isupper() and 1 < len(word) <= 4 and not _VOWELS.search(plain[1:]):
        return len(word)
    if plain.endswith("n't"):
        return syllables_of(plain[:-3]) + (plain[:-3] in _NT)
    plain = plain.split("'")[0]
    count = len(_VOWELS.findall(plain)) + len(_APART.findall(plain)) - len(_TOGETHER.findall(plain))
    if _SILENT.search(plain) and not _SAID.search(plain):
        count -= 1
    return max(1, count)


_NT = frozenset({"did", "is", "could", "would", "should", "was", "does", "has", "had", "have"})


def _sentences(nlp: Any, text: str) -> Iterator[str]:
    """Give the sentences; a line ends one, and so does a colon: what follows can be read alone."""
    for _, block in blocks(text):
        start = 0
        doc = nlp.make_doc(block)
        for word in doc:
            if word.text[0] in _ENDS or "\n" in word.text:
                end = word.idx + len(word.text)
                yield block[start:end]
                start = end
        yield block[start:]
