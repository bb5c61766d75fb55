"""`storybank evaluate ...`: how good the engines are, measured on gold that people made."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly, progress

if TYPE_CHECKING:
    from storybank.evaluate.transcription import ClipScore

evaluate = typer.Typer(help="Measure the engines on gold sets.", no_args_is_help=True)


def _told(score: "ClipScore") -> dict[str, Any]:
    return {
        "file": score.clip.path.name,
        "words": score.words,
        "errors": score.errors,
        "seconds": round(score.seconds, 2),
        "worked": round(score.worked, 2),
    }


@plainly
def transcription(
    gold: Annotated[Path, typer.Argument(help="Folder with manifest.jsonl beside recordings.")],
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    model: Annotated[str | None, typer.Option(help="A speech model's id.")] = None,
    detect: Annotated[
        bool, typer.Option("--detect-language", help="Do not tell the model the language.")
    ] = False,
) -> None:
    """Measure word error rate, real-time factor and how well marks find wrong words, by kind."""
    from storybank.engines import Engines
    from storybank.evaluate.transcription import grouped, read_gold, score

    settings = read_settings()
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
        each = [_told(one) for one in scores]
        figures = {"model": model_id, "groups": [asdict(g) for g in groups], "files": each}
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    table = Table(
        "What", "Files", "Words", "WER %", "Real-time factor", "Marked %", "Wrong: marked %",
        "Wrong: not marked %", title=model_id,
    )  # fmt: skip
    for group in groups:
        table.add_row(
            group.name,
            str(group.files),
            str(group.words),
            f"{group.wer:.1f}",
            f"{group.real_time_factor:.3f}",
            *(f"{n:.1f}" for n in (group.marked, group.wrong_marked, group.wrong_unmarked)),
        )
    Console().print(table)


@plainly
def invented(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a clip.")] = False,
    model: Annotated[str | None, typer.Option(help="A speech model's id.")] = None,
    seconds: Annotated[float, typer.Option(help="Length of each clip.")] = 10.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same clips.")] = 7,
) -> None:
    """Listen to twenty clips of noise, music, hum and breathing: no text may come out unmarked."""
    from storybank.engines import Engines
    from storybank.evaluate.invented import invented as listen

    settings = read_settings()
    transcriber = Engines(settings).speech(model or settings.speech_model)
    found = list(listen(transcriber, seconds=seconds, seed=seed))
    if as_json:
        for one in found:
            typer.echo(json.dumps(asdict(one), ensure_ascii=False))
    else:
        table = Table("Clip", "Written down", "Of it unmarked", title=transcriber.model_id)
        for one in found:
            table.add_row(one.name, one.text or "-", one.unmarked or "-")
        Console().print(table)
    if any(one.unmarked for one in found):
        raise typer.Exit(1)


evaluate.command("transcription")(transcription)
evaluate.command("invented")(invented)
