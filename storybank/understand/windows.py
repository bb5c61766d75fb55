"""Cut a story into windows that an encoder takes in at once, each unit with its own tokens."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from storybank.values import Span

LONGEST = 400
"""Tokens of a window without its two ends: about 300 words. The encoders take 512, but were
taught on shorter texts."""

LAP, LAPPED = 2, 100
"""Sentences, and tokens, from before that a window after the first begins with at most, so that
none lacks what was said just before it. They are read there, and not judged again."""


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens of one window, without the ends that an encoder adds, and where its units lie.

    `units` are the places of the units that belong to it; `places` the tokens [from, to) of each.
    """

    tokens: tuple[int, ...]
    units: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


def windows(
    tokens: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    sentences: Sequence[Span],
    units: Sequence[Span],
) -> tuple[Window, ...]:
    """Give the windows of one stretch; every unit belongs to exactly one, where it starts.

    `tokens` and their `offsets` in the text are those of the whole text. A sentence that is
    longer than a window is cut off there. No sentences give no windows.
    """
    starts, ends = [start for start, _ in offsets], [end for _, end in offsets]

    def inside(span: Span) -> tuple[int, int]:
        return bisect_right(ends, span.start), bisect_left(starts, span.end)

    lengths = [last - first for first, last in map(inside, sentences)]
    found = []
    for lap, own, to in _ranges(lengths):
        first, last = inside(Span(sentences[lap].start, sentences[to - 1].end))
        last = min(last, first + LONGEST)
        until = sentences[to].start if to < len(sentences) else sentences[to - 1].end
        mine = [n for n, u in enumerate(units) if sentences[own].start <= u.start < until]
        places = [_within(inside(units[n]), first, last) for n in mine]
        found.append(Window(tuple(tokens[first:last]), tuple(mine), tuple(places)))
    return tuple(found)


def _ranges(lengths: Sequence[int]) -> list[tuple[int, int, int]]:
    """Give for each window its first sentence, the first of its own, and the one after its last."""
    found = []
    own = 0
    while own < len(lengths):
        lap = own
        while lap > max(0, own - LAP) and sum(lengths[lap - 1 : own]) <= LAPPED:
            lap -= 1
        to, filled = own + 1, min(sum(lengths[lap : own + 1]), LONGEST)
        while to < len(lengths) and filled + lengths[to] <= LONGEST:
            filled += lengths[to]
            to += 1
        found.append((lap, own, to))
        own = to
    return found


def _within(place: tuple[int, int], first: int, last: int) -> tuple[int, int]:
    """Give a unit's tokens counted from the window's first; (0, 0) for one that was cut off."""
    start, end = max(place[0], first), min(place[1], last)
    return (start - first, end - first) if start < end else (0, 0)
