"""`storybank redact`: mask texts without a database."""

from pathlib import Path
from typing import Annotated, Any

import typer

from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly, progress
from storybank.commands.texts import read_texts, write_line


@plainly
def redact(
    file: Annotated[Path, typer.Argument(help='JSONL with "id" and "text"; - for standard input.')],
) -> None:
    """Mask the personal details of each text, and say where they stand."""
    from storybank.engines import Engines
    from storybank.spans import apply_masks

    settings = read_settings()
    rows = read_texts(file, max_words=settings.max_story_words)
    redactor = Engines(settings).redactor
    with progress() as bars:
        for row in bars.track(rows, description="Masking"):
            text = row["text"]
            masks = redactor.find(text)
            found: list[dict[str, Any]] = [
                {"start": m.span.start, "end": m.span.end, "kind": m.kind, "text": m.span.of(text)}
                for m in masks
            ]
            write_line({"id": row["id"], "masked": apply_masks(text, masks), "found": found})
