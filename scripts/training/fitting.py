"""Fit how a story's evidence is weighed. No chance is involved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float32]

LEVELS_HELD, SHARES_HELD = 0.02, 0.001
"""How strongly the story's levels and shares are held near nought."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How evidence becomes a chance: see `storybank.understand.heads.Head`."""

    means: Numbers
    scales: Numbers
    shares: Numbers
    levels: Numbers

    def chances(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the chances (n, k) of evidence (n, k, f)."""
        total = ((evidence - self.means) / self.scales) @ self.shares + self.levels
        return np.asarray(1 / (1 + np.exp(-total)))


def fit_weighing(evidence: NDArray[np.float64], labels: Numbers, counts: Numbers) -> Weighing:
    """Fit shares (f,) for all pairs together and a level for each, on evidence (n, k, f).

    `labels` (n, k) are 0 or 1; `counts` (n, k) is 0 where a pair is disputed, else 1.
    """
    number, pairs, width = evidence.shape
    means = evidence.mean(axis=(0, 1))
    scales = evidence.std(axis=(0, 1)) + 1e-6
    standard = ((evidence - means) / scales).astype(np.float32)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shares, common, levels = flat[:width], flat[width], flat[width + 1 :]
        value, slope = _cross_entropy(standard @ shares + common + levels, labels, counts)
        slope = slope / number
        held = LEVELS_HELD * (levels**2).sum() + SHARES_HELD * (shares**2).sum()
        gradient = np.concatenate(
            [
                np.einsum("nk,nkf->f", slope, standard) + 2 * SHARES_HELD * shares,
                [slope.sum()],
                slope.sum(axis=0) + 2 * LEVELS_HELD * levels,
            ]
        )
        return value / number + held, gradient

    found = minimize(loss, np.zeros(width + 1 + pairs), jac=True, method="L-BFGS-B").x
    return Weighing(
        means.astype(np.float32),
        scales.astype(np.float32),
        found[:width].astype(np.float32),
        (found[width] + found[width + 1 :]).astype(np.float32),
    )


def _cross_entropy(
    logits: NDArray[np.floating], labels: Numbers, counts: Numbers
) -> tuple[float, NDArray[np.floating]]:
    """Give the summed loss of logits (n, k), and its slope in each of them."""
    value = np.logaddexp(0, logits) - labels * logits
    slope = (1 / (1 + np.exp(-logits)) - labels) * counts
    return float((value * counts).sum(dtype=np.float64)), slope
