"""Where a text quotes somebody: words inside quotation marks, and paragraphs that begin with `>`.

Marks are often forgotten, doubled, mixed or set wrong. Where it is in doubt whose words are whose,
they count as somebody's own: advice that is missing hurts nobody.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from storybank.understand.quotation_marks import CLOSES, OPENS, Mark, double_marks, single_marks
from storybank.values import Span

_PARAGRAPH = re.compile(r"\r?\n[^\S\n]*(?=\n)")
_BLOCK = re.compile(r"^[^\S\n]*>", re.MULTILINE)


def quoted(text: str) -> tuple[Span, ...]:
    """Give the stretches of `text` that are somebody's own words, marks included, in order.

    A quotation may hold others and go over several paragraphs. One that is not closed lasts until
    the end of its paragraph; one that is only closed begins with its line. Of single marks, an
    apostrophe neither opens nor closes, as far as its place tells the two apart.
    """
    lines = _Edges(text, (found.start() for found in re.finditer("\n", text)))
    paragraphs = _Edges(text, (found.start() for found in _PARAGRAPH.finditer(text)))
    blocks = (Span(b.start(), paragraphs.after(b.start())) for b in _BLOCK.finditer(text))
    doubles = _double(double_marks(text), lines, paragraphs)
    singles = _single(single_marks(text), lines, paragraphs)
    return tuple(_joined([*blocks, *doubles, *singles]))


def untouched(spans: Sequence[Span], quotations: Sequence[Span]) -> Iterator[Span]:
    """Give those of `spans` that share nothing with any of `quotations`, which stand in order."""
    ends = [quotation.end for quotation in quotations]
    for span in spans:
        at = bisect_right(ends, span.start)
        if at == len(quotations) or not span.overlaps(quotations[at]):
            yield span


class _Edges:
    """Where the lines or paragraphs of a text end."""

    def __init__(self, text: str, ends: Iterable[int]) -> None:
        self._ends = [*ends, len(text)]

    def before(self, at: int) -> int:
        """Give where the line or paragraph that holds `at` begins."""
        place = bisect_left(self._ends, at)
        return self._ends[place - 1] + 1 if place else 0

    def after(self, at: int) -> int:
        """Give where it ends."""
        return self._ends[bisect_left(self._ends, at)]


def _double(marks: Sequence[Mark], lines: _Edges, paragraphs: _Edges) -> Iterator[Span]:
    """Give what stands between double marks, each with the last one open before it."""
    begun: list[Mark] = []
    for mark, following in zip_longest(marks, marks[1:]):
        role = mark.role(inside=bool(begun))
        if role == OPENS:
            begun.append(mark)
        elif mark.measures and not (begun and _closes_here(following)):
            continue
        elif begun:
            yield Span(begun.pop().start, mark.end)
        else:
            yield Span(lines.before(mark.start), mark.end)
    yield from (Span(mark.start, paragraphs.after(mark.start)) for mark in begun)


def _closes_here(following: Mark | None) -> bool:
    """Tell whether a mark behind a number closes: another that only closes says it is inches."""
    return following is None or following.role(inside=True) == OPENS


def _single(marks: Sequence[Mark], lines: _Edges, paragraphs: _Edges) -> Iterator[Span]:
    """Give what stands between single marks.

    A mark that may be an apostrophe (the kids' den) closes only where no surer one comes before
    the next quotation.
    """
    begun: Mark | None = None
    perhaps: Mark | None = None
    for mark in marks:
        role = mark.role(inside=begun is not None)
        if role == OPENS:
            if begun and perhaps:
                yield Span(begun.start, perhaps.end)
            elif begun:
                yield Span(begun.start, paragraphs.after(begun.start))
            begun, perhaps = mark, None
        elif role == CLOSES and begun:
            yield Span(begun.start, mark.end)
            begun = perhaps = None
        elif role == CLOSES and mark.spoken:
            yield Span(lines.before(mark.start), mark.end)
        elif begun:
            perhaps = mark
    if begun:
        end = perhaps.end if perhaps else paragraphs.after(begun.start)
        yield Span(begun.start, end)


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Give stretches that cover the same, in order, none touching another."""
    held: Span | None = None
    for span in sorted(spans):
        if held is None or span.start > held.end:
            if held is not None:
                yield held
            held = span
        else:
            held = Span(held.start, max(held.end, span.end))
    if held is not None:
        yield held
