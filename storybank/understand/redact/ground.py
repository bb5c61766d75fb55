"""Places that a council handed over, told from persons of the same name.

"Barton" the ward is evidence and is kept; "Mrs Barton" and "Sue Barton" are masked. A place wins
over a guess, but not over a title, a first name or an introduction right before it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from storybank.understand.redact import clues as clue
from storybank.understand.redact.bearers import CALLS, bears, does_as_people_do
from storybank.understand.redact.details import Detail
from storybank.understand.redact.given import GIVEN, NAMES_TOO
from storybank.understand.redact.given_too import VERBS_TOO
from storybank.understand.redact.judging import Judging
from storybank.understand.redact.reach import is_public
from storybank.understand.redact.tokens import Token
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import PUBLIC
from storybank.values import Span

_BETWEEN = re.compile(r"\s*[&,/+]\s*|\s+and\s+", re.IGNORECASE)
_PARTS = frozenset(words("upper lower old new north south east west greater central inner outer"))
"""Words before a place's name that belong to it: "Old Marston"."""
_VERBS = frozenset(words("will may can hope love said welcome praise promise"))
"""First names that in small letters are verbs as well, and stand before a place as such."""
_LEAST_PART = 4
"""Letters of a part that is known by itself: "St" and "Old" are parts of many names."""
_SAID_TO = re.compile(
    r"\b(?:dear|hi|hello|hiya|hey|texted|i['\u2019]?m|i am|ask(?:ed)? for),? \Z", re.IGNORECASE
)
_SAID_BY = re.compile(r"\bsays? \Z", re.IGNORECASE)
_PLACED = re.compile(
    r"\b(?:in|at|near|around|across|through|into|outside|beyond|towards) \Z", re.IGNORECASE
)
_LOOK_BACK = 16


def parts_of(name: str) -> Iterator[str]:
    """Give the names by which people know a place: "Barton & Sandhills", "Barton", "Sandhills"."""
    yield name
    for part in _BETWEEN.split(name):
        if part != name and sum(map(str.isalpha, part)) >= _LEAST_PART:
            yield part


def without_places(
    walk: Judging, names: Mapping[Span, float], kept: Sequence[Span]
) -> dict[Span, float]:
    """Give those of `names` that are persons' even though places may bear them; `kept` places."""
    free: dict[Span, float] = {}
    for span, sure in names.items():
        name = _without_where(walk, _without_call(walk, span, kept), kept)
        if not _is_place(walk, name, kept):
            free[name] = max(sure, free.get(name, sure))
    return free


def named_like_places(walk: Judging, kept: Sequence[Span]) -> Iterator[Span]:
    """Give the places' names of one word that the words around make a person's, found or not."""
    for place in kept:
        words = walk.row.within(place)
        if len(words) != 1 or is_public(walk.text, place):
            continue
        first = _first_name_before(walk, words[0])
        if first is not None:
            yield Span(first.start, place.end)
        elif bears(walk.text, place, kept):
            yield place


def stands_for_a_person(text: str, again: Span, kept: Sequence[Span]) -> bool:
    """Say whether a name of somebody in the story means that person where it stands `again`."""
    place = next(iter(_touching(kept, again)), None)
    if place is None:
        return True
    whole = again.start <= place.start and again.end >= place.end
    return whole and not _located(text, place) and not is_public(text, place)


def unplaced(details: Iterable[Detail], text: str, kept: Sequence[Span]) -> list[Detail]:
    """Give `details` without the homes that are only a place to keep: no number, no road."""
    return [
        item
        for item in details
        if item.kind not in ("address", "street")
        or any(map(str.isdigit, item.span.of(text)))
        or not any(k.start <= item.span.start and item.span.end <= k.end for k in kept)
    ]


def _without_where(walk: Judging, name: Span, kept: Sequence[Span]) -> Span:
    """Cut off the place where somebody did something: of "in Barton Sue sang" leave "Sue"."""
    place = next(iter(_touching(kept, name)), name)
    if place.start != name.start or place.end >= name.end or not _located(walk.text, place):
        return name
    rest = walk.row.within(Span(place.end, name.end))
    return Span(rest[0].start, name.end) if rest and rest[0].low not in PUBLIC else name


def _without_call(walk: Judging, name: Span, kept: Sequence[Span]) -> Span:
    """Cut off the verb that the pipeline took along: of "rang Marston" leave "Marston"."""
    first, *rest = walk.row.within(name)
    named = first.capital and not walk.row.opens(first)
    if not rest or named or first.low not in CALLS:
        return name
    placed = any(place.start == rest[0].start for place in _touching(kept, name))
    return Span(rest[0].start, name.end) if placed else name


def _is_place(walk: Judging, name: Span, kept: Sequence[Span]) -> bool:
    """Whether a name is a place's: every word of it is one of a place, and nothing tells else."""
    touched = _touching(kept, name)
    if not touched:
        return False
    for word in walk.row.within(name):
        inside = any(place.start <= word.start < place.end for place in touched)
        if not inside and word.low not in PUBLIC | _PARTS and not _leads(walk, word):
            return False
    if bears(walk.text, name, kept):
        return False
    return not any(_is_person(walk, place) for place in touched)


def _is_person(walk: Judging, place: Span) -> bool:
    """Whether the words around a place's name make it a person's."""
    text, clues = walk.text, walk.clues
    words = walk.row.within(place)
    if not words:
        return False
    number = walk.row.number(words[0])
    if walk.is_titled(number) or _follows_a_first_name(walk, number):
        return True
    near = max(0, place.start - _LOOK_BACK)
    if place.start in clues.introduced and not _SAID_BY.search(text, near, place.start):
        return True
    if place.start in clues.related and text[place.start - 2] not in ",:":
        return True
    if _SAID_TO.search(text, near, place.start):
        return True
    alone = len(words) == 1 and words[0].low in GIVEN and not _located(text, place)
    return alone and (place.start in clues.spoken_with or clue.does_something(text, place.end))


def _follows_a_first_name(walk: Judging, number: int) -> bool:
    before, _ = walk.row.around(number)
    if before is None or walk.text[before.end : walk.row[number].start] not in (" ", ". "):
        return False
    initial = len(before.text) == 1 and before.text not in ("a", "I", "i")
    if initial and before.capital:
        return True
    return walk.text[before.end] == " " and walk.is_first_name(before)


def _leads(walk: Judging, word: Token) -> bool:
    """Whether a verb and no first name stands before a place: "i hope barton gets one"."""
    if not walk.small or word.low not in _VERBS:
        return False
    start, clues = word.start, walk.clues
    called = start in clues.introduced or start in clues.related or start in clues.spoken_with
    return not called and not clue.is_called(walk.text, start)


def _touching(kept: Sequence[Span], span: Span) -> list[Span]:
    """Give the places, which stand in order and apart, that share a letter with `span`."""
    first = bisect_right(kept, span.start, key=lambda place: place.end)
    return list(takewhile(lambda place: place.start < span.end, islice(kept, first, None)))


def _first_name_before(walk: Judging, word: Token) -> Token | None:
    """Give the first name, a word too, that makes a surname of `word` in a text of small letters.

    "dawn marston" needs no more; "sue barton" has to do what people do.
    """
    before, _ = walk.row.around(walk.row.number(word))
    if not walk.small or before is None or walk.text[before.end : word.start] != " ":
        return None
    if before.low not in NAMES_TOO or clue.may_be_a_thing(walk.text, before.start, but="from"):
        return None
    ends = before.low not in VERBS_TOO and clue.ends_a_name(walk.text, word.end)
    return before if ends or does_as_people_do(walk.text, word.end) else None


def _located(text: str, place: Span) -> bool:
    return bool(_PLACED.search(text, max(0, place.start - _LOOK_BACK), place.start))
