"""`storybank check-framework`: whether a framework file of one's own can be used."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storybank.commands.terminal import errors, plainly
from storybank.errors import BadInput, HeadMissing

if TYPE_CHECKING:
    from storybank.framework import Examples, Framework

LEAST_EXAMPLES = 2
"""How many sentences of each direction a code needs, so that people see what is meant by it."""


@plainly
def check_framework(
    file: Annotated[Path, typer.Argument(help="The TOML file with the codes.")],
) -> None:
    """Say what is wrong in a framework file, line by line, or sum up what is in it."""
    from storybank.framework import read_framework
    from storybank.versions.file import mistakes_in

    if not file.is_file():
        raise BadInput(message=f"There is no file {file}. Check the name.")
    try:
        found = mistakes_in(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise BadInput(message=f"The file {file} is not in UTF-8. Save it as UTF-8.") from None
    for one in found:
        typer.echo(f"{file}:{one.line}: {one.field}: {one.what}")
    if found:
        several = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
        errors().print(f"{several}. Mend each, then check again.", highlight=False)
        raise typer.Exit(1)
    for line in _summary(read_framework(file)):
        typer.echo(line)


def _summary(framework: "Framework") -> tuple[str, ...]:
    """Give what is in a framework, and what is still to be done before stories are read by it."""
    kinds = Counter(code.kind for code in framework.codes)
    counted = ", ".join(f"{number} of kind {kind}" for kind, number in kinds.items())
    thin = [code.id for code in framework.codes if _is_thin(code.examples)]
    lines = [
        f"{framework.name} has no mistakes: {framework.title}.",
        f"{len(framework.codes)} codes ({counted}), {len(framework.areas)} areas of work.",
        f"It belongs at models/frameworks/{framework.id}/{framework.version}.toml, "
        f"with STORYBANK_FRAMEWORK={framework.name}.",
    ]
    if thin:
        lines.append(
            f"Fewer than {LEAST_EXAMPLES} examples for lived or for missing: {', '.join(thin)}."
        )
    if not _has_head(framework.name):
        lines.append("No tagger has been trained for it yet: see scripts/train_tagger.py.")
    return tuple(lines)


def _is_thin(examples: "Examples") -> bool:
    return min(len(examples.present), len(examples.missing)) < LEAST_EXAMPLES


def _has_head(name: str) -> bool:
    from storybank.framework import models_folder
    from storybank.understand.heads import load_head

    try:
        load_head(models_folder() / "heads", name)
    except HeadMissing:
        return False
    return True
