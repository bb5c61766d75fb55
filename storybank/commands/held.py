"""What every measuring command shares: a bar of progress, and the figures it is held to."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storybank.commands.terminal import errors, progress

if TYPE_CHECKING:
    from rich.progress import Progress

    from storybank.evaluate.measures import Count
    from storybank.evaluate.released import Figures

AsJson = Annotated[bool, typer.Option("--json", help="Figures as JSON.")]
Against = Annotated[
    Path | None, typer.Option(help="Released figures: fail where one of this set's is worse.")
]


@contextlib.contextmanager
def counted(description: str) -> "Iterator[Count]":
    """Show a bar while something is measured, and give what is told how many texts there are."""
    with progress() as bars:
        yield counting(bars, description)


def counting(bars: "Progress", description: str) -> "Count":
    """Add a bar; give what is told how many texts there are, and then when each is done."""
    bar = bars.add_task(description, total=None)

    def count(total: int | None) -> Callable[[], None]:
        bars.update(bar, total=total)
        return lambda: bars.advance(bar)

    return count


class Held:
    """The released figures of one set; with no file there are none, and nothing is held."""

    def __init__(self, part: str, against: Path | None, which: str) -> None:
        from storybank.evaluate.released import read_released

        self._part = part
        self._released = read_released(against, which) if against else {}

    def to(self, figures: "Figures") -> None:
        """End the command with status 1 where a figure is worse, naming each that is."""
        from storybank.evaluate.parts import PARTS
        from storybank.evaluate.released import falls

        fallen = falls(figures, self._released, PARTS[self._part].bar)
        for line in fallen:
            errors().print(f"Worse than released: {line}", highlight=False, soft_wrap=True)
        if fallen:
            raise typer.Exit(1)
