"""Say that marked words are right, or take that back; the tags that stand on them follow at once.

Nothing is read anew: the words are the same. What changes is whether they count.
"""

import uuid

from sqlmodel import Session

from storybank.capture.checks import check, uncheck
from storybank.errors import ConsentWithdrawn
from storybank.index.tags import refresh_tags
from storybank.tables import Story, TranscriptRow
from storybank.values import Span


def say_right(
    session: Session, story: Story, row: TranscriptRow, span: Span, by: uuid.UUID | None
) -> None:
    """Keep that a person (None: the teller) finds a marked sentence of one version right.

    The caller has found that they may, and that the sentence is marked. Raises ConsentWithdrawn.
    """
    _hold(session, story)
    check(session, story, row, span, by)
    refresh_tags(session, story.id)


def say_unsure(
    session: Session, story: Story, row: TranscriptRow, span: Span, by: uuid.UUID | None
) -> None:
    """Take back that a sentence is right: what stands on it counts no more until it is checked."""
    _hold(session, story)
    uncheck(session, story, row, span, by)
    refresh_tags(session, story.id)


def _hold(session: Session, story: Story) -> None:
    session.refresh(story, with_for_update=True)
    if story.withdrawn_at is not None:
        raise ConsentWithdrawn(f"story {story.id}")
