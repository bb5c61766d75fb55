"""Slow down guessing: tries are counted by keyed digest, and waits grow.

A password's tries have a `Limit`, after which none is let in for a while. A receipt code's tries
are only slowed (`Slowing`): whoever guesses must not be able to lock out those who know.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from storybank.errors import TooManyTries
from storybank.sentences import sentence
from storybank.tables import Attempt, now


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries are let through in `window`: `free` at once, then with growing waits.

    After try number `free + n` one has to wait `2**n` seconds; at `most` none is let in any more
    until older ones have left the window.
    """

    kind: str
    free: int
    most: int
    window: timedelta = timedelta(minutes=15)


def check(session: Session, limit: Limit, digest: bytes, at: datetime | None = None) -> None:
    """Raise TooManyTries, saying how long to wait, where the next try would be too soon."""
    at = at or now()
    query = select(func.count(), func.min(col(Attempt.at)), func.max(col(Attempt.at))).where(
        Attempt.kind == limit.kind, Attempt.digest == digest, col(Attempt.at) > at - limit.window
    )
    count, first, last = session.exec(query).one()
    if count >= limit.most:
        _refuse(first + limit.window - at, count)
    if count >= limit.free:
        wait = last + timedelta(seconds=2 ** (count - limit.free)) - at
        if wait > timedelta(0):
            _refuse(wait, count)


def count(session: Session, limit: Limit, digest: bytes) -> None:
    """Note one try; it counts once the session commits."""
    session.add(Attempt(kind=limit.kind, digest=digest))


def forget(session: Session, limit: Limit, digest: bytes) -> None:
    """Forget the tries of one digest, since the right answer was given."""
    session.exec(
        delete(Attempt).where(col(Attempt.kind) == limit.kind, col(Attempt.digest) == digest)
    )


def take_back(session: Session, limit: Limit, digest: bytes) -> None:
    """Forget the newest try of one digest: it turned out to be right, the others may not be."""
    newest = select(func.max(Attempt.id)).where(
        Attempt.kind == limit.kind, Attempt.digest == digest
    )
    session.exec(delete(Attempt).where(col(Attempt.id) == newest.scalar_subquery()))


@dataclass(frozen=True, slots=True)
class Slowing:
    """How tries that nobody may be locked out of are slowed down; all times in seconds.

    After `free` tries from one network within `window` the next waits `first`, and each after it
    twice as long, at most `longest`. `hurried` tries from one network within `longest` are too
    many to wait side by side. From everywhere, each `crowd` tries add a second, at most `most`.
    """

    kind: str
    free: int
    first: float = 0.25
    longest: float = 4.0
    hurried: int = 20
    crowd: int = 1000
    most: float = 2.0
    window: timedelta = timedelta(minutes=15)


def slow(session: Session, slowing: Slowing, digest: bytes, at: datetime | None = None) -> float:
    """Note one try of a network and give how many seconds it has to wait before it is answered.

    Raises TooManyTries only where many from the same network are waiting at this moment.
    """
    at = at or now()
    ours = (Attempt.kind == slowing.kind, Attempt.digest == digest)
    lately = select(func.count()).where(*ours, col(Attempt.at) > at - slowing.window)
    count = session.exec(lately).one()
    just_now = lately.where(col(Attempt.at) > at - timedelta(seconds=slowing.longest))
    if count > slowing.free and session.exec(just_now).one() >= slowing.hurried:
        raise TooManyTries(
            f"{count} tries",
            message="Many codes were tried from your network. "
            "Please wait a few seconds and try again.",
        )
    # Counted up to the most that matters, so that a flood does not make the counting slow.
    all_of_them = (
        select(Attempt.id)
        .where(Attempt.kind == slowing.kind, col(Attempt.at) > at - slowing.window)
        .limit(int(slowing.crowd * slowing.most))
        .subquery()
    )
    crowd = session.exec(select(func.count()).select_from(all_of_them)).one() / slowing.crowd
    session.add(Attempt(kind=slowing.kind, digest=digest, at=at))
    over = min(count - slowing.free, 16)
    own = 0.0 if over < 0 else min(slowing.longest, slowing.first * 2**over)
    return own + crowd


def network_of(address: str) -> str:
    """Give the network that one address stands for: an IPv4 address, or the /64 of an IPv6 one.

    Whoever has one IPv6 address mostly has the other 2^64 - 1 of its network, too. Something that
    is no address stands for itself.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _refuse(wait: timedelta, count: int) -> None:
    seconds = max(1, round(wait.total_seconds()))
    if seconds == 1:
        said = sentence("a second")
    elif seconds < 90:
        said = sentence("%(n)s seconds", n=seconds)
    else:
        said = sentence("%(n)s minutes", n=round(seconds / 60))
    message = sentence("Too many tries. Please wait %(time)s and try again.", time=said)
    raise TooManyTries(f"{count} tries", message=message)
