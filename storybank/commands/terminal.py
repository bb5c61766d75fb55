"""What every command shares: plain errors, progress bars, and lines of JSON in and out."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from storybank.commands.opening import read_settings
from storybank.errors import (
    BadInput,
    BuiltInUnreachable,
    DatabaseUnreachable,
    DiskFull,
    StorybankError,
)

P = ParamSpec("P")

_LOST = {
    "OperationalError": "sqlalchemy.exc",
    "InterfaceError": "sqlalchemy.exc",
    "ConnectorException": "procrastinate.exceptions",
}
"""What libraries raise where the database goes away, and their modules."""


def plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command end with one plain sentence and status 1 where it meets an error of ours."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except StorybankError as error:
            fail(error.message)
        except KeyboardInterrupt:
            fail("Stopped.", status=130)
        except BrokenPipeError:
            os._exit(0)  # the reader of our output went away: nothing is left to say
        except OSError as error:
            fail(DiskFull.message if error.errno == 28 else f"{error.strerror}: {error.filename}")
        except Exception as error:
            if not _database_gone(error):
                raise
            built_in = read_settings().database_url is None
            fail((BuiltInUnreachable if built_in else DatabaseUnreachable).message)

    return wrapped


def _database_gone(error: Exception) -> bool:
    """Say whether the database went away in the middle of things; its text is not for people."""
    return any(
        isinstance(error, getattr(module, name))
        for name, where in _LOST.items()
        if (module := sys.modules.get(where)) is not None  # not imported only to ask
    )


def fail(sentence: str, status: int = 1) -> None:
    """Say what went wrong on standard error and end with `status`."""
    errors().print(f"[bold red]Error:[/] {sentence}", highlight=False, soft_wrap=True)
    raise typer.Exit(status)


def errors() -> Console:
    """Give the console for people, on standard error, so that standard output stays clean."""
    return Console(stderr=True)


def several(count: int, one: str, more: str) -> str:
    """Give a count with the words that go with it: "1 row was", "2 rows were"."""
    return f"{count} {one if count == 1 else more}"


def progress() -> Progress:
    """Give a progress bar on standard error; it draws nothing where that is no terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors(),
        transient=True,
    )


def read_lines(path: Path, needs: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Give each row of a JSONL file (`-`: standard input); raises BadInput naming line and mend."""
    if str(path) != "-" and not path.is_file():
        raise BadInput(message=f"There is no file {path}. Check the name.")
    lines = sys.stdin if str(path) == "-" else path.open(encoding="utf-8-sig", errors="replace")
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = _row(line, number)
            for name in needs:
                if name not in row:
                    raise BadInput(message=f'Line {number} has no "{name}". Add it and try again.')
            yield row


def read_texts(path: Path, *, max_words: int) -> list[dict[str, Any]]:
    """Give the rows of a JSONL file with "id" and "text" (a str); as `read_lines`, and none longer.

    Raises BadInput, before anything is worked on, where a text has more than `max_words` words.
    """
    rows = [row | {"text": str(row["text"])} for row in read_lines(path, ("id", "text"))]
    for row in rows:
        if len(row["text"].split()) > max_words:
            raise BadInput(
                message=f"The text {row['id']} is longer than {max_words:,} words. "
                "Cut it into parts, each on a line of its own."
            )
    return rows


def _row(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise BadInput(message=f"Line {number} is not a JSON object. Mend it and try again.")
    return row


def write_line(row: dict[str, Any]) -> None:
    """Write one row as JSON to standard output."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
