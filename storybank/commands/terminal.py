"""What every command shares: plain errors, counts in words, and progress bars."""

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

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
            fail(DiskFull.message if error.errno == 28 else _refused(error))
        except Exception as error:
            if not _database_gone(error):
                raise
            built_in = read_settings().database_url is None
            fail((BuiltInUnreachable if built_in else DatabaseUnreachable).message)

    return wrapped


def _refused(error: OSError) -> str:
    """Say what the system refused, and of which file, where it is a file's."""
    said = error.strerror or str(error)
    return f"{said}: {error.filename}" if error.filename is not None else said


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
