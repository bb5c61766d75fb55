"""The file that a command writes for people: whole under its name, or not there at all."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from storybank.errors import BadInput, ReaderLeft


@contextlib.contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """Give a file that takes its name only when all of it is written; `-` is standard output.

    A link stays, and what it leads to is replaced. A device or a pipe is no file to be replaced,
    and is written into. Raises BadInput where nothing can be written there, and ReaderLeft where
    a pipe was not read to its end.
    """
    if str(path) == "-":
        try:
            with _read_to_the_end():
                yield sys.stdout
                sys.stdout.flush()
        except ReaderLeft:  # what is left would be written again at the end of the program
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise
    elif path.exists() and not path.is_file() and not path.is_dir() and not path.is_socket():
        with _read_to_the_end(), path.open("w", encoding="utf-8", newline="") as out:
            yield out
    else:
        with _replacing(path) as out:
            yield out


@contextlib.contextmanager
def _read_to_the_end() -> Iterator[None]:
    """Turn a pipe that nobody reads any more into a sentence."""
    try:
        yield
    except BrokenPipeError:
        raise ReaderLeft from None


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """Give a file beside the one that a name leads to, which takes its place at the end."""
    final = Path(os.path.realpath(path))
    if not final.parent.is_dir():
        raise BadInput(message=f"There is no folder {path.parent}. Make it, or choose another.")
    ordinary = final.is_file() or not (final.exists() or final.is_symlink())  # no ring of links
    if not ordinary or not os.access(final.parent, os.W_OK):
        raise BadInput(message=f"{path} cannot be written. Choose another name or folder.")
    fresh = final.with_name(f".{final.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as out:
            yield out
        fresh.chmod(0o600)
        fresh.replace(final)
    finally:
        fresh.unlink(missing_ok=True)
