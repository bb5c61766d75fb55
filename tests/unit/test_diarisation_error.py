"""Diarisation error counts what is missed, invented and confused, in seconds."""

import numpy as np
import pytest

from storybank.evaluate.voices import Error, diarisation_error, total
from storybank.evaluate.voices_heard import Sound, headline, measured
from storybank.transcribe.voices.turns import Turn
from storybank.values import UNTOLD
from tests.fakes import CannedVoices

TOLD = [(0.0, 4.0, "Ann"), (4.0, 10.0, "Bob")]


def test_numbers_of_voices_mean_nothing():
    found = [(0.0, 4.0, "2"), (4.0, 10.0, "1")]
    assert diarisation_error(TOLD, found, 10.0) == Error(10.0, 0.0, 0.0, 0.0)


def test_each_kind_of_error_is_counted_apart():
    found = [(0.0, 3.0, "1"), (5.0, 6.0, "1"), (6.0, 12.0, "2")]
    error = diarisation_error(TOLD, found, 12.0)
    assert error.missed == pytest.approx(2.0)
    assert error.invented == pytest.approx(2.0)
    assert error.confused == pytest.approx(1.0)
    assert error.rate == pytest.approx(50.0)


def test_where_two_people_speak_each_of_them_counts():
    told = [(0.0, 4.0, "Ann"), (2.0, 4.0, "Bob")]
    error = diarisation_error(told, [(0.0, 4.0, "1")], 4.0)
    assert (error.spoken, error.missed) == (pytest.approx(6.0), pytest.approx(2.0))


def test_a_collar_leaves_the_ends_of_turns_out():
    found = [(0.0, 4.2, "1"), (4.2, 10.0, "2")]
    assert diarisation_error(TOLD, found, 10.0).confused == pytest.approx(0.2)
    assert diarisation_error(TOLD, found, 10.0, collar_s=0.25).rate == 0.0


def test_one_voice_for_two_people_and_none_at_all():
    assert diarisation_error(TOLD, [(0.0, 10.0, "1")], 10.0).rate == pytest.approx(40.0)
    assert diarisation_error(TOLD, [], 10.0).rate == pytest.approx(100.0)
    assert diarisation_error([], [], 10.0).rate == 0.0
    assert total([Error(1, 0, 0, 1), Error(3, 1, 0, 0)]) == Error(4, 1, 0, 1)


def test_a_doubt_is_counted_as_a_question_to_a_person_and_one_voice_as_one():
    def heard(*voices, people):
        turns = tuple(Turn(float(n), n + 1.0, voice) for n, voice in enumerate(voices))
        sound = Sound(
            "a", "talks" if people > 1 else "one", people, np.zeros(48_000, np.float32), ()
        )
        return measured(CannedVoices(*turns), sound, expected=True)

    doubt = heard(UNTOLD, UNTOLD, people=2)
    assert (doubt.voices, doubt.unsure, doubt.asked) == (1, True, True)
    figures = headline(
        [
            doubt,
            heard(1, people=2),
            heard(1, 2, people=2),
            heard(1, 1, people=1),
            heard(0, people=1),
        ]
    )
    assert figures == {
        "number of voices right, talks": 33.3333,
        "a person is asked, talks": 66.6667,
        "number of voices right, one": 100.0,
        "nobody is asked, one": 50.0,
    }
