"""Transcripts to sentences, and sentences to passages with spans and times."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from storybank.understand.nlp import parsed
from storybank.values import Passage, Span, Transcript

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


def passages(transcript: Transcript, spans: Sequence[Span]) -> tuple[Passage, ...]:
    """Join neighbouring sentences into passages of one to three, each with its times.

    A passage ends where it has enough words, or at an empty line. `spans` come from `sentences`
    of the same text.
    """
    text = transcript.text
    joined: list[Span] = []
    group: list[Span] = []
    for span in spans:
        if group and _ends(text, group, span):
            joined.append(Span(group[0].start, group[-1].end))
            group = []
        group.append(span)
    if group:
        joined.append(Span(group[0].start, group[-1].end))
    return tuple(Passage(span, *times(transcript, span)) for span in joined)


def times(transcript: Transcript, span: Span) -> tuple[int | None, int | None]:
    """Give when the words of `span` start and end in the recording, in ms; None for typed text."""
    heard = [
        word for s in transcript.segments if s.span.overlaps(span) for word in (s.words or (s,))
    ]
    heard = [word for word in heard if word.span.overlaps(span)]
    if not heard:
        return None, None
    return round(heard[0].start * 1000), round(heard[-1].end * 1000)


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
