"""Rows of an import: a CSV file, a JSONL file, or a folder of recordings, read one by one.

A file lies on a disk (a Path) or is in memory only (a Sheet). `columns` says in which column a
field stands (`{"text": "Story"}`; an empty name: in none); others are found by their own names.
"""

import contextlib
import csv
import hashlib
import io
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, TextIO

from storybank.capture.folders import files_in, passed_beside
from storybank.errors import BadImport

LISTS = ("manifest.csv", "manifest.jsonl")
LONGEST_CELL = 4 * 1024 * 1024
LOOKED_AT = 50
"""How many rows of a JSONL file are looked at for the names of its columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an import: its number as an editor shows it, and its fields by name.

    `problem` says why it cannot be read at all; then there are no fields. `passed` says why a file
    of a folder, named by the field `file`, is passed over. `by_file`: its id is a file's name.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    passed: str = ""
    by_file: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV or JSONL file in memory: its bytes, and its name, which sentences about it begin with.

    `ending` says what kind it is; by default its name does.
    """

    name: str
    content: bytes = field(repr=False)
    ending: str = ""


Source = Path | Sheet
Columns = Mapping[str, str]
BY_NAME: Columns = {}
"""Every field stands in the column of its own name."""


def rows_of(source: Source, columns: Columns = BY_NAME) -> Iterator[Row]:
    """Give every row of `source`; raises BadImport where nothing of it can be read.

    A folder is read by its manifest.csv or manifest.jsonl; without one, every recording in it and
    in the folders in it is a row, whose id is made of its name (`_id_of`). What is passed over
    comes after the rows.
    """
    if isinstance(source, Path) and source.is_dir():
        yield from _folder(source, columns)
    elif isinstance(source, Path) and not source.is_file():
        raise BadImport(message=f"There is no file or folder {source}. Check the name.")
    elif _ending(source) == ".csv":
        yield from _csv(source, columns)
    elif _ending(source) in (".jsonl", ".ndjson"):
        yield from _jsonl(source, columns)
    else:
        raise BadImport(
            message=f"{source.name} is not a kind of file that can be imported. "
            "Use a .csv or .jsonl file, or a folder of recordings."
        )


def count_rows(source: Source, columns: Columns = BY_NAME) -> int:
    """Count the rows of `source`, for a progress bar; raises as `rows_of` does."""
    return sum(1 for _ in rows_of(source, columns))


def first_rows(source: Source, most: int) -> list[Row]:
    """Give the first rows of a file under the names of its own columns, whatever these are.

    Raises BadImport where it cannot be read.
    """
    if _ending(source) != ".csv":
        return list(itertools.islice(rows_of(source), most))
    with _readable(source), _lines(source) as file:
        table = _Table(file, source.name)
        names = [name.strip() for name in next(table, [])]
        _check_any(source, names)
        cells = (row for row in table if any(cell.strip() for cell in row))
        return [_row(table.line, names, row, BY_NAME) for row in itertools.islice(cells, most)]


def columns_of(source: Source) -> list[str]:
    """Give the names of a file's columns as they stand there; of JSONL, in its first rows.

    Raises BadImport where it cannot be read.
    """
    if _ending(source) == ".csv":
        with _readable(source), _lines(source) as file:
            names = [name.strip() for name in next(_Table(file, source.name), [])]
        _check_any(source, names)
        return list(dict.fromkeys(name for name in names if name))
    rows = first_rows(source, LOOKED_AT)
    return list(dict.fromkeys(name for row in rows for name in row.fields))


def check_whole(source: Source) -> None:
    """Raise BadImport where a file cannot be read to its end, whatever its columns are."""
    if _ending(source) == ".csv":
        with _readable(source), _lines(source) as file:
            for _ in _Table(file, source.name):
                pass


def _folder(path: Path, columns: Columns) -> Iterator[Row]:
    for name in LISTS:
        if (path / name).is_file():
            yield from _listed(path, name, columns)
            return
    found = files_in(path)
    sounds = [file.name for file in found if not file.passed]
    if not sounds:
        raise BadImport(
            message=f"There are no recordings in the folder {path}, or in the folders in it. Check "
            "the name. Written stories go into a list (.csv or .jsonl)."
        )
    for number, sound in enumerate(sounds, 1):
        yield Row(number, {"id": _id_of(sound), "file": sound}, by_file=True)
    for file in found:
        if file.passed:
            yield Row(0, {"file": file.name}, passed=file.passed)


def _id_of(sound: str) -> str:
    """Give the id of a recording from its name in the folder, the same each time; never shown."""
    path = PurePath(sound)
    if path.name == sound:
        return sound
    return f"{path.name} {hashlib.sha256(str(path.parent).encode()).hexdigest()[:8]}"


def _listed(path: Path, name: str, columns: Columns) -> Iterator[Row]:
    """Give the rows of a folder's list, then the files that it does not name."""
    named = {name}
    for row in rows_of(path / name, columns):
        named.add(str(row.fields.get("file") or name).strip())
        yield row
    for file in passed_beside(path, named):
        yield Row(0, {"file": file.name}, passed=file.passed)


def _csv(source: Source, columns: Columns) -> Iterator[Row]:
    with _readable(source), _lines(source) as file:
        table = _Table(file, source.name)
        names = [name.strip().lower() for name in next(table, [])]
        _check_names(source, names, columns)
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield _row(table.line, names, cells, columns)


class _Table:
    """The rows of a CSV file; `line` is the line on which the last one ended.

    A quotation mark in the wrong place is an error: read on from there, the words of several
    tellers become one story.
    """

    def __init__(self, file: TextIO, name: str) -> None:
        csv.field_size_limit(LONGEST_CELL)
        head = file.readline()
        file.seek(0)
        delimiter = ";" if head.count(";") > head.count(",") else ","
        self._rows, self._name = csv.reader(file, delimiter=delimiter, strict=True), name
        self.line = 0

    def __iter__(self) -> "_Table":
        return self

    def __next__(self) -> list[str]:
        """Give the next row; raises BadImport where it cannot be told from those after it."""
        try:
            row = next(self._rows)
        except csv.Error as error:
            if "limit" in str(error):
                raise
            raise BadImport(
                message=f"{self._name} cannot be read from line {self.line + 1} on: there a "
                "quotation mark begins or ends in the middle of a cell. Write each one that "
                "belongs to the words twice, and try again."
            ) from None
        self.line = self._rows.line_num
        return row


def _check_names(source: Source, names: list[str], columns: Columns) -> None:
    _check_any(source, names)
    for column in columns.values():
        if column and column.strip().lower() not in names:
            raise BadImport(message=f'{source.name} has no column "{column}". Check its name.')
    fields = set(_mapped(dict.fromkeys(names), columns))
    if columns.get("id") == "":  # each story gets an id made from its contents
        fields.add("id")
    if "id" not in fields or not {"text", "file"} & fields:
        raise BadImport(
            message=f'{source.name} needs a column "id" and a column "text" (or "file" for '
            "recordings). Name them in its first line, or say which columns they are."
        )


def _check_any(source: Source, names: list[str]) -> None:
    if not any(names):
        raise BadImport(message=f"{source.name} is empty. Its first line has to name the columns.")


def _row(number: int, names: list[str], cells: list[str], columns: Columns) -> Row:
    if len(cells) > len(names):
        return Row(number, problem="It has more cells than the first line names. Check the commas.")
    fields = {n: c.strip() for n, c in zip(names, cells, strict=False) if n}
    return Row(number, _mapped(fields, columns))


def _jsonl(source: Source, columns: Columns) -> Iterator[Row]:
    there = False
    with _readable(source), _lines(source) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                there = True
                yield _parsed(number, line, columns)
    if not there:
        raise BadImport(message=f"{source.name} is empty. Write one story a line into it.")


def _parsed(number: int, line: str, columns: Columns) -> Row:
    try:
        fields = json.loads(line)
        if "\\ud" in line.lower():
            # Half of a cut emoji, named alone, could neither be stored nor shown: it is left out.
            fields = json.loads(json.dumps(fields, ensure_ascii=False).encode("utf-8", "ignore"))
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return Row(number, problem="It is not a JSON object.")
    lowered = {str(name).strip().lower(): value for name, value in fields.items()}
    return Row(number, _mapped(lowered, columns))


def _mapped(fields: dict[str, Any], columns: Columns) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name not in columns}
    there = {name: column.strip().lower() for name, column in columns.items()}
    return kept | {name: fields[column] for name, column in there.items() if column in fields}


def _ending(source: Source) -> str:
    if isinstance(source, Sheet) and source.ending:
        return source.ending
    return Path(source.name).suffix.lower()


def _lines(source: Source) -> TextIO:
    if isinstance(source, Path):
        return source.open(encoding="utf-8-sig", newline="")
    return io.TextIOWrapper(io.BytesIO(source.content), encoding="utf-8-sig", newline="")


@contextlib.contextmanager
def _readable(source: Source) -> Iterator[None]:
    """Turn what a file can be wrong with into one sentence."""
    try:
        yield
    except UnicodeDecodeError:
        raise BadImport(
            message=f'{source.name} is not in UTF-8. Save it as "CSV UTF-8" (or UTF-8) and try '
            "again."
        ) from None
    except csv.Error as error:
        raise BadImport(message=f"{source.name} is not a CSV file: {error}.") from None
