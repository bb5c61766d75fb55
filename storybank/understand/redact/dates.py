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
    rf"(?:[\s:,\-(]|is|was|it's|its|on|in|a|{_WEEKDAY}){{0,8}}?(?<!\w){_DATE}(?!\w)",
    re.IGNORECASE,
)


def birth_dates(text: str) -> Iterator[Detail]:
    """Find the date in "born 3 May 1961", "dob 19.5.2016", "born on the third of May"."""
    for match in _BIRTH.finditer(text):
        yield detail(match.start("it"), match.end("it"), "dob")
