"""Values about texts: stretches, what was heard, and what was read in them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""A float32 array; each function that takes one names its shape."""


class Direction(StrEnum):
    """Which way a code is shown: lived (`+`), or missing and broken (`-`)."""

    LIVED = "+"
    MISSING = "-"


TELLERS = ("teller", "teller 2")
"""Who tells a recorded story; only their words are read."""
SPEAKERS = (*TELLERS, "worker", "other")
"""Whom a person can name as the one who speaks; `other` is anybody who only was there."""

UNTOLD = 0
"""The voice of words of which nobody knows yet how many people say them."""


class Mark(StrEnum):
    """Why a stretch of a transcript may be wrong; `transcribe/marks.py` has the rules."""

    LOW_CONFIDENCE = "low-confidence"
    NO_SPEECH = "no-speech"
    REPETITION = "repetition"
    GAP = "gap"
    LANGUAGE_DOUBT = "language-doubt"
    CUT_OFF = "cut-off"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` in Unicode code points of one immutable text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Give the words of `text` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two ranges share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Word:
    """One heard word: its span in the transcript, times in seconds, confidence in [0, 1].

    Confidence 0 says that its times were worked out from its neighbours after a correction.
    """

    span: Span
    start: float
    end: float
    confidence: float

    @property
    def heard(self) -> bool:
        """Say whether an engine heard this word at these times."""
        return self.confidence > 0.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One heard stretch: its span in the transcript, times in seconds, confidence in [0, 1].

    `flags` name what is doubtful about it (values of `Mark`); empty means nothing was seen. A
    segment without words is a gap: speech that was not written down.
    `speaker` is one of `SPEAKERS` where a person said who speaks, else None. `voice` is the number
    of the voice that a machine heard, from 1, where it heard more than one; `UNTOLD` before it
    has listened for voices, or where it could not; else None.
    """

    span: Span
    start: float
    end: float
    confidence: float
    flags: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    speaker: str | None = None
    voice: int | None = None

    @property
    def is_tellers(self) -> bool:
        """Say whether these are a teller's words: a person said so, or nobody else is heard."""
        return self.voice is None if self.speaker is None else self.speaker in TELLERS


@dataclass(frozen=True, slots=True)
class Transcript:
    """A text with the times at which it was said; typed text has no segments.

    `seconds` is the length of the recording, 0.0 for typed text. `model_id` is None where a
    person wrote the words.
    """

    text: str
    language: str = "en"
    language_probability: float = 1.0
    seconds: float = 0.0
    segments: tuple[Segment, ...] = ()
    model_id: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One to three sentences of a transcript: the unit that is embedded, searched and shown.

    `start_ms` and `end_ms` are None where the words were typed.
    """

    span: Span
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """A personal detail found in a text, and the placeholder shown in its stead.

    `sure`, in [0, 1], says how likely it is one; 1.0 where a person decided.
    """

    span: Span
    kind: str
    placeholder: str
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag that the machine reads from a story; a suggestion until a person decides.

    `quote` is exactly `span.of(text)` of the text that was tagged. `score` is calibrated: of
    suggestions at 0.8, about eight in ten are right on the gold set named in the model card.
    `offered` ones are too unsure to stand as suggestions: whoever codes sees them, and no count
    does. `model_id` names what read it where that is not the tagger as a whole.
    """

    code: str
    direction: Direction
    span: Span
    quote: str
    score: float
    offered: bool = False
    model_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Words in staff's own text that could be kinder or plainer: why, and what to write instead.

    `words` is exactly `span.of(text)`; `entry` names the entry of the word list.
    """

    span: Span
    words: str
    why: str
    suggest: tuple[str, ...]
    entry: str


@dataclass(frozen=True, slots=True)
class Strength:
    """Something that a story names as good: `skill`, `group`, `place` or `relationship`.

    `span` are the words that say so, `name` what is good, in the story's own words.
    """

    kind: str
    span: Span
    name: str
