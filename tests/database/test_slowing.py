"""Tries at a receipt code are slowed by network; nobody is locked out by the tries of others."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storybank.db import transaction
from storybank.errors import TooManyTries
from storybank.tables import Attempt, now
from storybank.throttle import Slowing, network_of, slow

pytestmark = pytest.mark.database

SLOWING = Slowing("receipt", free=2, first=0.25, longest=4.0, hurried=5, crowd=10, most=2.0)
OURS, THEIRS = b"ours", b"theirs"


def tries(engine: Engine, digest: bytes, count: int, seconds_ago: float) -> None:
    with transaction(engine) as session:
        at = now() - timedelta(seconds=seconds_ago)
        session.add_all(Attempt(kind="receipt", digest=digest, at=at) for _ in range(count))


def wait(engine: Engine, digest: bytes = OURS) -> float:
    with transaction(engine) as session:
        return slow(session, SLOWING, digest)


def test_waits_grow_with_the_tries_of_one_network_up_to_a_few_seconds(engine: Engine) -> None:
    found = []
    for number in range(9):
        found.append(round(wait(engine) - number / SLOWING.crowd, 2))
        tries(engine, b"-", 0, 0)
        with transaction(engine) as session:  # as if each had waited its time
            session.connection().exec_driver_sql("update attempt set at = at - interval '5 s'")
    assert found == [0, 0, 0.25, 0.5, 1, 2, 4, 4, 4]


def test_others_only_wait_a_little_longer_and_never_too_long(engine: Engine) -> None:
    tries(engine, THEIRS, 500, seconds_ago=1)
    assert wait(engine) == SLOWING.most
    tries(engine, OURS, 60, seconds_ago=60)
    assert wait(engine) == SLOWING.longest + SLOWING.most


def test_only_a_hurry_from_one_network_is_refused_and_seconds_later_is_not(engine: Engine) -> None:
    tries(engine, OURS, 5, seconds_ago=1)
    with pytest.raises(TooManyTries):
        wait(engine)
    with transaction(engine) as session:
        session.connection().exec_driver_sql("update attempt set at = at - interval '4 s'")
    assert wait(engine) > 0
    assert wait(engine, THEIRS) < 1


def test_tries_of_long_ago_do_not_count(engine: Engine) -> None:
    tries(engine, OURS, 100, seconds_ago=16 * 60)
    assert wait(engine) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_addresses_of_one_house_are_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
