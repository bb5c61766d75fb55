"""What stands beside a story's words: what a worker wrote there, and a spoken consent."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from storybank.tables import Consent, Note, Person
from storybank.values import Role
from storybank.vault import clip_context, open_note

HEARD = "hear-consent"
"""Act of the audit: somebody of staff played a spoken consent."""


@dataclass(frozen=True, slots=True)
class InEnglish:
    """What a person wrote as the English of a note, as they wrote it; `language`: what it is in."""

    id: int
    words: str = field(repr=False)
    who: str
    role: Role
    on: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What a worker wrote beside a story (empty: nothing), and what they said of it.

    `tellers`: these are the teller's words, written down before a recording. `read_back`: the
    worker read them back, or the whole story where it was typed. In any other `language` than
    English, once it was read, nobody else sees the words, and `english` stands for them.
    """

    words: str = field(repr=False)
    read_back: bool
    tellers: bool = False
    id: int = 0
    language: str = "en"
    english: InEnglish | None = None

    @property
    def withheld(self) -> bool:
        """Whether staff do not see these words."""
        return self.language != "en"


@dataclass(frozen=True, slots=True)
class SpokenConsent:
    """Where the recording of a spoken consent lies, and what it is sealed for."""

    blob: str
    context: str


def notes_beside(
    session: Session, key: bytes, story_id: uuid.UUID, *, by: uuid.UUID | None = None
) -> list[Beside]:
    """Give the workers' notes on a story as they wrote them, the oldest first.

    `key` is the story's; with `by`, only what this person wrote, with its English by whomever.
    Nothing is masked: it is for who wrote it, for the teller, and for who may see told words.
    """
    query = select(Note, Person).join(Person, col(Person.id) == col(Note.person_id))
    rows = session.exec(query.where(Note.story_id == story_id).order_by(col(Note.id))).all()
    english = {
        row.translates or 0: InEnglish(
            row.id or 0, open_note(key, row), person.name, person.role, row.created_at, row.language
        )
        for row, person in rows
        if row.translates is not None
    }
    return [
        Beside(
            open_note(key, row),
            row.read_back,
            row.tellers,
            row.id or 0,
            row.language,
            english.get(row.id or 0),
        )
        for row, _ in rows
        if row.translates is None and by in (None, row.person_id)
    ]


def spoken_consent(session: Session, story_id: uuid.UUID) -> SpokenConsent | None:
    """Give the recording in which consent was said aloud, or None where there is none."""
    query = select(Consent.clip).where(Consent.story_id == story_id, col(Consent.clip).is_not(None))
    blob = session.exec(query.order_by(col(Consent.id)).limit(1)).first()
    return SpokenConsent(blob, clip_context(story_id)) if blob is not None else None
