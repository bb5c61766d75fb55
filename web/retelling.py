"""A told story as its pages show it: lines with times, readings with their words, its state."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storybank.framework import Code, Framework
from storybank.tables import Coding, SuggestionRow
from storybank.values import Segment, Span, StoryState, Transcript, Word

_ENDS = (".", "?", "!", "…", '."', '?"', '!"')

SAYS = {
    StoryState.RECEIVED: "Your story has arrived. It is waiting its turn.",
    StoryState.LISTENING: "A computer is listening to your recording and writing down your words.",
    StoryState.READING: "A computer is reading your story.",
    StoryState.READY: "A computer has read your story.",
    StoryState.NEEDS_HELP: "Your story is safe, but somebody has to look at it.",
}
"""Each state in plain words; a withdrawn story is shown nowhere."""

WORKING = frozenset({StoryState.RECEIVED, StoryState.LISTENING, StoryState.READING})


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as it was said: its words, when it starts and ends, and if it was unclear."""

    span: Span
    text: str
    start: float
    end: float
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the story that carry a code, and when they were said."""

    text: str
    start_ms: int | None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class CodeRead:
    """One code read from a story in one direction, with all words it was read from."""

    code: Code
    direction: str
    means: str
    quotes: tuple[Quoted, ...]


def lines(transcript: Transcript) -> list[Line]:
    """Cut a spoken transcript into sentences with times; typed text gives none.

    A sentence ends where a word does with a full stop, question or exclamation mark. Where an
    engine gave no words, its segments are the lines.
    """
    found = [
        _line(transcript, segment.span, segment.start, segment.end, segment)
        for segment in transcript.segments
        if not segment.words
    ]
    words = [(word, segment) for segment in transcript.segments for word in segment.words]
    held: list[tuple[Word, Segment]] = []
    for word, segment in words:
        held.append((word, segment))
        if word.span.of(transcript.text).strip().endswith(_ENDS):
            found.append(_from_words(transcript, held))
            held = []
    if held:
        found.append(_from_words(transcript, held))
    return sorted(found, key=lambda line: line.start)


def _from_words(transcript: Transcript, held: Sequence[tuple[Word, Segment]]) -> Line:
    first, last = held[0][0], held[-1][0]
    span = Span(first.span.start, last.span.end)
    return _line(transcript, span, first.start, last.end, held[0][1])


def _line(transcript: Transcript, span: Span, start: float, end: float, of: Segment) -> Line:
    return Line(span, span.of(transcript.text).strip(), start, end, unsure=bool(of.flags))


def paragraphs(text: str) -> list[str]:
    """Give a typed story as its paragraphs; single line breaks stay inside."""
    return [part.strip("\n") for part in text.split("\n\n") if part.strip()]


def readings(
    session: Session, framework: Framework, story_id: uuid.UUID, text: str
) -> list[CodeRead]:
    """Give every code that the machine or a person read from a story, in the framework's order.

    Quotes are words of `text`, the newest transcript as told, so only the teller may see them.
    """
    suggested = session.exec(
        select(SuggestionRow)
        .where(SuggestionRow.story_id == story_id, SuggestionRow.framework == framework.name)
        .order_by(col(SuggestionRow.start))
    ).all()
    decided = session.exec(
        select(Coding)
        .where(Coding.story_id == story_id, Coding.framework == framework.name)
        .where(col(Coding.undone_at).is_(None))
        .order_by(col(Coding.start))
    ).all()
    quotes: dict[tuple[str, str], dict[Span, Quoted]] = {}
    for row, decision in _with_decisions(suggested, decided):
        span = Span(row.start, row.end)
        at = quotes.setdefault((row.code, row.direction), {})
        at[span] = Quoted(span.of(text).strip(), row.start_ms, decision)
    return [
        CodeRead(code, direction, code.says(direction), tuple(quotes[code.id, direction].values()))
        for code in framework.codes
        for direction in ("+", "-")
        if (code.id, direction) in quotes
    ]


def _with_decisions(
    suggested: Sequence[SuggestionRow], decided: Sequence[Coding]
) -> Iterator[tuple[SuggestionRow | Coding, str | None]]:
    for suggestion in suggested:
        yield suggestion, None
    for coding in decided:
        yield coding, coding.decision
