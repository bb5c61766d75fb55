"""Real Whisper weights: nothing invented goes unmarked, cut ends, Spanish in English."""

import numpy as np
import pytest

from storybank.evaluate.invented import invented
from storybank.transcribe.marks import Mark
from storybank.transcribe.whisper import WhisperTranscriber
from tests import clips

pytestmark = pytest.mark.weights


def test_twenty_clips_without_speech_give_no_unmarked_text(base: WhisperTranscriber) -> None:
    heard = list(invented(base, seconds=4.0, seed=7))
    assert len(heard) == 20
    assert [one for one in heard if one.unmarked] == []


def test_a_cut_end_is_marked_and_a_natural_one_is_not(base: WhisperTranscriber) -> None:
    said = clips.spoken("We cook dinner together every Friday evening.")
    frames = np.abs(said[16_000 : 2 * 16_000]).reshape(-1, 800).mean(axis=1)
    loudest = 16_000 + 800 * (int(frames.argmax()) + 1)  # in the middle of a vowel
    cut = np.concatenate([clips.silence(1), said[:loudest]])
    assert Mark.CUT_OFF in base.transcribe(cut, language="en").segments[-1].flags
    whole = np.concatenate([clips.silence(1), said, clips.silence(1)])
    assert base.transcribe(whole, language="en").segments[-1].flags == ()


def test_spanish_is_put_into_english_beside_its_own_words(base: WhisperTranscriber) -> None:
    sentence = "Los martes comemos juntos en la iglesia, y mis hijos juegan en el parque."
    said = clips.spoken(sentence, "es")
    heard = base.transcribe(said)
    english = base.translate(said, language=heard.language)
    assert (heard.language, heard.language_probability > 0.65) == ("es", True)
    assert english is not None
    assert (english.language, english.model_id) == ("en", "whisper-base/translation")
    assert english.segments
    words = english.text.lower()
    assert ("together" in words, "church" in words, "park" in words) == (True, True, True)
    assert not {"juntos", "iglesia", "parque"} & set(words.split()), "left in Spanish"
    assert base.translate(said, language="en") is None
