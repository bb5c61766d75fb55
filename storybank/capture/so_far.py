"""The words of a recording that is still listened to: sealed, for the teller, used for nothing.

They stand in a table of their own, which no reading, search or export knows of, and go with the
commit that brings the whole transcript.
"""

import time
import uuid

from sqlalchemy import Engine
from sqlmodel import Session, col, delete

from storybank.db import transaction
from storybank.errors import ConsentWithdrawn
from storybank.tables import SoFar, Story, TranscriptRow, now
from storybank.values import StoryState, Transcript
from storybank.vault import open_transcript, seal_transcript

VERSION = 0
"""What is sealed under it is no version of the story yet."""
EVERY_S = 5.0


def keep(session: Session, key: bytes, story_id: uuid.UUID, heard: Transcript) -> None:
    """Make `heard` the words so far, in place of those before."""
    row = session.get(SoFar, story_id) or SoFar(
        story_id=story_id, sealed=b"", language=heard.language, seconds=0.0
    )
    row.sealed = seal_transcript(key, story_id, VERSION, heard)
    row.language, row.updated_at = heard.language, now()
    row.seconds = heard.segments[-1].end if heard.segments else 0.0
    session.add(row)


def words_so_far(session: Session, key: bytes, story_id: uuid.UUID) -> Transcript | None:
    """Give what is written down so far, or None where nothing is, or all of it."""
    row = session.get(SoFar, story_id)
    if row is None:
        return None
    kept = TranscriptRow(story_id=story_id, version=VERSION, source="machine", sealed=row.sealed)
    return open_transcript(key, kept)


def forget(session: Session, story_id: uuid.UUID) -> None:
    """Delete the words so far."""
    session.exec(delete(SoFar).where(col(SoFar.story_id) == story_id))


class Writing:
    """Stores how far the listening is, at every twentieth part, and the words so far.

    The first words are stored as soon as they come, then every few seconds: each time anew and
    whole, so a recording of hours must not do it at every sentence. A story that was taken back
    stops the work: ConsentWithdrawn.
    """

    def __init__(self, engine: Engine, key: bytes, story_id: uuid.UUID) -> None:
        self._engine, self._key, self._story_id = engine, key, story_id
        self._done, self._due = 0.0, 0.0

    def progress(self, done: float) -> None:
        """Hear the part done, 0.0 to 1.0."""
        if done - self._done >= 0.05:
            self._done = done
            with transaction(self._engine) as session:
                story = self._lock(session)
                story.state, story.progress = StoryState.LISTENING, done
                session.add(story)

    def words(self, heard: Transcript) -> None:
        """Hear the words so far."""
        if time.monotonic() < self._due:
            return
        with transaction(self._engine) as session:
            self._lock(session)
            keep(session, self._key, self._story_id, heard)
        self._due = time.monotonic() + EVERY_S

    def _lock(self, session: Session) -> Story:
        story = session.get_one(Story, self._story_id, with_for_update=True)
        if story.withdrawn_at is not None:
            raise ConsentWithdrawn(f"story {self._story_id}")
        return story
