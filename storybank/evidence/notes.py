"""What workers wrote beside stories, as staff read it and take it away: masked, or withheld."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, select

from storybank.index.notes import WRITTEN_BEFORE
from storybank.tables import Note, Person, Story
from storybank.understand.languages import ENGLISH
from storybank.values import Role

BY_A_PERSON = "What the worker wrote in another language, put into English by a person:"
TELLERS_BY_A_PERSON = (
    "What the teller said in another language, as the worker wrote it down before the recording, "
    "put into English by a person:"
)
"""Head the English of a note in a file: nobody takes it for what was written, or said."""


@dataclass(frozen=True, slots=True)
class NoteEnglish:
    """What a person wrote as the English of a note, masked; withheld where it is none."""

    words: str
    who: str
    role: Role
    on: datetime
    language: str

    @property
    def withheld(self) -> bool:
        """Whether nobody sees these words here: they are no English."""
        return self.language != ENGLISH


@dataclass(frozen=True, slots=True)
class ShownNote:
    """What a worker wrote beside the story, masked; empty where they only read the story back.

    `tellers`: these are the teller's words, written down before a recording. In any other
    `language` than English they are withheld: `words` is empty, and staff read the `english`.
    """

    who: str
    words: str
    read_back: bool
    tellers: bool
    language: str
    english: NoteEnglish | None = None

    @property
    def withheld(self) -> bool:
        """Whether there are words that nobody sees here."""
        return self.language != ENGLISH


def shown_notes(session: Session, story_id: uuid.UUID) -> tuple[ShownNote, ...]:
    """Give the notes that have been masked; before that, nobody but their writer may read them."""
    query = (
        select(Note, Person)
        .join(Person, col(Person.id) == col(Note.person_id))
        .where(Note.story_id == story_id, col(Note.masked).is_not(None))
    )
    rows = session.exec(query.order_by(col(Note.id))).all()
    english = {
        note.translates: NoteEnglish(
            note.masked or "", by.name, by.role, note.created_at, note.language
        )
        for note, by in rows
    }
    return tuple(
        ShownNote(
            by.name,
            note.masked or "",
            note.read_back,
            note.tellers,
            note.language,
            english.get(note.id) if note.withheld else None,
        )
        for note, by in rows
        if note.translates is None
    )


def notes_for_english(
    session: Session, condition: ColumnElement[bool], limit: int
) -> Sequence[tuple[Note, Story]]:
    """Give the notes that wait for a person to put them into English, with their stories.

    Those beside stories under `condition`, the oldest first.
    """
    query = select(Note, Story).join(Story, col(Story.id) == col(Note.story_id))
    here = query.where(condition, _wait_for_english()).order_by(col(Note.id))
    return session.exec(here.limit(limit)).all()


def count_notes_for_english(session: Session, condition: ColumnElement[bool]) -> int:
    """Give how many notes `notes_for_english` would give without a limit."""
    query = select(func.count()).select_from(Note).join(Story, col(Story.id) == col(Note.story_id))
    return session.exec(query.where(condition, _wait_for_english())).one()


def _wait_for_english() -> ColumnElement[bool]:
    """Give the condition on a note that its last English is none, or that there is none."""
    one, later = (Note.__table__.alias() for _ in range(2))  # type: ignore[attr-defined]
    last = ~exists().where(later.c.translates == one.c.translates, later.c.id > one.c.id)
    in_english = exists().where(one.c.translates == col(Note.id), one.c.language == ENGLISH, last)
    written_otherwise = col(Note.translates).is_(None) & (col(Note.language) != ENGLISH)
    return written_otherwise & ~in_english


def exported_notes(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Give what workers wrote beside stories, masked; empty and withheld ones are left out.

    In place of a withheld one stands the English that a person wrote of it.
    """
    query = select(Note).where(col(Note.story_id).in_(ids), col(Note.masked).is_not(None))
    rows = session.exec(query.order_by(col(Note.id))).all()
    english = {note.translates: note for note in rows}
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for note in rows:
        if note.translates is not None:
            continue
        said = english.get(note.id) if note.withheld else note
        if said is not None and said.masked and not said.withheld:
            found[note.story_id].append(_headed(said))
    return {story_id: "\n\n".join(notes) for story_id, notes in found.items()}


def _headed(note: Note) -> str:
    if note.translates is not None:
        return f"{TELLERS_BY_A_PERSON if note.tellers else BY_A_PERSON}\n\n{note.masked}"
    return f"{WRITTEN_BEFORE}\n\n{note.masked}" if note.tellers else note.masked or ""
