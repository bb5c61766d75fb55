"""`storybank redact`, and how well it does: reading texts without a database."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly, progress, read_lines, write_line


@plainly
def redact(
    file: Annotated[Path, typer.Argument(help='JSONL with "id" and "text"; - for standard input.')],
) -> None:
    """Mask the personal details of each text, and say where they stand."""
    from storybank.engines import Engines
    from storybank.spans import apply_masks

    redactor = Engines(read_settings()).redactor
    rows = list(read_lines(file, ("id", "text")))
    with progress() as bars:
        for row in bars.track(rows, description="Masking"):
            text = str(row["text"])
            masks = redactor.find(text)
            found: list[dict[str, Any]] = [
                {"start": m.span.start, "end": m.span.end, "kind": m.kind, "text": m.span.of(text)}
                for m in masks
            ]
            write_line({"id": row["id"], "masked": apply_masks(text, masks), "found": found})


@plainly
def evaluate_redaction(
    gold: Annotated[Path, typer.Argument(help='JSONL with "id", "text" and "pii".')],
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Measure how many personal details are masked, by type, also without capitals."""
    from storybank.engines import Engines
    from storybank.evaluate.redaction import MODES, read_gold, score

    texts = read_gold(gold)
    redactor = Engines(read_settings()).redactor
    with progress() as bars:
        bar = bars.add_task("Masking", total=len(texts))
        result = score(texts, redactor, lambda: bars.advance(bar))
    if as_json:
        typer.echo(json.dumps(_figures(redactor.rules_id, result)))
        return
    by_kind = {(k.mode, k.kind): k for k in result.kinds}
    table = Table(
        "Type", "Places", "Recall %", "Recall % in small letters", title=redactor.rules_id
    )
    for kind in dict.fromkeys(k.kind for k in result.kinds):
        as_is, small = (by_kind[mode, kind] for mode in MODES)
        table.add_row(
            kind, str(as_is.places), f"{100 * as_is.recall:.1f}", f"{100 * small.recall:.1f}"
        )
    console = Console()
    console.print(table)
    for mode, share in result.wrongly.items():
        console.print(f"Masked of all other characters, {mode}: {100 * share:.1f} %")
    console.print(f"Seconds a thousand words: {result.seconds_per_thousand_words:.2f}")


def _figures(rules_id: str, result: Any) -> dict[str, Any]:
    return {
        "rules_id": rules_id,
        "types": [
            {
                "mode": k.mode,
                "type": k.kind,
                "places": k.places,
                "masked": k.masked,
                "recall": round(k.recall, 4),
            }
            for k in result.kinds
        ],
        "wrongly_masked": {mode: round(share, 4) for mode, share in result.wrongly.items()},
        "seconds_per_thousand_words": round(result.seconds_per_thousand_words, 3),
        "missed": [
            {"id": m.id, "mode": m.mode, "type": m.kind, "start": m.start, "end": m.end}
            for m in result.misses
        ],
    }
