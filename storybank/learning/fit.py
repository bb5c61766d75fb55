"""Fit small corrections on lessons, and say on stories held out whether they help; pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storybank.learning.lessons import Lesson
from storybank.understand.heads import Pair
from storybank.understand.learnt import Correction, logit
from storybank.values import Vector

Flags = NDArray[np.bool_]

NEEDED = 8
"""Of each, confirmed and rejected: with fewer, a pair is left as it was."""
FOLDS = 5
HELD, LEVEL_HELD = 0.03, 0.003
"""How strongly weights and level are held near nought; chosen so that eight decisions of each kind
move a score by at most about two logits."""
STEPS, STRIDE = 400, 1.5
RIGHT_ENOUGH = 0.6
"""A pair read from examples is suggested when so many of what would be suggested are right."""


@dataclass(frozen=True, slots=True)
class Row:
    """How one pair was read before and after, on lessons of stories held out.

    Counts of lessons that the machine suggested and a person found right, that it suggested and
    was wrong, and that it had not suggested.
    """

    before: tuple[int, int, int]
    after: tuple[int, int, int]

    def __add__(self, other: "Row") -> "Row":
        def both(one: tuple[int, int, int], two: tuple[int, int, int]) -> tuple[int, int, int]:
            return (one[0] + two[0], one[1] + two[1], one[2] + two[2])

        return Row(both(self.before, other.before), both(self.after, other.after))


NOTHING = Row((0, 0, 0), (0, 0, 0))


def f1(counts: tuple[int, int, int]) -> float:
    """Give the harmonic mean of precision and recall of (right, wrong, missed)."""
    right, wrong, missed = counts
    return 2 * right / max(1, 2 * right + wrong + missed)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Corrections by pair, and what they did on stories held out."""

    pairs: Mapping[Pair, Correction]
    rows: Mapping[Pair, Row]

    @property
    def all(self) -> Row:
        """All pairs together."""
        return sum(self.rows.values(), NOTHING)


def fit(
    lessons: Sequence[Lesson], scores: Vector, vectors: Vector, bars: Mapping[Pair, float]
) -> Fitted:
    """Fit a correction for each pair with enough lessons of both kinds.

    `scores` (n,) are what the tagger gave before, `vectors` (n, d) those of the quotes. `bars` say
    from which score each pair was suggested so far: 1 or more for pairs that were only offered.
    """
    pairs, rows = {}, {}
    for pair in dict.fromkeys(lesson.pair for lesson in lessons):
        at = np.array([n for n, lesson in enumerate(lessons) if lesson.pair == pair])
        right = np.array([lessons[n].right for n in at])
        if min(right.sum(), (~right).sum()) < NEEDED:
            continue
        folds = np.array([_fold(lessons[n]) for n in at])
        after = _held_out(scores[at], vectors[at], right, folds)
        bar = bars[pair]
        known = bar < 1
        shown = after >= (bar if known else 0.5)
        measured = known or bool(shown.any() and right[shown].mean() >= RIGHT_ENOUGH)
        rows[pair] = Row(_counts(scores[at] >= bar, right), _counts(shown & measured, right))
        weights, level = _fit(scores[at], vectors[at], right)
        pairs[pair] = Correction(weights, level, measured and not known)
    return Fitted(pairs, rows)


def _held_out(scores: Vector, vectors: Vector, right: Flags, folds: NDArray[np.intp]) -> Vector:
    """Give each lesson's score from corrections that saw no lesson of its story."""
    after = scores.copy()
    for fold in range(FOLDS):
        away, kept = folds == fold, folds != fold
        if away.any() and right[kept].any() and not right[kept].all():
            weights, level = _fit(scores[kept], vectors[kept], right[kept])
            after[away] = Correction(weights, level).score(scores[away], vectors[away])
    return after


def _fit(scores: Vector, vectors: Vector, right: Flags) -> tuple[Vector, float]:
    """Fit weights and level by steepest descent: few rows, convex, and no chance involved."""
    base, labels = logit(scores), right.astype(np.float32)
    weights: Vector = np.zeros(vectors.shape[1], np.float32)
    level = 0.0
    for _ in range(STEPS):
        slope = (1 / (1 + np.exp(-(base + vectors @ weights + level))) - labels) / len(labels)
        pull = vectors.T @ slope + 2 * HELD * weights
        weights = (weights - STRIDE * pull).astype(np.float32)
        level -= STRIDE * (float(slope.sum()) + 2 * LEVEL_HELD * level)
    return weights, float(level)


def _counts(suggested: Flags, right: Flags) -> tuple[int, int, int]:
    return (
        int((suggested & right).sum()), int((suggested & ~right).sum()),
        int((~suggested & right).sum()),
    )  # fmt: skip


def _fold(lesson: Lesson) -> int:
    """Put all lessons of a story into one fold, the same at every training."""
    return hashlib.sha256(lesson.story_id.bytes).digest()[0] % FOLDS
