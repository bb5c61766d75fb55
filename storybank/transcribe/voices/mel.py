"""Sound to mel bands, exactly as the voice encoder was trained on them.

Slaney's mel scale with bands of equal area, power and no logarithm. The numbers agree with those
of librosa's `melspectrogram` (tests/unit/test_mel.py).
"""

from functools import cache

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.values import Vector

BANDS = 40
WINDOW, HOP = 400, 160
"""Samples: 25 ms, a new one every 10 ms."""
BLOCK = 3_000
"""Frames whose spectra are held at once: 30 s of sound, 5 MB."""
LOUDNESS_DBFS = -30.0
"""Quieter recordings are made this loud before anything is measured; louder ones stay."""

_LINEAR_HZ, _LOG_FROM_HZ, _LOG_STEP = 200 / 3, 1000.0, np.log(6.4) / 27


def mel_bands(audio: Vector) -> Vector:
    """Give the power in 40 bands every 10 ms, shape (n // 160 + 1, 40); none for no sound.

    `audio`: mono, 16 kHz, float32, shape (n,). Frame t is centred on sample 160 t; beyond the ends
    there is silence.
    """
    if len(audio) == 0:
        return np.zeros((0, BANDS), np.float32)
    padded = np.pad(audio, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)
    found = np.empty((len(frames), BANDS), np.float32)
    for start in range(0, len(frames), BLOCK):
        spectra = np.fft.rfft(frames[start : start + BLOCK] * hann, axis=1)
        found[start : start + BLOCK] = (np.abs(spectra) ** 2) @ filters().T
    return found


def louder(audio: Vector) -> Vector:
    """Give `audio` at LOUDNESS_DBFS where it is quieter than that; silence and loud sound as is."""
    power = float(np.mean(audio**2, dtype=np.float64)) if len(audio) else 0.0
    if power == 0.0:
        return audio
    gain = 10 ** ((LOUDNESS_DBFS - 10 * np.log10(power)) / 20)
    raised: Vector = (audio * np.float32(gain)).astype(np.float32) if gain > 1.0 else audio
    return raised


@cache
def filters() -> Vector:
    """Give the weight of each frequency in each band, shape (40, 201): triangles of equal area."""
    edges = _hz(np.linspace(_mel(0.0), _mel(SAMPLE_RATE / 2), BANDS + 2))
    lower, middle, upper = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    heard = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)[None, :]
    rising, falling = (heard - lower) / (middle - lower), (upper - heard) / (upper - middle)
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    weights: Vector = (triangles * 2 / (upper - lower)).astype(np.float32)
    return weights


def _mel(hz: float) -> float:
    if hz < _LOG_FROM_HZ:
        return hz / _LINEAR_HZ
    return float(_LOG_FROM_HZ / _LINEAR_HZ + np.log(hz / _LOG_FROM_HZ) / _LOG_STEP)


def _hz(mels: np.ndarray) -> np.ndarray:
    first = _LOG_FROM_HZ / _LINEAR_HZ
    return np.where(
        mels < first, mels * _LINEAR_HZ, _LOG_FROM_HZ * np.exp(_LOG_STEP * (mels - first))
    )
