"""What has been heard of a recording so far: its text, segments and times, and what marks need."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.transcribe.marks import Evidence, cut_ends, marked, missed
from storybank.transcribe.vad import FRAME, Stretch, Timeline, speech_chances, stretches
from storybank.values import Segment, Span, Transcript, Vector, Word

PAUSE_S, PAD_S = 2.0, 0.4
"""How speech is cut out for Whisper: as faster-whisper does with `vad_filter`."""
TRANSLATED = "translation"
"""Model ids of machine translations end so: `whisper-base/translation`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Segments with their text, and how well each one's text can be compressed."""

    text: str
    segments: tuple[Segment, ...]
    squeezed: tuple[float, ...]


class Clock:
    """Gives times in the recording for times in the joined speech of one window."""

    def __init__(self, timeline: Timeline, offset: float) -> None:
        self._timeline, self._offset = timeline, offset

    @property
    def parts(self) -> tuple[Stretch, ...]:
        """Give the stretches of speech, as samples of the recording."""
        by = round(self._offset * SAMPLE_RATE)
        return tuple((start + by, end + by) for start, end in self._timeline.parts)

    def told(self, start: float, end: float) -> tuple[float, float]:
        """Give seconds of the recording for seconds of the joined speech."""
        first, last = self._timeline.told(float(start), float(end))
        return self._offset + first, self._offset + max(first, last)


class Told:
    """What has been heard so far: the text, its segments, and what is known beside them."""

    def __init__(self, audio: Vector, language: str | None, model_id: str) -> None:
        self.seconds = len(audio) / SAMPLE_RATE
        self.language, self.probability = language, float(language is not None)
        self.segments: list[Segment] = []
        self._text, self._model_id, self._audio = "", model_id, audio
        self._chances = np.zeros(math.ceil(len(audio) / FRAME), np.float32)
        self._squeezed: list[float] = []
        self._doubted: list[tuple[float, float]] = []

    def listen(self, start: int, end: int) -> Timeline:
        """Find the speech in a window of samples."""
        chances, at = speech_chances(self._audio[start:end]), start // FRAME
        self._chances[at : at + len(chances)] = chances[: len(self._chances) - at]
        parts = stretches(chances, silence_s=PAUSE_S, pad_s=PAD_S, samples=end - start)
        return Timeline(parts)

    def doubt(self, start: float, end: float) -> None:
        """Doubt the language of these seconds."""
        self._doubted.append((start, end))

    def texts(self, start: int) -> list[str]:
        """Give the texts of the segments from number `start` on."""
        return [segment.span.of(self._text) for segment in self.segments[start:]]

    def take(self, start: int) -> Taken:
        """Forget the segments from number `start` on; gives them."""
        at = self.segments[start - 1].span.end if start else 0
        taken = Taken(self._text[at:], tuple(self.segments[start:]), tuple(self._squeezed[start:]))
        self._text = self._text[:at]
        del self.segments[start:], self._squeezed[start:]
        return taken

    def put(self, start: int, taken: Taken) -> None:
        """Put back what was taken from number `start` on, for what stands there now."""
        self.take(start)
        self._text += taken.text
        self.segments += taken.segments
        self._squeezed += taken.squeezed

    def missed(self, start: int, parts: Sequence[Stretch]) -> float:
        """Give how many seconds of speech in `parts` no word from segment number `start` covers."""
        return missed(self.segments[start:], self._chances, parts)

    def add(self, one: Any, clock: Clock, *, once: bool = False) -> bool:
        """Add one segment; gives whether it has words, and (`once`) other ones than the last."""
        part = " ".join(one.text.split())
        if not part or (once and [part] == self.texts(-1)):
            return False
        at = len(self._text) + bool(self._text)
        self._text = f"{self._text} {part}" if self._text else part
        self.segments.append(_segment(one, Span(at, at + len(part)), part, clock))
        self._squeezed.append(float(one.compression_ratio))
        return True

    def so_far(self) -> Transcript:
        """Give what is written down, without marks: they need all of the recording."""
        return Transcript(
            text=self._text,
            language=self.language or "en",
            language_probability=self.probability,
            seconds=self.seconds,
            segments=tuple(self.segments),
            model_id=self._model_id,
        )

    def whole(self) -> Transcript:
        """Give all of it, with marks."""
        cut = cut_ends(self._audio, self._chances)
        evidence = Evidence(
            self._chances,
            tuple(self._squeezed),
            tuple(self._doubted),
            cut,
            translated=self._model_id.endswith(TRANSLATED),
        )
        return marked(self.so_far(), evidence)


def _segment(one: Any, span: Span, part: str, clock: Clock) -> Segment:
    words = tuple(_words(one.words or (), part, span.start, clock))
    confidence = (
        sum(w.confidence for w in words) / len(words) if words else math.exp(one.avg_logprob)
    )
    start, end = (words[0].start, words[-1].end) if words else clock.told(one.start, one.end)
    sure = min(1.0, max(0.0, confidence))
    return Segment(span, start, max(start, end), sure, words=words)


def _words(heard: Iterable[Any], part: str, at: int, clock: Clock) -> Iterator[Word]:
    seen = 0
    for one in heard:
        spelt = " ".join(one.word.split())
        found = part.find(spelt, seen) if spelt else -1
        if found < 0:
            continue  # a word that the tokenizer cut through: its neighbours carry the times
        seen = found + len(spelt)
        span = Span(at + found, at + seen)
        yield Word(span, *clock.told(one.start, one.end), float(one.probability))
