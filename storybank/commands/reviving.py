"""The built-in database, looked after while we serve: where it stops, it is started again."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from storybank.errors import DiskFull, StorybankError

if TYPE_CHECKING:
    from storybank.settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
LONGEST_WAIT_S = 30.0
CALM_AFTER_S = 60.0

NO_ROOM = (
    "the built-in database has stopped: the disk is full. "
    "It is started again by itself as soon as there is room"
)
NOT_STARTED = "the built-in database has stopped and does not start; it is tried again"
RUNS = "the built-in database had stopped, and was started again"


class Reviver:
    """Starts a database again where it has stopped, from `start` until `stop`.

    A full disk makes PostgreSQL stop altogether, and the system may kill it where memory is short.
    `stopping` says whether we are being stopped ourselves: what the operator or the system ends
    together with us is not started again.
    """

    def __init__(
        self,
        has_stopped: Callable[[], bool],
        start_again: Callable[[], None],
        stopping: Callable[[], bool],
        *,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._has_stopped, self._start_again, self._stopping = has_stopped, start_again, stopping
        self._look_every_s = look_every_s
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Look after the database from now on; comes back at once."""
        self._watcher.start()

    def stop(self) -> None:
        """Leave the database alone; comes back once no start of it is under way."""
        self._ended.set()
        self._watcher.join()

    def _watch(self) -> None:
        wait, begun = self._look_every_s, time.monotonic()
        while not self._ended.wait(self._look_every_s):
            if not self._has_stopped():
                continue
            calm = time.monotonic() - begun > CALM_AFTER_S
            wait = self._revive(self._look_every_s if calm else wait)
            begun = time.monotonic()

    def _revive(self, wait: float) -> float:
        """Try until it runs or we end; gives how long to wait at the next time.

        The first try waits, too: who stops everything at once may reach the database before us.
        """
        said = ""
        while not self._ended.wait(wait) and not self._stopping():
            says = self._try()
            if says != said:  # a full disk may stay full for days
                log.warning(says)
            said = says
            if says == RUNS:
                break
            wait = self._look_every_s if says == NO_ROOM else min(wait * 2, LONGEST_WAIT_S)
        return min(wait * 2, LONGEST_WAIT_S)

    def _try(self) -> str:
        """Try once; gives what is to be said of it."""
        try:
            self._start_again()
        except DiskFull:
            return NO_ROOM
        except StorybankError:
            return NOT_STARTED
        return RUNS


@contextlib.contextmanager
def looked_after(settings: "Settings", stopping: Callable[[], bool]) -> Iterator[None]:
    """Keep the built-in database running inside the block; another server is its operator's."""
    from storybank import db

    if settings.database_url is not None:
        yield
        return
    folder = settings.postgres_dir
    reviver = Reviver(partial(db.has_stopped, folder), partial(db.start_again, folder), stopping)
    reviver.start()
    try:
        yield
    finally:
        reviver.stop()
