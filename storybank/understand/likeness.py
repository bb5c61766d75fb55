"""How like some texts a sentence is, once what all sentences share has been taken off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storybank.values import Vector


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was learnt of the ground, (d,) and (d, d), and of k groups of texts, (d, k).

    `against` holds for each group vectors (m, d) of texts that are near it and do not belong.
    """

    middle: Vector
    evening: Vector
    groups: Vector
    against: tuple[Vector, ...]

    def of(self, vectors: Vector) -> tuple[Vector, Vector]:
        """Give how like each group some vectors (n, d) are, (n, k), at most 1.

        And how much more like one of the texts against it, (n, k), at least 0.
        """
        even = _unit((vectors - self.middle) @ self.evening)
        like: Vector = even @ self.groups
        most = [(even @ texts.T).max(axis=1, initial=-1) for texts in self.against]
        more: Vector = np.maximum(np.stack(most, axis=1) - like, 0)
        return like, more


def learn_likeness(vectors: Vector, lengths: Sequence[int], share: float) -> Likeness:
    """Learn from vectors (n, d): those of the ground, of each group, and of what is against each.

    `lengths` says how many each has. A direction in which sentences of the ground differ much says
    little about one group, and counts for less: a `share` of 1 leaves all directions as they are.
    """
    ground, *parts = np.split(vectors, np.cumsum(lengths[:-1]))
    middle, evening = _evened(ground, share)
    even = [_unit((part - middle) @ evening) for part in parts]
    groups, against = even[: len(even) // 2], even[len(even) // 2 :]
    sums = np.stack([part.sum(axis=0) for part in groups])
    return Likeness(middle, evening, _unit(sums).T, tuple(against))


def _evened(ground: Vector, share: float) -> tuple[Vector, Vector]:
    """Give the middle of the ground (n, d), and what evens out how it varies (d, d)."""
    deep = ground.shape[1]
    if len(ground) < 2:
        return np.zeros(deep, np.float32), np.eye(deep, dtype=np.float32)
    middle: Vector = ground.mean(axis=0)
    _, sizes, ways = np.linalg.svd(ground - middle, full_matrices=False)
    spread = sizes**2 / (len(ground) - 1)
    usual = max(float(spread.sum()) / deep, 1e-9)
    less = ((1 - share) * spread / usual + share) ** -0.5 - share**-0.5
    evening = share**-0.5 * np.eye(deep) + (ways.T * less) @ ways
    return middle.astype(np.float32), np.asarray(evening, np.float32)


def _unit(vectors: NDArray[np.floating]) -> Vector:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Vector = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return found
