"""`storybank evaluate ...`: how good the engines are, measured on gold that people made."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.terminal import plainly, progress
from storybank.settings import Settings

evaluate = typer.Typer(help="Measure the engines on gold sets.", no_args_is_help=True)


@plainly
def transcription(
    gold: Annotated[Path, typer.Argument(help="Folder with manifest.jsonl beside recordings.")],
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    model: Annotated[str | None, typer.Option(help="A speech model's id.")] = None,
    detect: Annotated[
        bool, typer.Option("--detect-language", help="Do not tell the model the language.")
    ] = False,
) -> None:
    """Measure word error rate (percent) and real-time factor, by language and kind."""
    from storybank.engines import Engines
    from storybank.evaluate.transcription import grouped, read_gold, score

    settings = Settings()
    model_id = model or settings.speech_model
    clips = read_gold(gold)
    transcriber = Engines(settings).speech(model_id)
    with progress() as bars:
        bar = bars.add_task("Listening", total=len(clips))
        scores = score(
            clips, transcriber, detect_language=detect, on_clip=lambda: bars.advance(bar)
        )
    groups = grouped(scores)
    if as_json:
        each = [
            {
                "file": s.clip.path.name,
                "words": s.words,
                "errors": s.errors,
                "seconds": round(s.seconds, 2),
                "worked": round(s.worked, 2),
            }
            for s in scores
        ]
        figures = {"model": model_id, "groups": [asdict(g) for g in groups], "files": each}
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    table = Table("What", "Files", "Words", "WER %", "Real-time factor", title=model_id)
    for group in groups:
        table.add_row(
            group.name,
            str(group.files),
            str(group.words),
            f"{group.wer:.1f}",
            f"{group.real_time_factor:.3f}",
        )
    Console().print(table)


evaluate.command("transcription")(transcription)
