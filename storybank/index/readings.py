"""Write down what the machine made of one transcript, in place of what it had made before."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, delete

from storybank.capture.checks import doubts_of
from storybank.capture.translations import translated_at
from storybank.index.notes import MaskedNote, write_notes
from storybank.index.passages import add_passages, forget_passages
from storybank.index.remask import mask_quotes
from storybank.index.tags import refresh_tags
from storybank.index.texts import keep_masks
from storybank.spans import apply_masks
from storybank.tables import Doubt, SuggestionRow, TranscriptRow
from storybank.understand.segment import times
from storybank.values import Mask, Passage, Span, Suggestion, Transcript, Vector


@dataclass(frozen=True)
class Reading:
    """What the machine made of one transcript, before it is written down.

    `masked` are the teller's words with personal details replaced; `notes` are those of workers.
    `withheld` says that nothing was made of the words, `language` what they are told in.
    """

    masks: tuple[Mask, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    vectors: Vector
    suggestions: tuple[Suggestion, ...]
    masked: str
    notes: tuple[MaskedNote, ...] = ()
    withheld: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class English:
    """The translation of a transcript, where it stands, and what was read in it."""

    row: TranscriptRow
    transcript: Transcript
    made: Reading


@dataclass(frozen=True, slots=True)
class Producers:
    """What made a reading: stored with every row of it."""

    rules_id: str
    embedder_id: str
    tagger_id: str
    framework: str


def write_reading(
    session: Session,
    row: TranscriptRow,
    transcript: Transcript,
    made: Reading,
    by: Producers,
    english: English | None = None,
) -> None:
    """Make `made` the reading of this transcript and its story; safe to repeat.

    What was read from earlier versions goes: its words may have been corrected. `english` is its
    translation with what was read there.
    """
    session.exec(delete(SuggestionRow).where(_outdated(row, by.framework, english, made)))
    session.exec(delete(Doubt).where(col(Doubt.story_id) == row.story_id))
    forget_passages(session, row.story_id)
    _write(session, row, transcript, made, by)
    if made.withheld:
        _forget_earlier(session, row)
    roots = _doubts(session, row, transcript)
    if english is not None:
        _write(session, english.row, english.transcript, english.made, by)
    if english is not None and not english.made.withheld:
        _doubts(session, english.row, english.transcript)
        _doubts_of_translation(session, english, transcript, roots)
    write_notes(session, made.notes, by.rules_id)
    session.flush()
    refresh_tags(session, row.story_id)


def _write(
    session: Session, row: TranscriptRow, transcript: Transcript, made: Reading, by: Producers
) -> None:
    kept = session.get_one(TranscriptRow, row.id)
    kept.masked, kept.rules_id, kept.withheld = made.masked, by.rules_id, made.withheld
    kept.language = made.language or kept.language
    session.add(kept)
    assert row.id is not None  # noqa: S101 (it was read from the database)
    keep_masks(session, row, made.masks, by.rules_id)
    mask_quotes(session, kept, transcript.text, made.masks)
    add_passages(session, kept, made.passages, made.texts, made.vectors, model_id=by.embedder_id)
    quotes = [(found, _masked(transcript, made.masks, found)) for found in made.suggestions]
    session.add_all(_suggestion(kept, transcript, found, quote, by) for found, quote in quotes)


def _forget_earlier(session: Session, row: TranscriptRow) -> None:
    """Leave no word of earlier versions in clear: they may be in the same language."""
    earlier = update(TranscriptRow).where(
        col(TranscriptRow.story_id) == row.story_id,
        col(TranscriptRow.translates).is_(None),
        col(TranscriptRow.version) < row.version,
        col(TranscriptRow.masked).is_not(None),
    )
    session.execute(earlier.values(masked=""))


def _doubts(session: Session, row: TranscriptRow, transcript: Transcript) -> list[Doubt]:
    """Write down the marked sentences of a transcript; gives their rows."""
    rows = [_doubt(row, span, marks) for span, marks in doubts_of(transcript)]
    session.add_all(rows)
    session.flush()
    return rows


def _doubts_of_translation(
    session: Session, english: English, original: Transcript, roots: Sequence[Doubt]
) -> None:
    """Doubt what was translated from doubtful words, until somebody has checked those."""
    for root in roots:
        start_ms, end_ms = times(original, Span(root.start, root.end))
        if start_ms is None or end_ms is None:
            continue
        for span in translated_at(english.transcript, start_ms / 1000, end_ms / 1000):
            doubt = _doubt(english.row, span, root.marks.split())
            doubt.root_id = root.id
            session.add(doubt)


def _doubt(row: TranscriptRow, span: Span, marks: Sequence[str]) -> Doubt:
    assert row.id is not None  # noqa: S101 (it was read from the database)
    return Doubt(
        story_id=row.story_id,
        transcript_id=row.id,
        start=span.start,
        end=span.end,
        marks=" ".join(marks),
    )


def _outdated(
    row: TranscriptRow, framework: str, english: English | None, made: Reading
) -> ColumnElement[bool]:
    """Say which suggestions go: this framework version's, and those of words since corrected.

    What other versions read from the same words stays, where these are not withheld.
    """
    texts = [(row, made), *([(english.row, english.made)] if english else [])]
    same = [text.id for text, read in texts if not read.withheld]
    return (col(SuggestionRow.story_id) == row.story_id) & (
        (col(SuggestionRow.framework) == framework) | col(SuggestionRow.transcript_id).not_in(same)
    )


def _masked(transcript: Transcript, masks: Sequence[Mask], found: Suggestion) -> str:
    return apply_masks(transcript.text, masks, found.span)


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
        offered=found.offered,
        model_id=found.model_id or by.tagger_id,
    )
