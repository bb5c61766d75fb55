"""Dates of birth: a date after words that say it is one. Other dates are evidence and are kept."""

import re
from collections.abc import Iterator

from storybank.understand.redact.details import Detail, detail
from storybank.understand.redact.spoken import NUMBER_WORDS, ORDINAL_WORDS

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_SAID = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_TH = "|".join(sorted(ORDINAL_WORDS, key=len, reverse=True))
_DAY = rf"(?:the )?(?:\d{{1,2}} ?(?:st|nd|rd|th)?|(?:(?:twenty|thirty)[ -])?(?:{_TH})|(?:{_SAID}))"
_YEAR = rf"(?:(?:19|20)\d\d|['\u2019]?\d\d|(?:{_SAID})(?:[ -](?:and[ -])?(?:{_SAID})){{0,4}})"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NUMERIC = r"\d{1,4}(?: ?[./\-] ?| )\d{1,2}(?: ?[./\-] ?| )\d{2,4}"
_IN_WORDS = rf"{_DAY}(?: of)?[ ,\-]{{1,2}}(?:{_MONTH}|(?:the )?(?:{_TH}))(?:(?:,? |-){_YEAR})?"
_AMERICAN = rf"{_MONTH} {_DAY}(?:,? {_YEAR})?"
_SPOKEN = rf"(?:{_SAID})(?:[ ,\-]+(?:and )?(?:{_SAID})){{2,}}"
_DATE = rf"(?P<it>{_IN_WORDS}|{_AMERICAN}|{_NUMERIC}|{_SPOKEN})"

_BIRTH = re.compile(
    r"\b(?:born|birth ?day|birth ?date|date of birth|d\.? ?o\.? ?b\b\.?|b\.)"
    rf"(?:[\s:,;.\-()\"'=]|confirmed|given|recorded|listed|shown|noted|stated|as|should|be|the|am"
    r"|has|been|down|wrong|not|of|at|to|you|asked|me|my|his|her|their|your|which|he|she|says?|said"
    rf"|by|again|also|for|correct|record|file|form|card|letter|here|since|gave|put|wrote|day|is|was|it's|its|on|in|a|{_WEEKDAY}){{0,16}}?(?<!\w){_DATE}(?!\w)",
    re.IGNORECASE,
)
_PLACE = r"(?!and\b|but\b|came\b|moved\b|here\b)[^\W\d_]{1,30}"
_BORN_IN = re.compile(
    rf"\bborn (?:in|at) {_PLACE}(?:[ ,]{{1,2}}{_PLACE}){{0,4}},? "
    rf"(?:{_WEEKDAY},? )?(?<!\w)(?P<it>{_IN_WORDS}|{_AMERICAN}|{_NUMERIC})(?!\w)",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    rf"(?<!\w)(?P<it>{_IN_WORDS}|{_AMERICAN}|{_NUMERIC})(?!\w)[ ,(]{{1,3}}"
    r"(?:is |was |that is |as )?"
    r"(?:(?:my|his|her|their|the) )?(?:date of birth|d\.?o\.?b\b|birth ?day|birth ?date)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    rf"\((?P<it>(?:{_DAY}(?: of)?[ ,\-]{{1,2}}{_MONTH},? |\d{{1,2}}[./\-]\d{{1,2}}[./\-])"
    r"(?:19\d\d|200\d|[3-9]\d))\)",
    re.IGNORECASE,
)
"""A whole date of long ago in brackets stands behind a name, in workers' notes."""


def birth_dates(text: str) -> Iterator[Detail]:
    """Find the date in "born 3 May 1961", "dob 19.5.2016", "born on the third of May"."""
    for form in (_BIRTH, _BORN_IN, _AFTERWARDS, _IN_BRACKETS):
        for match in form.finditer(text):
            yield detail(match.start("it"), match.end("it"), "dob")
