"""Several trainings made into one view."""

from dataclasses import replace

import numpy as np
import pytest

from scripts.training.averaging import averaged
from storybank.understand.heads import View

RANK = 8
NAME = "encoder.layer.11.output.dense.weight"


def view(seed: int, rank: int) -> View:
    chance = np.random.default_rng(seed)
    narrow, wide = chance.normal(size=(rank, 30)), chance.normal(size=(20, rank))
    change = (narrow.astype(np.float16), wide.astype(np.float16))
    weights, bias = chance.normal(size=(30, 4)), chance.normal(size=4)
    return View(weights.astype(np.float32), bias.astype(np.float32), {NAME: change})


def product(one: View) -> np.ndarray:
    narrow, wide = (part.astype(np.float32) for part in one.changes[NAME])
    return wide @ narrow


def test_the_mean_of_one_view_is_that_view():
    only = view(1, RANK)
    same = averaged([only])
    assert np.array_equal(same.weights, only.weights)
    assert np.array_equal(product(same), product(only))


def test_trainings_that_share_one_matrix_are_averaged_whole():
    first, other = view(1, RANK), view(2, RANK)
    shared = replace(other, changes={NAME: (first.changes[NAME][0], other.changes[NAME][1])})
    mean = averaged([first, shared])
    assert np.allclose(mean.weights, (first.weights + other.weights) / 2)
    assert np.allclose(mean.bias, (first.bias + other.bias) / 2)
    assert product(mean) == pytest.approx((product(first) + product(shared)) / 2, abs=0.05)


def test_what_does_not_fit_is_left_out_from_the_smallest():
    views = [view(seed, RANK) for seed in (1, 2)]
    mean = averaged(views)
    assert mean.changes[NAME][0].shape == (RANK, 30)
    whole = (product(views[0]) + product(views[1])) / 2
    lost = np.linalg.svd(whole, compute_uv=False)[RANK:]
    assert np.linalg.norm(product(mean) - whole) == pytest.approx(np.linalg.norm(lost), rel=0.02)
