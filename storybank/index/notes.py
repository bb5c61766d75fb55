"""Workers' notes and their masks: what the rules find in them, and what people decided."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storybank.index.by_rule import by_rule
from storybank.index.decided import decisions_of, with_hidden
from storybank.index.texts import keep_masks, masks_of, words_of
from storybank.spans import apply_masks
from storybank.tables import MaskDecision, Note
from storybank.understand.languages import ENGLISH
from storybank.understand.redact.reviewed import Decided, masked_anywhere, reviewed
from storybank.values import Mask

WRITTEN_BEFORE = "What the teller said, as the worker wrote it down before the recording:"
"""Heads a note in a file that holds the teller's words: nobody takes them for the worker's own.

Earlier versions wrote it into the note itself, where it stays."""


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A worker's note as it was written, and what people decided about masks in it.

    `tellers`: the words are the teller's, written down before a recording. `english`: a person
    wrote them as the English of another note.
    """

    id: int
    words: str = field(repr=False)
    decisions: tuple[Decided, ...] = field(repr=False)
    tellers: bool
    english: bool


@dataclass(frozen=True, slots=True)
class MaskedNote:
    """A worker's note with the masks that a reading made, and the language that it found."""

    id: int
    words: str = field(repr=False)
    masks: tuple[Mask, ...]
    language: str


def masked_note(one: OpenNote, found: Sequence[Mask], language: str) -> MaskedNote:
    """Mask a note that is in `language`; `found` is what the English rules find in it.

    In another language those miss names: only what holds in any language is masked.
    """
    review = reviewed if language == ENGLISH else by_rule
    return MaskedNote(one.id, one.words, review(one.words, found, one.decisions), language)


def open_notes(session: Session, key: bytes, story_id: uuid.UUID) -> tuple[OpenNote, ...]:
    """Give what workers wrote beside a story, for a reading to mask; the oldest first."""
    return tuple(
        OpenNote(
            note.id,
            words_of(key, note),
            decisions_of(session, key, note),
            note.tellers,
            note.translates is not None,
        )
        for note in notes_of(session, story_id)
        if note.id is not None
    )


def write_notes(session: Session, made: Sequence[MaskedNote], rules_id: str) -> None:
    """Make these the masks of the notes, and mask or withhold what is shown of them.

    Of an English in place of which somebody wrote another meanwhile nothing is shown.
    """
    for one in made:
        note = session.get_one(Note, one.id)
        if note not in notes_of(session, note.story_id):
            continue
        note.language = one.language
        _write(session, note, one.words, one.masks, rules_id)


def mask_notes(
    session: Session, key: bytes, story_id: uuid.UUID, hidden: Sequence[MaskDecision]
) -> None:
    """Show notes with the masks that people's decisions make; `hidden` as in `follow`.

    Of a note that was masked before its masks were kept, only the masked words are masked further.
    """
    for note in notes_of(session, story_id):
        if note.masked is None:
            continue
        decisions = with_hidden(session, key, note, hidden)
        if note.rules_id is None:
            masks = reviewed(note.masked, (), masked_anywhere(decisions))
            note.masked = apply_masks(note.masked, masks)
            session.add(note)
            continue
        words = words_of(key, note)
        masks = reviewed(words, masks_of(session, note), decisions)
        _write(session, note, words, masks, note.rules_id)


def notes_of(session: Session, story_id: uuid.UUID) -> Sequence[Note]:
    """Give the rows of the notes beside a story, the oldest first, each before its English.

    Where a person wrote the English anew, only the last one is there.
    """
    later = aliased(Note)
    replaced = exists().where(
        col(later.translates) == col(Note.translates), col(later.id) > col(Note.id)
    )
    query = select(Note).where(Note.story_id == story_id, ~replaced)
    said = func.coalesce(Note.translates, Note.id)
    return session.exec(query.order_by(said, col(Note.id))).all()


def _write(session: Session, note: Note, words: str, masks: Sequence[Mask], rules_id: str) -> None:
    keep_masks(session, note, masks, rules_id)
    note.masked = "" if note.withheld else apply_masks(words, masks)
    note.rules_id = rules_id
    session.add(note)
