"""What a decoder that was taken over could still do: nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START = """
import sys
sys.path.insert(0, sys.argv[1])
from storybank.capture.decoder import give_up_rights, load_all
load_all("av")
give_up_rights(1 << 30, 2)
"""


def run_inside(attempt: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `attempt` in a process that has given up its rights."""
    return subprocess.run(
        [sys.executable, "-I", "-c", START + attempt, str(ROOT)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("open('/etc/passwd')", b"Too many open files"),
        ("open('/dev/shm/storybank-test', 'w')", b"Too many open files"),
        ("import _socket; _socket.socket()", b"Too many open files"),
        ("import av; av.open('/etc/passwd', format='wav')", b"Too many open files"),
        ("bytearray(2 << 30)", b"MemoryError"),
        ("import os; os.execv('/bin/true', ['true'])", b""),
    ],
)
def test_the_child_cannot(attempt: str, refusal: bytes) -> None:
    done = run_inside(attempt)

    assert done.returncode != 0
    assert refusal in done.stderr


def test_the_child_runs_while_it_behaves() -> None:
    assert run_inside("print(sum(range(10)))").stdout == b"45\n"


def test_the_child_is_stopped_when_it_computes_for_too_long() -> None:
    assert run_inside("while True: pass").returncode < 0
