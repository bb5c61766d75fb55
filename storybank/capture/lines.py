"""A transcript as lines that people can correct, and corrected lines as a transcript again.

A line is a sentence of a recording with its times, a line of an earlier correction, or a paragraph
that was typed. Lines cover all words of the text; between two of them is only space. A line without
words is a gap: somebody speaks there, and whoever corrects the story may write down what.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from storybank.capture.text import tidied
from storybank.errors import BadInput
from storybank.values import SPEAKERS, Mark, Segment, Span, Transcript, Word

TELLER, WORKER = "teller", "worker"
LONGEST_WORDS = 60
"""Speech without full stops is cut where the engine made a pause, once a line is this long."""
WORKED_OUT = 0.0
"""Confidence of a word whose time nobody heard: spread evenly between its neighbours."""
MOST_COMPARED = 250_000
"""Old words times new ones of a line that are held against each other: 500 words, far more than
anybody says in one. Beyond that comparing takes minutes, and anybody may correct their story."""

_ENDING = re.compile(r"[.?!\u2026\u0964\u06d4\u061f]+[\"'\u201d\u2019\xbb)\]]*(?=\s|$)")
"""Where a sentence ends, also in Bengali, Urdu and Arabic, with the marks that close it."""
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, when they are said (seconds; None where typed), and who speaks.

    `flags` (values of `Mark`) say why it may be wrong, unless somebody checked it; `speaker` is
    None where nobody said, `voice` where only one was heard.
    """

    span: Span
    text: str
    start: float | None = None
    end: float | None = None
    flags: tuple[str, ...] = ()
    speaker: str | None = None
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    voice: int | None = None

    @property
    def unsure(self) -> bool:
        """Say whether something about this line is doubtful."""
        return bool(self.flags)

    @property
    def spoken(self) -> bool:
        """Say whether this line was heard in a recording, and so has times."""
        return self.start is not None


def lines_of(transcript: Transcript, checked: Sequence[Span] = ()) -> tuple[Line, ...]:
    """Give the lines of a transcript in the order of its text; none for an empty text.

    Lines that somebody `checked`, named by their exact spans, have no flags.

    What an engine heard is cut after full stops, question and exclamation marks. What a person
    saved (`model_id` None) keeps the lines that they saved.
    """
    text, at = transcript.text, 0
    found: list[Line] = []
    held: list[_Piece] = []
    for piece in _pieces(transcript):
        if held and _ends_before(text, held, piece):
            found.append(_joined(text, held))
            held = []
        found.extend(_typed(text, Span(at, piece.span.start)))
        if piece.is_gap:
            found.append(_gap(piece.segment))
            continue
        held.append(piece)
        at = piece.span.end
        if transcript.model_id is None or _ENDING.search(text, piece.span.start, at):
            found.append(_joined(text, held))
            held = []
    if held:
        found.append(_joined(text, held))
    found.extend(_typed(text, Span(at, len(text))))
    return tuple(replace(line, flags=()) if line.span in checked else line for line in found)


def corrected(
    before: Transcript,
    edits: Mapping[int, str],
    speakers: Mapping[int, str],
    checked: Sequence[Span] = (),
) -> Transcript:
    """Give `before` with some lines changed; `before` itself where nothing is.

    Both are by the number of the line, from 0; a line not named stays. An edit without words takes
    the line out; the speaker "" means that nobody knows. Every line with a time becomes one segment
    that keeps its times. Words that did not change keep theirs; changed words between two kept ones
    are spread evenly over the time between (confidence `WORKED_OUT`); others have none. Edited
    lines lose their flags, and so do `checked` ones. Raises BadInput where there is no such line or
    speaker.
    """
    lines = lines_of(before, checked)
    if not set(edits) | set(speakers) <= set(range(len(lines))):
        raise BadInput("no such line")
    wanted = [_wanted(n, line, edits, speakers) for n, line in enumerate(lines)]
    if list(lines) == wanted:
        return before
    return together(before, lines, wanted)


def together(
    before: Transcript, lines: Sequence[Line], wanted: Sequence[Line | None]
) -> Transcript:
    """Put `wanted` lines (None: taken out) in the places of `lines`, with the space between."""
    text, segments = "", []
    for number, (old, new) in enumerate(zip(lines, wanted, strict=True)):
        if new is None:
            continue
        if text and new.text:
            text += before.text[lines[number - 1].span.end : old.span.start] or " "
        at, text = len(text), text + new.text
        if new.start is None or new.end is None:
            continue
        words = (
            _moved(old.words, at - old.span.start)
            if new.text == old.text
            else aligned(before.text, old.words, new.text, at)
        )
        span = Span(at, len(text))
        segments.append(
            Segment(
                span, new.start, new.end, new.confidence, new.flags, words, new.speaker, new.voice
            )
        )
    return replace(before, text=text, segments=tuple(segments), model_id=None)


def aligned(text: str, words: Sequence[Word], new: str, at: int) -> tuple[Word, ...]:
    """Give the words of `new`, which begins at `at`, with the times of those that were there.

    `words` are the old words, spans in `text`. Capitals and punctuation do not make another word.
    Of more words than `MOST_COMPARED` allows none gets a time: the line's own counts for all.
    """
    tokens = [(m[0], Span(at + m.start(), at + m.end())) for m in _WORD.finditer(new)]
    if len(words) * len(tokens) > MOST_COMPARED:
        return ()
    match = SequenceMatcher(
        None, [_plain(w.span.of(text)) for w in words], [_plain(t) for t, _ in tokens], False
    )
    kept = {
        block.b + n: words[block.a + n]
        for block in match.get_matching_blocks()
        for n in range(block.size)
    }
    found: list[Word] = []
    before: int | None = None
    for number in sorted(kept):
        if before is not None:
            between = [span for _, span in tokens[before + 1 : number]]
            found.extend(_spread(between, kept[before].end, kept[number].start))
        found.append(replace(kept[number], span=tokens[number][1]))
        before = number
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a segment that goes into one line whole."""

    span: Span
    segment: Segment

    @property
    def is_gap(self) -> bool:
        """Say whether nothing was written down of it."""
        return self.span.start == self.span.end


def _pieces(transcript: Transcript) -> Iterator[_Piece]:
    for segment in sorted(transcript.segments, key=lambda s: s.span):
        at = segment.span.start
        if transcript.model_id is not None:
            for match in _ENDING.finditer(transcript.text, at, segment.span.end):
                yield _Piece(_stripped(transcript.text, Span(at, match.end())), segment)
                at = match.end()
        rest = _stripped(transcript.text, Span(at, segment.span.end))
        if rest.start < rest.end or Mark.GAP in segment.flags:
            yield _Piece(rest, segment)


def _ends_before(text: str, held: Sequence[_Piece], piece: _Piece) -> bool:
    so_far = len(text[held[0].span.start : held[-1].span.end].split())
    return (
        piece.is_gap
        or (piece.segment.speaker, piece.segment.voice)
        != (held[-1].segment.speaker, held[-1].segment.voice)
        or bool(text[held[-1].span.end : piece.span.start].strip())
        or so_far + len(piece.span.of(text).split()) > LONGEST_WORDS
    )


def _gap(segment: Segment) -> Line:
    span = Span(segment.span.start, segment.span.start)
    who = segment.speaker
    return Line(span, "", segment.start, segment.end, segment.flags, who, 0.0, voice=segment.voice)


def _joined(text: str, held: Sequence[_Piece]) -> Line:
    span = Span(held[0].span.start, held[-1].span.end)
    segments = list({p.segment.span: p.segment for p in held}.values())
    words = tuple(w for s in segments for w in s.words if w.span.overlaps(span))
    flags = tuple(dict.fromkeys(flag for s in segments for flag in s.flags))
    sure = [w.confidence for w in words] or [s.confidence for s in segments]
    return Line(
        span,
        span.of(text),
        _when(held[0].segment, span.start, words[:1]),
        _when(held[-1].segment, span.end, words[-1:]),
        flags,
        segments[0].speaker,
        sum(sure) / len(sure),
        words,
        segments[0].voice,
    )


def _when(segment: Segment, place: int, word: Sequence[Word]) -> float:
    """Give the second at an edge of a line: its segment's, its word's, or by the letters before."""
    if place == segment.span.start:
        return segment.start
    if place == segment.span.end:
        return segment.end
    if word and place == word[0].span.start:
        return word[0].start
    if word and place == word[0].span.end:
        return word[0].end
    share = (place - segment.span.start) / (segment.span.end - segment.span.start)
    return segment.start + share * (segment.end - segment.start)


def _typed(text: str, within: Span) -> Iterator[Line]:
    for match in _PARAGRAPH.finditer(within.of(text)):
        yield Line(Span(within.start + match.start(), within.start + match.end()), match[0])


def _wanted(
    number: int, line: Line, edits: Mapping[int, str], speakers: Mapping[int, str]
) -> Line | None:
    speaker = speakers.get(number, line.speaker or "")
    if speaker not in {"", *SPEAKERS}:
        raise BadInput("speaker")
    if line.spoken:
        line = replace(line, speaker=speaker or None)
    text, was = tidied(edits.get(number, line.text)), tidied(line.text)
    if line.spoken:
        text, was = " ".join(text.split()), " ".join(was.split())
    if text == was:
        return line
    if not any(c.isalnum() for c in text):
        return None
    return replace(line, text=text, flags=(), confidence=1.0)


def _moved(words: Sequence[Word], by: int) -> tuple[Word, ...]:
    return tuple(replace(w, span=Span(w.span.start + by, w.span.end + by)) for w in words)


def _spread(spans: Sequence[Span], start: float, end: float) -> Iterator[Word]:
    step = max(0.0, end - start) / max(1, len(spans))
    for number, span in enumerate(spans):
        yield Word(span, start + number * step, start + (number + 1) * step, WORKED_OUT)


def _plain(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum()) or word


def _stripped(text: str, span: Span) -> Span:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.end - (len(words) - len(words.rstrip()))))
