"""Twenty clips in which nobody says a word: noise, music, hum, clicks, breathing, silence."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Samples = NDArray[np.float32]


def clips(seconds: float = 6.0, seed: int = 7) -> dict[str, Samples]:
    """Give the clips by name, mono at 16 kHz in [-1, 1]; the same seed gives the same clips."""
    rng = np.random.default_rng(seed)
    n = int(seconds * RATE)
    t = np.arange(n) / RATE
    made = {
        "silence": np.zeros(n),
        "nearly-silence": 1e-4 * rng.normal(size=n),
        "white": 0.1 * rng.normal(size=n),
        "white-loud": 0.4 * rng.normal(size=n),
        "pink": 0.3 * _coloured(rng, n, 1.0),
        "brown": 0.4 * _coloured(rng, n, 2.0),
        "blue": 0.2 * _coloured(rng, n, -1.0),
        "wind": 0.5 * _coloured(rng, n, 2.0) * _swelling(rng, t, 0.6),
        "rain-and-drips": 0.05 * rng.normal(size=n) + _clicks(rng, n, 9.0, 0.01),
        "hum": _tones(t, (50.0, 100.0, 150.0, 250.0)),
        "fan": 0.15 * _coloured(rng, n, 1.0) + 0.2 * _tones(t, (118.0, 236.0)),
        "engine": _tones(t, (31.0, 62.0, 93.0, 124.0)) * (0.7 + 0.3 * np.sin(2 * np.pi * 12 * t)),
        "beeps": 0.4 * np.sin(2 * np.pi * 1000 * t) * (np.floor(t * 2) % 2),
        "siren": 0.4 * np.sin(2 * np.pi * np.cumsum(700 + 250 * np.sin(np.pi * t)) / RATE),
        "melody": _melody(rng, n, voices=1),
        "chords": _melody(rng, n, voices=3),
        "drums": _drums(rng, n),
        "clicks": _clicks(rng, n, 3.0, 0.003),
        "breathing": _breathing(rng, t, 0.25),
        "heavy-breathing": _breathing(rng, t, 0.6) + 0.01 * rng.normal(size=n),
    }
    return {name: np.clip(clip, -1, 1).astype(np.float32) for name, clip in made.items()}


def _coloured(rng: np.random.Generator, n: int, slope: float) -> NDArray[np.float64]:
    """Give noise whose power falls as 1/f to the power of `slope`, between -1 and 1."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    frequency = np.maximum(np.fft.rfftfreq(n, 1 / RATE), 20.0)
    return _peak(np.fft.irfft(spectrum / frequency ** (slope / 2), n))


def _peak(clip: NDArray[np.float64]) -> NDArray[np.float64]:
    loudest: NDArray[np.float64] = clip / np.abs(clip).max()
    return loudest


def _swelling(
    rng: np.random.Generator, t: NDArray[np.float64], speed: float
) -> NDArray[np.float64]:
    phases = rng.uniform(0, 2 * np.pi, 3)
    waves = [np.sin(2 * np.pi * speed * k * t + p) for k, p in enumerate(phases, 1)]
    swelling: NDArray[np.float64] = np.abs(np.sum(waves, axis=0)) / 3
    return swelling


def _tones(t: NDArray[np.float64], heights: tuple[float, ...]) -> NDArray[np.float64]:
    waves = [np.sin(2 * np.pi * f * t) / k for k, f in enumerate(heights, 1)]
    return 0.5 * _peak(np.sum(waves, axis=0))


def _clicks(rng: np.random.Generator, n: int, a_second: float, long: float) -> NDArray[np.float64]:
    clip = np.zeros(n)
    length = int(long * RATE)
    fade = np.exp(-np.arange(length) / (length / 4))
    for start in rng.integers(0, n - length, int(a_second * n / RATE)):
        clip[start : start + length] += rng.uniform(0.3, 0.9) * rng.normal(size=length) * fade
    return clip


def _melody(rng: np.random.Generator, n: int, voices: int) -> NDArray[np.float64]:
    """Give notes of a scale with overtones, each struck and dying away, as of a piano."""
    clip, length = np.zeros(n), int(0.4 * RATE)
    t = np.arange(length) / RATE
    for start in range(0, n - length, length):
        for step in rng.choice([0, 2, 4, 5, 7, 9, 11, 12], voices, replace=False):
            height = 220 * 2 ** (step / 12)
            note = sum(np.sin(2 * np.pi * height * k * t) / k**2 for k in range(1, 6))
            clip[start : start + length] += note * np.exp(-3 * t)
    return 0.6 * _peak(clip)


def _drums(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    clip, length = np.zeros(n), int(0.2 * RATE)
    t = np.arange(length) / RATE
    beat: Callable[[int], NDArray[np.float64]] = lambda k: (  # noqa: E731 (two kinds of one thing)
        np.sin(2 * np.pi * 70 * t) if k % 2 else rng.normal(size=length) * 0.5
    )
    for number, start in enumerate(range(0, n - length, int(0.3 * RATE))):
        clip[start : start + length] += beat(number) * np.exp(-18 * t)
    return 0.8 * _peak(clip)


def _breathing(
    rng: np.random.Generator, t: NDArray[np.float64], loud: float
) -> NDArray[np.float64]:
    """Give noise shaped as breath: in and out every four seconds, brighter when it goes in."""
    rhythm = np.sin(2 * np.pi * 0.25 * t)
    air = np.where(rhythm > 0, _coloured(rng, len(t), 0.3), _coloured(rng, len(t), 1.0))
    return loud * air * np.abs(rhythm) ** 1.5
