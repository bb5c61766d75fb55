"""What workers wrote beside stories, as staff read it and take it away: masked, or withheld."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storybank.index.notes import WRITTEN_BEFORE
from storybank.tables import Note, Person
from storybank.understand.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class ShownNote:
    """What a worker wrote beside the story, masked; empty where they only read the story back.

    `tellers`: these are the teller's words, written down before a recording. In any other
    `language` than English they are withheld: `words` is empty.
    """

    who: str
    words: str
    read_back: bool
    tellers: bool
    language: str

    @property
    def withheld(self) -> bool:
        """Whether there are words that nobody sees here."""
        return self.language != ENGLISH


def shown_notes(session: Session, story_id: uuid.UUID) -> tuple[ShownNote, ...]:
    """Give the notes that have been masked; before that, nobody but their writer may read them."""
    query = (
        select(Note, Person.name)
        .join(Person, col(Person.id) == col(Note.person_id))
        .where(Note.story_id == story_id, col(Note.masked).is_not(None))
    )
    rows = session.exec(query.order_by(col(Note.id))).all()
    return tuple(
        ShownNote(name, note.masked or "", note.read_back, note.tellers, note.language)
        for note, name in rows
    )


def exported_notes(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Give what workers wrote beside stories, masked; empty and withheld ones are left out."""
    query = select(Note).where(col(Note.story_id).in_(ids), col(Note.masked).is_not(None))
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for note in session.exec(query.order_by(col(Note.id))):
        if note.masked and not note.withheld:
            words = f"{WRITTEN_BEFORE}\n\n{note.masked}" if note.tellers else note.masked
            found[note.story_id].append(words)
    return {story_id: "\n\n".join(notes) for story_id, notes in found.items()}
