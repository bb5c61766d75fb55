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
from tests.faults.processes import Process, browser, environment, free_port, until
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


def left(processes: list[psutil.Process]) -> list[str]:
    """Those that still run, as a failing test shows them; zombies do not."""
    return [
        " ".join(p.cmdline())
        for p in processes
        if p.is_running() and p.status() != psutil.STATUS_ZOMBIE
    ]


@pytest.mark.parametrize(
    ("number", "after"),
    [(signal.SIGINT, '"worker started"'), (signal.SIGTERM, '"serving"')],
    ids=["while the worker waits", "while the worker loads its models"],
)
def test_it_ends_in_order_with_all_that_it_started(
    serve: Process, home: Path, number: signal.Signals, after: str
) -> None:
    assert until(lambda: after in serve.said())
    started = family(serve, home)

    assert serve.end(number) == 0

    assert left(started) == []
    assert "Traceback" not in serve.said()


def test_a_worker_that_dies_is_replaced_and_none_is_left_behind(serve: Process, home: Path) -> None:
    (worker,) = [p for p in family(serve, home) if "--tied" in p.cmdline()]
    worker.kill()
    assert until(lambda: '"worker started"' in serve.said())
    with browser(int(serve.command[-1])) as web:
        assert web.get("/health").status_code == 200

    started = family(serve, home)
    serve.end(signal.SIGKILL)

    assert until(lambda: not left(started)), left(started)


def test_what_was_told_while_it_ended_and_began_again_is_stored(serve: Process, home: Path) -> None:
    teller = Teller(int(serve.command[-1]))
    teller.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        wanted = len(teller.receipts) + TOLD_BETWEEN
        assert until(lambda: len(teller.receipts) >= wanted)  # noqa: B023 (used in this turn only)
        assert serve.end(number) == 0
        if number == signal.SIGTERM:
            serve.start()
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
