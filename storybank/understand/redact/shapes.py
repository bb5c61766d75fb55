"""Names by the way they are written down: initials, two surnames, an age, a line of its own."""

import re
from collections.abc import Callable, Iterator

from storybank.understand.redact.given import GIVEN, NAMES_TOO
from storybank.understand.redact.surnames import SURNAMES
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import KIN, NEVER, PUBLIC, TITLES
from storybank.values import Span

_LETTERS = r"[^\W\d_]{1,30}(?:['\u2019\-][^\W\d_]{1,30}){0,4}"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{0,30}(?:['\u2019\-][^\W\d_]{1,30}){0,4}"
_NAMES = rf"{_CAPITAL}(?: (?:d[aeo]s? |al[- ]|el[- ]|van |de la )?{_CAPITAL}){{0,3}}"
_INITIALS = r"(?:[^\W\d_]\.[ ]?){1,4}"
_LINE = rf"(?:{_INITIALS})?{_CAPITAL}(?: (?:[A-Z]\.?|[a-z]{{2,3}} {_CAPITAL}|{_CAPITAL})){{0,4}}"
_CLOSING = (
    r"regards|wishes|sincerely|faithfully|trul?e?y|yours|love|thanks|thank you|respect|hope"
    r"|bless(?: you)?|cheers|best|gratefully|respectfully|warmly"
)
_ROLES = "|".join(
    words(
        "agency ot sw physio interpreter translator key support youth social case care housing "
        "project age aged staff mum's mentor sen senco ta warden caretaker cleaner cook clerk "
        "driver mr mrs ms miss mx dr pronouns not deceased late who"
    )
    + KIN
)
_UP_TO_THREE = rf"{_LETTERS}(?: {_LETTERS}){{0,2}}"

_WITH_INITIALS = re.compile(
    rf"(?<![\w.\'\u2019])(?P<it>{_INITIALS}(?P<last>{_LETTERS}(?: {_CAPITAL})?))(?!\w)"
)
_TWO_SURNAMES = re.compile(
    rf"(?<![\w\-])(?P<it>(?:{_INITIALS})?(?:{_CAPITAL} ){{0,2}}(?P<last>{_CAPITAL}))(?![\w\-])"
)
_LAST_INITIAL = re.compile(rf"(?<![\w.])(?P<it>(?P<first>{_LETTERS}) [^\W\d_aiAI]\.)(?!\w)")
_WITH_AGE = re.compile(
    rf"(?<!\w)(?P<it>{_NAMES}),? \(?(?:aged? )?\d{{1,2}}(?=[,.;)]| and\b| years\b| yrs\b)"
    rf"|(?<!\w)(?P<small>{_UP_TO_THREE}) \((?:aged? )?\d{{1,2}}\)"
)
_WITH_ROLE = re.compile(
    rf"(?<!\w)(?P<small>{_UP_TO_THREE}) \((?:(?:my|her|his|their|the|an?) )?(?:{_ROLES})\b",
    re.IGNORECASE,
)
_WITH_PHONE = re.compile(
    rf"(?<!\w)(?P<it>{_NAMES})(?=[,:;(\u2013 \-]{{1,3}}(?:on |tel\w*:? |mob\w*:? |ph\w*:? )?"
    r"(?:\+44|\(?0\d{2}))"
)
_SIGNED = re.compile(
    rf"\b(?:{_CLOSING})\b[^\n]{{0,20}}\n\s{{0,4}}(?P<it>{_LINE})(?=[ \t]*(?:[\n,.(]|\Z))"
    rf"|\b(?:{_CLOSING}),[ \t]+(?P<inline>{_INITIALS}{_CAPITAL})",
    re.IGNORECASE,
)
_LAST_LINE = re.compile(
    rf"\n[ \t]*[\-\u2013\u2014]?[ \t]*(?P<it>{_LINE})[ \t]*(?:\([A-Za-z]+\))?[ \t.x]*\Z"
)
_BETWEEN_QUOTES = re.compile(
    rf"\b(?:{'|'.join(sorted(TITLES))})\.? ['\u2018\"\u201c][^'\u2019\"\u201d\n]{{1,24}}"
    rf"['\u2019\"\u201d] (?P<it>{_CAPITAL})",
    re.IGNORECASE,
)
_QUOTED_FROM = re.compile(rf"[.!?,]['\u2019\"\u201d] ?[\-\u2013\u2014] ?(?P<it>{_NAMES})")
_BY_ITS_START = re.compile(
    rf"(?<![\w'\u2019])(?P<it>(?:(?P<first>{_LETTERS}) )?"
    r"(?P<last>o['\u2019](?!clock\b|er\b)[^\W\d_]{3,}|ma?c[^\W\d_]{4,}))(?!\w)",
    re.IGNORECASE,
)
_MONTHS = frozenset(words("april may june august"))
_NEVER_WITH_INITIAL = frozenset(
    words("plan part section class year room block flat vitamin grade band option band hepatitis")
)


class Shapes:
    """Finds names by their written form; `unknown` says that no dictionary holds a word."""

    def __init__(self, text: str, unknown: Callable[[str], bool]) -> None:
        self._text, self._unknown = text, unknown

    def find(self) -> Iterator[Span]:
        """Give the spans of names; those of public bodies are for the caller to sort out."""
        yield from self._initials()
        yield from self._surnames()
        yield from self._beside()
        yield from self._signed()

    def _initials(self) -> Iterator[Span]:
        for match in _WITH_INITIALS.finditer(self._text):
            last = match["last"]
            if " " in last and not self._strange(last.split()[1]):
                last = last.split()[0]
            several = match["it"].count(".") > 1 and self._surname(last.split()[0])
            if several or self._strange(last.split()[0]) or self._parted(last.split()[0]):
                yield Span(match.start(), match.start("last") + len(last))
        for match in _LAST_INITIAL.finditer(self._text):
            first = match["first"].lower()
            known = first in GIVEN or (match["first"][0].isupper() and first in NAMES_TOO)
            if first not in _NEVER_WITH_INITIAL and (known or self._strange(match["first"])):
                yield Span(*match.span("it"))

    def _surname(self, word: str) -> bool:
        """Whether a word after several initials is a surname, though a word too: "Z. A. Butt"."""
        low = word.lower()
        return low in SURNAMES or (word[0].isupper() and low not in NEVER and low not in PUBLIC)

    def _surnames(self) -> Iterator[Span]:
        for match in _TWO_SURNAMES.finditer(self._text):
            if not self._doubled(match["last"]):
                continue
            start = match.start("last")
            for first in reversed(list(re.finditer(_CAPITAL, self._text[match.start() : start]))):
                if not self._strange(first[0]) and first[0].lower() not in NAMES_TOO:
                    break
                start = match.start() + first.start()
            yield Span(start, match.end("last"))
        for match in _BY_ITS_START.finditer(self._text):
            if not self._strange(match["last"]):
                continue
            whole = match["first"] and self._strange(match["first"])
            yield Span(match.start("it" if whole else "last"), match.end("it"))

    def _doubled(self, word: str) -> bool:
        parts = word.split("-")
        if len(parts) < 2 or not all(part[:1].isupper() and len(part) > 1 for part in parts):
            return False
        if any(p.isupper() or p.lower() in NEVER or p.lower() in PUBLIC for p in parts):
            return False
        return any(self._unknown(part) for part in parts)

    def _parted(self, word: str) -> bool:
        """Whether a word is of parts with a capital each: "El-Sayed-Moore"."""
        parts = word.split("-")
        return len(parts) > 1 and all(p[:1].isupper() and p.lower() not in PUBLIC for p in parts)

    def _beside(self) -> Iterator[Span]:
        for form in (_WITH_AGE, _WITH_ROLE, _WITH_PHONE, _BETWEEN_QUOTES, _QUOTED_FROM):
            for match in form.finditer(self._text):
                part = "small" if match.groupdict().get("small") else "it"
                row = list(re.finditer(_LETTERS, match[part]))
                keep = self._first_name(row, backwards=form is not _WITH_PHONE)
                if form is _BETWEEN_QUOTES:
                    yield Span(*match.span(part))
                elif keep < len(row) and (form is not _WITH_PHONE or self._named(row[keep:])):
                    yield Span(match.start(part) + row[keep].start(), match.end(part))

    def _first_name(self, row: list[re.Match[str]], *, backwards: bool) -> int:
        """Give the place of the first word of a name that ends with the row; its length if none."""
        likely = [self._strange(w[0]) or self._named_too(w[0]) for w in row]
        if not backwards:
            return likely.index(True) if True in likely else len(row)
        keep = len(row)
        while keep and likely[keep - 1]:
            keep -= 1
        return keep

    def _named_too(self, word: str) -> bool:
        return word[0].isupper() and word.lower() in NAMES_TOO - _MONTHS

    def _signed(self) -> Iterator[Span]:
        for match in _SIGNED.finditer(self._text):
            part = "it" if match["it"] else "inline"
            row = list(re.finditer(_LETTERS, match[part]))
            if match[part][0].isupper() and (len(row) < 5) and self._named(row):
                yield Span(*match.span(part))
        last = _LAST_LINE.search(self._text, max(0, len(self._text) - 80))
        if last is not None:
            row = list(re.finditer(_LETTERS, last["it"]))
            likely = "." in last["it"] or any(self._strange(word[0]) for word in row)
            if likely and self._named(row):
                yield Span(*last.span("it"))

    def _named(self, row: list[re.Match[str]]) -> bool:
        """Whether no word of a row, all written with capitals, is one that names no person."""
        return bool(row) and not any(
            word[0].lower() in PUBLIC or word[0].lower() in NEVER - NAMES_TOO for word in row
        )

    def _strange(self, word: str) -> bool:
        low = word.lower()
        return low not in NEVER and low not in PUBLIC and (low in GIVEN or self._unknown(word))
