"""Hold a measurement against the figures of the last release: what has become worse."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storybank.errors import BadInput

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """When a figure counts as worse than released.

    Of figures whose names begin with one of `less_is_better` a higher one is worse. `slack` is how
    much worse is let pass: on other processors, rounding can turn a single answer.
    """

    less_is_better: tuple[str, ...] = ()
    slack: float = 0.0

    def worse(self, name: str, now: float, before: float) -> bool:
        """Say whether `now` is worse than `before` by more than is let pass."""
        fall = now - before if name.startswith(self.less_is_better) else before - now
        return (
            math.isnan(fall) or fall > self.slack + 1e-9
        )  # 0.65 - 0.64 is a little more than 0.01


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure, now and as released; None where it was not measured, or not released."""

    name: str
    now: float | None
    released: float | None
    worse: bool

    def __str__(self) -> str:
        """Say both, as they are printed where the figure fell."""
        now = "not measured" if self.now is None else f"{self.now:.4f}"
        return f"{self.name}: {now}, released {self.released or 0.0:.4f}"


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


def write_released(path: Path, made_by: Mapping[str, str], sets: Mapping[str, Figures]) -> None:
    """Write the figures of some sets as released, with what they were made by.

    Other sets of the file stay as they are.
    """
    try:
        before = json.loads(path.read_text("utf-8"))["sets"]
    except (OSError, ValueError, KeyError):
        before = {}
    content = {**made_by, "sets": {**before, **{name: dict(sets[name]) for name in sets}}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def compare(now: Figures, released: Figures, bar: Bar) -> tuple[Compared, ...]:
    """Put each figure beside its released one, those that were released first.

    A released figure that was not measured is worse; one that nobody released is not.
    """
    found = []
    for name, before in released.items():
        figure = now.get(name)
        worse = figure is None or bar.worse(name, figure, before)
        found.append(Compared(name, figure, before, worse))
    found += [Compared(name, now[name], None, False) for name in now if name not in released]
    return tuple(found)


def falls(now: Figures, released: Figures, bar: Bar) -> list[str]:
    """Name every figure that is worse than released, with both; empty where none is."""
    return [str(one) for one in compare(now, released, bar) if one.worse]
