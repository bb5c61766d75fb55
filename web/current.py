"""Which version of the framework is current, looked up now and then and not at every page."""

import threading
import time
from collections.abc import Callable

LOOK_EVERY_S = 2.0
"""Another process may publish a version: so long may these pages still show the one before it."""


class Current:
    """Remembers a name that `look_up` gives, and looks it up again when it is old.

    While one thread looks, the others take the name they know: nobody waits for a connection to
    the database while they hold one.
    """

    def __init__(self, look_up: Callable[[], str]) -> None:
        self._look_up = look_up
        self._looking = threading.Lock()
        self._name: str | None = None
        self._at = 0.0

    def name(self) -> str:
        """Give the name of the current version."""
        if self._name is None:
            return self._fresh()
        if time.monotonic() - self._at > LOOK_EVERY_S and self._looking.acquire(blocking=False):
            try:
                return self._fresh()
            finally:
                self._looking.release()
        return self._name

    def forget(self) -> None:
        """Look it up anew the next time: this process has just published a version."""
        self._name = None

    def _fresh(self) -> str:
        name = self._look_up()
        self._name, self._at = name, time.monotonic()
        return name
