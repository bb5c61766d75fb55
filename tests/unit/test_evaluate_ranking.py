"""The measures of an order, against values worked out by hand."""

import math

import pytest

from storybank.evaluate.ranking import Quality, ndcg, quality, recall, reciprocal_rank

GRADES = {"a": 2, "b": 1}


def test_ndcg_by_hand() -> None:
    best = 3 + 1 / math.log2(3)
    assert ndcg(["a", "b"], GRADES) == pytest.approx(1.0)
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx((1 + 3 / 2) / best)
    assert ndcg(["x"] * 10 + ["a"], GRADES) == 0.0
    assert ndcg(["a"], {}) == 0.0


def test_recall_asks_for_no_more_than_ten() -> None:
    many = {str(n): 1 for n in range(20)}
    assert recall([str(n) for n in range(10)], many) == 1.0
    assert recall(["a", "x"], GRADES) == 0.5
    assert recall(["x"] * 10 + ["a", "b"], GRADES) == 0.0
    assert recall(["a"], {"a": 0}) == 0.0


def test_the_first_relevant_place_counts() -> None:
    assert reciprocal_rank(["x", "b", "a"], GRADES) == 0.5
    assert reciprocal_rank(["x"], GRADES) == 0.0


def test_quality_is_the_mean_over_queries() -> None:
    assert quality([]) == Quality(0.0, 0.0, 0.0)
    assert quality([(["a", "b"], GRADES), ([], GRADES)]) == Quality(0.5, 0.5, 0.5)
