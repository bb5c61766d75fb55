"""Everyday words that their capital makes a name: "I told Badger", "Shorty said", "Chips Potter".

A broad rule for texts with capitals, and a guess: what it finds is marked as unsure. English asks
for a capital in few places, so a word with one in mid-sentence is a person's name, unless it is
known to be a place's, a body's or a thing's.
"""

import re
from collections.abc import Iterator, Sequence

from storybank.understand.redact import clues as clue
from storybank.understand.redact.given import GIVEN, NAMES_TOO, SELDOM_WORDS
from storybank.understand.redact.guesses import is_people
from storybank.understand.redact.judging import Judging
from storybank.understand.redact.nicknames import NICKNAMES, WORD_SURNAMES
from storybank.understand.redact.no_people import NO_PEOPLE
from storybank.understand.redact.reach import is_public
from storybank.understand.redact.surnames import SURNAMES
from storybank.understand.redact.tokens import Token
from storybank.understand.redact.words import CAPITAL_TITLES, NEVER, PUBLIC, TITLES
from storybank.values import Span

_MOST_CAPITALS = 0.3
"""Of all words: beyond this a text writes capitals as it likes, and they tell nothing."""
_MOST_WORDS = 3
_NO_GROUND = frozenset({"day", "hall", "bank", "banks", "green", "wood", "woods", "bridge", "way"})
"""Surnames that names of places also end in: "Frank Day" is a person's more than a place's."""
_SAID_OF = frozenset({"young", "old", "big", "little", "poor", "dear", "late", "lovely"})
_FIRST = GIVEN | NAMES_TOO | NICKNAMES
_LAST = SURNAMES | WORD_SURNAMES
_ARTICLES = re.compile(
    r"\b(?:the|an?|this|that|these|those|our|my|your|his|her|their|its|some|any|no|every|each|per"
    r"|whole|main|first|second|last|next|other|called the|north|south|east|west|upper|lower|great"
    r"|new|st|saint) \Z",
    re.IGNORECASE,
)
_PERSON_DOES = re.compile(
    r" (?:will|would|can|could|should|might|never|always|still|just|has|was|is|works?|lay|means"
    r"|laughs?|does|doesn['\u2019]t|didn['\u2019]t|and [A-Z])",
)
_SOMEBODY = re.compile(r" (?:somebody|someone|something|or other|somebody-or-other)\b", re.I)
_MARK_BEFORE = re.compile(r"(?:[\"'\u2018\u201c\u2013\u2014/#@&+*\d-]|\d )\Z")
_SHOUTED = re.compile(
    r"\b(?:shouted|shouts|called|calls|yelled|whispered|said|says|cried) [\"'\u2018\u201c]\Z"
)
_NUMBER_AFTER = re.compile(r"[\"\u201d]|[ -]?\d|[/&+]|['\u2019][sS]? [A-Z]|-\w")
_OWNS = re.compile(r"['\u2019]s\b")
_SET_APART = re.compile(
    r", (?:who|my|our|his|her|their|as we|the|a|he|she|I)\b"
    r"| and (?:her|his|my|their)\b"
    r"|,? from (?:the|number|next|flat|across|up|down|upstairs|downstairs)\b",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(
    r"(?: ?\([A-Z][a-z]{1,4}\))?(?:, (?:ward|flat|number|aged?|block|room) ?\d+)?[\s.!x]*\Z",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:\n|\b(?:from|love|thanks|thank you|cheers|regards|wishes|faithfully|sincerely|yours),?"
    r"[.!]?)\s*\Z",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?<![\w.'\u2019])[A-Z]\. ?(?P<last>[A-Z][a-z]{2,20})(?![\w'\u2019]*-)")
_NAMED_LIKE_A_DAY = re.compile(
    r"\b(?:Sunday|Monday|Tuesday|Friday|Saturday|Christmas|Easter) (?P<last>[A-Z][a-z]{3,20})\b"
)
_ON_A_DAY = re.compile(
    r"\b(?:on|last|next|every|this|each|the|by|until|till|since|from|one|that|a|for|in|at|before"
    r"|after|over) \Z",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"\b(?:vitamin|plan|block|flat|part|section|appendix|group|hepatitis|hep|type|option|grade"
    r"|class|wing|bay|unit|zone|point|item|room|and|or|size|form|annex) \Z",
    re.IGNORECASE,
)
_LOOK_BACK = 24


class Capitals:
    """Finds names that are everyday words, by the capitals of one text that has some."""

    def __init__(self, walk: Judging) -> None:
        self._walk, self._text, self._row = walk, walk.text, walk.row

    def find(self) -> Iterator[Span]:
        """Give the names, each whole, in no order."""
        if self._walk.small or self._like_a_headline():
            return
        yield from self._after_initials()
        yield from self._after_days()
        for run in self._runs():
            opens = self._row.opens(run[0])
            dull = run[0].low in _SAID_OF or not self._may_be_first(run[0])
            if opens and len(run) > 1 and dull:
                run, opens = run[1:], False  # "Yesterday Badger rang"
                if run[0].low not in NICKNAMES | NAMES_TOO | WORD_SURNAMES:
                    continue
            span = Span(run[0].start, run[-1].end)
            if is_public(self._text, span):
                continue
            if self._signs(run) or (self._is_named(run, opens=opens)):
                yield span

    def _is_named(self, run: Sequence[Token], *, opens: bool) -> bool:
        if len(run) > _MOST_WORDS or any(word.low in PUBLIC for word in run[:-1]):
            return False
        last = run[-1]
        if last.low in PUBLIC and not (len(run) > 1 and last.low in _LAST and self._lives(run)):
            return False
        if len(run) > 1:
            return self._in_full(run)
        return self._begins(run[0]) if opens else self._stands_out(run[0])

    def _lives(self, run: Sequence[Token]) -> bool:
        """Whether a name that could be a place's ("Dusty Field") is a person's by what is told."""
        if run[0].low not in _FIRST:
            return False
        end = run[-1].end
        if self._cued(run[0]) or clue.speaks(self._text, end):
            return True
        if run[-1].low not in _NO_GROUND:
            return False
        if run[0].low in SELDOM_WORDS | GIVEN or clue.does_something(self._text, end):
            return True
        return bool(_SET_APART.match(self._text, end) or _PERSON_DOES.match(self._text, end))

    def _like_a_headline(self) -> bool:
        capitals = sum(self._candidate(t) and not self._row.opens(t) for t in self._row)
        return capitals > _MOST_CAPITALS * len(self._row) and len(self._row) > _MOST_WORDS * 4

    def _runs(self) -> Iterator[list[Token]]:
        """Give the words with capitals that only spaces part; no sentence begins within a run."""
        run: list[Token] = []
        for token in self._row:
            joined = run and self._text[run[-1].end : token.start] == " "
            ends = bool(joined) and run[-1].low in _FIRST and token.low in WORD_SURNAMES
            fits = self._candidate(token) or (ends and token.capital)
            if run and (not joined or not fits or self._row.opens(token)):
                yield run
                run = []
                fits = self._candidate(token)
            if fits:
                run.append(token)
        if run:
            yield run

    def _candidate(self, token: Token) -> bool:
        if not token.capital or len(token.text) < 2 or token.text in CAPITAL_TITLES:
            return False
        return token.low not in NEVER | TITLES and not token.text.isupper()

    def _may_be_first(self, token: Token) -> bool:
        return token.low in _FIRST or token.start in self._walk.sight.proper

    def _stands_out(self, token: Token) -> bool:
        """Whether one word in mid-sentence is no place, body or thing."""
        start, end = token.start, token.end
        if token.low in NO_PEOPLE or is_people(token.low) or start in self._walk.peopled:
            return False
        if self._before(_SHOUTED, start) and self._text[end : end + 1] in "\"'\u2019\u201d":
            return True
        if _NUMBER_AFTER.match(self._text, end) or self._before(_MARK_BEFORE, start):
            return False
        cued = self._cued(token)
        if self._before(_ARTICLES, start):
            return bool(_SOMEBODY.match(self._text, end))
        if clue.is_located(self._text, start):
            return bool(_OWNS.match(self._text, end)) and token.low in _FIRST
        known = token.low in _FIRST
        if not known and (start in self._walk.placed or start in self._walk.bodied):
            return cued
        rare = not self._walk.lexicon.ordinary(token.text)
        if rare and clue.may_be_a_thing(self._text, start):
            return clue.speaks(self._text, end)
        plural = token.low.endswith("s") and token.low not in _FIRST | _LAST
        return cued or not plural

    def _begins(self, token: Token) -> bool:
        """Whether one word that begins a sentence does what people do."""
        if token.low in NO_PEOPLE or is_people(token.low):
            return False
        proper = token.start in self._walk.sight.proper
        if token.low not in _FIRST | _LAST:
            return False
        if clue.does_something(self._text, token.end):
            return proper or token.low in _FIRST
        if token.low not in NICKNAMES | NAMES_TOO:
            return False
        after_colon = self._text[max(0, token.start - 3) : token.start].rstrip().endswith(":")
        listed = after_colon and clue.stops(self._text, token.end)
        acts = token.end + 1 in self._walk.sight.doing
        does = proper and (acts or bool(_PERSON_DOES.match(self._text, token.end)))
        return listed or does or bool(_SET_APART.match(self._text, token.end))

    def _in_full(self, run: Sequence[Token]) -> bool:
        """Whether several words are a first name and a surname, or do what people do."""
        if any(word.low in NO_PEOPLE and word.low not in _LAST for word in run):
            return False
        if self._before(_ARTICLES, run[0].start) or self._before(_MARK_BEFORE, run[0].start):
            return False
        if clue.is_located(self._text, run[0].start):
            return False
        if run[0].low in _FIRST and (run[-1].low in _FIRST or _is_surname(run[-1])):
            return True
        whole = Span(run[0].start, run[-1].end)
        bodied = any(word.start in self._walk.bodied for word in self._row.within(whole))
        if _is_surname(run[-1]) and not bodied and run[0].start in self._walk.sight.proper:
            return self._cued(run[0]) or clue.does_something(self._text, run[-1].end)
        related = run[0].start in self._walk.clues.related | self._walk.clues.introduced
        return not bodied and (related or clue.speaks(self._text, run[-1].end))

    def _signs(self, run: Sequence[Token]) -> bool:
        """Whether a text ends with these words, as with the name of who wrote it."""
        end = run[-1].end
        if len(run) > _MOST_WORDS or not _AT_THE_END.match(self._text, end):
            return False
        if any(word.low in NO_PEOPLE - _LAST or word.low in PUBLIC - _LAST for word in run):
            return False
        signed = self._before(_SIGNED, run[0].start)
        return signed or (len(run) > 1 and self._row.opens(run[0]) and _is_surname(run[-1]))

    def _after_initials(self) -> Iterator[Span]:
        """Surnames that are words, after one initial: "T. Shepherd"."""
        for found in _INITIAL.finditer(self._text):
            low = found["last"].lower()
            lettered = self._before(_LETTERED, found.start())
            if low in _LAST and low not in NEVER and not lettered:
                yield Span(*found.span())

    def _after_days(self) -> Iterator[Span]:
        """Names that begin like a day of the week: "my cousin Sunday Adeyemi"."""
        for found in _NAMED_LIKE_A_DAY.finditer(self._text):
            low = found["last"].lower()
            timed = self._before(_ON_A_DAY, found.start()) or low in GIVEN | NEVER | NO_PEOPLE
            if not timed and (low in SURNAMES or not self._walk.lexicon.ordinary(low)):
                yield Span(*found.span())

    def _cued(self, token: Token) -> bool:
        """Whether the words around speak of a person."""
        clues = self._walk.clues
        if token.start in clues.related | clues.introduced | clues.spoken_with | clues.hinted:
            return True
        return clue.speaks(self._text, token.end) or clue.is_relation(self._text, token.end)

    def _before(self, form: re.Pattern[str], start: int) -> bool:
        return bool(form.search(self._text, max(0, start - _LOOK_BACK), start))


def _is_surname(token: Token) -> bool:
    """Whether a word, or a part of one between hyphens, is a surname."""
    return any(part in _LAST for part in token.low.split("-"))
