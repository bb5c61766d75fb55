"""Correct what was written down, line by line: each save is a new version, none is overwritten.

The caller has found that this person may correct this story (the teller with their code, the worker
who sent it), and notes who did it.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, func, select

from storybank import jobs
from storybank.capture.checks import checked_spans
from storybank.capture.intake import Desk
from storybank.capture.lines import corrected, lines_of, together
from storybank.capture.room import leave_reserve
from storybank.capture.text import check_words, clean, count_words
from storybank.errors import Busy, NothingWritten
from storybank.tables import Story, TranscriptRow, now
from storybank.values import StoryState, Transcript
from storybank.vault import open_transcript, seal_transcript, story_key

CORRECTED = "corrected"
HURRIED, HURRIED_WITHIN = 30, timedelta(minutes=10)
"""Versions of one story within so long: an hour's recording is corrected in fifteen pages."""
MOST_VERSIONS = 500
"""All of them are opened for the teller's page and for the sound that staff hear."""


def apply(
    session: Session,
    desk: Desk,
    story: Story,
    edits: Mapping[int, str],
    speakers: Mapping[int, str],
    *,
    source: str = CORRECTED,
) -> TranscriptRow:
    """Store the newest version with some lines changed, and enqueue its reading; gives its row.

    `edits` and `speakers` are by the number of a line of `lines_of` (see `lines.corrected`).
    Where nothing is changed, no version is made, and the row is the one that was there. Raises
    NothingWritten, ConsentWithdrawn, BadInput, EmptyStory where no words would be left,
    StoryTooLong, DiskFull, or Busy where it is changed more often than people do.
    """
    row = locked_newest(session, story)
    key = story_key(desk.keyring, story)
    before = open_transcript(key, row)
    after = corrected(before, edits, speakers, checked_spans(session, row))
    if after is before:
        return row
    return add_version(session, desk, row, after, source)


def append(session: Session, desk: Desk, story: Story, words: str) -> TranscriptRow:
    """Store the newest version with `words` as one more paragraph at its end, as `apply` does.

    Added words were typed, so they have no times, also under a recording. The same words that stand
    at the end already are not added again: a form may be sent twice. Raises as `apply`.
    """
    row = locked_newest(session, story)
    before = open_transcript(story_key(desk.keyring, story), row)
    added = clean(words, max_words=desk.settings.max_story_words)
    lines = lines_of(before, checked_spans(session, row))
    tail = [line for line in lines if line.span.end > len(before.text) - len(added)]
    if before.text.endswith(f"\n\n{added}") and not any(line.spoken for line in tail):
        return row
    after = together(before, lines, lines)
    text = f"{after.text}\n\n{added}" if after.text else added
    longer = replace(after, text=text)
    return add_version(session, desk, row, longer, CORRECTED)


def newest(session: Session, story_id: uuid.UUID) -> TranscriptRow | None:
    """Give the newest version of a story's text, or None where nothing is written down yet."""
    query = select(TranscriptRow).where(TranscriptRow.story_id == story_id)
    return session.exec(query.order_by(col(TranscriptRow.version).desc()).limit(1)).first()


def locked_newest(session: Session, story: Story) -> TranscriptRow:
    """Give the newest version, and let nobody add another until the transaction ends.

    Raises NothingWritten where there is none yet.
    """
    session.refresh(story, with_for_update=True)
    row = newest(session, story.id)
    if row is None:
        raise NothingWritten(f"story {story.id}")
    return row


def mark_of(row: TranscriptRow) -> str:
    """Give a mark for forms by which a version is known again: `2-` and 16 hexadecimal digits.

    Sealed bytes differ each time, so two versions never have the same.
    """
    return f"{row.version}-{hashlib.sha256(row.sealed).hexdigest()[:16]}"


def marked(session: Session, story_id: uuid.UUID, mark: str) -> TranscriptRow | None:
    """Give the version of a story that has this mark, or None."""
    rows = session.exec(select(TranscriptRow).where(TranscriptRow.story_id == story_id)).all()
    return next((row for row in rows if mark_of(row) == mark), None)


def _refuse_hurry(session: Session, earlier: TranscriptRow) -> None:
    """Raise Busy where a story is changed faster, or more often, than people do."""
    lately = select(func.count()).where(
        TranscriptRow.story_id == earlier.story_id,
        col(TranscriptRow.created_at) > now() - HURRIED_WITHIN,
    )
    if earlier.version >= MOST_VERSIONS or session.exec(lately).one() >= HURRIED:
        raise Busy(f"story {earlier.story_id} at version {earlier.version}")


def add_version(
    session: Session, desk: Desk, earlier: TranscriptRow, transcript: Transcript, source: str
) -> TranscriptRow:
    """Store `transcript` after the version `earlier`, and enqueue its reading; gives its row.

    Raises EmptyStory, StoryTooLong, ConsentWithdrawn, DiskFull, or Busy.
    """
    leave_reserve(desk.settings)
    check_words(transcript.text, max_words=desk.settings.max_story_words)
    _refuse_hurry(session, earlier)
    story = session.get_one(Story, earlier.story_id)
    key, version = story_key(desk.keyring, story), earlier.version + 1
    row = TranscriptRow(
        story_id=story.id,
        version=version,
        source=source,
        language=transcript.language,
        sealed=seal_transcript(key, story.id, version, transcript),
    )
    session.add(row)
    story.words = count_words(transcript.text)
    story.state, story.progress, story.problem = StoryState.READING, 0.0, None
    session.add(story)
    session.flush()
    if not jobs.waits(session, jobs.UNDERSTAND, story.id):
        jobs.enqueue(session, jobs.UNDERSTAND, story.id)
    return row
