"""Storybank's own processes, as an operator runs them, to be killed by tests."""

import os
import pkgutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.faults.forks import ROOT, Fork, Forks
from web import routes

READY_WITHIN_S = 120
"""Long, for a machine that is busy with other tests; alone it takes three seconds."""
COMES_TRUE_WITHIN_S = 120
"""Longer still than a worker that loads its models first, for the same reason."""

SERVE = ("-m", "storybank", "serve", "--no-worker")
SERVING = (
    "storybank.cli", "storybank.commands.opening", "storybank.commands.reviving", "web.app",
    "uvicorn.protocols.http.auto", "uvicorn.loops.auto",
    *(f"web.routes.{found.name}" for found in pkgutil.iter_modules(routes.__path__)),
)  # fmt: skip
"""What serving imports."""
WORK = ("-m", "tests.faults.worker_of_fakes")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Process:
    """One process that can be killed and started again; its words go to `log`."""

    command: Sequence[str]
    env: dict[str, str]
    log: Path
    ready: str
    forks: Forks | None = None
    """Where it is forked from; without, it is started as an operator starts it."""
    running: "subprocess.Popen[bytes] | Fork | None" = field(default=None)

    def start(self) -> None:
        """Start it, and wait until its log says that it is ready."""
        self.begin()
        self.await_ready()

    def begin(self) -> None:
        """Start it and come back at once."""
        with self.log.open("ab") as out:
            self._from = out.tell()
            if self.forks:
                self.running = self.forks.start(self.command, self.env, self.log)
                return
            self.running = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.env, stderr=out
            )

    def await_ready(self) -> None:
        """Wait until the log says that it is ready; a process that ends first is a failure."""
        assert self.running is not None
        end = time.monotonic() + READY_WITHIN_S
        while self.ready not in self.said():
            if self.running.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"it did not start: {self.said()[-2000:]}")
            time.sleep(0.05)

    def said(self) -> str:
        """What it has written since it was started."""
        return self.log.read_bytes()[self._from :].decode()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and wait for the end; gives the status."""
        assert self.running is not None
        self.running.send_signal(number)
        return self.running.wait(30)


def until(true: Callable[[], bool]) -> bool:
    """Wait for something to come true, for COMES_TRUE_WITHIN_S at most."""
    end = time.monotonic() + COMES_TRUE_WITHIN_S
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def environment(database_url: str, data: Path) -> dict[str, str]:
    """The surroundings of a process on a test's own database and folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STORYBANK_")}
    models = os.environ.get("STORYBANK_MODELS_DIR")
    return kept | {
        "STORYBANK_DATABASE_URL": database_url,
        "STORYBANK_DATA_DIR": str(data),
        **({"STORYBANK_MODELS_DIR": models} if models else {}),
    }


def browser(port: int) -> httpx2.Client:
    """A client that keeps cookies and says, as browsers do, where its forms come from."""
    return httpx2.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Sec-Fetch-Site": "same-origin"},
        timeout=20,
    )
