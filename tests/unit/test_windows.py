"""Long recordings are cut where nobody speaks."""

import numpy as np

from storybank.transcribe.whisper import WINDOW_S, windows
from tests.clips import silence, tone

RATE = 16_000


def test_a_short_recording_is_one_window() -> None:
    assert list(windows(tone(5))) == [(0, 5 * RATE)]


def test_a_long_recording_is_covered_and_cut_in_the_pause() -> None:
    pause = WINDOW_S - 12
    audio = np.concatenate([tone(pause), silence(1), tone(200)])

    (a, b), (c, d) = windows(audio)

    assert (a, d) == (0, len(audio))
    assert b == c
    assert pause < b / RATE < pause + 1


def test_silence_is_never_shown_to_the_model() -> None:
    assert list(windows(silence(3))) == []
    assert list(windows(silence(0))) == []
    assert len(list(windows(np.concatenate([silence(2 * WINDOW_S), tone(5)])))) == 1
