"""How much of one worker may wait for its sound; all ways in from phones ask here."""

import uuid

from sqlmodel import Session, func, select

from storybank.errors import Busy
from storybank.tables import Waiting

MOST_WAITING = 300
"""Stories of one worker that may wait: two weeks of telling without a line."""


def refuse_more_waiting(session: Session, person_id: uuid.UUID) -> None:
    """Raise Busy where so many of a worker's stories wait that another may not.

    Somebody with a worker's phone in hand could fill the database with beginnings otherwise.
    """
    query = select(func.count()).select_from(Waiting).where(Waiting.person_id == person_id)
    if session.exec(query).one() >= MOST_WAITING:
        raise Busy(message="Too many stories wait for their recordings. Send those first.")
