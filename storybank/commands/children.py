"""Worker processes that live as long as the process that started them, and are started anew."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time

log = logging.getLogger(__name__)

STOP_WITHIN_S = 20.0
ORPHAN_ENDS_WITHIN_S = 60.0
LONGEST_WAIT_S = 30.0
CALM_AFTER_S = 60.0
GONE_WITHIN_S = 5.0
TIED = "--tied"
"""The option that makes a worker watch its standard input: when that closes, its parent is gone."""


class Children:
    """Keeps `count` worker processes running until `stop`; one that dies is started again.

    They are in a process group of their own, so that Ctrl-C reaches only us, and we end them in
    order. Where we are killed outright, the pipe to them closes and they stop by themselves.
    """

    def __init__(self, count: int = 1, *options: str) -> None:
        self._command = (sys.executable, "-m", "storybank", "work", TIED, *options)
        self._stopping = threading.Event()
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._keepers = [
            threading.Thread(target=self._keep, args=(number,), daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        """Start the workers; comes back at once."""
        for keeper in self._keepers:
            keeper.start()

    def stop(self) -> None:
        """End every worker with SIGTERM, or SIGKILL where that does not help within 20 s."""
        with self._lock:
            self._stopping.set()
            running = list(self._running.values())
        for process in running:
            process.terminate()
        end = time.monotonic() + STOP_WITHIN_S
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        for keeper in self._keepers:
            if keeper.ident is not None:
                keeper.join(5)

    def _keep(self, number: int) -> None:
        wait = 1.0
        while True:
            process = self._spawn(number)
            if process is None:
                return
            begun = time.monotonic()
            status = process.wait()
            if self._stopping.is_set():
                return
            wait = 1.0 if time.monotonic() - begun > CALM_AFTER_S else min(wait * 2, LONGEST_WAIT_S)
            log.warning("worker ended; starting another", extra={"status": status, "wait_s": wait})
            if self._stopping.wait(wait):
                return

    def _spawn(self, number: int) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            process = subprocess.Popen(  # noqa: S603 (our own interpreter and our own module)
                self._command, stdin=subprocess.PIPE, start_new_session=True
            )
            self._running[number] = process
        return process


def stop_with_parent() -> None:
    """Send this process SIGTERM once its standard input closes: whoever started it is gone.

    The pipe closes a moment before the system takes the parent off its list. Who stopped within
    that moment would leave the database running for a parent that still seems to use it. A process
    that has not ended a minute later, as when its database went, too, is ended outright: nobody
    else would, and loading models takes less.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.read(0, 4096):
            pass
        end = time.monotonic() + GONE_WITHIN_S
        while os.getppid() == parent and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_ENDS_WITHIN_S)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
