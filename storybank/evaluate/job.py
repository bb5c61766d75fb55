"""The evaluation job: measure set after set, hold each to released figures, release new ones."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storybank.errors import BadInput, StorybankError
from storybank.evaluate.measures import Count
from storybank.evaluate.parts import PARTS
from storybank.evaluate.released import (
    Compared,
    Figures,
    compare,
    read_released,
    write_released,
)
from storybank.evaluate.sets import GoldSet

if TYPE_CHECKING:
    from storybank.engines import Engines

CountFor = Callable[[GoldSet], Count]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one set gave: each figure beside its released one, and the seconds it took.

    `trouble` says in a sentence why it could not be measured, or be held to anything; `figures` is
    None where it could not be measured.
    """

    part: str
    name: str
    seconds: float
    figures: Figures | None = None
    rows: tuple[Compared, ...] = ()
    trouble: str | None = None

    @property
    def falls(self) -> list[str]:
        """Name everything for which the job fails; empty where nothing became worse."""
        said = [self.trouble] if self.trouble else []
        said += [str(row) for row in self.rows if row.worse]
        return [f"{self.part} {self.name}: {one}" for one in said]


def run(
    sets: Iterable[GoldSet],
    engines: "Engines",
    released: Path,
    count_for: CountFor = lambda _: lambda _: lambda: None,
) -> Iterator[Outcome]:
    """Measure each set and hold it to the figures in the folder `released`.

    Goes on after one that fell, or that cannot be measured.
    """
    for one in sets:
        began = time.perf_counter()
        try:
            figures = one.measure(engines, count_for(one))
        except StorybankError as error:
            took = time.perf_counter() - began
            yield Outcome(one.part, one.name, took, trouble=error.message)
            continue
        yield _held(one, figures, released, time.perf_counter() - began)


def _held(one: GoldSet, figures: Figures, released: Path, seconds: float) -> Outcome:
    trouble = None
    try:
        before = read_released(released / f"{one.part}.json", one.name)
    except BadInput:
        before, trouble = {}, "no figures are released; --release writes them"
    rows = compare(figures, before, PARTS[one.part].bar)
    return Outcome(one.part, one.name, seconds, figures, rows, trouble)


def release(outcomes: Iterable[Outcome], released: Path, engines: "Engines") -> list[str]:
    """Write what was measured as the figures that later runs are held to; gives the parts written.

    A part of which a set could not be measured stays as it is: its figures belong together.
    """
    parts: dict[str, dict[str, Figures | None]] = {}
    for one in outcomes:
        parts.setdefault(one.part, {})[one.name] = one.figures
    written = []
    for part, sets in parts.items():
        known = {name: figures for name, figures in sets.items() if figures is not None}
        if len(known) == len(sets):
            write_released(released / f"{part}.json", PARTS[part].made_by(engines), known)
            written.append(part)
    return written
