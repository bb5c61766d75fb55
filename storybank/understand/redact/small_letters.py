"""Everyday words that are names in a text without capitals: "my mate trigger said", "dr bird".

A broad rule and a guess: what it finds is marked as unsure. Without capitals only the words around
tell, so each rule asks for a person's place in the sentence, and most for a word that people are
called by.
"""

import re
from collections.abc import Iterator

from storybank.understand.redact import clues as clue
from storybank.understand.redact import small_clues as cue
from storybank.understand.redact.given import GIVEN, NAMES_TOO, SELDOM_WORDS
from storybank.understand.redact.given_too import VERBS_TOO
from storybank.understand.redact.judging import Judging
from storybank.understand.redact.nicknames import MASSES, NICKNAMES, WORD_SURNAMES
from storybank.understand.redact.no_people import NO_PEOPLE
from storybank.understand.redact.reach import is_public
from storybank.understand.redact.surnames import SURNAMES
from storybank.understand.redact.surnames_more import ONLY_SURNAMES
from storybank.understand.redact.tokens import Token
from storybank.understand.redact.words import KIN, NEVER, PARTICLES, PUBLIC, WHEN
from storybank.values import Span

_LAST = SURNAMES | WORD_SURNAMES
_KNOWN = NICKNAMES | NAMES_TOO
_BARE = (_KNOWN | SELDOM_WORDS) - VERBS_TOO - MASSES
"""Words that in their other sense hardly ever stand without an article: "badger", "carol"."""
_NO_GROUND = frozenset({"day", "hall", "bank", "banks", "green", "wood", "woods", "bridge"})
"""Surnames that names of places also end in: no place is likelier than a person."""
_LOOK_BACK = 24


class SmallLetters:
    """Finds names that are everyday words in one text of small letters."""

    def __init__(self, walk: Judging) -> None:
        self._walk, self._text, self._row = walk, walk.text, walk.row
        self._before_doing = {start - 1 for start in walk.sight.doing}
        clues = walk.clues
        self._cues = clues.related | clues.introduced | clues.spoken_with | clues.hinted

    def find(self) -> Iterator[Span]:
        """Give the names, each whole, in no order; none for a text with capitals."""
        if not self._walk.small:
            return
        yield from self._signature()
        yield from self._after_initials()
        for number in range(len(self._row)):
            span = self._surnamed(number) or self._named(number)
            if span is not None and not is_public(self._text, span):
                yield span

    def _named(self, number: int) -> Span | None:
        """Give a word that is a name, with the surname after it."""
        token = self._row[number]
        if not self._nameable(token):
            return None
        placed = self._is_kin(token) or self._is_titled(token) or self._is_beside_me(token)
        if not (placed or self._acts(token) or self._stands_bare(number)):
            return None
        return Span(token.start, self._last(number).end)

    def _surnamed(self, number: int) -> Span | None:
        """Give a first name and a surname that is a word: "maureen potter", "tinker bell"."""
        token, last = self._row[number], self._last(number)
        if last is token:
            return None
        if token.low in GIVEN and not self._walk.lexicon.ordinary(token.low):
            given = self._before(cue.GIVING, last.start)
            sure = not given or clue.does_something(self._text, last.end)
            return Span(token.start, last.end) if sure else None
        if token.low not in _KNOWN or self._before(cue.BY_NOBODY, token.start):
            return None
        return Span(token.start, last.end) if self._in_full(token, last) else None

    def _in_full(self, token: Token, last: Token) -> bool:
        """Whether two words that may be a first name and a surname are one name here."""
        rare = last.low in ONLY_SURNAMES or not self._walk.lexicon.ordinary(last.low)
        if rare or "-" in last.low or token.low in _BARE:
            return True
        if token.low in VERBS_TOO - cue.VERB_NAMES:
            return token.start in self._cues and bool(cue.PERSON_DOES.match(self._text, last.end))
        start = token.start
        if start in self._cues or self._row.opens(token) or self._before(cue.CLAUSE, start):
            return True
        return self._before(cue.TOWARDS, start) or bool(cue.PERSON_DOES.match(self._text, last.end))

    def _last(self, number: int) -> Token:
        """Give the last word of a name that begins at `number`: at most two more belong to it."""
        first = at = self._row[number]
        for _ in range(2):
            after = self._next(number)
            if after is None or not self._may_follow(after):
                break
            number, at = number + 1, after
        while at is not first and not self._ends_name(at):
            number -= 1
            at = self._row[number]
        return at

    def _may_follow(self, after: Token) -> bool:
        parts = after.low.split("-")
        return any(part in _LAST or part in _KNOWN for part in parts) and after.low not in NEVER

    def _ends_name(self, after: Token) -> bool:
        """Whether `after` is a surname here, though a word: "reg young"."""
        if after.low in WHEN or after.low in VERBS_TOO - _LAST:
            return False
        if after.low in PUBLIC and after.low not in _NO_GROUND:
            return False
        if after.start not in self._walk.sight.naming and after.low not in NICKNAMES:
            return False
        return self._leads_on(after)

    def _leads_on(self, token: Token) -> bool:
        """Whether what comes after a word could follow a name."""
        text, end = self._text, token.end
        if clue.ends_a_name(text, end) or end in self._before_doing:
            return True
        return bool(cue.APART.match(text, end) or cue.PERSON_DOES.match(text, end))

    def _stands_bare(self, number: int) -> bool:
        """Whether a word that wants an article stands without one: "then badger rang"."""
        token = self._row[number]
        if token.low not in _BARE or self._before(cue.BY_NOBODY, token.start):
            return False
        if self._text[token.end : token.end + 2] in ("'s", "\u2019s"):
            return True
        before, _ = self._row.around(number)
        thing = before is not None and before.start in self._walk.sight.naming
        close = before is not None and self._text[before.end : token.start] == " "
        if thing and close and before is not None and before.low not in KIN:
            return False
        return self._leads_on(token)

    def _nameable(self, token: Token) -> bool:
        low = token.low
        if low in cue.VERB_NAMES:
            return True
        if len(low) < 3 or low in NO_PEOPLE or low in PARTICLES or low in KIN:
            return False
        if low in NEVER or low in WHEN or low in self._walk.lexicon.everyday:
            return False
        return low not in PUBLIC or low in NICKNAMES

    def _is_kin(self, token: Token) -> bool:
        """Whether somebody's relation is named: "my mate trigger said", "her son, biscuit, is"."""
        if not self._before(cue.KINSFOLK, token.start):
            return False
        if token.low in _KNOWN - VERBS_TOO:
            follows = token.end in self._before_doing
            return follows or self._leads_on(token)
        if not self._walk.lexicon.ordinary(token.low):
            return self._leads_on(token)
        if token.low.endswith(("s", "ing", "ed", "ly")):
            return False
        if token.start not in self._walk.sight.naming:
            return token.low in VERBS_TOO and self._does(token)
        if token.low in VERBS_TOO:
            return self._does(token)
        return clue.speaks(self._text, token.end)

    def _does(self, token: Token) -> bool:
        """Whether a verb comes after, or a mark: "her son will does", "my daughter rose."."""
        follows = token.end in self._before_doing or clue.stops(self._text, token.end)
        return follows or clue.speaks(self._text, token.end)

    def _is_titled(self, token: Token) -> bool:
        """Whether a title that is a word too stands before: "dr bird", "miss chalky"."""
        likely = token.low in _KNOWN | _LAST and token.start in self._walk.sight.naming
        if self._before(cue.TITLE, token.start):
            return likely or token.low in NICKNAMES
        return self._before(cue.MISS, token.start) and (likely or token.low in NICKNAMES)

    def _is_beside_me(self, token: Token) -> bool:
        """Whether it goes with the teller: "me and pepper", "rose and i"."""
        if token.low not in _KNOWN:
            return False
        if self._before(cue.ME_AND, token.start):
            return True
        beside = bool(cue.AND_ME.match(self._text, token.end))
        return beside and not self._before(cue.BY_NOBODY, token.start)

    def _acts(self, token: Token) -> bool:
        """Whether it does what people do, or is spoken to: "curly said", "i rang moss."."""
        if token.low not in _KNOWN or self._before(cue.BY_NOBODY, token.start):
            return False
        text, start, end = self._text, token.start, token.end
        if self._set_apart(token):
            return True
        if token.low in VERBS_TOO and token.low not in cue.VERB_NAMES:
            return False
        if self._row.opens(token) and token.low in cue.VERB_NAMES and end in self._before_doing:
            return True
        clues = self._walk.clues
        if start in clues.related | clues.introduced:
            return clue.ends_a_name(text, end)
        if start in clues.spoken_with and clue.stops(text, end):
            return True
        if not self._row.opens(token) and not self._before(cue.CLAUSE, start):
            return False
        told = bool(cue.STRONG.match(text, end) or cue.WHO.match(text, end))
        return told or clue.speaks(text, end) or clue.is_relation(text, end)

    def _set_apart(self, token: Token) -> bool:
        """Whether commas or a greeting set it off: "a cleaner, ray, sits", "beside ray, who"."""
        if self._before(cue.GREETING, token.start):
            return clue.stops(self._text, token.end)
        if cue.WHO.match(self._text, token.end):
            return True
        near = self._text[max(0, token.start - 60) : token.start]
        return bool(cue.SOMEBODY.search(near)) and clue.stops(self._text, token.end)

    def _after_initials(self) -> Iterator[Span]:
        """Surnames that are words, after one initial: "t. shepherd"."""
        for found in cue.INITIAL.finditer(self._text):
            low, lettered = found["last"], self._before(cue.LETTERED, found.start())
            dull = low in NEVER or low in WHEN or low in self._walk.lexicon.everyday
            if low in _LAST and not dull and not lettered:
                yield Span(*found.span())

    def _signature(self) -> Iterator[Span]:
        near = max(0, len(self._text) - 80)
        found = cue.SIGNED.search(self._text, near)
        if found is None:
            return
        row = self._row.within(Span(*found.span("it")))
        dull = any(word.low in self._walk.lexicon.everyday | NEVER | NO_PEOPLE for word in row)
        named = any(word.low in _KNOWN | _LAST | GIVEN for word in row)
        if named and not dull:
            yield Span(*found.span("it"))

    def _next(self, number: int) -> Token | None:
        """Give the word after, if only a space parts the two."""
        _, after = self._row.around(number)
        token = self._row[number]
        close = after is not None and self._text[token.end : after.start] == " "
        return after if close else None

    def _before(self, form: re.Pattern[str], start: int) -> bool:
        return bool(form.search(self._text, max(0, start - _LOOK_BACK), start))
