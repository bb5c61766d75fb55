"""Give memory that is not used any more back to the system: a worker lives for weeks.

What is freed stays with the C library, in a pool for each thread that ever asked, each as large as
the largest job it has seen. With few pools, emptied after every job, a worker stays about as small
as what it has loaded. Where the C library is not glibc, nothing is done.
"""

import ctypes

_M_ARENA_MAX = -8
"""As in glibc's malloc.h."""
POOLS = 2


def keep_few_pools() -> None:
    """Let threads share their pools of freed memory from now on; call it before there are any."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, POOLS)


def give_back() -> None:
    """Give freed memory back to the system; takes some milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
