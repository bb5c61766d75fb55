"""What `storybank serve` started ends with it, however it ends; a worker that dies is replaced."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from storybank.commands.opening import open_house
from storybank.settings import Settings
from tests.faults.ledger import told_equals_stored
from tests.faults.processes import Process, environment, free_port, until
from tests.faults.test_kill import Teller

pytestmark = [pytest.mark.database, pytest.mark.slow]

TOLD_BETWEEN = 6
"""Every fourth of these is a recording."""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="storybank-stop-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def serve(home: Path) -> Iterator[Process]:
    """Pages, worker and built-in database, as an operator starts them."""
    env = environment("", home / "data")
    del env["STORYBANK_DATABASE_URL"]
    command = ("-m", "storybank", "serve", "--port", str(free_port()))
    process = Process(command, env, home / "serve.log", '"serving"')
    process.start()
    assert until(lambda: len(family(process, home)) >= 3), "pages, a worker and the database"
    yield process
    if process.running is not None and process.running.poll() is None:
        process.end(signal.SIGKILL)


def family(process: Process, home: Path) -> list[psutil.Process]:
    """The process, its children, and the database server on its folder."""
    assert process.running is not None
    own = psutil.Process(process.running.pid)
    database = int((home / "data" / "postgres" / "postmaster.pid").read_text().split()[0])
    return [own, *own.children(recursive=True), psutil.Process(database)]


def ends_in_order(process: Process, home: Path, number: signal.Signals) -> None:
    """Ask it to end; nothing that it started is left, and nothing went wrong."""
    started = family(process, home)
    assert process.end(number) == 0
    assert left(started) == []
    assert "Traceback" not in process.said()


def left(processes: list[psutil.Process]) -> list[str]:
    """Those that still run, as a failing test shows them; zombies do not."""
    return [
        " ".join(p.cmdline())
        for p in processes
        if p.is_running() and p.status() != psutil.STATUS_ZOMBIE
    ]


def test_it_ends_in_order_while_the_worker_loads_its_models(serve: Process, home: Path) -> None:
    assert until(lambda: '"serving"' in serve.said())
    ends_in_order(serve, home, signal.SIGTERM)
    assert '"worker started"' not in serve.said()


def test_what_it_started_ends_with_it_where_it_is_killed(serve: Process, home: Path) -> None:
    started = family(serve, home)
    serve.end(signal.SIGKILL)
    assert until(lambda: not left(started)), left(started)


def test_what_was_told_while_it_ended_and_began_again_is_stored(serve: Process, home: Path) -> None:
    teller = Teller(int(serve.command[-1]))
    teller.start()
    assert until(lambda: len(teller.receipts) >= TOLD_BETWEEN)
    ends_in_order(serve, home, signal.SIGTERM)
    serve.start()
    assert until(lambda: len(family(serve, home)) >= 3)
    (worker,) = [p for p in family(serve, home) if "--tied" in p.cmdline()]
    worker.kill()
    assert until(lambda: '"worker started"' in serve.said()), "it is replaced"
    assert until(lambda: len(teller.receipts) >= 2 * TOLD_BETWEEN)
    ends_in_order(serve, home, signal.SIGINT)
    teller.stopping.set()
    teller.join(60)

    assert teller.odd == []
    with open_house(Settings(data_dir=home / "data")) as house:
        told_equals_stored(
            teller.told,
            house.engine,
            house.desk.keyring,
            house.settings.blobs_dir,
            unsure=teller.unsure,
        )


CHILD = """
import os, signal, sys
from storybank.commands.children import stop_with_parent

first = os.getppid()
signal.signal(signal.SIGTERM, lambda *_: (print(os.getppid() != first), sys.exit()))
stop_with_parent()
signal.pause()
"""
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE)
time.sleep(1)
child.stdin.close()
time.sleep(0.5)
"""


def test_a_tied_worker_waits_until_its_parent_is_really_gone() -> None:
    command = [sys.executable, "-c", PARENT, CHILD]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    assert said.stdout == "True\n"


STUBBORN = """
import os, signal
from storybank.commands import children

children.ORPHAN_ENDS_WITHIN_S = 0.5
signal.signal(signal.SIGTERM, signal.SIG_IGN)
children.stop_with_parent()
print(os.getpid(), flush=True)
while True:
    signal.pause()
"""


def test_a_tied_worker_that_does_not_end_by_itself_is_ended() -> None:
    command = [sys.executable, "-c", PARENT, STUBBORN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        try:
            worker.wait(20)
        finally:
            if left([worker]):
                worker.kill()
