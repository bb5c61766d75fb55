"""Write down what the machine made of one transcript, in place of what it had made before."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, delete, select

from storybank.index.passages import replace_passages
from storybank.index.tags import refresh_tags
from storybank.spans import apply_masks
from storybank.tables import Note, Redaction, SuggestionRow, TranscriptRow
from storybank.understand.segment import times
from storybank.values import Mask, Passage, Suggestion, Transcript, Vector


@dataclass(frozen=True)
class Reading:
    """What the machine made of one transcript, before it is written down.

    `masked` are the teller's words with personal details replaced, `notes` those of workers'
    notes, by the number of the note.
    """

    masks: tuple[Mask, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    vectors: Vector
    suggestions: tuple[Suggestion, ...]
    masked: str
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Producers:
    """What made a reading: stored with every row of it."""

    rules_id: str
    embedder_id: str
    tagger_id: str
    framework: str


def write_reading(
    session: Session, row: TranscriptRow, transcript: Transcript, made: Reading, by: Producers
) -> None:
    """Make `made` the reading of this transcript and its story; safe to repeat.

    What was read from earlier versions goes: its words may have been corrected.
    """
    kept = session.get_one(TranscriptRow, row.id)
    kept.masked, kept.rules_id = made.masked, by.rules_id
    session.add(kept)
    assert row.id is not None  # noqa: S101 (it was read from the database)
    session.exec(delete(Redaction).where(col(Redaction.transcript_id) == row.id))
    session.exec(delete(SuggestionRow).where(col(SuggestionRow.story_id) == row.story_id))
    session.add_all(_redaction(row.id, mask, by.rules_id) for mask in made.masks)
    replace_passages(
        session, kept, made.passages, made.texts, made.vectors, model_id=by.embedder_id
    )
    quotes = [(found, _masked(transcript, made.masks, found)) for found in made.suggestions]
    session.add_all(_suggestion(kept, transcript, found, quote, by) for found, quote in quotes)
    _write_notes(session, row.story_id, made.notes, by.rules_id)
    session.flush()
    refresh_tags(session, row.story_id)


def _masked(transcript: Transcript, masks: Sequence[Mask], found: Suggestion) -> str:
    return apply_masks(transcript.text, masks, found.span)


def _redaction(transcript_id: int, mask: Mask, rules_id: str) -> Redaction:
    return Redaction(
        transcript_id=transcript_id,
        start=mask.span.start,
        end=mask.span.end,
        kind=mask.kind,
        placeholder=mask.placeholder,
        rules_id=rules_id,
    )


def _suggestion(
    row: TranscriptRow, transcript: Transcript, found: Suggestion, quote: str, by: Producers
) -> SuggestionRow:
    start_ms, end_ms = times(transcript, found.span)
    assert row.id is not None  # noqa: S101 (it was read from the database)
    return SuggestionRow(
        story_id=row.story_id,
        transcript_id=row.id,
        framework=by.framework,
        code=found.code,
        direction=found.direction,
        start=found.span.start,
        end=found.span.end,
        quote=quote,
        start_ms=start_ms,
        end_ms=end_ms,
        score=found.score,
        model_id=by.tagger_id,
    )


def _write_notes(
    session: Session, story_id: uuid.UUID, masked: Mapping[int, str], rules_id: str
) -> None:
    notes = session.exec(select(Note).where(Note.story_id == story_id)).all()
    for note in notes:
        if note.id is not None and note.id in masked:
            note.masked, note.rules_id = masked[note.id], rules_id
            session.add(note)
