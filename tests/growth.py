"""How the time of some work grows with its size, the same on a fast machine and on a slow one."""

import time
from collections.abc import Callable

TIMES = 4
# Work in line with its size takes four times as long for four times as much; work that goes over
# all of it for each part takes sixteen times as long.
IN_LINE = 9


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times longer four times as much takes.

    Counts this thread's own computing, so that what runs beside it does not count. The shorter
    of two tries stands for each size; the first brings in what is loaded once.
    """
    return _shortest(work, size * TIMES) / _shortest(work, size)


def _shortest(work: Callable[[int], object], size: int) -> float:
    took = []
    for _ in range(2):
        began = time.thread_time()
        work(size)
        took.append(time.thread_time() - began)
    return min(took)
