"""Find the words of a query inside a passage, as the database's own stemmer sees them."""

import re
from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from storybank.values import Span

_ON, _OFF = "\ue000", "\ue001"
"""Private code points: they stand for no character, so they cannot be told from a story's own
only where somebody put them there; then the passage gets no marks."""
_MARK = re.compile(f"{_ON}([^{_OFF}]*){_OFF}")

_OPTIONS = f"HighlightAll=true, StartSel={_ON}, StopSel={_OFF}"
_HEADLINE = text(
    "select ts_headline('english', passage, cast(:wanted as tsquery), :options) "
    "from unnest(cast(:passages as text[])) with ordinality as shown(passage, place) "
    "order by place"
)


def marks(session: Session, passages: Sequence[str], wanted: str) -> list[tuple[Span, ...]]:
    """Give, for each passage, the spans of words that `wanted` (a tsquery) looks for.

    Spans are in code points of the passage, in order; a passage found by meaning alone has none.
    """
    if not wanted or not passages:
        return [()] * len(passages)
    found = (
        session.connection()
        .execute(_HEADLINE, {"wanted": wanted, "passages": list(passages), "options": _OPTIONS})
        .scalars()
    )
    return [_spans(passage, shown) for passage, shown in zip(passages, found, strict=True)]


def _spans(passage: str, shown: str) -> tuple[Span, ...]:
    if _MARK.sub(r"\1", shown) != passage:
        return ()
    spans, taken_out = [], 0
    for mark in _MARK.finditer(shown):
        start = mark.start() - taken_out
        spans.append(Span(start, start + len(mark[1])))
        taken_out += 2
    return tuple(spans)
