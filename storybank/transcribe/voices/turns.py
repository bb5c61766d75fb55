"""Who speaks when in a recording: its speech in windows, their voices, and turns from these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.transcribe.vad import speech_chances, stretches
from storybank.transcribe.voices.cluster import Labels, centres, in_order, voices_of
from storybank.transcribe.voices.encoder import FRAMES, VoiceEncoder
from storybank.transcribe.voices.mel import HOP, louder, mel_bands
from storybank.values import Vector

STEP = 40
"""Frames from one window to the next: 0.4 s. Half of it takes twice as long for little gain."""
PAUSE_S, PAD_S = 0.3, 0.05
"""A pause that long may lie between two people; no window reaches over it."""
SHORTEST = 40
"""Frames of speech that are too few to know a voice by: they go with their neighbours."""
SWITCH = 0.08
"""How much less alike a voice has to be before a single window inside a stretch changes hands."""
BLOCK_S = 300.0
"""Seconds of a recording whose bands are held at once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one voice speaks: times in seconds, and its number from 1.

    Nobody can tell whether it is one where the number is `UNTOLD`: then it is that of all turns.
    """

    start: float
    end: float
    voice: int


class VoiceFinder(Protocol):
    """Says who speaks when. Implementations load weights on first use."""

    @property
    def model_id(self) -> str:
        """Manifest id of the weights, e.g. `voice-encoder`."""

    def turns(self, audio: Vector, *, expected: bool = False) -> tuple[Turn, ...]:
        """Give the turns of one to four voices, in time order; none for silence.

        `audio`: mono, 16 kHz, float32, shape (n,). Voices are numbered from 1 by who speaks first.
        `expected` says that two people are likely to speak, so that less is needed to find them,
        and more to believe that there is one: where that is unsure, the voice is `UNTOLD`.
        """


class VoicesWhenAsked:
    """Makes the finder of voices on the first recording: a damaged model stops nothing else.

    Where that fails, it is tried anew for the next recording.
    """

    def __init__(self, model_id: str, make: Callable[[], VoiceFinder]) -> None:
        self.model_id = model_id
        self._make = make

    def turns(self, audio: Vector, *, expected: bool = False) -> tuple[Turn, ...]:
        """Give the turns as `VoiceFinder` says; raises what `make` raises."""
        return self._finder.turns(audio, expected=expected)

    @cached_property
    def _finder(self) -> VoiceFinder:
        return self._make()


class VoicesByEncoder:
    """Finds turns by clustering vectors of voices (encoder.py, cluster.py)."""

    def __init__(self, encoder: VoiceEncoder) -> None:
        self._encoder = encoder
        self.model_id = encoder.model_id

    def turns(self, audio: Vector, *, expected: bool = False) -> tuple[Turn, ...]:
        """Give who speaks when; see `VoiceFinder`."""
        parts = stretches(speech_chances(audio), silence_s=PAUSE_S, pad_s=PAD_S, samples=len(audio))
        spoken = [(start // HOP, max(start // HOP + 1, end // HOP)) for start, end in parts]
        windows = [window for part in spoken for window in _windows(part)]
        if not windows:
            return ()
        vectors = self._vectors(audio, windows)
        places: Labels = np.array([first for first, _ in windows], np.intp) // STEP
        labels = _voices(vectors, places, windows, expected=expected)
        return _joined(spoken, windows, labels)

    def _vectors(self, audio: Vector, windows: Sequence[tuple[int, int]]) -> Vector:
        sound, found, block = louder(audio), [], int(BLOCK_S * SAMPLE_RATE / HOP)
        at = 0
        while at < len(windows):
            first = windows[at][0]
            upto = at
            while upto < len(windows) and windows[upto][1] <= first + block:
                upto += 1
            group = windows[at:upto]
            bands = mel_bands(sound[first * HOP : (group[-1][1] + 1) * HOP])
            found.append(self._encoder.encode(bands, [(a - first, b - first) for a, b in group]))
            at = upto
        return np.concatenate(found)


def _windows(part: tuple[int, int]) -> list[tuple[int, int]]:
    """Give the ranges of frames of one stretch that are looked at: 1.6 s each, or all of it."""
    start, end = part
    if end - start <= FRAMES:
        return [part]
    starts = list(range(start, end - FRAMES + 1, STEP))
    if starts[-1] + FRAMES < end - STEP // 2:
        starts.append(end - FRAMES)
    return [(first, first + FRAMES) for first in starts]


def _voices(
    vectors: Vector, places: Labels, windows: Sequence[tuple[int, int]], *, expected: bool
) -> Labels:
    """Give the voice of each window: those long enough decide which voices there are."""
    lengths = np.array([end - start for start, end in windows])
    long = np.flatnonzero(lengths >= min(FRAMES // 2, int(lengths.max())))
    found = voices_of(vectors[long], places[long], expected=expected)
    if found.max() <= 0:
        return np.full(len(windows), found[0])
    alike = vectors @ centres(vectors[long], found).T
    alike[lengths < SHORTEST] = 0.0
    near = [
        abs(one[1] - other[0]) < 2 * FRAMES and other[0] < one[1] + STEP
        for one, other in pairwise(windows)
    ]
    return in_order(smoothed(alike, near))


def smoothed(alike: Vector, near: Sequence[bool]) -> Labels:
    """Give the likeliest voice of each window, where a change within a stretch costs `SWITCH`.

    `alike` is how near each window is to each voice, shape (n, voices); `near` says of each window
    but the last whether the next follows it without a pause. Changes in a pause cost a third.
    """
    best = alike[0].astype(np.float64)
    came = np.zeros(alike.shape, np.intp)
    for at in range(1, len(alike)):
        cost = SWITCH if near[at - 1] else SWITCH / 3
        other = int(best.argmax())
        moves = best[other] - cost > best
        came[at] = np.where(moves, other, np.arange(alike.shape[1]))
        best = np.where(moves, best[other] - cost, best) + alike[at]
    labels: Labels = np.empty(len(alike), np.intp)
    labels[-1] = best.argmax()
    for at in range(len(alike) - 1, 0, -1):
        labels[at - 1] = came[at][labels[at]]
    return labels


def _joined(
    spoken: Sequence[tuple[int, int]], windows: Sequence[tuple[int, int]], labels: Labels
) -> tuple[Turn, ...]:
    """Give the turns: within a stretch the voice changes halfway between two windows' middles."""
    found: list[Turn] = []
    at = 0
    for start, end in spoken:
        inside = []
        while at < len(windows) and windows[at][1] <= end:
            inside.append(at)
            at += 1
        begun = start
        for one, other in pairwise(inside):
            if labels[one] != labels[other]:
                change = (sum(windows[one]) + sum(windows[other])) // 4
                found.append(_turn(begun, change, labels[one]))
                begun = change
        found.append(_turn(begun, end, labels[inside[-1]]))
    return tuple(found)


def _turn(start: int, end: int, label: np.intp) -> Turn:
    return Turn(start * HOP / SAMPLE_RATE, end * HOP / SAMPLE_RATE, int(label) + 1)
