"""Which seconds of a recording staff may not hear: what is masked, and what was taken out."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from storybank.understand.segment import times
from storybank.values import Segment, Span, Transcript

MARGIN_S = 0.12
"""Silence on both sides of a masked word: Whisper's word times are off by about as much."""
DOUBTFUL_MARGIN_S = 0.4
"""The same where a word was heard with little confidence: its times are as doubtful."""
DOUBTFUL = 0.5

_WORD = re.compile(r"\S+")


def silences(transcript: Transcript, masked: Sequence[Span]) -> list[tuple[float, float]]:
    """Give the seconds `(start, end)` in which masked words are said, with a small margin.

    Where a word's time is not known for sure, all of the time between its neighbours is silent.
    """
    found = []
    for span in masked:
        start_ms, end_ms = times(transcript, span, surely=True)
        if start_ms is not None and end_ms is not None:
            margin = _margin(transcript, span)
            found.append((max(0.0, start_ms / 1000 - margin), end_ms / 1000 + margin))
    return found


def _margin(transcript: Transcript, span: Span) -> float:
    """Give the silence that is kept on both sides of masked words, in seconds."""
    words = (w for s in transcript.segments if s.span.overlaps(span) for w in s.words)
    doubtful = any(w.heard and w.confidence < DOUBTFUL for w in words if w.span.overlaps(span))
    return DOUBTFUL_MARGIN_S if doubtful else MARGIN_S


def taken_out(earlier: Transcript, newest: Transcript) -> list[tuple[float, float]]:
    """Give the seconds in which `earlier` has words and `newest` has none any more.

    Somebody took these words out of the story: they are not to be heard in it either. Words that
    were put in the place of others count for their time.
    """
    kept = sorted(s for segment in newest.segments for s in _said(newest.text, segment))
    starts = [start for start, _ in kept]
    until = list(accumulate((end for _, end in kept), max))
    words = [word for segment in earlier.segments for word in (segment.words or (segment,))]
    return [
        (max(0.0, word.start - MARGIN_S), word.end + MARGIN_S)
        for word in words
        if not _is_within((word.start + word.end) / 2, starts, until)
    ]


def _is_within(second: float, starts: Sequence[float], until: Sequence[float]) -> bool:
    """Say whether some stretch that began before `second` goes on until it, or longer."""
    begun = bisect_right(starts, second)
    return begun > 0 and until[begun - 1] >= second


def _said(text: str, segment: Segment) -> list[tuple[float, float]]:
    """Give the seconds in which the words of a segment are said, each word with its own."""
    found = []
    for match in _WORD.finditer(text, segment.span.start, segment.span.end):
        one = Transcript(text, segments=(segment,))
        start_ms, end_ms = times(one, Span(*match.span()))
        if start_ms is not None and end_ms is not None:
            found.append((start_ms / 1000, end_ms / 1000))
    return found
