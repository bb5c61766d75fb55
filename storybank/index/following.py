"""Put what people decided about masks over all that is shown of a story, at once."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlmodel import Session, col, select

from storybank import jobs
from storybank.index.decided import with_hidden
from storybank.index.notes import mask_notes
from storybank.index.remask import remask
from storybank.index.texts import masks_of
from storybank.tables import MaskDecision, Recording, Story, TranscriptRow
from storybank.understand.redact.reviewed import reviewed
from storybank.values import Mode
from storybank.vault import open_transcript

NO_RULES = ""
"""What masked a version whose masks a decision made: any rules are others, and mask it anew."""


def follow(
    session: Session,
    key: bytes,
    row: TranscriptRow,
    hidden: Sequence[MaskDecision],
    *,
    again: bool,
) -> None:
    """Show a story with the masks as they are now, hold back its sound, and have it read again.

    `row` is the version that was read last; the translation, earlier versions (what somebody coded
    there is quoted still) and workers' notes follow by the words. `hidden` are decisions that words
    may be shown, undone just now: until the rules have spoken, the words are masked. `again`:
    something was undone, so all needs the rules, which come with the reading that is enqueued.
    """
    changed = False
    for other in _versions_read(session, row):
        transcript = open_transcript(key, other)
        decisions = with_hidden(session, key, other, hidden)
        masks = reviewed(transcript.text, masks_of(session, other), decisions)
        if again and other.id != row.id:
            other.rules_id = NO_RULES
        changed = remask(session, other, transcript, masks) or changed
    mask_notes(session, key, row.story_id, hidden)
    if changed or again:
        _read_again(session, session.get_one(Story, row.story_id))


def _versions_read(session: Session, row: TranscriptRow) -> Sequence[TranscriptRow]:
    query = select(TranscriptRow).where(
        TranscriptRow.story_id == row.story_id, col(TranscriptRow.rules_id).is_not(None)
    )
    return session.exec(query.order_by(col(TranscriptRow.version))).all()


def _read_again(session: Session, story: Story) -> None:
    if story.mode == Mode.SPOKEN:
        session.execute(
            update(Recording).where(col(Recording.story_id) == story.id).values(held=True)
        )
    if not jobs.waits(session, jobs.UNDERSTAND, story.id):
        jobs.enqueue(session, jobs.UNDERSTAND, story.id)
