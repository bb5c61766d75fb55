"""Tag a story in which somebody else speaks in between: the tagger gets the teller's words only."""

from collections.abc import Sequence
from dataclasses import replace

from storybank.understand.engines import Tagger
from storybank.values import Span, Suggestion


def tag_stretches(
    tagger: Tagger, text: str, stretches: Sequence[Span], sentences: Sequence[Span]
) -> tuple[Suggestion, ...]:
    """Give the tags of the `stretches` of `text`, read as one story with nothing in between.

    Every sentence lies in one stretch, and so does every quotation; spans are those of `text`.
    """
    if list(stretches) == [Span(0, len(text))]:
        return tagger.tag(text, sentences)
    joined, starts = "", []
    for stretch in stretches:
        joined += "\n" if joined else ""
        starts.append(len(joined))
        joined += stretch.of(text)
    moves = list(zip(stretches, starts, strict=True))
    there = [_moved(s, moves) for s in sentences]
    back = [(Span(at, at + len(s.of(text))), s.start) for s, at in moves]
    return tuple(replace(f, span=_moved(f.span, back)) for f in tagger.tag(joined, there))


def _moved(span: Span, moves: Sequence[tuple[Span, int]]) -> Span:
    """Give `span` with the stretch that holds it moved to its new start."""
    stretch, start = next(m for m in moves if m[0].start <= span.start and span.end <= m[0].end)
    return Span(span.start - stretch.start + start, span.end - stretch.start + start)
