"""Whisper through faster-whisper, on the processor, with the options that measured best."""

import math
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.values import Segment, Span, Transcript, Vector, Word

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

BATCH = 8
"""Stretches of up to 30 s that are heard side by side."""
LONG_S = 60.0
SHAKY_WORDS = 0.5
"""A mean word probability below this is marked `low-confidence`."""
REPEATS = 2.4
"""Whisper's own limit: text that compresses better than this goes round in circles."""


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

    @cached_property
    def _side_by_side(self) -> "BatchedInferencePipeline":
        from faster_whisper import BatchedInferencePipeline

        return BatchedInferencePipeline(self._model)

    def transcribe(
        self,
        audio: Vector,
        *,
        language: str | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> Transcript:
        """Give the words with times; see `engine.Transcriber`.

        A language that the model does not know is detected, as None is. Confidence is the mean
        probability of the words. Flags: `low-confidence`, and `repeats` where the model went
        round in circles.
        """
        seconds = len(audio) / SAMPLE_RATE
        if not len(audio) or not audio.any():
            return Transcript("", language or "en", 0.0, seconds, model_id=self.model_id)
        heard, info = self._hear(audio, self._known(language))
        text, segments = _assemble(_told(heard, seconds, on_progress))
        if on_progress is not None:
            on_progress(1.0)
        return Transcript(
            text=text,
            language=info.language,
            language_probability=float(info.language_probability),
            seconds=seconds,
            segments=segments,
            model_id=self.model_id,
        )

    def _hear(self, audio: Vector, language: str | None) -> tuple[Iterable[Any], Any]:
        heard: tuple[Iterable[Any], Any]
        options = {
            "language": language,
            "beam_size": 5,
            "vad_filter": True,
            "word_timestamps": True,
        }
        if len(audio) > LONG_S * SAMPLE_RATE:
            heard = self._side_by_side.transcribe(audio, batch_size=BATCH, **options)
        else:
            heard = self._model.transcribe(audio, **options)
        return heard

    def _known(self, language: str | None) -> str | None:
        short = language.partition("-")[0].lower() if language else None
        return short if short in self._model.supported_languages else None


def _told(
    heard: Iterable[Any], seconds: float, on_progress: Callable[[float], None] | None
) -> Iterable[Any]:
    """Pass the engine's segments on as they come, and say how far they are."""
    for segment in heard:
        yield segment
        if on_progress is not None:
            on_progress(min(1.0, segment.end / seconds))


def _assemble(heard: Iterable[Any]) -> tuple[str, tuple[Segment, ...]]:
    """Join the segments by single spaces; gives the text and segments whose spans slice it."""
    parts: list[str] = []
    segments: list[Segment] = []
    at = 0
    for one in heard:
        part = " ".join(one.text.split())
        if not part:
            continue
        segments.append(_segment(one, part, at))
        parts.append(part)
        at += len(part) + 1
    return " ".join(parts), tuple(segments)


def _segment(one: Any, part: str, at: int) -> Segment:
    words = _words(one.words or (), part, at)
    confidence = (
        sum(w.confidence for w in words) / len(words) if words else math.exp(one.avg_logprob)
    )
    flags = []
    if confidence < SHAKY_WORDS:
        flags.append("low-confidence")
    if one.compression_ratio > REPEATS:
        flags.append("repeats")
    return Segment(
        span=Span(at, at + len(part)),
        start=float(one.start),
        end=float(one.end),
        confidence=min(1.0, max(0.0, confidence)),
        flags=tuple(flags),
        words=words,
    )


def _words(heard: Iterable[Any], part: str, at: int) -> tuple[Word, ...]:
    words: list[Word] = []
    seen = 0
    for one in heard:
        spelt = " ".join(one.word.split())
        found = part.find(spelt, seen) if spelt else -1
        if found < 0:
            continue  # a word that the tokenizer cut through: its neighbours carry the times
        seen = found + len(spelt)
        span = Span(at + found, at + seen)
        words.append(Word(span, float(one.start), float(one.end), float(one.probability)))
    return tuple(words)
