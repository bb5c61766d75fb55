"""The built-in database is started again where it stops, but never while we are being stopped."""

import logging
import threading
from collections.abc import Callable

import pytest

from storybank.commands.reviving import NO_ROOM, NOT_STARTED, RUNS, Reviver
from storybank.errors import DatabaseUnreachable, DiskFull


def revived(
    tries: list[Exception | None], stopping: Callable[[], bool] = lambda: False
) -> tuple[int, bool]:
    """Let a database stop whose starts go as in `tries`; gives how many were made, and the end."""
    left, done = list(tries), threading.Event()

    def start_again() -> None:
        problem = left.pop(0)
        if not left:
            done.set()
        if problem is not None:
            raise problem

    reviver = Reviver(lambda: bool(left), start_again, stopping, look_every_s=0.001)
    reviver.start()
    ended = done.wait(0.2 if stopping() else 10)
    reviver.stop()
    return len(tries) - len(left), ended


def test_it_is_tried_until_it_runs_and_each_cause_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    full, dead = DiskFull("disk"), DatabaseUnreachable("dead")
    assert revived([full, full, full, dead, dead, None]) == (6, True)
    assert [r.message for r in caplog.records] == [NO_ROOM, NOT_STARTED, RUNS]


def test_it_is_left_alone_while_the_operator_stops_everything() -> None:
    assert revived([None], stopping=lambda: True) == (0, False)
