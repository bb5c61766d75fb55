"""Where a told story has been: what people did with it, by day, from the audit; never who."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select

from storybank.capture.beside import HEARD
from storybank.tables import AuditEntry, Coding

OPENED, OPENED_BY_SENDER, EXPORTED = "open-story", "open-sent-story", "export-story"
"""Acts of the audit that name a story."""
OPENED_AS_TOLD = "open-original"
"""Somebody went through its masks: they saw the words as they were told."""
TRANSLATED = "translate-story"
"""Somebody put it into English, from the words as they were told."""
PLAYED, PLAYED_BY_SENDER = "play-story", "play-sent-story"
"""Its recording was played from the beginning: the silenced copy, or by whoever recorded it."""


class Done(StrEnum):
    """What somebody did with a story."""

    OPENED = "opened"
    OPENED_AS_TOLD = "opened-as-told"
    OPENED_BY_SENDER = "opened-by-sender"
    PLAYED = "played"
    PLAYED_BY_SENDER = "played-by-sender"
    HEARD = "heard-by-sender"
    TRANSLATED = "translated"
    EXPORTED = "exported"
    DECIDED = "decided"


_ACTS = {
    OPENED: Done.OPENED,
    OPENED_AS_TOLD: Done.OPENED_AS_TOLD,
    OPENED_BY_SENDER: Done.OPENED_BY_SENDER,
    PLAYED: Done.PLAYED,
    PLAYED_BY_SENDER: Done.PLAYED_BY_SENDER,
    HEARD: Done.HEARD,
    TRANSLATED: Done.TRANSLATED,
    EXPORTED: Done.EXPORTED,
}


@dataclass(frozen=True, slots=True)
class Use:
    """One kind of thing done on one day, and how often."""

    day: date
    done: Done
    times: int


def uses_made(session: Session, story_id: uuid.UUID) -> list[Use]:
    """Give what was done with a story, the newest day first; empty where nobody has used it.

    Days are in UTC. A decision about a code counts on the day it was made, also if undone since.
    """
    acts = session.exec(
        select(AuditEntry.at, AuditEntry.act).where(
            AuditEntry.object_id == str(story_id), col(AuditEntry.act).in_(_ACTS)
        )
    ).all()
    decided = session.exec(select(Coding.created_at).where(Coding.story_id == story_id)).all()
    found = Counter((at.date(), _ACTS[act]) for at, act in acts)
    found.update((at.date(), Done.DECIDED) for at in decided)
    order = list(Done)
    days = sorted(found, key=lambda key: (-key[0].toordinal(), order.index(key[1])))
    return [Use(day, done, found[day, done]) for day, done in days]
