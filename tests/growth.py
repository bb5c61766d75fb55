"""How the time of some work grows with its size, the same on a fast machine and on a slow one."""

import gc
import time
from collections.abc import Callable

TIMES = 4
# Work in line with its size takes four times as long for four times as much; work that goes over
# all of it for each part takes sixteen times as long.
IN_LINE = 9


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times longer four times as much takes.

    Counts this thread's own computing, so that what runs beside it does not count, and without
    collecting rubbish, which takes as long as all else in the process is large. What is loaded once
    is brought in before. Each size is worked on once: spaCy keeps what it made of a word, and the
    second time says nothing about the first. What looks out of line is tried again, twice.
    """
    work(size - 1)
    found = _growth(work, size)
    for more in (1, 2):
        if found >= IN_LINE:
            found = min(found, _growth(work, size + more))
    return found


def _growth(work: Callable[[int], object], size: int) -> float:
    smaller = _computing(work, size)
    return _computing(work, size * TIMES) / smaller


def _computing(work: Callable[[int], object], size: int) -> float:
    collects = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        work(size)
        return time.thread_time() - began
    finally:
        if collects:
            gc.enable()
