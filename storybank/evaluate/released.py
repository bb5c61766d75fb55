"""Hold a measurement against the figures of the last release: what has become worse."""

import json
from collections.abc import Mapping
from pathlib import Path

from storybank.errors import BadInput


def read_released(path: Path, which: str) -> dict[str, float]:
    """Give the released figures of one gold file, or of one part of it.

    The file is JSON: `{"sets": {which: {figure: number}}}`. Raises BadInput where it is not, or
    has no such set.
    """
    try:
        figures = json.loads(path.read_text("utf-8"))["sets"][which]
        return {name: float(figure) for name, figure in figures.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            message=f"The file {path} has no figures for {which}. Check both names."
        ) from None


def falls(
    now: Mapping[str, float],
    released: Mapping[str, float],
    *,
    less_is_better: str | None = None,
    slack: float = 0.0,
) -> list[str]:
    """Name every figure that is worse than released, with both; empty where none is.

    Of figures whose names begin with `less_is_better` a higher one is worse. `slack` is how much
    worse is let pass: on other processors, rounding can turn a single answer.
    """
    found = []
    for name, before in released.items():
        figure = now.get(name)
        if figure is None:
            found.append(f"{name}: not measured, released {before:.4f}")
            continue
        lower = less_is_better is not None and name.startswith(less_is_better)
        if (figure - before if lower else before - figure) > slack:
            found.append(f"{name}: {figure:.4f}, released {before:.4f}")
    return found
