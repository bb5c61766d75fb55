"""Where a text quotes somebody: words inside quotation marks, and lines that begin with `>`."""

import re
from collections.abc import Iterator

from storybank.values import Span

_PAIRS = {"\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb", "\u201e": "\u201c"}
_OPENS = re.compile(r"""(?<![\w'"])['"]|[\u201c\u2018\u00ab\u201e]""")
_LINE = re.compile(r"[^\n]+")


def quoted(text: str) -> tuple[Span, ...]:
    """Give the stretches of `text` that are somebody's own words, marks included, in order.

    A quotation that is not closed lasts until the end of its line. An apostrophe opens none:
    a single mark counts only where another closes it behind a word.
    """
    return tuple(span for line in _LINE.finditer(text) for span in _in_line(text, *line.span()))


def _in_line(text: str, start: int, end: int) -> Iterator[Span]:
    if text.startswith((">", " >"), start):
        yield Span(start, end)
        return
    at, closes = start, True
    while found := _OPENS.search(text, at, end):
        mark = found[0]
        single = mark in "'\u2018"
        # Where one single mark is not closed, none after it is: to look each time takes minutes.
        close = _close(text, mark, found.end(), end) if closes or not single else None
        if close is None and single:  # an apostrophe: 'cause, the kids' den
            at, closes = found.end(), False
            continue
        stop = end if close is None else close + 1
        yield Span(found.start(), stop)
        at = stop


def _close(text: str, mark: str, start: int, end: int) -> int | None:
    """Give where the quotation that `mark` opens is closed, or None."""
    if mark in "'\u2018":
        closing = re.compile(r"(?<=[\w.,!?…])['\u2019](?!\w)")
        found = closing.search(text, start, end)
        return found.start() if found else None
    place = text.find(_PAIRS.get(mark, mark), start, end)
    if place < 0 and mark == "\u201c":
        place = text.find('"', start, end)
    return None if place < 0 else place
