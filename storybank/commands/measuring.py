"""`storybank evaluate ...`: how good the engines are, measured on gold that people made."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.held import Against, AsJson, Held, counted
from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly

if TYPE_CHECKING:
    from storybank.evaluate.transcription import ClipScore, GroupScore

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
    as_json: AsJson = False,
    model: Annotated[str | None, typer.Option(help="A speech model's id.")] = None,
    detect: Annotated[
        bool, typer.Option("--detect-language", help="Do not tell the model the language.")
    ] = False,
    against: Against = None,
) -> None:
    """Measure word error rate, real-time factor and how well marks find wrong words, by kind."""
    from storybank.engines import Engines
    from storybank.evaluate.measures import speech
    from storybank.evaluate.sets import speech_name
    from storybank.evaluate.transcription import grouped, headline

    held = Held("transcription", against, speech_name(gold, detect_language=detect))
    settings = read_settings()
    model_id = model or settings.speech_model
    with counted("Listening") as count:
        scores = speech(Engines(settings), gold, model_id, detect_language=detect, count=count)
    groups = grouped(scores)
    if as_json:
        each = [_told(one) for one in scores]
        figures = {"model": model_id, "groups": [asdict(g) for g in groups], "files": each}
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        _show(model_id, groups)
    held.to(headline(groups))


def _show(model_id: str, groups: "tuple[GroupScore, ...]") -> None:
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
    against: Against = None,
) -> None:
    """Listen to twenty clips of noise, music, hum and breathing: no text may come out unmarked."""
    from storybank.engines import Engines
    from storybank.evaluate.invented import headline
    from storybank.evaluate.measures import noises
    from storybank.evaluate.sets import noise_name

    held = Held("invented", against, noise_name(seconds, seed))
    settings = read_settings()
    model_id = model or settings.speech_model
    with counted("Listening") as count:
        found = noises(Engines(settings), model_id, seconds=seconds, seed=seed, count=count)
    if as_json:
        for one in found:
            typer.echo(json.dumps(asdict(one), ensure_ascii=False))
    else:
        table = Table("Clip", "Written down", "Of it unmarked", title=model_id)
        for one in found:
            table.add_row(one.name, one.text or "-", one.unmarked or "-")
        Console().print(table)
    held.to(headline(found))
    if any(one.unmarked for one in found):
        raise typer.Exit(1)


evaluate.command("transcription")(transcription)
evaluate.command("invented")(invented)
