"""Slow down guessing: tries are counted by keyed digest, waits grow, and then none is let in."""

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
