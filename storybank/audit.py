"""The record of who opened, exported or changed what; ids only, added in the act's transaction."""

import uuid
from datetime import datetime

from sqlmodel import Session, col, select

from storybank.tables import AuditEntry


def note(
    session: Session, person_id: uuid.UUID | None, act: str, object_id: object, purpose: str = ""
) -> None:
    """Add one row: `person_id` did `act` to `object_id`, for `purpose`; stored with the act."""
    session.add(AuditEntry(person_id=person_id, act=act, object_id=str(object_id), purpose=purpose))


def noted_since(
    session: Session, person_id: uuid.UUID | None, act: str, object_id: object, since: datetime
) -> bool:
    """Say whether a note of the same act, by the same person, was made at `since` or later."""
    query = select(AuditEntry.id).where(
        AuditEntry.object_id == str(object_id),
        AuditEntry.act == act,
        col(AuditEntry.person_id).is_not_distinct_from(person_id),
        col(AuditEntry.at) >= since,
    )
    return session.exec(query.limit(1)).first() is not None
