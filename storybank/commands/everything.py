"""`storybank evaluate all`: every gold set held to its released figures, in one run."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.held import AsJson, counting
from storybank.commands.opening import read_settings
from storybank.commands.terminal import errors, plainly, progress
from storybank.errors import BadInput

if TYPE_CHECKING:
    from storybank.engines import Engines
    from storybank.evaluate.job import Outcome
    from storybank.evaluate.measures import Count
    from storybank.evaluate.sets import GoldSet

Audio = Annotated[
    Path | None,
    typer.Option(help="Folder of recordings with manifest.jsonl: measures speech and voices, too."),
]
Models = Annotated[
    Path | None, typer.Option(help="Folder with gold/ and released/; a checkout knows its own.")
]
Only = Annotated[list[str] | None, typer.Option(help="Measure this part only, e.g. redaction.")]
Release = Annotated[
    bool, typer.Option("--release", help="Write what is measured as the released figures.")
]


@plainly
def evaluate_all(
    audio: Audio = None,
    models: Models = None,
    only: Only = None,
    release: Release = False,
    as_json: AsJson = False,
) -> None:
    """Measure every gold set, and fail, naming each figure, where one is worse than released."""
    from storybank.engines import Engines
    from storybank.evaluate import job
    from storybank.evaluate.sets import gold_sets
    from storybank.framework import models_folder

    folder = models or models_folder()
    released = folder / "released"
    sets = _chosen(gold_sets(folder, audio), only or [])
    engines = Engines(read_settings())
    found = _measured(sets, engines, released)
    if as_json:
        sets_of_rows = [asdict(one) | {"falls": one.falls} for one in found]
        typer.echo(json.dumps({"sets": sets_of_rows}, ensure_ascii=False))
    else:
        _show(found)
    if release:
        for part in job.release(found, released, engines):
            errors().print(f"Released: {released / part}.json", highlight=False, soft_wrap=True)
    _end(found, released=release)


def _chosen(sets: "list[GoldSet]", only: Sequence[str]) -> "list[GoldSet]":
    parts = dict.fromkeys(one.part for one in sets)
    for name in only:
        if name not in parts:
            raise BadInput(
                message=f"There is nothing to measure for {name}. Choose one of: "
                f"{', '.join(parts)}; transcription and voices need --audio."
            )
    return [one for one in sets if not only or one.part in only]


def _measured(sets: "list[GoldSet]", engines: "Engines", released: Path) -> "list[Outcome]":
    """Measure each set; says after each what came out, as some take minutes."""
    from storybank.evaluate import job

    found = []
    with progress() as bars:
        whole = bars.add_task("All sets", total=len(sets))

        def count_for(one: "GoldSet") -> "Count":
            return counting(bars, f"{one.part} {one.name}")

        for one in job.run(sets, engines, released, count_for):
            found.append(one)
            for finished in bars.task_ids[1:]:
                bars.remove_task(finished)
            bars.advance(whole)
            worse = sum(row.worse for row in one.rows)
            said = one.trouble or f"{len(one.rows)} figures, {worse or 'none'} worse"
            bars.console.print(
                f"{one.part} {one.name}: {said} ({one.seconds:.0f} s)",
                highlight=False,
                soft_wrap=True,
            )
    return found


def _show(found: "list[Outcome]") -> None:
    table = Table("Set", "Figure", "Released", "Now", "")
    for one in found:
        for row in one.rows:
            before, now = (
                "-" if figure is None else f"{figure:.4f}" for figure in (row.released, row.now)
            )
            table.add_row(
                f"{one.part} {one.name}", row.name, before, now, "worse" if row.worse else ""
            )
        if one.trouble:
            table.add_row(f"{one.part} {one.name}", one.trouble, "", "", "worse")
        table.add_section()
    Console().print(table)


def _end(found: "list[Outcome]", *, released: bool) -> None:
    """Name each fall, and end with status 1 where there is one that was not just released."""
    fallen = [line for one in found for line in one.falls]
    if fallen:
        errors().print("Worse than released before:" if released else "[bold red]Failed:[/]")
    for line in fallen:
        errors().print(f"  {line}", highlight=False, soft_wrap=True)
    seconds = sum(one.seconds for one in found)
    figures = sum(len(one.rows) for one in found)
    errors().print(f"Sets: {len(found)}; figures: {figures}; {seconds:.0f} s.", highlight=False)
    if any(one.figures is None for one in found) or (fallen and not released):
        raise typer.Exit(1)
