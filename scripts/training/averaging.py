"""Make one view of several trainings that set out from the same place.

Averaging what was learnt keeps what the trainings agree on and costs nothing when stories are read
(Wortsman and others, "Model soups", 2022).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storybank.understand.heads import View

Change = tuple[NDArray[np.float16], NDArray[np.float16]]


def averaged(views: Sequence[View]) -> View:
    """Give the mean of at least one view; its changes are as thin as each view's own.

    All views change the same weights. What the thin matrices cannot hold of the mean is the part
    that matters least: its smallest singular values.
    """
    names = views[0].changes
    return View(
        weights=np.mean([view.weights for view in views], axis=0, dtype=np.float32),
        bias=np.mean([view.bias for view in views], axis=0, dtype=np.float32),
        changes={name: _mean([view.changes[name] for view in views]) for name in names},
    )


def _mean(changes: Sequence[Change]) -> Change:
    """Give (r, in) and (out, r) whose product is nearest to the mean of the products."""
    if len(changes) == 1:
        return changes[0]
    narrow = np.concatenate([one for one, _ in changes]).astype(np.float32)
    wide = np.concatenate([one for _, one in changes], axis=1).astype(np.float32) / len(changes)
    across, inner = np.linalg.qr(narrow.T)
    along, outer = np.linalg.qr(wide)
    left, sizes, right = np.linalg.svd(outer @ inner.T)
    rank = len(changes[0][0])
    root = np.sqrt(sizes[:rank])
    made = root[:, None] * (right[:rank] @ across.T), (along @ left[:, :rank]) * root
    return made[0].astype(np.float16), made[1].astype(np.float16)
