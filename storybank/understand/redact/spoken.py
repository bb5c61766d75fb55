"""Numbers, codes and e-mail addresses said aloud and written down word by word.

"oh seven seven double oh, nine hundred" is read as digits; each digit remembers which words it
came from, so a match points back into the text as told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storybank.understand.redact.details import Detail, detail
from storybank.understand.redact.patterns import AREAS, NINO_PREFIX, is_nhs_number, is_phone
from storybank.understand.redact.wordlist import words

_DIGITS = {
    "oh": "0", "o": "0", "zero": "0", "nought": "0", "naught": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
_LETTERS = {
    "bee": "B", "cee": "C", "dee": "D", "eff": "F", "gee": "G", "aitch": "H", "haitch": "H",
    "jay": "J", "kay": "K", "ell": "L", "em": "M", "pee": "P", "cue": "Q", "queue": "Q", "ar": "R",
    "ess": "S", "tee": "T", "vee": "V", "doubleyou": "W", "zed": "Z",
}  # fmt: skip
"""How letters are written down that somebody says; without those that are common words ("see")."""
_TIMES = {"double": 2, "triple": 3, "treble": 3}
NUMBER_WORDS = frozenset({*_DIGITS, *_TEENS, *_TENS, *_TIMES, "hundred", "thousand"})
ORDINAL_WORDS = frozenset(
    words(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth thirtieth"
    )
)
_SHORT_WORDS = frozenset(
    words(
        "am an as at be by do er go ha he hi if in is it me mr ms my no of ok on or so to um up "
        "us we"
    )
)
"""Words of two letters; other pairs, such as "pl", are letters said one after the other."""
_FILLERS = frozenset({"and", "um", "er", "erm", "uh", "then", "plus", "dash", "space"})

_TOKEN = re.compile(r"(?<![a-z]['\u2019])[a-z]+|\d+", re.IGNORECASE)
_SPELT = re.compile(r"\b([a-z]) (?:for|as in) [a-z]+\b", re.IGNORECASE)
_GAP = re.compile(r"[\s,.\-…]*\Z")
_NINO = re.compile(rf"{NINO_PREFIX}\d{{6}}[A-D]")
_LETTER_O = re.compile(r"0(?=[LX]\d)")
_POSTCODE = re.compile(rf"(?:{'|'.join(AREAS)})\d[\dA-Z]?\d[ABD-HJLNP-UW-Z]{{2}}")
_NUMBER_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_BIT = rf"(?:{_NUMBER_WORD}|[a-z]|\d{{1,6}})"
"""What stands between the words of a spoken address without "dot": a number, a letter."""
_EMAIL = re.compile(
    r"(?:\b(?:(?:e-?)?mail(?: me| us| him| her)?(?: address)?|try|write to)"
    r"(?:['\u2019]s| is|,| it['\u2019]?s| on| at){0,3} (?P<lead>(?:\w+ ){0,6}))?"
    rf"(?:\b\w{{1,64}}+ (?={_BIT}\b))?(?:\b{_BIT} ){{0,6}}"
    r"\b[\w.]{1,64}+(?:(?: ?(?:dot|underscore|dash|hyphen|-) ?| (?=[._])|(?<=[._]) )"
    r"[\w.]{1,64}+){0,12} at "
    r"(?:\w+ ){1,3}?(?:dot \w+ )*dot (?:com|org|net|uk|info|me|io|co)\b(?: dot uk\b)?",
    re.IGNORECASE,
)
"""Possessive (`+` after a count): a line of underscores must not be tried in every cutting."""


@dataclass(frozen=True, slots=True)
class Said:
    """What some words say, as digits and letters, and where they stand."""

    value: str
    start: int
    end: int
    spoken: bool


def spoken_details(text: str) -> Iterator[Detail]:
    """Find phone, NHS and National Insurance numbers, postcodes and e-mail addresses said aloud."""
    for run in _runs(text):
        if any(part.spoken for part in run):
            yield from _numbers(run)
            yield from _codes(run, _NINO, "nino")
            yield from _codes(run, _POSTCODE, "postcode")
    for match in _EMAIL.finditer(text):
        start = match.start("lead") if match["lead"] is not None else match.start()
        yield detail(start, match.end(), "email")


def _runs(text: str) -> Iterator[list[Said]]:
    """Give each unbroken row of number words, digits, and letters said one by one."""
    run: list[Said] = []
    at = 0
    spelt = {match.start(): match for match in _SPELT.finditer(text)}
    for token in _TOKEN.finditer(text):
        if token.start() < at:
            continue
        if run and not _GAP.match(text, at, token.start()):
            yield run
            run = []
        letter = spelt.get(token.start())
        end = letter.end() if letter else token.end()
        said = Said(letter[1].upper(), token.start(), end, True) if letter else _said(token)
        if run and run[-1].value == "double" and token[0].lower() == "you":
            said = Said("U", *token.span(), spoken=True)
        if said is not None:
            _add(run, said)
        elif token[0].lower() not in _FILLERS and run:
            yield run
            run = []
        at = end
    if run:
        yield run


def _said(token: re.Match[str]) -> Said | None:
    word = token[0].lower()
    value = _DIGITS.get(word) or _TEENS.get(word) or _LETTERS.get(word)
    if value is None and word in _TENS:
        value = f"{_TENS[word]}0"
    if value is None and word in ("hundred", "thousand", *_TIMES):
        value = word
    if value is not None:
        return Said(value, *token.span(), spoken=True)
    if word.isdigit():
        return Said(word, *token.span(), spoken=False)
    if len(word) == 1 or (len(word) == 2 and (token[0].isupper() or word not in _SHORT_WORDS)):
        return Said(word.upper(), *token.span(), spoken=True)
    return None


def _add(run: list[Said], said: Said) -> None:
    """Add what was said to `run`, joined to the words before where they make one number."""
    if not run:
        run.append(said)
        return
    last = run[-1]
    value: str | None = None
    if last.value in _TIMES and len(said.value) == 1:
        value = "W" if said.value == "U" else said.value * _TIMES[last.value]
    elif said.value in ("hundred", "thousand") and last.value.isdigit():
        value = last.value + ("00" if said.value == "hundred" else "000")
    elif (
        last.spoken
        and said.spoken
        and re.fullmatch("[2-9]0", last.value)
        and said.value in "123456789"
    ):
        value = last.value[0] + said.value
    if value is None:
        run.append(said)
    else:
        run[-1] = Said(value, last.start, said.end, spoken=True)


def _numbers(run: list[Said]) -> Iterator[Detail]:
    digits: list[Said] = []
    for part in [*run, Said("", 0, 0, False)]:
        if part.value.isdigit():
            digits.append(part)
            continue
        whole = "".join(d.value for d in digits)
        if len(digits) >= 4 and any(d.spoken for d in digits) and len(whole) >= 9:
            kind = "nhs" if len(whole) == 10 and not _rings(whole) else "phone"
            yield detail(digits[0].start, digits[-1].end, kind)
        digits = []


def _rings(digits: str) -> bool:
    return is_phone(digits) and not is_nhs_number(digits)


def _codes(run: list[Said], form: re.Pattern[str], kind: str) -> Iterator[Detail]:
    whole = "".join(part.value for part in run)
    if kind == "postcode":
        whole = _LETTER_O.sub("O", whole)  # "O X sixteen", not nought
    starts, at = {}, 0
    ends = {}
    for part in run:
        starts[at] = part.start
        at += len(part.value)
        ends[at] = part.end
    for match in form.finditer(whole):
        if match.start() in starts and match.end() in ends:
            yield detail(starts[match.start()], ends[match.end()], kind)
