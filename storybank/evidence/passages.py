"""A story's words as staff read them: masked passages with times, readings, doubts and gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from storybank.evidence.readings import Tagged, Text
from storybank.spans import apply_masks, shown_span
from storybank.tables import Doubt, PassageRow
from storybank.understand.segment import times, workers_words
from storybank.values import Direction, Mask, Segment, Span, Transcript

DoubtedSpan = tuple[Span, Doubt, str | None]
"""A marked sentence, its row, and who found it right (None: nobody yet)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of masked words: when it is said (seconds, None unknown) and which ways it was read.

    `doubted` says that a machine may have misheard them, and nobody has checked.
    """

    text: str
    at: float | None
    directions: frozenset[Direction] = frozenset()
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Doubted:
    """A marked sentence: its masked words, why it is marked, and who found it right, if anybody."""

    id: int
    words: str
    marks: tuple[str, ...]
    checked_by: str | None = None


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as pieces that, put together, are exactly its text.

    `asked` says that these are not a teller's words: they have no `id`, no code, are not quoted.
    `speaker` is then whose they are, None where nobody has said, and `voice` the voice's number.
    `gap` is until when somebody speaks of whom nothing was written down, from `at` on.
    """

    id: int | None
    text: str
    at: float | None
    pieces: tuple[Piece, ...]
    asked: bool = False
    speaker: str | None = None
    voice: int | None = None
    doubts: tuple[Doubted, ...] = ()
    gap: float | None = None

    @property
    def unchecked(self) -> bool:
        """Say whether some of these words are marked and nobody has checked them."""
        return any(doubt.checked_by is None for doubt in self.doubts)


def all_shown(
    text: Text,
    told: Transcript | None,
    tags: Sequence[Tagged],
    doubts: Sequence[DoubtedSpan],
) -> tuple[ShownPassage, ...]:
    """Give the teller's passages and, between them, what a worker says, in the order told.

    `told` is the opened text of a spoken story, for its times. Between two passages stands, too,
    where somebody speaks and nothing was written down.
    """
    starts = tuple((s.span.start, s.start) for s in told.segments) if told else ()
    mine = [tag for tag in tags if tag.translated == text.translation]
    shown = [
        (row.start, _shown(row, text, starts, mine, [d for d in doubts if _begins(d[0], row)]))
        for row in text.passages
    ]
    if told is not None:
        shown += [
            (s.start, _asked(told, text.masks, s)) for s in workers_words(told) if s.start < s.end
        ]
        shown += [(s.span.start, _gap(s)) for s in told.segments if s.span.start == s.span.end]
    return tuple(passage for _, passage in sorted(shown, key=lambda pair: pair[0]))


def _begins(span: Span, row: PassageRow) -> bool:
    return row.start <= span.start < row.end


def _gap(segment: Segment) -> ShownPassage:
    return ShownPassage(None, "", segment.start, (), gap=segment.end)


def _asked(told: Transcript, masks: Sequence[Mask], span: Span) -> ShownPassage:
    start_ms, _ = times(told, span)
    at = start_ms / 1000 if start_ms is not None else None
    words = apply_masks(told.text, masks, span)
    says = next(s for s in told.segments if s.span.overlaps(span) and not s.is_tellers)
    return ShownPassage(
        None, words, at, (Piece(words, at),), asked=True, speaker=says.speaker, voice=says.voice
    )


def _shown(
    row: PassageRow,
    text: Text,
    starts: Sequence[tuple[int, float]],
    tags: Sequence[Tagged],
    doubts: Sequence[DoubtedSpan],
) -> ShownPassage:
    within, masks = Span(row.start, row.end), text.masks
    times = {
        shown_span(masks, within, Span(place, row.end)).start: second
        for place, second in starts
        if row.start < place < row.end
    }
    first = row.start_ms / 1000 if row.start_ms is not None else None
    read: list[tuple[Span, Direction]] = []
    for tag in tags:
        rejected = tag.mine is not None and tag.mine.coding.decision == "rejected"
        if tag.span is not None and tag.span.overlaps(within) and not rejected:
            read.append((shown_span(masks, within, tag.span), tag.direction))
    doubted = [shown_span(masks, within, s) for s in text.doubted if s.overlaps(within)]
    listed = [
        Doubted(d.id or 0, shown_span(masks, within, s).of(row.text), tuple(d.marks.split()), by)
        for s, d, by in doubts
    ]
    pieces = _pieces(row.text, first, times, read, doubted)
    return ShownPassage(row.id or 0, row.text, first, pieces, doubts=tuple(listed))


def _pieces(
    text: str,
    first: float | None,
    times: dict[int, float],
    read: Sequence[tuple[Span, Direction]],
    doubted: Sequence[Span] = (),
) -> tuple[Piece, ...]:
    """Cut a passage wherever a heard stretch, a tag's words or a doubt begin or end."""
    spans = [*(span for span, _ in read), *doubted]
    cuts = {0, len(text), *times} | {edge for span in spans for edge in (span.start, span.end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    pieces, at = [], first
    for start, end in pairwise(edges):
        at = times.get(start, at)
        ways = frozenset(way for span, way in read if span.start < end and start < span.end)
        unsure = any(span.start < end and start < span.end for span in doubted)
        pieces.append(Piece(text[start:end], at, ways, unsure))
    return tuple(pieces)
