"""Words that are names for want of a better reading: no dictionary holds them, and nothing near.

Recall comes first, so these are masked; but they are marked as unsure, and a person sees them
first.
"""

import re
from collections.abc import Callable, Iterator

from storybank.understand.redact import clues as clue
from storybank.understand.redact.no_people import NO_PEOPLE
from storybank.understand.redact.tokens import Sight, Token, Tokens
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import PUBLIC

_WHERE = re.compile(
    r"\b(?:in|at|near|around|across|through|into|outside|beyond|towards|the|an?|some|born|from|via"
    r"|of|this|that|my|our|your|these|those|any|no|every|more|much|very|so|too|really) \Z",
    re.IGNORECASE,
)
_PEOPLES = re.compile(
    r"(?:ish|ians?|ese|lims?|stanis?|alis?|raqis?|abis?|ans|ites?)\Z"
    r"|\A(?:sikhs?|jews?|jewish|roma|kurds?|turks?|arabs?|poles|afghans?|scots?|brits?|hindus?"
    r"|catholics?|gyps(?:y|ies)|travellers?|tetum|twi|igbo|yoruba|swahili|tigrinya|oromo|pashto"
    r"|dari|farsi|bangla|sylheti|mandarin|cantonese|hakka|tagalog|krio|patois)\Z"
)
_NO_PART_OF_A_BODY = frozenset(
    words("god monday tuesday wednesday thursday friday saturday sunday i so and then when but")
)
_STRETCHED = re.compile(r"(.)\1\1|\A(?:ha|he|lo|hm|mm|aw|oo|ah|zz|um|er)+[a-z]?\Z")
_VOWEL = re.compile(r"[aeiouy]|[^\x00-\x7f]")
_LOOK_BACK = 16
LEAST = 3
"""Shorter words are not guessed at."""


def is_people(word: str) -> bool:
    """Say whether a word in small letters looks like the name of a people or a language."""
    return bool(_PEOPLES.search(word))


class Guesses:
    """Finds what is left; `unknown` says that no dictionary holds a word, nor a slip of one."""

    def __init__(
        self, text: str, row: Tokens, sight: Sight, unknown: Callable[[Token], bool]
    ) -> None:
        self._text, self._row, self._unknown = text, row, unknown
        self._placed = {t.start for place in sight.places for t in row.within(place)}
        self._bodied = {t.start for body in sight.bodies for t in row.within(body)}

    def find(self, *, small: bool) -> Iterator[int]:
        """Give the numbers of the words that look like names; `small`: a text without capitals."""
        for number, token in enumerate(self._row):
            if len(token.text) < LEAST or is_people(token.low) or _STRETCHED.search(token.low):
                continue
            if not _VOWEL.search(token.low) or token.low in NO_PEOPLE:  # a short form: RMHT
                continue
            likely = self._in_small(token) if small else self._with_capital(number, token)
            if likely and self._unknown(token):
                yield number

    def _in_small(self, token: Token) -> bool:
        return not token.text.isupper() and not self._stands_where(token)

    def _with_capital(self, number: int, token: Token) -> bool:
        if not token.capital or token.text.isupper() or self._stands_where(token):
            return False
        before, after = self._row.around(number)
        joined = before is not None and before.low not in _NO_PART_OF_A_BODY
        if joined and before is not None and before.capital and not self._row.opens(before):
            return False
        if after is not None and after.capital and after.low in PUBLIC:
            return False
        public = token.start in self._placed or token.start in self._bodied
        if not public:
            return True
        return clue.does_something(self._text, token.end) or token.start not in self._bodied

    def _stands_where(self, token: Token) -> bool:
        near = max(0, token.start - _LOOK_BACK)
        return bool(_WHERE.search(self._text, near, token.start))
