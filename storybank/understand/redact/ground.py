"""Places that a council handed over, told from persons of the same name.

"Barton" the ward is evidence and is kept; "Mrs Barton" and "Sue Barton" are masked. A place wins
over a guess, but not over a title, a first name or an introduction right before it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from storybank.understand.redact import clues as clue
from storybank.understand.redact.details import Detail
from storybank.understand.redact.given import GIVEN
from storybank.understand.redact.judging import Judging
from storybank.values import Span

_BETWEEN = re.compile(r"\s*[&,/+]\s*|\s+and\s+", re.IGNORECASE)
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
    return {span: sure for span, sure in names.items() if not _is_place(walk, span, kept)}


def stands_for_a_person(text: str, again: Span, kept: Sequence[Span]) -> bool:
    """Say whether a name of somebody in the story means that person where it stands `again`."""
    place = next((k for k in kept if k.overlaps(again)), None)
    if place is None:
        return True
    return again.start <= place.start and again.end >= place.end and not _located(text, place)


def unplaced(details: Iterable[Detail], text: str, kept: Sequence[Span]) -> list[Detail]:
    """Give `details` without the homes that are only a place to keep: no number, no road."""
    return [
        item
        for item in details
        if item.kind not in ("address", "street")
        or any(map(str.isdigit, item.span.of(text)))
        or not any(k.start <= item.span.start and item.span.end <= k.end for k in kept)
    ]


def _is_place(walk: Judging, name: Span, kept: Sequence[Span]) -> bool:
    touched = [place for place in kept if place.overlaps(name)]
    if not touched:
        return False
    for word in walk.row.within(name):
        if not any(place.start <= word.start < place.end for place in touched) and (
            len(word.text) == 1 or walk.is_first_name(word)
        ):
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
    if _SAID_TO.search(text, near, place.start) or clue.is_relation(text, place.end):
        return True
    if clue.speaks(text, place.end):
        return True
    alone = len(words) == 1 and words[0].low in GIVEN
    return alone and (place.start in clues.spoken_with or clue.does_something(text, place.end))


def _follows_a_first_name(walk: Judging, number: int) -> bool:
    before, _ = walk.row.around(number)
    if before is None or walk.text[before.end : walk.row[number].start] not in (" ", ". "):
        return False
    initial = len(before.text) == 1 and before.text not in ("a", "I", "i")
    if initial and before.capital:
        return True
    return walk.text[before.end] == " " and walk.is_first_name(before)


def _located(text: str, place: Span) -> bool:
    return bool(_PLACED.search(text, max(0, place.start - _LOOK_BACK), place.start))
