"""Stories of phones that wait for their sound: how many, for how long, and which come no more."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from storybank import audit
from storybank.errors import Busy
from storybank.tables import Waiting, now

MOST_WAITING = 300
"""Stories of one worker that may wait: two weeks of telling without a line."""
KEPT = timedelta(days=30)
"""How long an announced story waits for its sound; the phone keeps its own copy."""
_NOTHING = b""
"""What is kept of a story that was given up; no announcement is as empty."""


def refuse_more_waiting(session: Session, person_id: uuid.UUID) -> None:
    """Raise Busy where so many of a worker's stories wait that another may not.

    Somebody with a worker's phone in hand could fill the database with beginnings otherwise. All
    ways in from phones ask here.
    """
    if _waiting(session, person_id) >= MOST_WAITING:
        raise Busy(message="Too many stories wait for their recordings. Send those first.")


def remember_given_up(session: Session, name: str, person_id: uuid.UUID) -> None:
    """Remember that a story was deleted on its phone: what is still on its way comes too late.

    Nothing is remembered where so many stories of its worker wait already that no other may.
    """
    if session.get(Waiting, name) is None and _waiting(session, person_id) < MOST_WAITING:
        session.add(
            Waiting(client_id=name, person_id=person_id, body_digest=_NOTHING, sealed=_NOTHING)
        )


def is_given_up(waiting: Waiting) -> bool:
    """Say whether this is no story that waits, but one that was deleted on its phone."""
    return waiting.sealed == _NOTHING


def without_sound(session: Session, person_id: uuid.UUID) -> Sequence[datetime]:
    """Give when each form of a worker's survey apps came that waits for its recording.

    Those apps call such a form sent, and may have deleted it; the recorder knows what waits.
    """
    query = select(Waiting.created_at).where(
        Waiting.person_id == person_id, col(Waiting.client_id).startswith("odk|")
    )
    return session.exec(query.order_by(col(Waiting.created_at))).all()


def drop_unfinished(session: Session) -> int:
    """Drop what was announced, or given up, over 30 days ago; gives how many were announced."""
    old = session.exec(select(Waiting).where(col(Waiting.created_at) < now() - KEPT)).all()
    announced = [row for row in old if not is_given_up(row)]
    for row in announced:
        audit.note(session, None, "drop-unfinished-story", row.client_id, "30 days")
    for row in old:
        session.delete(row)
    return len(announced)


def _waiting(session: Session, person_id: uuid.UUID) -> int:
    query = select(func.count()).select_from(Waiting).where(Waiting.person_id == person_id)
    return session.exec(query).one()
