"""Whisper through faster-whisper, on the processor, with the options that measured best.

The voice detector runs once, here, and not inside faster-whisper: what it found is needed for the
marks as well. The stretches that it gives to Whisper are the same.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.transcribe.hearing import TRANSLATED, Clock, Told
from storybank.transcribe.marks import LANGUAGE_SURE, repeated
from storybank.transcribe.spelling import british
from storybank.values import Transcript, Vector

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

OPTIONS = {"beam_size": 5, "word_timestamps": True}
"""Anything else is faster-whisper's default. Word times also steer it past invented words."""
WINDOW_S = 300.0
"""Spectra of a whole two-hour recording would take over two gigabytes: so much at a time."""
CUT_WITHIN_S = 30.0
"""A window ends at the quietest moment of its last seconds."""
QUIET_S = 0.2
MOST_HINTS = 100
"""Tokens of local words at most: about forty names. Whisper's own room for them is 223, and they
take it from the words said before, which help it more."""
MISSED_S, MISSED_SHARE = 1.5, 0.05
"""Speech without words, in all and of what is spoken, from which on the local words are doubted:
real recordings lost 1.8 to 13 s with them, and with others 0 to 1.6 s with or without."""
MAYBE_ENGLISH = 0.25
"""Of the real recordings a child's English, taken for Chinese with 0.61, had 0.34 for English; no
other language had more than 0.15."""


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
        told = Told(audio, known, self.model_id)
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
            clock = Clock(timeline, start / SAMPLE_RATE)
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
        told = Told(audio, "en", f"{self.model_id}/{TRANSLATED}")
        for start, end in windows(audio):
            timeline = told.listen(start, end)
            if not timeline.parts:
                continue
            sound = timeline.joined(audio[start:end])
            heard, _ = self._model.transcribe(sound, language=known, task="translate", **OPTIONS)
            for one in heard:
                told.add(one, Clock(timeline, start / SAMPLE_RATE))
                if on_progress is not None:
                    on_progress(min(1.0, told.segments[-1].end / told.seconds))
        return british(told.whole())

    def _hear(self, told: Told, sound: Vector, clock: Clock, hints: str) -> Iterator[None]:
        """Add what is said in one window, segment by segment.

        Local words make Whisper go round in circles now and then, or leave out what is said, in the
        worst case for names that nobody said: then it listens again without, and what has more of
        the speech stays.
        """
        before = len(told.segments)
        yield from self._listen(told, sound, clock, hints)
        circles = bool(hints) and bool(repeated(told.texts(before)))
        lost = told.missed(before, clock.parts)
        spoken = len(sound) / SAMPLE_RATE
        if not hints or not (circles or lost > max(MISSED_S, MISSED_SHARE * spoken)):
            return
        hinted = told.take(before)
        yield from self._listen(told, sound, clock, "")
        if not circles and told.missed(before, clock.parts) >= lost:
            told.put(before, hinted)
            if hinted.segments:
                yield

    def _listen(self, told: Told, sound: Vector, clock: Clock, hints: str) -> Iterator[None]:
        heard, _ = self._model.transcribe(
            sound, language=told.language, hotwords=hints or None, **OPTIONS
        )
        for one in heard:
            if told.add(one, clock, once=bool(hints)):
                yield

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

    def _settle_language(self, told: Told, sound: Vector, at: tuple[int, int]) -> None:
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
