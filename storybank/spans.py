"""Arithmetic on spans: browser selections, masks, and words found again."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from storybank.errors import BadSelection
from storybank.values import Mask, Span


def from_utf16(text: str, start: int, end: int) -> Span:
    """Turn a browser's selection in UTF-16 units of `text` into a span in code points.

    Raises BadSelection where it is empty, outside the text, or cuts a character in two.
    """
    units = text.encode("utf-16-le")
    if not 0 <= start < end <= len(units) // 2:
        raise BadSelection
    try:
        first = len(units[: 2 * start].decode("utf-16-le"))
        length = len(units[2 * start : 2 * end].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise BadSelection from None
    return Span(first, first + length)


def apply_masks(text: str, masks: Sequence[Mask], within: Span | None = None) -> str:
    """Give the words of `within` (default: all of `text`) with placeholders for masked spans.

    `masks` are in order and do not overlap. A mask that reaches over an edge of `within` is
    shown whole: half a name would be a leak.
    """
    span = within or Span(0, len(text))
    shown, at = [], span.start
    for mask in masks:
        if not mask.span.overlaps(span):
            continue
        shown.append(text[at : max(at, mask.span.start)])
        shown.append(mask.placeholder)
        at = max(at, mask.span.end)
    shown.append(text[at : max(at, span.end)])
    return "".join(shown)


def told_span(masks: Sequence[Mask], within: Span, shown: Span) -> Span:
    """Turn a span of the masked words of `within` into a span of the text as told.

    `shown` counts from the start of `apply_masks(text, masks, within)`. An edge inside a
    placeholder moves out to the whole masked words.
    """
    return Span(
        _told_position(masks, within, shown.start, to_end=False),
        _told_position(masks, within, shown.end, to_end=True),
    )


def _told_position(masks: Sequence[Mask], within: Span, shown: int, *, to_end: bool) -> int:
    told, seen = within.start, 0
    for mask in masks:
        if not mask.span.overlaps(within):
            continue
        plain = max(0, mask.span.start - told)
        if shown <= seen + plain and not (shown == seen + plain and not to_end):
            return told + shown - seen
        seen, told = seen + plain, max(told, mask.span.start)
        inside = seen + len(mask.placeholder)
        if shown < inside or (shown == inside and to_end):
            return mask.span.end if to_end and shown > seen else mask.span.start
        seen, told = inside, mask.span.end
    return told + shown - seen


def shown_span(masks: Sequence[Mask], within: Span, told: Span) -> Span:
    """Turn a span of the text as told into one of the masked words of `within`.

    The result counts from the start of `apply_masks(text, masks, within)`. What lies outside of
    `within` is cut off; an edge inside a masked detail moves out to the whole placeholder.
    """
    start = _shown_position(masks, within, max(told.start, within.start), to_end=False)
    end = _shown_position(masks, within, min(told.end, within.end), to_end=True)
    return Span(start, max(start, end))


def _shown_position(masks: Sequence[Mask], within: Span, told: int, *, to_end: bool) -> int:
    at, shown = within.start, 0
    for mask in masks:
        if not mask.span.overlaps(within):
            continue
        first = max(at, mask.span.start)
        if told < first or (told == first and to_end):
            break
        shown += first - at
        inside = told < mask.span.end or (told == mask.span.end and to_end)
        if inside and not to_end:
            return shown
        shown, at = shown + len(mask.placeholder), mask.span.end
        if inside:
            return shown
    return shown + told - at


def find_quote(text: str, quote: str, near: int = 0) -> Span | None:
    """Find `quote` in `text`, the occurrence that starts closest to `near`; None if absent."""
    starts = list(_places(text, quote))
    if not starts:
        return None
    best = min(starts, key=lambda s: abs(s - near))
    return Span(best, best + len(quote))


def found_again(
    passages: Sequence[tuple[Span, str]], masks: Sequence[Mask], quote: str
) -> Iterator[Span]:
    """Give where masked words stand in a text as told, in passages or over where two meet.

    `passages` are in order, each with where it stands as told and its masked words. What lies
    between two is space, as wide as it was told, or words that no `quote` has.
    """
    words = _spaces(quote)
    for within, shown in passages:
        for start in _places(_spaces(shown), words):
            yield told_span(masks, within, Span(start, start + len(words)))
    for (one, before), (other, after) in pairwise(passages):
        meet = len(before) + max(0, other.start - one.end)
        shown = _spaces(before).ljust(meet) + _spaces(after)
        for start in _places(shown, words):
            if start < len(before) and start + len(words) > meet:
                both = Span(one.start, other.end)
                yield told_span(masks, both, Span(start, start + len(words)))


def _spaces(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
