"""Where somebody speaks in a recording: Silero's voice detector, run once for everything.

Its weights come with faster-whisper. What speech is cut out for Whisper, which text has no speech
under it, and which speech has no text are all read from the same chances.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.values import Vector

FRAME = 512
"""Samples that the detector judges at a time: 32 ms."""
FRAME_S = FRAME / SAMPLE_RATE
BLOCK = 300 * SAMPLE_RATE // FRAME * FRAME
SPEECH, STILL_SPEECH = 0.5, 0.35
"""A frame begins speech from the first chance on; speech that has begun goes on down to the second.

As Silero's authors and faster-whisper have them."""

Stretch = tuple[int, int]
"""A half-open range of samples."""


def speech_chances(audio: Vector) -> Vector:
    """Give the chance of speech in each frame of 32 ms, shape (ceil(n / 512),), in [0, 1].

    `audio`: mono, 16 kHz, float32, shape (n,); none gives none. About 300 s take half a second.
    Five minutes at a time: the detector makes two copies of what it is given.
    """
    from faster_whisper.vad import get_vad_model  # heavy: only the worker pays

    found = [np.zeros(0, np.float32)]
    for start in range(0, len(audio), BLOCK):
        part = audio[start : start + BLOCK]
        whole = np.pad(part, (0, -len(part) % FRAME))
        found.append(get_vad_model()(whole).ravel().astype(np.float32))
    chances: Vector = np.concatenate(found)
    return chances


def stretches(
    chances: Vector, *, silence_s: float, pad_s: float, samples: int
) -> tuple[Stretch, ...]:
    """Give the stretches of speech in order, as ranges of the `samples` of the recording.

    Pauses under `silence_s` stay inside a stretch. Each is widened by `pad_s` on both sides; two
    that would then overlap share the pause between them.
    """
    found = [
        (start * FRAME, min(samples, end * FRAME))
        for start, end in _spoken(chances, math.ceil(silence_s / FRAME_S))
    ]
    pad = int(pad_s * SAMPLE_RATE)
    wide: list[Stretch] = []
    for number, (start, end) in enumerate(found):
        before = found[number - 1][1] if number else -samples
        after = found[number + 1][0] if number + 1 < len(found) else 2 * samples
        room = min(pad, (start - before) // 2), min(pad, (after - end) // 2)
        wide.append((max(0, start - room[0]), min(samples, end + room[1])))
    return tuple(wide)


def _spoken(chances: Vector, pause: int) -> list[tuple[int, int]]:
    """Give the runs of frames that are speech; only `pause` quiet frames end one."""
    found: list[tuple[int, int]] = []
    begun = quiet_since = None
    for number, chance in enumerate(chances.tolist()):
        if chance >= SPEECH:
            quiet_since = None
            begun = number if begun is None else begun
        elif begun is not None and chance < STILL_SPEECH:
            quiet_since = number if quiet_since is None else quiet_since
            if number - quiet_since >= pause:
                found.append((begun, quiet_since))
                begun = quiet_since = None
    if begun is not None:
        found.append((begun, len(chances)))
    return found


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stretches of a recording put end to end, and the way back from times there to its own."""

    parts: tuple[Stretch, ...]

    def joined(self, audio: Vector) -> Vector:
        """Give the stretches' samples, one after another; none gives none."""
        cut = [audio[start:end] for start, end in self.parts]
        return np.concatenate(cut) if cut else audio[:0]

    def told(self, start: float, end: float) -> tuple[float, float]:
        """Give when a word that has these seconds in the joined sound is said in the recording.

        A word lies in the stretch that holds its middle.
        """
        ends = np.cumsum([last - first for first, last in self.parts]) / SAMPLE_RATE
        middle = (start + end) / 2
        on = min(int(np.searchsorted(ends, middle, side="right")), len(self.parts) - 1)
        moved = self.parts[on][1] / SAMPLE_RATE - float(ends[on])
        return round(start + moved, 2), round(end + moved, 2)


def share_spoken(chances: Vector, start: float, end: float) -> float:
    """Give the mean chance of speech between two seconds; 0 where no frame lies there."""
    frames = chances[int(start / FRAME_S) : max(int(start / FRAME_S) + 1, round(end / FRAME_S))]
    return float(frames.mean()) if len(frames) else 0.0


def unheard(
    spoken: Sequence[Stretch], words: Sequence[tuple[float, float]], *, beside_s: float
) -> tuple[tuple[float, float], ...]:
    """Give the parts of `spoken` that no word covers, in seconds.

    `words` are their seconds; a word covers `beside_s` on both sides of it as well.
    """
    covered = sorted((start - beside_s, end + beside_s) for start, end in words)
    found: list[tuple[float, float]] = []
    for first, last in spoken:
        at, until = first / SAMPLE_RATE, last / SAMPLE_RATE
        for start, end in covered:
            if end <= at or start >= until:
                continue
            if start > at:
                found.append((at, start))
            at = max(at, end)
        if at < until:
            found.append((at, until))
    return tuple(found)
