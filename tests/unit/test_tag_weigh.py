"""From what sentences show to what a story shows."""

import numpy as np
import pytest

from storybank.understand.weigh import evidence, opposites
from storybank.values import Direction

PAIRS = (
    ("learning", Direction.LIVED),
    ("learning", Direction.MISSING),
    ("aim-active", Direction.LIVED),
)


def test_opposites_are_the_other_direction_of_the_same_code_or_itself():
    assert opposites(PAIRS).tolist() == [1, 0, 2]


def test_evidence_names_best_second_and_opposite_units():
    logits = np.array([[2.0, -3.0, -1.0], [1.0, -4.0, -5.0], [-2.0, -5.0, -6.0]], np.float32)
    found = evidence(logits, opposites(PAIRS))

    assert found.shape == (3, 7)
    assert found[:, 0].tolist() == [2.0, -3.0, -1.0]
    assert found[:, 1].tolist() == [1.0, -4.0, -5.0]
    assert found[:, 3].tolist() == [-3.0, 2.0, -1.0]
    assert found[:, 4] == pytest.approx(np.log(3))
    assert found[:, 5] == pytest.approx([0, 2 / 3, 1 / 3])
    assert found[:, 6] == pytest.approx(2.0)


def test_more_units_that_show_a_pair_make_it_likelier_than_one():
    one = evidence(np.array([[0.0, -5.0, -5.0]], np.float32), opposites(PAIRS))
    two = evidence(np.array([[0.0, -5.0, -5.0]] * 2, np.float32), opposites(PAIRS))
    assert one[0, 2] == pytest.approx(0.0)
    assert two[0, 2] == pytest.approx(np.log(3))  # a chance of 3 in 4


def test_certain_units_stay_finite():
    found = evidence(np.full((500, 3), 90.0, np.float32), opposites(PAIRS))
    assert np.isfinite(found).all()
    assert np.isfinite(evidence(-found[:, :3].astype(np.float32), opposites(PAIRS))).all()
