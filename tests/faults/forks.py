"""Processes that start at once: forked from one that has imported all that they need.

A process that is killed and started again and again spends two seconds of a processor on imports
each time, and nothing else. Run as `python -m tests.faults.forks MODULE ...`; see `Forks`.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Fork:
    """One forked process, with what is used of `subprocess.Popen`."""

    pid: int
    forks: "Forks"

    def send_signal(self, number: int) -> None:
        """Send a signal; none where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def poll(self) -> int | None:
        """Give its status, or None while it runs."""
        return self.forks.status(self.pid, wait=False)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, however long; gives its status."""
        status = self.forks.status(self.pid, wait=True)
        assert status is not None
        return status


class Forks:
    """Starts `python -m MODULE ARGUMENT ...` by forking; one order and one answer a line."""

    def __init__(self, parent: "subprocess.Popen[str]") -> None:
        self.parent = parent
        self.ended: dict[int, int] = {}

    def start(self, command: Sequence[str], env: dict[str, str], log: Path) -> Fork:
        """Start `command` (`-m`, a module, its arguments) with `env`, and its words to `log`."""
        assert command[0] == "-m"
        return Fork(self._ask(run=list(command[1:]), env=env, log=str(log)), self)

    def status(self, pid: int, *, wait: bool) -> int | None:
        """Give a process's status as `subprocess.Popen` does, or None while it runs."""
        if pid not in self.ended:
            status = self._ask(pid=pid, wait=wait)
            if status is None:
                return None
            self.ended[pid] = status
        return self.ended[pid]

    def _ask(self, **order: Any) -> Any:
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write(json.dumps(order) + "\n")
        self.parent.stdin.flush()
        return json.loads(self.parent.stdout.readline())


@contextlib.contextmanager
def forks(*modules: str) -> Iterator[Forks]:
    """Start a parent that has imported `modules`; what it forked and still runs is killed after."""
    command = [sys.executable, "-m", "tests.faults.forks", *modules]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as parent:
        yield Forks(parent)  # it ends when its standard input is closed


def main(modules: Sequence[str]) -> None:
    """Answer each order until there are no more."""
    for module in modules:
        importlib.import_module(module)
    gc.freeze()  # what is here stays; no child looks it through for rubbish
    running: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "run" in order:
            sys.stdout.flush()
            answer: int | None = os.fork()
            if not answer:
                return _become(order)
            running.add(answer)
        else:
            ended, status = os.waitpid(order["pid"], 0 if order["wait"] else os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
            running.discard(ended)
        print(json.dumps(answer), flush=True)  # noqa: T201 (the answer)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    return None


def _become(order: dict[str, Any]) -> None:
    """Go on as the process that was ordered."""
    os.environ.clear()
    os.environ.update(order["env"])
    nothing = os.open(os.devnull, os.O_RDWR)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for ours, theirs in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.close(nothing)
    os.close(log)
    module, *arguments = order["run"]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
