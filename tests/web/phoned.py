"""An admin, a worker with a phone, and Collect on it: for tests of survey apps."""

import pytest
from sqlmodel import select

from storybank.access import Actor
from storybank.capture.phone_keys import make_key
from storybank.db import reading, transaction
from storybank.tables import Story, Waiting
from storybank.values import Role
from tests.clips import recording, tone
from tests.factories import make_person, make_place, make_programme
from tests.survey_apps import Collect

ENVELOPE = {"X-OpenRosa-Version": "1.0"}


@pytest.fixture
def admin(engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session, about="How people get on")
        return Actor(make_person(session, Role.ADMIN).id, Role.ADMIN)


@pytest.fixture
def worker(engine):
    with transaction(engine) as session:
        return make_person(session, Role.WORKER).id


@pytest.fixture
def token(engine, admin, worker):
    with transaction(engine) as session:
        return make_key(session, admin, worker, "thriving", "Green phone")


@pytest.fixture
def collect(client, token):
    return Collect(client, f"/key/{token}")


@pytest.fixture(scope="module")
def sound():
    return recording(tone(2), "mp4")


def stories(engine):
    with reading(engine) as session:
        return session.exec(select(Story)).all()


def waiting(engine):
    with reading(engine) as session:
        return session.exec(select(Waiting)).all()
