"""`storybank train`: learn from what people confirmed and rejected, and show what it changes."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.opening import open_house, read_settings
from storybank.commands.terminal import errors, plainly, progress
from storybank.errors import WorseHead

if TYPE_CHECKING:
    from storybank.commands.opening import House
    from storybank.learning.fit import Fitted, Row
    from storybank.learning.measure import Gold
    from storybank.learning.training import Trained

Install = Annotated[bool, typer.Option("--install", help="Let workers use it, unless it is worse.")]
Undo = Annotated[bool, typer.Option("--undo", help="Go back to what was in use before.")]
AsJson = Annotated[bool, typer.Option("--json", help="Figures as JSON.")]

GOLD_MAY_FALL = 0.005
"""How far the F1 on the gold stories may fall: less than one story's worth of tags."""


@plainly
def train(install: Install = False, undo: Undo = False, as_json: AsJson = False) -> None:
    """Learn from confirmed and rejected codes; prints what is read better and worse.

    Uses stories whose tellers agreed to be learnt from, with names and numbers masked. Stories
    taken back since drop out. The head that Storybank comes with stays as it is.
    """
    from storybank import installed as keep

    settings = read_settings()
    if undo:
        before = keep.undo(settings)
        errors().print(f"In use now: {before or 'the head that Storybank comes with'}.")
        return
    with open_house(settings) as house:
        trained = _train(house)
    if as_json:
        typer.echo(json.dumps(figures(trained)))
    else:
        _show(trained)
    why = worse(trained)
    if why:
        raise WorseHead(message=why)
    if install:
        name = trained.install(settings)
        errors().print(
            f"Installed as {name}. Workers use it from their next story on; "
            "stories read before keep their readings. To go back: storybank train --undo."
        )
    else:
        errors().print("Nothing was installed. To use it: storybank train --install.")


def worse(trained: "Trained") -> str:
    """Say why what was trained must not come into use; empty where it may."""
    from storybank.learning.fit import f1

    if trained.gone:
        return (
            f"{trained.gone} of the stories that this was learnt from may not be used any more: "
            "they were taken back meanwhile. Nothing was installed. Train again."
        )
    row = trained.fitted.all
    if f1(row.after) < f1(row.before):
        return (
            "What was learnt reads worse than what is in use, on stories held out. Nothing was "
            "installed. Confirm and reject some more suggestions, then train again."
        )
    gold = trained.gold
    if gold is not None and gold.after < gold.before - GOLD_MAY_FALL:
        return (
            "What was learnt reads the gold stories worse than what is in use. Nothing was "
            "installed. Look for codes that are confirmed against the codebook, then train again."
        )
    return ""


def figures(trained: "Trained") -> dict[str, Any]:
    """Give what was measured, as it is also kept beside what was learnt."""
    row = trained.fitted.all
    return {
        "model": trained.learnt.model_id,
        "framework": trained.learnt.framework,
        "stories": len(trained.learnt.stories),
        "lessons": trained.lessons,
        "held_out": _row(row),
        "pairs": [
            {"code": code, "direction": way.value} | _row(one)
            for (code, way), one in sorted(trained.fitted.rows.items())
        ],
        "gold": _gold(trained.gold),
    }


def _row(row: "Row") -> dict[str, Any]:
    from storybank.learning.fit import f1

    names = ("right", "wrong", "missed")
    return {
        when: dict(zip(names, counts, strict=True)) | {"f1": round(f1(counts), 4)}
        for when, counts in (("before", row.before), ("after", row.after))
    }


def _gold(gold: "Gold | None") -> dict[str, Any] | None:
    if gold is None:
        return None
    return {"stories": gold.stories, "before": round(gold.before, 4), "after": round(gold.after, 4)}


def _train(house: "House") -> "Trained":
    from storybank.engines import Engines
    from storybank.learning.training import train as learn

    with progress() as bars:
        bar = bars.add_task("Reading again what people decided about", total=None)

        def tell(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        return learn(Engines(house.settings), house.engine, tell)


def _show(trained: "Trained") -> None:
    console = Console()
    console.print(table_of(trained.fitted, trained.learnt.model_id))
    console.print(
        f"{trained.lessons} decisions in {len(trained.learnt.stories)} stories, read by "
        f"{trained.learnt.framework}; measured on stories held out, five times over."
    )
    gold = trained.gold
    if gold is None:
        console.print("There are no gold stories here to measure on, so only the table counts.")
    else:
        console.print(
            f"F1 on {gold.stories} gold stories: {gold.before:.3f} before, {gold.after:.3f} after."
        )


def table_of(fitted: "Fitted", title: str) -> Table:
    """Give the table of what is read better and worse, a code and direction a row."""
    table = Table("Code", "", "Decisions", "Right", "Wrong", "Missed", "F1", title=title)
    for (code, way), row in sorted(fitted.rows.items()):
        table.add_row(code, way.value, *_cells(row))
    table.add_section()
    table.add_row("all", "", *_cells(fitted.all))
    return table


def _cells(row: "Row") -> Sequence[str]:
    from storybank.learning.fit import f1

    number = str(sum(row.before[:2]) + row.before[2])
    pairs = zip(row.before, row.after, strict=True)
    counts = [f"{before} → {after}" for before, after in pairs]
    return (number, *counts, f"{f1(row.before):.2f} → {f1(row.after):.2f}")
