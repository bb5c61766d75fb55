import threading

import pytest
from sqlmodel import select

from storybank.capture.beginnings import begin
from storybank.capture.starting import starting_list
from storybank.db import reading, transaction
from storybank.tables import Place, Programme

pytestmark = pytest.mark.database

OXFORD = starting_list()


def test_an_empty_bank_begins_once_with_a_programme_and_places(engine):
    with transaction(engine) as session:
        assert begin(session, OXFORD)
    with transaction(engine) as session:
        assert not begin(session, OXFORD)
    with reading(engine) as session:
        assert len(session.exec(select(Programme)).all()) == 1
        assert "Blackbird Leys" in session.exec(select(Place.name)).all()


def test_pages_and_workers_that_start_at_once_begin_once(engine):
    at_once = threading.Barrier(4)
    began: list[bool] = []

    def start():
        with transaction(engine) as session:
            at_once.wait(10)
            began.append(begin(session, OXFORD))

    starters = [threading.Thread(target=start) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(20)
    assert sorted(began) == [False, False, False, True]
