"""Turns for work that needs much memory: few at once, few in line, and all others are told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from storybank.errors import Busy

AT_ONCE = 2
IN_LINE = 6
"""Who waits holds one of the server's 40 threads, so that only so many may wait."""
PATIENCE_S = 20.0


class Turns:
    """A line for one kind of work; `patience_s` is how long somebody waits in it, in seconds."""

    def __init__(
        self, at_once: int = AT_ONCE, in_line: int = IN_LINE, patience_s: float = PATIENCE_S
    ) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + in_line)
        self._patience_s = patience_s

    @contextmanager
    def turn(self, full: Busy) -> Iterator[None]:
        """Wait for a turn, and hold it; raises `full` where the line is too long, or too slow."""
        if not self._places.acquire(blocking=False):
            raise full
        try:
            if not self._turns.acquire(timeout=self._patience_s):
                raise full
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()
