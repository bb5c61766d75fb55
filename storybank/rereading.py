"""Let stored stories be read by the current version of the framework, one job a story."""

import logging
import uuid

from sqlalchemy import ColumnElement, Engine, exists, update
from sqlmodel import col, func, select

from storybank import jobs
from storybank.db import reading, transaction
from storybank.pipeline import Workshop, understand
from storybank.tables import Note, ReadBy, Recording, Story, StrengthRow, TranscriptRow
from storybank.understand import silences
from storybank.understand.strengths import RULES_ID
from storybank.versions.progress import unread
from storybank.versions.shelf import current_name

log = logging.getLogger(__name__)

AT_ONCE = 500


def reread(shop: Workshop, story_id: uuid.UUID) -> None:
    """Read one story by the current version; does nothing where that is done already."""
    with reading(shop.engine) as session:
        name = current_name(session, shop.settings.framework)
        if session.get(ReadBy, (story_id, name)) is not None:
            return
    understand(shop, story_id)


def enqueue_all(shop: Workshop) -> int:
    """Add a job for every story that is not read by the current version; gives how many."""
    with reading(shop.engine) as session:
        name = current_name(session, shop.settings.framework)
        waiting = session.exec(select(Story.id).where(unread(name))).all()
    for first in range(0, len(waiting), AT_ONCE):
        with transaction(shop.engine) as session:
            for story_id in waiting[first : first + AT_ONCE]:
                if not jobs.waits(session, jobs.REREAD, story_id):
                    jobs.enqueue(session, jobs.REREAD, story_id)
    log.info("stories to be read again", extra={"count": len(waiting)})
    return len(waiting)


def read_again(engine: Engine, rules_id: str, *, dry_run: bool = False) -> int:
    """Add a job for every story whose newest reading other rules masked; gives how many.

    So are stories beside which a note stands whose masks were not kept, and those of which other
    rules said what they name as good, and those whose sound for staff was silenced by other rules:
    nobody hears it until it is made anew. What people decided about masks holds.
    """
    newest = (
        select(col(TranscriptRow.story_id), func.max(TranscriptRow.version).label("version"))
        .where(col(TranscriptRow.rules_id).is_not(None), TranscriptRow.version > 0)
        .group_by(col(TranscriptRow.story_id))
        .subquery()
    )
    query = (
        select(TranscriptRow.story_id)
        .join(newest, (newest.c.story_id == TranscriptRow.story_id)
              & (newest.c.version == TranscriptRow.version))
        .join(Story, col(Story.id) == TranscriptRow.story_id)
        .where(
            (col(TranscriptRow.rules_id) != rules_id)
            | _has_masks_not_kept()
            | _has_old_strengths()
            | exists().where(col(Recording.story_id) == Story.id, _is_silenced_otherwise())
        )
        .where(col(Story.withdrawn_at).is_(None))
    )  # fmt: skip
    with reading(engine) as session:
        waiting = session.exec(query).all()
    for first in range(0, 0 if dry_run else len(waiting), AT_ONCE):
        some = waiting[first : first + AT_ONCE]
        with transaction(engine) as session:
            old = col(Recording.story_id).in_(some) & _is_silenced_otherwise()
            session.execute(update(Recording).where(old).values(held=True))
            for story_id in some:
                if not jobs.waits(session, jobs.UNDERSTAND, story_id):
                    jobs.enqueue(session, jobs.UNDERSTAND, story_id)
    return len(waiting)


def _has_masks_not_kept() -> ColumnElement[bool]:
    masked = col(Note.masked).is_not(None) & col(Note.rules_id).is_(None)
    return exists().where(col(Note.story_id) == Story.id, masked)


def _has_old_strengths() -> ColumnElement[bool]:
    old = col(StrengthRow.rules_id) != RULES_ID
    return exists().where(col(StrengthRow.story_id) == Story.id, old)


def _is_silenced_otherwise() -> ColumnElement[bool]:
    by = col(Recording.muted_by)
    return col(Recording.muted).is_not(None) & (by.is_(None) | (by != silences.RULES_ID))
