"""From what single sentences show to what a whole story shows, as a calibrated chance."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storybank.understand.heads import Head, Pair
from storybank.values import Vector

Numbers = NDArray[np.float64]


def opposites(pairs: Sequence[Pair]) -> NDArray[np.intp]:
    """Give for each pair the place of the same code in the other direction (else its own)."""
    places = {pair: place for place, pair in enumerate(pairs)}
    found = [
        next((places[c, d] for c, d in pairs if c == code and d != direction), place)
        for place, (code, direction) in enumerate(pairs)
    ]
    return np.array(found, dtype=np.intp)


def evidence(logits: Vector, opposite: NDArray[np.intp]) -> Numbers:
    """Sum up the logits (n, k) of a story's units, n at least 1, as (k, f) numbers.

    For each pair: its best and second-best unit, the chance that any unit shows it (as a logit,
    units taken as independent), the best unit of the opposite direction, the log of n, what
    part of all pairs has a better best unit, and the best unit of any pair.
    """
    values = logits.astype(np.float64)
    ranked = np.sort(values, axis=0)[::-1]
    best = ranked[0]
    second = ranked[1] if len(ranked) > 1 else best - 2
    chance = np.minimum(1 / (1 + np.exp(-values)), 0.999)
    nowhere = np.clip(np.prod(1 - chance, axis=0), 1e-9, 1 - 1e-9)
    ones = np.ones(len(best))
    columns = (
        best,
        second,
        np.log((1 - nowhere) / nowhere),
        best[opposite],
        ones * np.log(len(values)),
        (best[None, :] > best[:, None]).mean(axis=1),
        ones * best.max(),
    )
    return np.stack(columns, axis=1)


def chances(head: Head, logits: Sequence[Vector]) -> Numbers:
    """Give the calibrated chance (k,) that a story shows each pair.

    `logits` holds for each view of the head the logits (n, k) of the units that it reads.
    """
    opposite = opposites(head.pairs)
    found = np.concatenate([evidence(part, opposite) for part in logits], axis=1)
    total = ((found - head.means) / head.scales) @ head.shares + head.levels
    return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float64)
