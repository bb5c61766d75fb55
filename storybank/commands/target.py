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
    that did not take all, for whatever reason: words may have gone out, and cannot be called back.
    """
    if str(path) == "-":
        if sys.stdout is None or sys.stdout.closed:
            raise BadInput(message="There is no standard output to write to. Name a file.")
        try:
            with _taken_whole():
                yield sys.stdout
                sys.stdout.flush()
        except ReaderLeft:  # what is left would be written again at the end of the program
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise
    elif path.exists() and not path.is_file() and not path.is_dir() and not path.is_socket():
        opened = path.open("w", encoding="utf-8", newline="")
        with _taken_whole(), contextlib.closing(opened):
            yield opened
    else:
        with _replacing(path) as out:
            yield out


@contextlib.contextmanager
def _taken_whole() -> Iterator[None]:
    """Turn a reader who left, a device without room, and Ctrl-C into one sentence."""
    try:
        yield
    except (OSError, KeyboardInterrupt):
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
