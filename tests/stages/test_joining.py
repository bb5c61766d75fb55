"""The parts of an interrupted recording become one, in the child process, and nothing is lost."""

import numpy as np
import pytest

from storybank.capture.audio import SAMPLE_RATE, decode, joined, probe
from storybank.errors import BrokenRecording, RecordingTooLong
from tests.clips import recording, silence, tone


def _loud(sound, start, end):
    piece = sound[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)]
    return float(np.sqrt(np.mean(piece**2)))


def test_parts_of_two_kinds_stand_one_after_the_other():
    first = np.concatenate([tone(2.0), silence(1.0)])
    parts = [recording(first, "webm"), recording(tone(1.5), "mp4")]

    whole = joined(parts, seconds=4.5, max_seconds=60)

    found = probe(whole, max_seconds=60)
    assert found.container == "flac"
    assert abs(found.seconds - 4.5) < 0.1
    sound = decode(whole, max_seconds=60)
    assert _loud(sound, 0.1, 1.9) > 0.1
    assert _loud(sound, 2.2, 2.9) < 0.01
    assert _loud(sound, 3.2, 4.4) > 0.1


def test_joining_takes_nothing_away_from_the_sound():
    parts = [recording(tone(1.0), "wav"), recording(tone(0.5), "wav")]
    sound = decode(joined(parts, seconds=1.5, max_seconds=60), max_seconds=60)
    alone = np.concatenate([decode(part, max_seconds=60) for part in parts])
    length = min(len(sound), len(alone))
    assert abs(len(sound) - len(alone)) < 0.02 * SAMPLE_RATE
    apart = sound[200 : length - 200] - alone[200 : length - 200]
    assert float(np.abs(apart).mean()) < 0.01


def test_a_recording_cut_off_in_mid_slice_is_joined_as_far_as_it_goes():
    cut = recording(tone(3.0), "webm")
    parts = [cut[: len(cut) * 2 // 3], recording(tone(1.0), "webm")]
    seconds = probe(joined(parts, seconds=4, max_seconds=60), max_seconds=60).seconds
    assert 2.5 < seconds < 3.6


def test_a_damaged_part_and_too_much_sound_are_named():
    good = recording(tone(1.0), "webm")
    with pytest.raises(BrokenRecording):
        joined([good, b"\x1a\x45\xdf\xa3" + b"noise" * 50], seconds=2, max_seconds=60)
    with pytest.raises(RecordingTooLong):
        joined([recording(tone(9.0), "webm"), good], seconds=10, max_seconds=5)
