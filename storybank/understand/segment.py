"""Transcripts to sentences, and sentences to passages with spans and times.

What a worker says in a recording is no part of the story: it is in no sentence that is read, and no
passage reaches over it. The same holds for anybody else who only was there, and, where more than
one voice is heard, for each of which nobody has said whose it is (docs/decisions/0022).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from storybank.understand.nlp import parsed
from storybank.values import UNTOLD, Passage, Segment, Span, Transcript

GRAMMAR = ("tok2vec", "parser", "sentencizer")
"""The components of spaCy that sentences need."""
MOST_SENTENCES = 3
FULL_WORDS = 40
"""A passage that has this many words takes no further sentence."""
LONGEST_WORDS = 70
"""A run of words without a full stop is cut near here: about what the encoder reads well."""

_WORD = re.compile(r"\S+")
_LINE = re.compile(r"[^\n]+")


def sentences(nlp: Any, text: str) -> tuple[Span, ...]:
    """Give the sentences of `text` in order, without the space around them; none if it is empty.

    A line end always ends a sentence. Speech written down without full stops is cut into
    stretches of at most LONGEST_WORDS, at a comma or a joining word where there is one.
    """
    found: list[Span] = []
    for offset, doc in parsed(nlp, text, GRAMMAR):
        for sentence in doc.sents:
            for line in _LINE.finditer(sentence.text):
                start = offset + sentence.start_char + line.start()
                found.extend(_short_enough(text, _stripped(text, start, start + len(line[0]))))
    return tuple(span for span in found if any(c.isalnum() for c in span.of(text)))


def tellers_sentences(nlp: Any, transcript: Transcript) -> tuple[Span, ...]:
    """Give the sentences that the teller says, in order; none reaches over a worker's words."""
    return tuple(
        Span(stretch.start + found.start, stretch.start + found.end)
        for stretch in tellers_words(transcript)
        for found in sentences(nlp, stretch.of(transcript.text))
    )


def tellers_words(transcript: Transcript) -> tuple[Span, ...]:
    """Give the stretches of the text that are the teller's: all of it where nobody else speaks.

    Where two people tell, each stretch is one's, so that no quotation is put together from both.
    """
    stretches, at = [], 0
    cuts = [*workers_words(transcript), *_handed_over(transcript)]
    for span in sorted(cuts):
        stretches.append(_stripped(transcript.text, at, span.start))
        at = span.end
    if not stretches:
        return (Span(0, len(transcript.text)),)
    stretches.append(_stripped(transcript.text, at, len(transcript.text)))
    return tuple(span for span in stretches if span.start < span.end)


def workers_words(transcript: Transcript) -> tuple[Span, ...]:
    """Give the stretches of the text that are not a teller's, one person's joined where they meet.

    That is what a worker says, or somebody who only was there, or a voice that nobody has named.
    Where two segments share words, the words are not the teller's. Before voices are told apart
    each segment stands alone: it may be somebody else's than the one before.
    """
    joined: list[Span] = []
    last: tuple[str | None, int | None] | None = None
    others = (s for s in transcript.segments if not s.is_tellers)
    for segment in sorted(others, key=lambda s: s.span):
        span, who = segment.span, (segment.speaker, segment.voice)
        known = segment.speaker or segment.voice != UNTOLD
        if (
            joined
            and known
            and who == last
            and not transcript.text[joined[-1].end : span.start].strip()
        ):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            start = max(span.start, joined[-1].end) if joined else span.start
            joined.append(Span(start, max(start, span.end)))
        last = who
    return tuple(joined)


def passages(transcript: Transcript, spans: Sequence[Span]) -> tuple[Passage, ...]:
    """Join neighbouring sentences into passages of one to three, each with its times.

    A passage ends where it has enough words, at an empty line, or where somebody else speaks.
    `spans` come from `tellers_sentences` of the same transcript.
    """
    text = transcript.text
    asked = (*workers_words(transcript), *_handed_over(transcript))
    joined: list[Span] = []
    group: list[Span] = []
    for span in spans:
        if group and (_ends(text, group, span) or _between(asked, group[-1], span)):
            joined.append(Span(group[0].start, group[-1].end))
            group = []
        group.append(span)
    if group:
        joined.append(Span(group[0].start, group[-1].end))
    return tuple(Passage(span, *times(transcript, span)) for span in joined)


def times(
    transcript: Transcript, span: Span, *, surely: bool = False
) -> tuple[int | None, int | None]:
    """Give when the words of `span` start and end in the recording, in ms; None for typed text.

    A word that has no time is looked for between its neighbours that have one, so the times may
    be too wide but are never too narrow. With `surely`, times that were only worked out count as
    none.
    """
    edges = [
        edge
        for segment in transcript.segments
        if segment.span.overlaps(span)
        and (edge := _edges(transcript.text, segment, span, surely=surely)) is not None
    ]
    if not edges:
        return None, None
    return round(edges[0][0] * 1000), round(edges[-1][1] * 1000)


def _edges(text: str, segment: Segment, span: Span, *, surely: bool) -> tuple[float, float] | None:
    """Give when the part of `span` that is in `segment` starts and ends; None if it has no words.

    A segment without any word times is one long word.
    """
    within = segment.span
    part = _stripped(text, max(span.start, within.start), min(span.end, within.end))
    if part.start >= part.end:
        return None
    words = [w for w in segment.words if w.heard or not surely]
    start, end = segment.start, segment.end
    for word in words:
        if word.span.start <= part.start < word.span.end:
            start = word.start
        elif word.span.end <= part.start:
            start = word.end
    for word in reversed(words):
        if word.span.start < part.end <= word.span.end:
            end = word.end
        elif word.span.start >= part.end:
            end = word.start
    return start, max(start, end)


def _handed_over(transcript: Transcript) -> Iterator[Span]:
    """Give the empty spans at which one teller goes on after another."""
    told = sorted((s for s in transcript.segments if s.is_tellers), key=lambda s: s.span)
    for one, other in pairwise(told):
        if "teller 2" in {one.speaker, other.speaker} and one.speaker != other.speaker:
            yield Span(other.span.start, other.span.start)


def _between(asked: Sequence[Span], one: Span, other: Span) -> bool:
    return any(one.end <= span.start and span.end <= other.start for span in asked)


def _ends(text: str, group: Sequence[Span], following: Span) -> bool:
    so_far = len(_WORD.findall(text, group[0].start, group[-1].end))
    more = len(_WORD.findall(text, following.start, following.end))
    gap = text[group[-1].end : following.start]
    return (
        len(group) == MOST_SENTENCES
        or so_far >= FULL_WORDS
        or so_far + more > LONGEST_WORDS
        or "\n\n" in gap
    )


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _short_enough(text: str, span: Span) -> Iterator[Span]:
    words = [(m.start(), m.end()) for m in _WORD.finditer(text, span.start, span.end)]
    while len(words) > LONGEST_WORDS:
        cut = _best_cut(text, words)
        yield Span(words[0][0], words[cut - 1][1])
        words = words[cut:]
    if words:
        yield Span(words[0][0], words[-1][1])


def _best_cut(text: str, words: Sequence[tuple[int, int]]) -> int:
    """Give how many words to take: up to a comma, or before a joining word, else the most."""
    for number in range(LONGEST_WORDS, LONGEST_WORDS // 2, -1):
        before, after = words[number - 1], words[number]
        if text[before[1] - 1] in ",;:)" or text[slice(*after)].lower() in _JOINING:
            return number
    return LONGEST_WORDS


_JOINING = frozenset({"and", "but", "so", "because", "anyway", "when", "which", "or"})
