"""What people decided about masks, put over what the rules found; it holds in later versions too.

A decision stands on words: where a correction moved them they are found again, and where it took
them away the decision rests.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from storybank.understand.redact.details import Detail, merged
from storybank.understand.redact.placeholders import SHOWN, masks
from storybank.values import Mask, Span

MASKED, SHOWN_ANYWAY = "masked", "shown"
"""A person's two decisions: these words are a personal detail, or they are none."""
DETAIL_KINDS = ("person", *SHOWN)
"""The kinds of detail that a person may choose from."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: the words it stands on, where they stood, and whether in this very version."""

    words: str
    span: Span
    decision: str
    kind: str
    here: bool


def reviewed(text: str, found: Sequence[Mask], decisions: Sequence[Decided]) -> tuple[Mask, ...]:
    """Give the masks of `text` with people's `decisions`, the oldest first, put over `found`.

    Placeholders are numbered anew. Without decisions `found` is given as it is.
    """
    if not decisions:
        return tuple(found)
    details = [Detail(mask.span, mask.kind, mask.sure) for mask in found]
    for decided in _once(decisions):
        spans = places(text, decided)
        details = [detail for detail in details if not _within_one(detail.span, spans)]
        if decided.decision == MASKED:
            details += [Detail(span, decided.kind, 1.0) for span in spans]
    return masks(text, merged(details))


def masked_anywhere(decisions: Sequence[Decided]) -> list[Decided]:
    """Give what people masked as it counts in other words than those they decided about."""
    return [replace(d, here=False) for d in decisions if d.decision == MASKED]


def _once(decisions: Sequence[Decided]) -> Iterator[Decided]:
    """Leave out what says the same as the one before: a name said 300 times is masked 300 times.

    In another version each of these finds all the places by itself.
    """
    before = None
    for decided in decisions:
        same = (folded(decided.words), decided.decision, decided.kind)
        repeats = not decided.here and decided.decision == MASKED and same == before
        before = None if decided.here else same
        if not repeats:
            yield decided


def places(text: str, decided: Decided) -> list[Span]:
    """Give where a decision stands in `text`: its own place, or its words found again.

    In another version, what is to be masked is masked wherever the words stand; what may be shown,
    only where they stand nearest to their old place.
    """
    if decided.here:
        return [decided.span]
    found = list(occurrences(text, decided.words))
    if decided.decision == MASKED or not found:
        return found
    return [min(found, key=lambda span: abs(span.start - decided.span.start))]


def folded(words: str) -> str:
    """Give words as they count for a decision: capitals and spacing make no other words."""
    return " ".join(words.casefold().split())


def occurrences(text: str, words: str) -> Iterator[Span]:
    """Give every place where `words` stand as whole words, in any case and spacing."""
    parts = words.split()
    if not parts:
        return
    form = r"\s+".join(map(re.escape, parts))
    for match in re.finditer(rf"(?<!\w){form}(?!\w)", text, re.IGNORECASE):
        yield Span(*match.span())


def without_shown(text: str, spans: Iterable[Span], decisions: Sequence[Decided]) -> list[Span]:
    """Give the masked `spans` of a version of which people said nothing that they may be shown."""
    last: dict[Span, str] = {}
    for decided in decisions:
        last |= dict.fromkeys(places(text, decided), decided.decision)
    free = [span for span, decision in last.items() if decision == SHOWN_ANYWAY]
    return [span for span in spans if not any(_within(span, place) for place in free)]


def _within_one(span: Span, places: Sequence[Span]) -> bool:
    """Say whether a span lies within one of the places, which stand in order and apart."""
    before = bisect_right(places, span.start, key=lambda place: place.start)
    return before > 0 and _within(span, places[before - 1])


def _within(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end
