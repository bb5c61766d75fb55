"""Find the words of a query inside a passage, as the database's own stemmer sees them."""

import re

from sqlalchemy import ColumnElement, cast, func, literal, null
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped

from storybank.values import Span

_ON, _OFF = "\ue000", "\ue001"
"""Private code points: they stand for no character, so they cannot be told from a story's own
only where somebody put them there; then the passage gets no marks."""
_MARK = re.compile(f"{_ON}([^{_OFF}]*){_OFF}")

_OPTIONS = f"HighlightAll=true, StartSel={_ON}, StopSel={_OFF}"


def marked(passage: Mapped[str], wanted: str) -> ColumnElement[str | None]:
    """Give a passage with signs round the words that `wanted` (a tsquery) looks for, as SQL.

    Where nothing is looked for it is NULL.
    """
    if not wanted:
        return cast(null(), pg.TEXT)
    query = cast(literal(wanted), pg.TSQUERY)
    return func.ts_headline(cast(literal("english"), pg.REGCONFIG), passage, query, _OPTIONS)


def spans_of(passage: str, shown: str | None) -> tuple[Span, ...]:
    """Give the spans of the words between the signs that `marked` put into a passage, in order.

    They are in code points of the passage; one that was found by meaning alone has none.
    """
    if shown is None or _MARK.sub(r"\1", shown) != passage:
        return ()
    spans, taken_out = [], 0
    for mark in _MARK.finditer(shown):
        start = mark.start() - taken_out
        spans.append(Span(start, start + len(mark[1])))
        taken_out += 2
    return tuple(spans)
