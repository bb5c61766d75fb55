"""The texts of a story that have masks: versions of its words, and what workers wrote beside it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from storybank.tables import MaskDecision, Note, Redaction, TranscriptRow
from storybank.values import Mask, Span
from storybank.vault import open_note, open_transcript

Text = TranscriptRow | Note
"""A text that masks and people's decisions about masks stand on; its words never change."""


def words_of(key: bytes, text: Text) -> str:
    """Give the words of a text as they were told or written."""
    return open_note(key, text) if isinstance(text, Note) else open_transcript(key, text).text


def stands_on(decision: MaskDecision, text: Text) -> bool:
    """Say whether a decision was taken about this very text."""
    if isinstance(text, Note):
        return decision.note_id == text.id
    return decision.transcript_id == text.id


def text_under(session: Session, decision: MaskDecision) -> Text:
    """Give the text that a decision was taken about."""
    if decision.note_id is not None:
        return session.get_one(Note, decision.note_id)
    return session.get_one(TranscriptRow, decision.transcript_id)


def masks_of(session: Session, text: Text) -> tuple[Mask, ...]:
    """Give the masks of a text as they stand, in order."""
    found = session.exec(select(Redaction).where(_of(text)).order_by(col(Redaction.start))).all()
    return tuple(Mask(Span(r.start, r.end), r.kind, r.placeholder, r.sure) for r in found)


def keep_masks(session: Session, text: Text, masks: Sequence[Mask], rules_id: str) -> None:
    """Make `masks` those of a text, in place of what was there; `rules_id` made them."""
    session.exec(delete(Redaction).where(_of(text)))
    beside = isinstance(text, Note)
    session.add_all(
        Redaction(
            transcript_id=None if beside else text.id, note_id=text.id if beside else None,
            start=m.span.start, end=m.span.end, kind=m.kind, placeholder=m.placeholder,
            rules_id=rules_id, sure=m.sure,
        )
        for m in masks
    )  # fmt: skip


def _of(text: Text) -> ColumnElement[bool]:
    if isinstance(text, Note):
        return col(Redaction.note_id) == text.id
    return col(Redaction.transcript_id) == text.id
