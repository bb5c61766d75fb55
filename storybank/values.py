"""Values that cross the border between two stages; frozen, and free of any database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""A float32 array; each function that takes one names its shape."""


class Direction(StrEnum):
    """Which way a code is shown: lived (`+`), or missing and broken (`-`)."""

    LIVED = "+"
    MISSING = "-"


class Role(StrEnum):
    """What a signed-in person may do. Tellers have no account and so no role."""

    WORKER = "worker"
    EVALUATOR = "evaluator"
    GOVERNANCE = "governance"
    ADMIN = "admin"


class Use(StrEnum):
    """One use of a story to which a teller says yes or no."""

    LEARN = "learn"
    QUOTE = "quote"
    VOICE = "voice"
    PUBLISH = "publish"
    NAMED = "named"


class Channel(StrEnum):
    """The way in by which a story reached Storybank."""

    WEB = "web"
    WORKER = "worker"
    IMPORT = "import"
    PAPER = "paper"
    ODK = "odk"


class Mode(StrEnum):
    """How a story was told."""

    TYPED = "typed"
    SPOKEN = "spoken"


class StoryState(StrEnum):
    """Where a story stands in the work; the pages say each in plain words."""

    RECEIVED = "received"
    LISTENING = "listening"
    READING = "reading"
    READY = "ready"
    NEEDS_HELP = "needs_help"
    WITHDRAWN = "withdrawn"


TELLERS = ("teller", "teller 2")
"""Who tells a recorded story; only their words are read."""
SPEAKERS = (*TELLERS, "worker", "other")
"""Whom a person can name as the one who speaks; `other` is anybody who only was there."""


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
    of the voice that a machine heard, from 1, where it heard more than one; else None.
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


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search; an empty tuple or None leaves that side open.

    `directions` narrows the codes asked for, or stands alone. Dates are ISO, both ends included.
    `framework` is the version whose readings count, e.g. `thriving-communities@1`; None: any.
    """

    codes: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ()
    places: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    from_date: str | None = None
    to_date: str | None = None
    framework: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that answers a search: masked words, where they stand, and why it was found.

    `unchecked` says that some of them may have been misheard and nobody has checked, `translated`
    that they are a machine translation.
    """

    passage_id: int
    text: str
    start: int
    end: int
    start_ms: int | None
    score: float
    marks: tuple[Span, ...] = ()
    unchecked: bool = False
    translated: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One story that answers a search, with its best passages first."""

    story_id: str
    external_id: str | None
    title: str
    score: float
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many stories of the current result carry one value of one filter."""

    kind: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one search: hits in order, how many stories match, counts per filter.

    `capped` says that the search stopped looking at `total`: there may be more.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    took_ms: float = 0.0
    capped: bool = False


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What a teller said yes to, in which wording, and how they said it."""

    learn: bool = False
    quote: bool = False
    voice: bool = False
    publish: bool = False
    named: bool = False
    wording: str = "2026-11"
    how: Literal["form", "helper", "spoken", "import", "paper", "receipt"] = "form"
    given_by: str | None = None

    def allows(self, use: Use) -> bool:
        """Say whether this teller agreed to `use`."""
        return bool(getattr(self, use.value))


@dataclass(frozen=True, slots=True)
class NewStory:
    """Everything needed to receive one story; exactly one of `text` and `recording` is given.

    `told_on` is an ISO date, `happened` a month or year as the teller put it (`2026-05`, `2024`).
    `client_id` makes a repeated send harmless; `external_id` is the id in an imported file.
    `own_reading` is (question, answer) pairs of `capture/own_reading.py`, none for a skipped one.
    `heard` is container and seconds of a recording that was looked at already. `note` is what the
    worker `sent_by` wrote in their own words, `read_back` that they read the teller's words back,
    `clip` a recording of the spoken consent.
    """

    consent: ConsentGiven
    channel: Channel
    text: str | None = None
    recording: bytes | None = field(default=None, repr=False)
    programme: str | None = None
    place: str | None = None
    told_on: str | None = None
    happened: str | None = None
    teller: str | None = None
    language: str | None = None
    external_id: str | None = None
    client_id: str | None = None
    sent_by: str | None = None
    invented: bool = False
    own_reading: tuple[tuple[str, str], ...] = ()
    heard: tuple[str, float] | None = None
    note: str | None = field(default=None, repr=False)
    read_back: bool = False
    clip: bytes | None = field(default=None, repr=False)


def joined(parts: Sequence[str]) -> str:
    """Join names as people write lists: `a, b and c`; an empty list gives an empty text."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
