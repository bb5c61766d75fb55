"""Mel bands agree with those of librosa 0.11, by which the voice encoder was trained."""

import numpy as np
import pytest

from storybank.transcribe.voices.mel import BANDS, BLOCK, HOP, filters, louder, mel_bands

T = np.arange(32_000) / 16_000
TONES = (0.2 * np.sin(2 * np.pi * 220 * T) + 0.1 * np.sin(2 * np.pi * 1760 * T)).astype(np.float32)
KNOWN = {
    0: {0: 0.22141, 5: 0.011765, 6: 0.0036709, 20: 0.38073, 21: 0.078145, 22: 0.0061813},
    50: {0: 0.001413, 5: 6.0018e-05, 6: 8.5094e-06, 20: 0.98227, 21: 0.086747},
}
"""librosa.feature.melspectrogram(y=TONES, sr=16000, n_fft=400, hop_length=160, n_mels=40),
by frame and band."""


@pytest.mark.parametrize("frame", list(KNOWN))
def test_bands_are_those_of_librosa(frame):
    bands = mel_bands(TONES)
    assert bands.shape == (201, BANDS)
    found = {band: float(bands[frame, band]) for band in KNOWN[frame]}
    assert found == pytest.approx(KNOWN[frame], rel=2e-3)


def test_filters_are_triangles_of_equal_area():
    from faster_whisper.feature_extractor import FeatureExtractor

    theirs = FeatureExtractor.get_mel_filters(16_000, 400, BANDS)
    assert np.allclose(filters(), theirs, atol=1e-6)


def test_a_long_recording_is_the_same_in_blocks():
    rng = np.random.default_rng(3)
    sound = rng.standard_normal((BLOCK + 50) * HOP).astype(np.float32)
    part = mel_bands(sound[BLOCK * HOP - 8000 :])
    assert np.allclose(mel_bands(sound)[BLOCK : BLOCK + 40], part[50:90], rtol=1e-3, atol=1e-4)


def test_only_quiet_sound_is_made_louder():
    quiet, loud = TONES / 100, TONES
    assert 10 * np.log10(np.mean(louder(quiet) ** 2)) == pytest.approx(-30, abs=0.01)
    assert louder(loud) is loud
    assert not louder(np.zeros(100, np.float32)).any()
    assert mel_bands(np.zeros(0, np.float32)).shape == (0, BANDS)
