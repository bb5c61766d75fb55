"""Gold texts whose personal details are marked, read from a file, and the places they stand in."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storybank.errors import BadInput
from storybank.values import Span


@dataclass(frozen=True, slots=True)
class Marked:
    """One personal detail of a gold text; `spoken` says that it was said aloud, word by word."""

    text: str
    kind: str
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class GoldText:
    """One text and its personal details; every whole-word place of each counts.

    `origin` is where its names come from, `part` whether rules may be improved by it. `kept` are
    names of places that are evidence, and to stand unmasked.
    """

    id: str
    text: str
    pii: tuple[Marked, ...]
    origin: str | None = None
    part: str | None = None
    kept: tuple[str, ...] = ()


def read_gold(path: Path, part: str | None = None) -> tuple[GoldText, ...]:
    """Read the JSONL gold file, or one part of it; raises BadInput naming the line and the mend."""
    if not path.is_file():
        raise BadInput(message=f"There is no file {path}. Check the name.")
    texts = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            texts.append(_gold(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            raise BadInput(
                message=f'Line {number} of the gold file needs "id", "text" and "pii". Mend it.'
            ) from None
    chosen = tuple(gold for gold in texts if part is None or gold.part == part)
    if not chosen:
        raise BadInput(
            message=f'The file {path} has no text in the part "{part}". Check its name.'
            if texts
            else f"The file {path} is empty. Add one text a line."
        )
    return chosen


def _gold(row: dict[str, Any]) -> GoldText:
    marked = tuple(
        Marked(str(p["text"]), str(p["type"]), p.get("mode") == "spoken") for p in row["pii"]
    )
    kept = tuple(str(name) for name in row.get("kept", ()))
    told, origin, part = str(row["text"]), row.get("origin"), row.get("part")
    return GoldText(str(row["id"]), told, marked, origin, part, kept)


def places(text: str, pii: Sequence[Marked]) -> Iterator[tuple[Marked, Span]]:
    """Give each whole-word place of each detail, once where details repeat."""
    seen = set()
    for marked in pii:
        for match in re.finditer(rf"(?<!\w){re.escape(marked.text)}(?!\w)", text):
            span = Span(*match.span())
            if (marked.kind, span) not in seen:
                seen.add((marked.kind, span))
                yield marked, span


def to_keep(gold: GoldText) -> Iterator[Span]:
    """Give each whole-word place of each name that is to stand unmasked."""
    for name in dict.fromkeys(gold.kept):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", gold.text):
            yield Span(*match.span())


def lowered(text: str) -> str:
    """Give `text` in small letters, of the same length: letters that would grow stay."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
