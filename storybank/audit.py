"""The record of who opened, exported or changed what; ids only, added in the act's transaction."""

import uuid

from sqlmodel import Session

from storybank.tables import AuditEntry


def note(
    session: Session, person_id: uuid.UUID | None, act: str, object_id: object, purpose: str = ""
) -> None:
    """Add one row: `person_id` did `act` to `object_id`, for `purpose`; stored with the act."""
    session.add(AuditEntry(person_id=person_id, act=act, object_id=str(object_id), purpose=purpose))
