"""When two transcripts say the same: words as they are compared, and how many differ."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np


def edit_distance(gold: Sequence[str], heard: Sequence[str]) -> int:
    """Give the fewest words to change, add or drop to turn `heard` into `gold` (Levenshtein).

    One row of the table at a time as a vector, so an hour of speech takes under a second.
    """
    ids: dict[str, int] = {}
    left, right = (
        np.array([ids.setdefault(word, len(ids)) for word in words], np.int64)
        for words in (gold, heard)
    )
    columns = np.arange(len(right) + 1)
    row = columns.copy()
    for number, word in enumerate(left, 1):
        fresh = np.empty_like(row)
        fresh[0] = number
        fresh[1:] = np.minimum(row[:-1] + (right != word), row[1:] + 1)
        # Adding words one after another: the running minimum along the row, one more per step.
        row = np.minimum.accumulate(fresh - columns) + columns
    return int(row[-1])


def normal_words(text: str, language: str) -> list[str]:
    """Give the words of `text` as they are compared, so that spelling habits are no errors.

    Every language: NFKC, case folded, what stands in brackets and punctuation dropped. English
    also: fillers (um, uh, er, hmm) dropped, contractions opened (don't = do not), numbers up to
    the thousands as digits, and -ise/-ize, -our/-or, -tre/-ter taken for the same. The Whisper
    project's English normaliser knows more spellings; the two differ by a few tenths of a point.
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    text = re.sub(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>", " ", text)
    if not language.startswith("en"):
        return re.findall(r"[^\W_]+", text)
    text = text.replace("%", " percent ").replace("&", " and ")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    for pattern, opened in _CONTRACTIONS:
        text = pattern.sub(opened, text)
    words = [_one_spelling(w) for w in re.findall(r"[^\W_]+", text) if w not in _FILLERS]
    return list(_with_digits(words))


_FILLERS = frozenset(
    ["um", "umm", "uh", "uhm", "er", "erm", "hm", "hmm", "mm", "mmm", "mhm", "ah", "eh"]
)
_CONTRACTIONS = tuple(
    (re.compile(rf"{pattern}(?![^\W_])"), opened)
    for pattern, opened in (
        ("\\bcan't", "can not"), ("\\bcannot", "can not"), ("\\bwon't", "will not"),
        ("\\bshan't", "shall not"), ("\\blet's", "let us"), ("\\bgonna", "going to"),
        ("\\bwanna", "want to"), ("\\bgotta", "got to"), ("n't", " not"), ("'re", " are"),
        ("'ll", " will"), ("'ve", " have"), ("'m", " am"), ("'d", " would"), ("'s", " is"),
    )
)  # fmt: skip
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_ROUND = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = {word: number for number, word in enumerate(_SMALL)}
_TENS = {word: 10 * number for number, word in enumerate(_ROUND, start=2)}
_NUMBER_WORDS = frozenset({*_UNITS, *_TENS, "hundred", "thousand"})


def _one_spelling(word: str) -> str:
    word = re.sub(r"tre(s?)$", r"ter\1", word)
    word = re.sub(r"is(e|ed|es|ing|ation|ations)$", r"iz\1", word)
    return re.sub(r"(?<=\w{3})our(s|ed|ing|ite|ites|able)?$", r"or\1", word)


def _with_digits(words: Iterable[str]) -> Iterator[str]:
    for spoken, run in groupby(words, key=_NUMBER_WORDS.__contains__):
        members = list(run)
        yield from _numbers(members) if spoken else members


def _numbers(run: Iterable[str]) -> Iterator[str]:
    """Give a run of number words in digits: `twenty five six` is 25 and 6."""
    thousands, rest = 0, -1  # -1: no number has begun
    for word in run:
        if word == "thousand":
            thousands, rest = thousands + abs(rest) * 1000, 0
        elif word == "hundred":
            rest = abs(rest) * 100
        else:
            number = _TENS.get(word, _UNITS.get(word, 0))
            if rest >= 0 and not _continues(thousands, rest, number):
                yield str(thousands + rest)
                thousands, rest = 0, -1
            rest = max(rest, 0) + number
    yield str(thousands + max(rest, 0))


def _continues(thousands: int, rest: int, number: int) -> bool:
    if rest == 0:
        return thousands > 0
    return rest % 100 == 0 or (rest % 100 >= 20 and rest % 10 == 0 and 0 < number < 10)
