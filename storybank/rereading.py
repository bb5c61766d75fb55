"""Let stored stories be read by the current version of the framework, one job a story."""

import logging
import uuid

from sqlmodel import select

from storybank import jobs
from storybank.db import reading, transaction
from storybank.pipeline import Workshop, understand
from storybank.tables import ReadBy, Story
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
