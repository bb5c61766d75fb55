"""`storybank evaluate voices`: how well the voices of a recording are told apart."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly, progress

if TYPE_CHECKING:
    from storybank.evaluate.voices import Error, Said
    from storybank.transcribe.voices.turns import VoiceFinder
    from storybank.values import Vector


@dataclass(frozen=True)
class Measured:
    """One recording: who speaks in it, how many voices were heard, and the error."""

    name: str
    kind: str
    people: int
    voices: int
    seconds: float
    worked: float
    strict: "Error | None"
    collar: "Error | None"


@plainly
def evaluate_voices(
    folder: Annotated[Path, typer.Argument(help="Folder with manifest.jsonl beside recordings.")],
    expected: Annotated[
        bool, typer.Option(help="As recordings of workers are heard: two people are expected.")
    ] = True,
    made: Annotated[bool, typer.Option(help="Measure talks made with espeak-ng as well.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Measure diarisation error (percent) and how often one voice is taken for more."""
    from storybank.engines import Engines

    finder = Engines(read_settings()).voices
    with progress() as bars:
        bar = bars.add_task("Listening", total=None)
        found = []
        for sound in _sounds(folder, made=made):
            found.append(_measured(finder, sound, expected=expected))
            bars.advance(bar)
    if as_json:
        typer.echo(json.dumps({"expected": expected, "recordings": [_row(m) for m in found]}))
        return
    _print(found)


Sound = tuple[str, str, int, "Vector", "tuple[Said, ...]"]


def _sounds(folder: Path, *, made: bool) -> Iterator[Sound]:
    from storybank.capture.audio import decode
    from storybank.evaluate.talks import talks
    from storybank.evaluate.voices import read_clips

    for clip in read_clips(folder):
        kind = "recordings of several people" if clip.turns else "recordings of one person"
        sound = decode(clip.path.read_bytes(), max_seconds=4 * 3600)
        yield clip.path.name, kind, clip.people, sound, clip.turns
    for talk in talks() if made else ():
        yield talk.name, "made talks of two voices", 2, talk.sound, talk.turns


def _measured(finder: "VoiceFinder", told: Sound, *, expected: bool) -> Measured:
    from storybank.evaluate.voices import COLLAR_S, diarisation_error
    from storybank.transcribe.engine import SAMPLE_RATE

    name, kind, people, sound, turns = told
    began = time.process_time()
    heard = finder.turns(sound, expected=expected)
    worked = time.process_time() - began
    said = [(turn.start, turn.end, str(turn.voice)) for turn in heard]
    seconds = len(sound) / SAMPLE_RATE
    errors = [
        diarisation_error(turns, said, seconds, collar_s=collar) if turns else None
        for collar in (0.0, COLLAR_S)
    ]
    voices = len({turn.voice for turn in heard})
    return Measured(name, kind, people, voices, seconds, worked, *errors)


def _row(one: Measured) -> dict[str, Any]:
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
        "seconds": round(one.seconds, 2),
        "worked": round(one.worked, 3),
        "no_collar": parts(one.strict),
        "collar": parts(one.collar),
    }


def _print(found: list[Measured]) -> None:
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
            table.add_row(one.name, "", str(one.people), str(one.voices), collar, strict)
        right = sum(one.voices == one.people for one in group)
        table.add_row(
            f"[bold]{kind}[/]",
            f"{len(group)}, number right in {right}",
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
