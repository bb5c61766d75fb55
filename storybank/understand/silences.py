"""Which seconds of a recording staff may not hear: what is masked, and what was taken out."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from storybank.understand.segment import times
from storybank.values import Segment, Span, Transcript, Word

RULES_ID = "silence-2"
"""Names how much is silenced around what is masked; a copy made by others is made anew."""
MARGIN_S, AFTER_S = 0.12, 0.35
"""Silence before a masked word, and after it: Whisper has words end up to 0.33 s too early."""
DOUBTFUL_MARGIN_S = 0.4
"""The same where a word was heard with little confidence: its times are as doubtful."""
DOUBTFUL = 0.5
LETTER_S, DIGIT_S = 0.04, 0.12
"""In less, nobody says a letter of a word, or a digit. Whisper gives some words no time at all:
what it missed lies in the time of its neighbours."""

_WORD = re.compile(r"\S+")


def silences(transcript: Transcript, masked: Sequence[Span]) -> list[tuple[float, float]]:
    """Give the seconds `(start, end)` in which masked words are said, with a margin.

    Where a word's time is not known for sure, all of the time between its neighbours is silent;
    where the times of a segment are not in order, all of the segment.
    """
    found = []
    for span in masked:
        touched = [s for s in transcript.segments if s.span.overlaps(span)]
        quiet = [one for s in touched if (one := _quiet(transcript.text, s, span)) is not None]
        if quiet:
            found.append((max(0.0, min(a for a, _ in quiet)), max(b for _, b in quiet)))
    return found


def _quiet(text: str, segment: Segment, span: Span) -> tuple[float, float] | None:
    """Give the seconds in which the part of `span` in a segment is said; None for no words."""
    one = Transcript(text, segments=(segment,))
    start_ms, end_ms = times(one, span, surely=True)
    if start_ms is None or end_ms is None:
        return None
    clock = [segment.start, *(at for w in segment.words for at in (w.start, w.end)), segment.end]
    start, end = start_ms / 1000, end_ms / 1000
    if any(later < earlier for earlier, later in pairwise(clock)):
        start, end = min(clock), max(clock)
    part = Span(max(span.start, segment.span.start), min(span.end, segment.span.end))
    before, after = _margins(segment.words, part, part.of(text), end - start)
    return start - before, end + after


def _margins(words: Sequence[Word], part: Span, said: str, seconds: float) -> tuple[float, float]:
    """Give the silence that is kept before and after masked words, in seconds."""
    least = sum(DIGIT_S if c.isdigit() else LETTER_S for c in said if c.isalnum())
    if seconds < least:
        wide = max(DOUBTFUL_MARGIN_S, 2 * least)
        return wide, wide
    doubtful = any(w.confidence < DOUBTFUL for w in _timed_by(words, part))
    return (DOUBTFUL_MARGIN_S, DOUBTFUL_MARGIN_S) if doubtful else (MARGIN_S, AFTER_S)


def _timed_by(words: Sequence[Word], part: Span) -> list[Word]:
    """Give the heard words that say when `part` is said: its own, and those beside it."""
    heard = [w for w in words if w.heard]
    own = [w for w in heard if w.span.overlaps(part)]
    if not own or own[0].span.start > part.start:
        own += [w for w in heard if w.span.end <= part.start][-1:]
    if not own or max(w.span.end for w in own) < part.end:
        own += [w for w in heard if w.span.start >= part.end][:1]
    return own


def taken_out(earlier: Transcript, newest: Transcript) -> list[tuple[float, float]]:
    """Give the seconds in which `earlier` has words and `newest` has none any more.

    Somebody took these words out of the story: they are not to be heard in it either. Words that
    were put in the place of others count for their time.
    """
    kept = sorted(s for segment in newest.segments for s in _said(newest.text, segment))
    starts = [start for start, _ in kept]
    until = list(accumulate((end for _, end in kept), max))
    words = [word for segment in earlier.segments for word in (segment.words or (segment,))]
    margins = [_margins((), w.span, w.span.of(earlier.text), w.end - w.start) for w in words]
    return [
        (max(0.0, word.start - before), word.end + after)
        for word, (before, after) in zip(words, margins, strict=True)
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
