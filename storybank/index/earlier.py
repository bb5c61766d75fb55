"""Versions of a story that people quoted before it was corrected: new rules mask them, too."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storybank.capture.translations import translation_kept
from storybank.index.decided import decisions_of
from storybank.index.remask import remask
from storybank.tables import Coding, TranscriptRow
from storybank.understand.redact.reviewed import Decided
from storybank.values import Mask, Transcript
from storybank.vault import open_transcript

Quoted = tuple[TranscriptRow, Transcript, tuple[Decided, ...]]
"""A version, its words as told, and what people decided about masks in it."""
Masked = tuple[TranscriptRow, Transcript, tuple[Mask, ...], bool]
"""A version, its words as told, its masks, and whether it is withheld."""


def quoted_before(
    session: Session, key: bytes, row: TranscriptRow, rules_id: str
) -> tuple[Quoted, ...]:
    """Give the texts other than `row` and its translation that codings stand on.

    Only those that other rules masked: what a person coded there is quoted still.
    """
    english = translation_kept(session, row)
    query = select(TranscriptRow).where(
        TranscriptRow.story_id == row.story_id,
        col(TranscriptRow.id).not_in([row.id, *([english.id] if english else [])]),
        TranscriptRow.rules_id != rules_id,
        col(TranscriptRow.id).in_(
            select(Coding.transcript_id).where(Coding.story_id == row.story_id)
        ),
    )
    return tuple(
        (old, open_transcript(key, old), decisions_of(session, key, old))
        for old in session.exec(query).all()
    )


def mask_before(session: Session, made: Sequence[Masked], rules_id: str) -> None:
    """Put new masks over what is quoted from earlier versions; from withheld ones nothing is."""
    for old, transcript, masks, withheld in made:
        kept = session.get_one(TranscriptRow, old.id)
        kept.rules_id, kept.withheld = rules_id, withheld
        remask(session, kept, transcript, masks)
