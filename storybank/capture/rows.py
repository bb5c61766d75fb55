"""Rows of an import: a CSV file, a JSONL file, or a folder of recordings, read one by one."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storybank.errors import BadImport

SOUNDS = frozenset(
    {
        ".mp3",
        ".m4a",
        ".mp4",
        ".aac",
        ".wav",
        ".ogg",
        ".oga",
        ".opus",
        ".webm",
        ".flac",
        ".3gp",
        ".amr",
    }
)
LISTS = ("manifest.csv", "manifest.jsonl")
LONGEST_CELL = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an import: its number as an editor shows it, and its fields by name.

    `problem` says why it cannot be read at all; then there are no fields.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def rows_of(path: Path) -> Iterator[Row]:
    """Give every row of `path`; raises BadImport where nothing of it can be read.

    A folder is read by its manifest.csv or manifest.jsonl; without one, every recording in it is
    a row whose id is its file name.
    """
    if path.is_dir():
        yield from _folder(path)
    elif not path.is_file():
        raise BadImport(message=f"There is no file or folder {path}. Check the name.")
    elif path.suffix.lower() == ".csv":
        yield from _csv(path)
    elif path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from _jsonl(path)
    else:
        raise BadImport(
            message=f"{path.name} is not a kind of file that can be imported. "
            "Use a .csv or .jsonl file, or a folder of recordings."
        )


def count_rows(path: Path) -> int:
    """Count the rows of `path`, for a progress bar; raises as `rows_of` does."""
    return sum(1 for _ in rows_of(path))


def _folder(path: Path) -> Iterator[Row]:
    for name in LISTS:
        if (path / name).is_file():
            yield from rows_of(path / name)
            return
    found = sorted(p for p in path.iterdir() if p.suffix.lower() in SOUNDS and p.is_file())
    if not found:
        raise BadImport(message=f"There are no recordings in the folder {path}. Check the name.")
    for number, sound in enumerate(found, 1):
        yield Row(number, {"id": sound.name, "file": sound.name})


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            mark = ";" if head.count(";") > head.count(",") else ","
            table = csv.reader(file, delimiter=mark)
            names = [name.strip().lower() for name in next(table, [])]
            _check_names(path, names)
            for cells in table:
                if any(cell.strip() for cell in cells):
                    yield _row(table.line_num, names, cells)
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except csv.Error as error:
        raise BadImport(message=f"{path.name} is not a CSV file: {error}.") from None


def _check_names(path: Path, names: list[str]) -> None:
    if not any(names):
        raise BadImport(message=f"{path.name} is empty. Its first line has to name the columns.")
    if "id" not in names or not {"text", "file"} & set(names):
        raise BadImport(
            message=f'{path.name} needs a column "id" and a column "text" (or "file" for '
            "recordings). Name them in its first line."
        )


def _row(number: int, names: list[str], cells: list[str]) -> Row:
    if len(cells) > len(names):
        return Row(number, problem="It has more cells than the first line names. Check the commas.")
    return Row(number, {n: c.strip() for n, c in zip(names, cells, strict=False) if n})


def _jsonl(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _parsed(number, line)
    except UnicodeDecodeError:
        raise _not_utf8(path) from None


def _parsed(number: int, line: str) -> Row:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return Row(number, problem="It is not a JSON object.")
    return Row(number, {str(name).lower(): value for name, value in fields.items()})


def _not_utf8(path: Path) -> BadImport:
    return BadImport(
        message=f'{path.name} is not in UTF-8. Save it as "CSV UTF-8" (or UTF-8) and try again.'
    )
