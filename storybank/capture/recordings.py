"""Find the recording of a story."""

import uuid

from sqlmodel import Session, select

from storybank.tables import Recording


def recording_of(session: Session, story_id: uuid.UUID) -> Recording | None:
    """Give the recording of a story, or None where it was typed."""
    return session.exec(select(Recording).where(Recording.story_id == story_id)).one_or_none()


def spoken_recording(session: Session, story_id: uuid.UUID) -> Recording:
    """Give the recording of a story that was spoken: it has one for as long as it is kept."""
    return session.exec(select(Recording).where(Recording.story_id == story_id)).one()


def heard_by_staff(session: Session, story_id: uuid.UUID) -> Recording | None:
    """Give the recording whose copy for staff is made and not held back, or None."""
    found = recording_of(session, story_id)
    return found if found is not None and found.muted and not found.held else None
