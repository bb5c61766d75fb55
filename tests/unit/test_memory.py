"""What a worker no longer uses goes back to the system."""

import platform

import psutil
import pytest

from storybank.memory import give_back, keep_few_pools

PIECE, PIECES = 60_000, 2_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries do it themselves")
def test_freed_memory_goes_back_although_something_above_it_is_still_held():
    keep_few_pools()
    process = psutil.Process()
    pieces = [bytearray(b"x" * PIECE) for _ in range(PIECES)]
    held = pieces.pop()
    del pieces

    before = process.memory_info().rss
    give_back()

    assert before - process.memory_info().rss > PIECE * PIECES // 2
    assert len(held) == PIECE
