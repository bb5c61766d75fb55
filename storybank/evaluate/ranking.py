"""How good an order of answers is, against graded judgements; pure arithmetic."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CUT = 10
"""People look at the first ten."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over all queries, each between 0 and 1.

    `ndcg`: discounted gain of the first ten, gain 2^grade - 1, against the best possible order.
    `recall`: part of the relevant stories that stand among the first ten (at most ten are asked
    for). `mrr`: one over the place of the first relevant story.
    """

    ndcg: float
    recall: float
    mrr: float


def quality(rankings: Sequence[tuple[Sequence[str], Mapping[str, int]]]) -> Quality:
    """Measure pairs of (ids in the order found, grade by id); no pairs give zeros."""
    number = max(1, len(rankings))
    return Quality(
        ndcg=sum(ndcg(found, grades) for found, grades in rankings) / number,
        recall=sum(recall(found, grades) for found, grades in rankings) / number,
        mrr=sum(reciprocal_rank(found, grades) for found, grades in rankings) / number,
    )


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Give the discounted gain of the first ten over that of the best order; 0 if none is asked."""
    best = _gain(sorted(grades.values(), reverse=True)[:CUT])
    return _gain([grades.get(story, 0) for story in found[:CUT]]) / best if best else 0.0


def recall(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Give the part of the relevant stories, at most ten, that stand among the first ten."""
    relevant = {story for story, grade in grades.items() if grade > 0}
    wanted = min(len(relevant), CUT)
    return len(relevant & set(found[:CUT])) / wanted if wanted else 0.0


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Give one over the place of the first relevant story; 0 if none was found."""
    for place, story in enumerate(found, 1):
        if grades.get(story, 0) > 0:
            return 1 / place
    return 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1.0) / math.log2(place + 1) for place, grade in enumerate(grades, 1))
