"""`storybank evaluate voices`: how well the voices of a recording are told apart."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.held import Against, AsJson, Held, counted
from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly

if TYPE_CHECKING:
    from storybank.evaluate.voices import Error
    from storybank.evaluate.voices_heard import Measured


@plainly
def evaluate_voices(
    folder: Annotated[Path, typer.Argument(help="Folder with manifest.jsonl beside recordings.")],
    expected: Annotated[
        bool, typer.Option(help="As recordings of workers are heard: two people are expected.")
    ] = True,
    made: Annotated[bool, typer.Option(help="Measure talks made with espeak-ng as well.")] = True,
    as_json: AsJson = False,
    against: Against = None,
) -> None:
    """Measure diarisation error (percent) and how often one voice is taken for more."""
    from storybank.engines import Engines
    from storybank.evaluate.measures import voices
    from storybank.evaluate.sets import voices_name
    from storybank.evaluate.voices_heard import headline

    held = Held("voices", against, voices_name(folder, expected=expected, made=made))
    engines = Engines(read_settings())
    with counted("Listening") as count:
        found = voices(engines, folder, expected=expected, made=made, count=count)
    if as_json:
        typer.echo(json.dumps({"expected": expected, "recordings": [_row(m) for m in found]}))
    else:
        _print(found)
    held.to(headline(found))


def _row(one: "Measured") -> dict[str, Any]:
    def parts(error: "Error | None") -> dict[str, float] | None:
        if error is None:
            return None
        return {
            "spoken": round(error.spoken, 2),
            "missed": round(error.missed, 2),
            "invented": round(error.invented, 2),
            "confused": round(error.confused, 2),
            "rate": round(error.rate, 2),
        }

    return {
        "name": one.name,
        "kind": one.kind,
        "people": one.people,
        "voices": one.voices,
        "unsure": one.unsure,
        "seconds": round(one.seconds, 2),
        "worked": round(one.worked, 3),
        "no_collar": parts(one.strict),
        "collar": parts(one.collar),
    }


def _print(found: "list[Measured]") -> None:
    from storybank.evaluate.voices import total

    def said(errors: "list[Error]") -> str:
        error = total(errors)
        if not error.spoken:
            return "-"
        each = (error.missed, error.invented, error.confused)
        parts = " + ".join(f"{100 * part / error.spoken:.1f}" for part in each)
        return f"{error.rate:.1f} ({parts})"

    table = Table("Recordings", "", "People", "Voices", "DER %, collar", "DER %, none")
    for kind in dict.fromkeys(one.kind for one in found):
        group = [one for one in found if one.kind == kind]
        for one in group if kind.startswith("recordings") else ():
            strict, collar = (said([error] if error else []) for error in (one.strict, one.collar))
            voices = f"{one.voices}, unsure" if one.unsure else str(one.voices)
            table.add_row(one.name, "", str(one.people), voices, collar, strict)
        asked = sum(one.asked for one in group)
        right = sum(one.voices == one.people for one in group)
        table.add_row(
            f"[bold]{kind}[/]",
            f"{len(group)}, number right in {right}, a person asked in {asked}",
            "",
            "",
            said([one.collar for one in group if one.collar]),
            said([one.strict for one in group if one.strict]),
            end_section=True,
        )
    console = Console()
    console.print(table)
    share = sum(one.worked for one in found) / sum(one.seconds for one in found)
    console.print("In brackets: missed + invented + confused. ", end="")
    console.print(f"Processor seconds for a second of sound: {share:.4f}.")
