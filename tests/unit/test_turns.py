"""Who comes too many is told at once: a long line would hold all of the server's threads."""

import threading
import time

import pytest

from storybank.errors import Busy, Crowded
from web.turns import Turns


def test_a_line_that_is_full_keeps_nobody_waiting():
    turns, held, go = (
        Turns(at_once=1, in_line=1, patience_s=5),
        threading.Event(),
        threading.Event(),
    )
    done = []

    def work():
        with turns.turn(Crowded()):
            held.set()
            go.wait(5)
            done.append(1)

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    held.wait(5)
    time.sleep(0.1)
    with pytest.raises(Crowded), turns.turn(Crowded()):
        pass
    assert done == [], "who held the turn was not waited for"
    go.set()
    for one in both:
        one.join()
    assert done == [1, 1], "who was in line had a turn"
    with turns.turn(Crowded()):
        pass


def test_who_waits_too_long_is_told_and_leaves_the_line():
    turns = Turns(at_once=1, in_line=1, patience_s=0.05)
    with turns.turn(Busy()):
        for _ in range(3):
            with pytest.raises(Busy, match="mine"), turns.turn(Busy("mine")):
                pass
