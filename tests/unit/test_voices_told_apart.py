"""Vectors of voices are told apart, and turns made of them; no weights."""

import numpy as np
import pytest

from storybank.errors import ModelDamaged
from storybank.transcribe.voices.cluster import UNSURE, voices_of
from storybank.transcribe.voices.turns import VoicesWhenAsked, smoothed
from tests.fakes import CannedVoices
from tests.growth import IN_LINE, growth


def said_by(turns, *, seed=1, spread=0.6, alike=0.65):
    """Vectors as the encoder gives them: `turns` are (person, windows); people are `alike`."""
    rng = np.random.default_rng(seed)
    common = np.abs(rng.standard_normal(256))
    people = {}
    vectors = []
    for person, length in turns:
        own = people.setdefault(person, np.abs(rng.standard_normal(256)))
        centre = common / np.linalg.norm(common) * alike + own / np.linalg.norm(own) * (1 - alike)
        noise = rng.standard_normal((length, 256)) / 16 * spread
        vectors.append(centre / np.linalg.norm(centre) + noise)
    found = np.concatenate(vectors).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found, np.arange(len(found))


TALK = [("a", 6), ("b", 20), ("a", 8), ("b", 25), ("a", 5), ("b", 12)]


def people_of(turns):
    return [who for who, length in turns for _ in range(length)]


@pytest.mark.parametrize("seed", range(3))
def test_two_voices_are_found_and_numbered_by_who_speaks_first(seed):
    vectors, places = said_by(TALK, seed=seed, alike=0.2)
    assert ["ab"[v] for v in voices_of(vectors, places)] == people_of(TALK)


@pytest.mark.parametrize("seed", range(3))
def test_one_voice_stays_one(seed):
    vectors, places = said_by([("a", 80)], seed=seed)
    assert not voices_of(vectors, places).any()
    assert not voices_of(vectors, places, expected=True).any()


@pytest.mark.parametrize("seed", range(3))
def test_where_two_people_are_expected_and_may_be_taken_for_one_nobody_is_sure(seed):
    vectors, places = said_by(TALK, seed=seed, alike=0.64)
    assert (voices_of(vectors, places, expected=True) == UNSURE).all()
    assert not voices_of(vectors, places).any(), "a teller alone is likely to be alone"


def test_one_voice_is_believed_only_where_enough_is_said():
    vectors, places = said_by([("a", 38)])
    assert not voices_of(vectors, places, expected=True).any()
    assert (voices_of(vectors[1:], places[1:], expected=True) == UNSURE).all()
    assert (voices_of(vectors[:3], places[:3], expected=True) == UNSURE).all()


@pytest.mark.parametrize("expected", [True, False])
@pytest.mark.parametrize("alike", [0.2, 0.64])
def test_voices_of_long_recordings_take_time_in_line_with_their_length(alike, expected):
    made = {}

    def sort(times):
        if times not in made:
            made[times] = said_by(TALK * times, alike=alike)
        return voices_of(*made[times], expected=expected)

    for times in (11, 12, 13, 14, 48, 52, 56):
        sort(times)
    assert growth(sort, 12) < IN_LINE


def test_four_voices_are_found_and_never_five():
    turns = [("a", 20), ("b", 20), ("c", 20), ("d", 20), ("e", 20)]
    vectors, places = said_by(turns[:4], alike=0.05)
    assert ["abcd"[v] for v in voices_of(vectors, places)] == people_of(turns[:4])
    vectors, places = said_by(turns, alike=0.05)
    assert voices_of(vectors, places).max() == 3


def test_too_little_speech_is_one_voice():
    vectors, places = said_by([("a", 3), ("b", 3)], alike=0.1)
    assert not voices_of(vectors, places).any()


def test_less_is_needed_where_two_people_are_expected():
    vectors, places = said_by(TALK, alike=0.55)
    assert voices_of(vectors, places).max() == 0
    assert voices_of(vectors, places, expected=True).max() == 1


def test_a_single_odd_window_does_not_change_hands_but_a_clear_turn_does():
    alike = np.array([[0.9, 0.7]] * 5 + [[0.78, 0.8]] + [[0.9, 0.7]] * 3 + [[0.6, 0.9]] * 4)
    assert smoothed(alike, [True] * 12).tolist() == [0] * 9 + [1] * 4


def test_a_damaged_model_is_asked_for_again_and_a_whole_one_once():
    found = [ModelDamaged(), CannedVoices(), AssertionError("a second time")]

    def make():
        one = found.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    ears = VoicesWhenAsked("voices", make)
    with pytest.raises(ModelDamaged):
        ears.turns(np.zeros(1, np.float32))
    assert [ears.turns(np.zeros(1, np.float32)) for _ in range(2)] == [(), ()]
