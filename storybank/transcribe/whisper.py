"""Whisper through faster-whisper, on the processor, with the options that measured best.

The voice detector runs once, here, and not inside faster-whisper: what it found is needed for the
marks as well. The stretches that it gives to Whisper are the same.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.transcribe.marks import LANGUAGE_SURE, Evidence, cut_ends, marked, repeated
from storybank.transcribe.spelling import british
from storybank.transcribe.vad import FRAME, Timeline, speech_chances, stretches
from storybank.values import Segment, Span, Transcript, Vector, Word

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

OPTIONS = {"beam_size": 5, "word_timestamps": True}
"""Anything else is faster-whisper's default. Word times also steer it past invented words."""
PAUSE_S, PAD_S = 2.0, 0.4
"""How speech is cut out for Whisper: as faster-whisper does with `vad_filter`."""
WINDOW_S = 300.0
"""Spectra of a whole two-hour recording would take over two gigabytes: so much at a time."""
CUT_WITHIN_S = 30.0
"""A window ends at the quietest moment of its last seconds."""
QUIET_S = 0.2
MOST_HINTS = 100
"""Tokens of local words at most: about forty names. Whisper's own room for them is 223, and they
take it from the words said before, which help it more."""
MAYBE_ENGLISH = 0.25
"""Of the real recordings a child's English, taken for Chinese with 0.61, had 0.34 for English; no
other language had more than 0.15."""
TRANSLATED = "translation"
"""Model ids of machine translations end so: `whisper-base/translation`."""


class WhisperTranscriber:
    """Writes down speech; loads its weights on the first recording.

    `weights` is a folder checked by `manifest.verified` (faster-whisper takes a path that does
    not exist for the name of something to download).
    """

    def __init__(self, model_id: str, weights: Path, *, threads: int) -> None:
        self.model_id = model_id
        self._weights = weights
        self._threads = threads

    @cached_property
    def _model(self) -> "WhisperModel":
        from faster_whisper import WhisperModel  # heavy: only the worker pays

        return WhisperModel(
            str(self._weights),
            device="cpu",
            compute_type="int8",
            cpu_threads=self._threads,
            local_files_only=True,
        )

    def transcribe(
        self,
        audio: Vector,
        *,
        language: str | None = None,
        local_words: Sequence[str] = (),
        on_progress: Callable[[float], None] | None = None,
        on_words: Callable[[Transcript], None] | None = None,
    ) -> Transcript:
        """Give the words with times and marks; see `engine.Transcriber` and `marks.py`.

        A language that the model does not know is detected, as None is, and then doubted.
        Confidence is the mean probability of the words. English is spelt the British way.
        """
        known = self._known(language)
        told = _Told(audio, known, self.model_id)
        if language is not None and known is None:
            told.doubt(0.0, told.seconds)
        hints = self.fitting(local_words)
        for start, end in windows(audio):
            timeline = told.listen(start, end)
            if not timeline.parts:
                continue
            sound = timeline.joined(audio[start:end])
            if known is None:
                self._settle_language(told, sound, (start, end))
            clock = _Clock(timeline, start / SAMPLE_RATE)
            for _ in self._hear(told, sound, clock, hints):
                if on_words is not None:
                    on_words(told.so_far())
                if on_progress is not None:
                    on_progress(min(1.0, told.segments[-1].end / told.seconds))
        if on_progress is not None:
            on_progress(1.0)
        return british(told.whole())

    def translate(
        self,
        audio: Vector,
        *,
        language: str,
        on_progress: Callable[[float], None] | None = None,
    ) -> Transcript | None:
        """Give in English what is said in `language`; None where the model cannot translate."""
        known = self._known(language)
        if known in (None, "en") or not self._model.model.is_multilingual:
            return None
        told = _Told(audio, "en", f"{self.model_id}/{TRANSLATED}")
        for start, end in windows(audio):
            timeline = told.listen(start, end)
            if not timeline.parts:
                continue
            sound = timeline.joined(audio[start:end])
            heard, _ = self._model.transcribe(sound, language=known, task="translate", **OPTIONS)
            for one in heard:
                told.add(one, _Clock(timeline, start / SAMPLE_RATE))
                if on_progress is not None:
                    on_progress(min(1.0, told.segments[-1].end / told.seconds))
        return british(told.whole())

    def _hear(self, told: "_Told", sound: Vector, clock: "_Clock", hints: str) -> Iterator[None]:
        """Add what is said in one window, segment by segment.

        Local words make Whisper go round in circles now and then: then it listens again without.
        """
        before = len(told.segments)
        for words in (hints, "") if hints else ("",):
            told.back_to(before)
            heard, _ = self._model.transcribe(
                sound, language=told.language, hotwords=words or None, **OPTIONS
            )
            for one in heard:
                if told.add(one, clock, once=bool(words)):
                    yield
            if not words or not repeated(told.texts(before)):
                break

    def fitting(self, local_words: Sequence[str]) -> str:
        """Give as many of the words, first ones first, as Whisper can be told of at once."""
        kept: list[str] = []
        for word in local_words:
            longer = ", ".join([*kept, word])
            if len(self._model.hf_tokenizer.encode(longer, add_special_tokens=False)) > MOST_HINTS:
                break
            kept.append(word)
        # A full stop: without one Whisper goes on in the style of a list, in capitals.
        return ", ".join(kept) + "." * bool(kept)

    def _known(self, language: str | None) -> str | None:
        short = language.partition("-")[0].lower() if language else None
        return short if short in self._model.supported_languages else None

    def _settle_language(self, told: "_Told", sound: Vector, at: tuple[int, int]) -> None:
        """Find the language in the first window with speech; doubt later ones that differ.

        Where none is sure and English is not unlikely, it is English: that is what most people
        speak here, and a wrong guess makes nonsense of all that was said.
        """
        if not self._model.model.is_multilingual:
            told.language = told.language or "en"
            return
        found, sure, chances = self._model.detect_language(sound[: 30 * SAMPLE_RATE])
        if told.language is not None:
            if found != told.language and sure >= LANGUAGE_SURE:
                told.doubt(at[0] / SAMPLE_RATE, at[1] / SAMPLE_RATE)
            return
        told.language, told.probability = found, float(sure)
        if sure < LANGUAGE_SURE:
            told.doubt(0.0, told.seconds)
            english = dict(chances).get("en", 0.0)
            if english >= MAYBE_ENGLISH:
                told.language, told.probability = "en", float(english)


def windows(audio: Vector) -> Iterator[tuple[int, int]]:
    """Cut a long recording into ranges of samples that cover it, each end at a quiet moment.

    Silence throughout gives no range at all, so that no model is asked about it.
    """
    most, within, step = (int(s * SAMPLE_RATE) for s in (WINDOW_S, CUT_WITHIN_S, QUIET_S))
    start = 0
    while start < len(audio):
        end = len(audio)
        if end - start > most:
            last = np.abs(audio[start + most - within : start + most])
            loudness = last[: len(last) // step * step].reshape(-1, step).mean(axis=1)
            end = start + most - within + int(loudness.argmin()) * step + step // 2
        if audio[start:end].any():
            yield start, end
        start = end


class _Told:
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

    def back_to(self, number: int) -> None:
        """Forget the segments from `number` on."""
        del self.segments[number:], self._squeezed[number:]
        self._text = self._text[: self.segments[-1].span.end] if self.segments else ""

    def add(self, one: Any, clock: "_Clock", *, once: bool = False) -> bool:
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


class _Clock:
    """Gives times in the recording for times in the joined speech of one window."""

    def __init__(self, timeline: Timeline, offset: float) -> None:
        self._timeline, self._offset = timeline, offset

    def told(self, start: float, end: float) -> tuple[float, float]:
        first, last = self._timeline.told(float(start), float(end))
        return self._offset + first, self._offset + max(first, last)


def _segment(one: Any, span: Span, part: str, clock: _Clock) -> Segment:
    words = tuple(_words(one.words or (), part, span.start, clock))
    confidence = (
        sum(w.confidence for w in words) / len(words) if words else math.exp(one.avg_logprob)
    )
    start, end = (words[0].start, words[-1].end) if words else clock.told(one.start, one.end)
    sure = min(1.0, max(0.0, confidence))
    return Segment(span, start, max(start, end), sure, words=words)


def _words(heard: Iterable[Any], part: str, at: int, clock: _Clock) -> Iterator[Word]:
    seen = 0
    for one in heard:
        spelt = " ".join(one.word.split())
        found = part.find(spelt, seen) if spelt else -1
        if found < 0:
            continue  # a word that the tokenizer cut through: its neighbours carry the times
        seen = found + len(spelt)
        span = Span(at + found, at + seen)
        yield Word(span, *clock.told(one.start, one.end), float(one.probability))
