"""What stands beside a story's words: what a worker wrote there, and a spoken consent."""

import uuid
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from storybank.tables import Consent, Note
from storybank.vault import clip_context, open_note

HEARD = "hear-consent"
"""Act of the audit: somebody of staff played a spoken consent."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a worker wrote beside a story (empty: nothing), and what they said of it.

    `tellers`: these are the teller's words, written down before a recording. `read_back`: the
    worker read them back, or the whole story where it was typed.
    """

    words: str = field(repr=False)
    read_back: bool
    tellers: bool = False


@dataclass(frozen=True, slots=True)
class SpokenConsent:
    """Where the recording of a spoken consent lies, and what it is sealed for."""

    blob: str
    context: str


def notes_beside(
    session: Session, key: bytes, story_id: uuid.UUID, *, by: uuid.UUID | None = None
) -> list[Beside]:
    """Give the workers' notes on a story as they wrote them, the oldest first.

    `key` is the story's; with `by`, only what this person wrote. Nothing in them is masked: they
    are for who wrote them, and for the teller.
    """
    query = select(Note).where(Note.story_id == story_id).order_by(col(Note.id))
    if by is not None:
        query = query.where(Note.person_id == by)
    rows = session.exec(query)
    return [Beside(open_note(key, row), row.read_back, row.tellers) for row in rows]


def spoken_consent(session: Session, story_id: uuid.UUID) -> SpokenConsent | None:
    """Give the recording in which consent was said aloud, or None where there is none."""
    query = select(Consent.clip).where(Consent.story_id == story_id, col(Consent.clip).is_not(None))
    blob = session.exec(query.order_by(col(Consent.id)).limit(1)).first()
    return SpokenConsent(blob, clip_context(story_id)) if blob is not None else None
