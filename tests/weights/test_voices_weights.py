"""The real voice encoder: two voices of a made talk are told apart, one person stays one."""

import numpy as np
import pytest

from storybank.evaluate.talks import ASKS, TELLS, VOICES, room, said, talk
from storybank.evaluate.voices import diarisation_error
from storybank.transcribe.voices.encoder import SIZE
from storybank.values import UNTOLD
from tests.clips import spoken

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def finder(engines):
    spoken("Is espeak-ng here?")  # skips where it is not
    return engines.voices


def test_a_question_and_its_answers_are_two_voices(finder):
    one = talk(VOICES[0], VOICES[1], 20, np.random.default_rng(5))
    turns = finder.turns(one.sound)
    assert {turn.voice for turn in turns} == {1, 2}
    found = [(turn.start, turn.end, str(turn.voice)) for turn in turns]
    error = diarisation_error(one.turns, found, len(one.sound) / 16_000, collar_s=0.25)
    assert error.rate < 10


def test_one_person_and_silence(finder):
    rng = np.random.default_rng(5)
    alone = np.concatenate([said(words, *VOICES[0]) for words in (*ASKS, *TELLS)])
    heard = alone + room(alone, 20, rng)
    assert {turn.voice for turn in finder.turns(heard)} == {1}
    assert len({turn.voice for turn in finder.turns(heard, expected=True)}) == 1
    assert finder.turns(np.zeros(32_000, np.float32)) == ()
    assert finder.turns(np.zeros(0, np.float32)) == ()


def test_little_speech_is_one_voice_only_where_one_is_expected(finder):
    rng = np.random.default_rng(5)
    little = said(ASKS[0], *VOICES[0])
    heard = little + room(little, 20, rng)
    assert {turn.voice for turn in finder.turns(heard)} == {1}
    assert {turn.voice for turn in finder.turns(heard, expected=True)} == {UNTOLD}


def test_vectors_have_length_one_whatever_the_window(finder):
    rng = np.random.default_rng(5)
    bands = np.abs(rng.standard_normal((400, 40))).astype(np.float32)
    vectors = finder._encoder.encode(bands, [(0, 160), (200, 240), (399, 400)])
    assert vectors.shape == (3, SIZE)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
