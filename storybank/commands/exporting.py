"""Stories out: `storybank export`."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from storybank.commands.target import writing
from storybank.commands.terminal import errors, fail, plainly, progress, several
from storybank.errors import ReaderLeft
from storybank.values import Role, Use

if TYPE_CHECKING:
    from storybank.evidence.exported import ExportedStory


class Format(StrEnum):
    """Kinds of files that can be written."""

    JSONL = "jsonl"
    CSV = "csv"


Target = Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; - is the screen.")]
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="By default what the file's name says.")
]
UseOption = Annotated[Use, typer.Option("--use", help="What the export is for.")]
ALL_VERSIONS = "all"
Version = Annotated[
    str | None,
    typer.Option("--framework", help="Tags as read by this version, or all; else the newest."),
]
Purpose = Annotated[str, typer.Option("--purpose", help="Why; kept in the record of exports.")]


@plainly
def export(
    file: Target,
    format_: FormatOption = None,
    use: UseOption = Use.QUOTE,
    purpose: Purpose = "",
    framework: Version = None,
) -> None:
    """Write the stories whose tellers agreed to a use: masked words, tags, who said so.

    Tags are those of the current version of the framework, unless another is named, or "all".
    """
    from storybank.access import Actor
    from storybank.commands.opening import open_house, read_settings
    from storybank.db import transaction
    from storybank.evidence.export import (
        count_exportable,
        exportable,
        note_export,
        noted,
        write_csv,
        write_jsonl,
    )
    from storybank.versions.shelf import current_name, named

    kind = format_ or (Format.CSV if file.suffix.lower() == ".csv" else Format.JSONL)
    write = write_csv if kind == Format.CSV else write_jsonl
    actor = Actor(role=Role.EVALUATOR, name="command line")
    purpose = purpose or "command line"
    with open_house(read_settings()) as house, transaction(house.engine) as session:
        asked = framework or current_name(session, house.settings.framework)
        version = None if asked == ALL_VERSIONS else named(session, asked).name
        with progress() as bars:
            bar = bars.add_task("Exporting", total=count_exportable(session, actor, use))
            found = noted(session, actor, exportable(session, actor, use, version), purpose)
            count, whole = _handed_on(found, file, write, lambda: bars.advance(bar))
            bars.update(bar, total=count)  # stories without words were counted, and not written
        note_export(session, actor, use, count, purpose)
    said = several(count, "story", "stories")
    if not whole:
        name = "The output" if str(file) == "-" else file
        fail(f"{name} did not take all of it. At most {said} went out. Export again.")
    read = f"as read by {version}" if version else "with all readings"
    errors().print(f"{said} exported for the use “{use}”, {read}.")


def _handed_on(
    stories: "Iterator[ExportedStory]",
    file: Path,
    write: "Callable[[Iterator[ExportedStory], TextIO], int]",
    move: Callable[[], None],
) -> tuple[int, bool]:
    """Write stories into a file; give how many were begun, and whether all of it was taken.

    What has gone out before the end came cannot be taken back, and has to stand in the record.
    """
    begun = 0

    def moving() -> "Iterator[ExportedStory]":
        nonlocal begun
        for story in stories:
            begun += 1
            yield story
            move()

    try:
        with writing(file) as out:
            write(moving(), out)
    except ReaderLeft:
        return begun, False
    return begun, True
