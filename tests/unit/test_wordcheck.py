"""The language check of the pages never fails a page: where it cannot say, it says nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from storybank.settings import Settings
from web.wordcheck import WordCheck


def test_who_waits_while_the_check_is_closed_gets_no_advice_and_no_error():
    check, gate = WordCheck(Settings()), threading.Event()
    pool, other = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    check._pool = pool
    pool.submit(gate.wait)
    asked = other.submit(check.look, "She is a case.")
    while pool._work_queue.empty():
        time.sleep(0.005)
    check.close()
    assert asked.result(timeout=5) is None
    gate.set()
