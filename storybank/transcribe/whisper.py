"""Whisper through faster-whisper, on the processor, with the options that measured best.

Measured on 28 real recordings (`scripts/bench_transcribe.py`, docs/decisions): batched inference
took a third less time but dropped up to 20 s of speech in one piece, so it is not used.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.values import Segment, Span, Transcript, Vector, Word

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

OPTIONS = {"beam_size": 5, "vad_filter": True, "word_timestamps": True}
"""Anything else is faster-whisper's default. Word times also steer it past invented words."""
WINDOW_S = 300.0
"""Spectra of a whole two-hour recording would take over two gigabytes: so much at a time."""
CUT_WITHIN_S = 30.0
"""A window ends at the quietest moment of its last seconds."""
QUIET_S = 0.2
SHAKY = 0.65
"""A mean word probability below this is marked `low-confidence`.

On the 28 recordings nearly all marked segments are Urdu, a small child, or speech in a crowd.
"""
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
        known = self._known(language)
        probability, told = float(known is not None), _Told()
        for start, end in windows(audio):
            heard, info = self._model.transcribe(audio[start:end], language=known, **OPTIONS)
            if known is None and info.duration_after_vad > 0:
                known, probability = info.language, float(info.language_probability)
            for one in heard:
                told.add(one, start / SAMPLE_RATE)
                if on_progress is not None:
                    on_progress(min(1.0, (start / SAMPLE_RATE + one.end) / seconds))
        if on_progress is not None:
            on_progress(1.0)
        return Transcript(
            text=told.text,
            language=known or "en",
            language_probability=probability,
            seconds=seconds,
            segments=tuple(told.segments),
            model_id=self.model_id,
        )

    def _known(self, language: str | None) -> str | None:
        short = language.partition("-")[0].lower() if language else None
        return short if short in self._model.supported_languages else None


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
    """Gathers the engine's segments into one text, joined by single spaces, that spans slice."""

    def __init__(self) -> None:
        self.text = ""
        self.segments: list[Segment] = []

    def add(self, one: Any, offset: float) -> None:
        """Add one segment, heard `offset` seconds after its own clock's start."""
        part = " ".join(one.text.split())
        if not part:
            return
        at = len(self.text) + bool(self.text)
        self.text = f"{self.text} {part}" if self.text else part
        self.segments.append(_segment(one, part, at, offset))


def _segment(one: Any, part: str, at: int, offset: float) -> Segment:
    words = tuple(_words(one.words or (), part, at, offset))
    confidence = (
        sum(w.confidence for w in words) / len(words) if words else math.exp(one.avg_logprob)
    )
    flags = []
    if confidence < SHAKY:
        flags.append("low-confidence")
    if one.compression_ratio > REPEATS:
        flags.append("repeats")
    return Segment(
        span=Span(at, at + len(part)),
        start=offset + float(one.start),
        end=offset + float(one.end),
        confidence=min(1.0, max(0.0, confidence)),
        flags=tuple(flags),
        words=words,
    )


def _words(heard: Iterable[Any], part: str, at: int, offset: float) -> Iterator[Word]:
    seen = 0
    for one in heard:
        spelt = " ".join(one.word.split())
        found = part.find(spelt, seen) if spelt else -1
        if found < 0:
            continue  # a word that the tokenizer cut through: its neighbours carry the times
        seen = found + len(spelt)
        span = Span(at + found, at + seen)
        start, end = offset + float(one.start), offset + float(one.end)
        yield Word(span, start, end, float(one.probability))
