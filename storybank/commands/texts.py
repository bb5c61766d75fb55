"""Texts in and answers out, as lines of JSON: what commands without a database work on."""

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storybank.errors import BadInput

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters: JSON can name one alone (a cut emoji), and nothing can read or write it."""


def read_texts(path: Path, *, max_words: int) -> list[dict[str, Any]]:
    """Give the rows of a JSONL file (`-`: standard input), each with "id" and "text" (a str).

    Raises BadInput, before anything is worked on, where a line is no such row, where a text has
    more than `max_words` words, and where a file has no row at all.
    """
    rows = [_whole(row, number) for number, row in _lines(path, ("id", "text"))]
    if not rows and str(path) != "-":
        raise BadInput(message=f"{path} is empty. Write one JSON object a line.")
    for row in rows:
        if len(row["text"].split()) > max_words:
            raise BadInput(
                message=f"The text {row['id']} is longer than {max_words:,} words. "
                "Cut it into parts, each on a line of its own."
            )
    return rows


def write_line(row: dict[str, Any]) -> None:
    """Write one row as JSON to standard output."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _lines(path: Path, needs: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each row and the number of its line; bytes that are not UTF-8 become a sign for that."""
    if str(path) != "-" and not path.exists():
        raise BadInput(message=f"There is no file {path}. Check the name.")
    if path.is_dir():
        raise BadInput(message=f"{path} is a folder. Name a file.")
    source = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    with io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = _row(line, number)
            for name in needs:
                if name not in row:
                    raise BadInput(message=f'Line {number} has no "{name}". Add it and try again.')
            yield number, row


def _row(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise BadInput(message=f"Line {number} is not a JSON object. Mend it and try again.")
    return row


def _whole(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Give a row with a text and an id that can be read and written; spans stay where they are.

    Raises BadInput where the text is none: null or a list has a written form that nobody wrote.
    """
    name, text = row["id"], row["text"]
    if not isinstance(text, str):
        raise BadInput(
            message=f'The "text" in line {number} is no text. Put it in quotation marks.'
        )
    if isinstance(name, str):
        name = _HALVES.sub("\ufffd", name)
    return row | {"id": name, "text": _HALVES.sub("\ufffd", text)}
