"""`storybank evaluate redaction`: how well personal details are masked, and whether it fell."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storybank.commands.held import Against, AsJson, Held, counted
from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly

if TYPE_CHECKING:
    from storybank.evaluate.redaction import RedactionScore, Score

Gold = Annotated[Path, typer.Argument(help='JSONL with "id", "text" and "pii".')]
Part = Annotated[str | None, typer.Option(help='Only texts of this part, e.g. "held out".')]


@plainly
def evaluate_redaction(
    gold: Gold, as_json: AsJson = False, against: Against = None, part: Part = None
) -> None:
    """Measure how many personal details are masked: by kind, mode and origin of names.

    The places of the starting list are known, as they are in a new Storybank.
    """
    from storybank.engines import Engines
    from storybank.evaluate.measures import masks
    from storybank.evaluate.redaction import headline
    from storybank.evaluate.sets import named

    held = Held("redaction", against, named(gold, part))
    with counted("Masking") as count:
        result = masks(Engines(read_settings()), gold, part, count)
    if as_json:
        typer.echo(json.dumps(_figures(result)))
    else:
        _show(result)
    held.to(headline(result))


def _show(result: "RedactionScore") -> None:
    from rich.console import Console

    console = Console()
    console.print(_table(f"{result.rules_id}: by kind", "Kind", result.kinds))
    if result.origins:
        console.print(_table(f"{result.rules_id}: names by origin", "Origin", result.origins))
    for mode, share in result.wrongly.items():
        console.print(f"Masked of all other words, {mode}: {100 * share:.1f} %")
    for mode, share in result.kept.items():
        console.print(f"Places kept, {mode}: {100 * share:.1f} %")
    console.print(f"Seconds a thousand words: {result.seconds_per_thousand_words:.2f}")


def _table(title: str, group: str, rows: "tuple[Score, ...]") -> Any:
    from rich.table import Table

    from storybank.evaluate.redaction import MODES

    table = Table(group, *(f"{mode}: places, recall %" for mode in MODES), title=title)
    by_key = {(row.mode, row.group): row for row in rows}
    for name in sorted({row.group for row in rows}, key=lambda n: (n == "all", n)):
        cells = [by_key.get((mode, name)) for mode in MODES]
        shown = (f"{c.places:>4}  {100 * c.recall:5.1f}" if c else "" for c in cells)
        table.add_row(name, *shown)
    return table


def _figures(result: "RedactionScore") -> dict[str, Any]:
    from storybank.evaluate.redaction import headline

    def rows(scores: "tuple[Score, ...]", group: str) -> list[dict[str, Any]]:
        return [
            {"mode": s.mode, group: s.group, "places": s.places, "masked": s.masked,
             "recall": round(s.recall, 4)}
            for s in scores
        ]  # fmt: skip

    return {
        "rules_id": result.rules_id,
        "headline": headline(result),
        "types": rows(result.kinds, "type"),
        "origins": rows(result.origins, "origin"),
        "wrongly_masked": {mode: round(share, 4) for mode, share in result.wrongly.items()},
        "seconds_per_thousand_words": round(result.seconds_per_thousand_words, 3),
        "missed": [
            {"id": m.id, "mode": m.mode, "type": m.kind, "start": m.start, "end": m.end}
            for m in (*result.misses, *result.masked_places)
        ],
    }
