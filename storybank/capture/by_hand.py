"""A person puts a story that was told in another language into English.

What they write is told: kept beside the words, with their name and the day, never overwritten. It
is read, masked and searched as the machine translation of a recording is (docs/decisions/0031).
The caller has found that this person may see the words as told, and notes that they did it.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from storybank import jobs
from storybank.capture.corrections import locked_newest
from storybank.capture.intake import Desk
from storybank.capture.room import leave_reserve
from storybank.capture.side_steps import TRANSLATION, done
from storybank.capture.text import clean
from storybank.capture.translations import (
    add_translation,
    last_translation,
    names_wanted,
    tellers_english,
    translation_kept,
)
from storybank.errors import Busy, NotToTranslate
from storybank.tables import Story, TranscriptRow
from storybank.values import StoryState, Transcript
from storybank.vault import open_transcript, story_key

MOST = 100
"""Translations of one story: each is kept."""
UNREAD = "This story is being read again. Wait a minute, and send your English once more."
WHO_SPEAKS = (
    "It is not known yet who speaks in this recording, and only what the teller says is put into "
    "English. The worker who sent it, or the teller, can say who speaks."
)


@dataclass(frozen=True, slots=True)
class EnglishSoFar:
    """The English that somebody finds who is to write it: `words` are of the version that stands.

    Where there are none, `earlier` are of a version before it was changed on `changed_on`. What was
    taken out since may stand in them, so they are for looking at: nobody begins with them. Of a
    machine's only what it says while a teller speaks is there. `waits` says what has to be said
    first, where nobody can write it yet. `language` is what the last reading took the words for:
    they are withheld where that is no English.
    """

    words: str = field(default="", repr=False)
    earlier: str = field(default="", repr=False)
    changed_on: datetime | None = None
    by_machine: bool = False
    waits: str = ""
    language: str = "en"


def put_into_english(
    session: Session, desk: Desk, story: Story, words: str, by: uuid.UUID
) -> TranscriptRow:
    """Keep `words` as the English of a story, and have it read; gives its row.

    The same words as the last ones are kept once, a machine's as its own. No machine translates
    the story any more. Raises NotToTranslate where the story is not withheld as being in another
    language, or not yet, or where it is not known who speaks: these words have no times, so nobody
    could tell a worker's questions in them; NothingWritten, EmptyStory, StoryTooLong, DiskFull, or
    Busy.
    """
    row = locked_newest(session, story)
    if not row.withheld:
        detail = f"story {story.id}"
        raise NotToTranslate(detail) if row.rules_id else NotToTranslate(detail, message=UNREAD)
    key = story_key(desk.keyring, story)
    told = open_transcript(key, row)
    if names_wanted(told):
        raise NotToTranslate(f"voices of story {story.id}", message=WHO_SPEAKS)
    english = Transcript(clean(words, max_words=desk.settings.max_story_words))
    earlier = translation_kept(session, row)
    if earlier is not None and _says(open_transcript(key, earlier), told, english.text):
        return earlier
    leave_reserve(desk.settings)
    made = add_translation(session, key, row, english, by)
    if made.version < -MOST - row.version:
        raise Busy(f"story {story.id}: translated too often")
    done(session, story.id, TRANSLATION)
    story.state, story.progress, story.problem = StoryState.READING, 0.0, None
    session.add(story)
    if not jobs.waits(session, jobs.UNDERSTAND, story.id):
        jobs.enqueue(session, jobs.UNDERSTAND, story.id)
    return made


def english_so_far(session: Session, key: bytes, row: TranscriptRow) -> EnglishSoFar:
    """Give the English of a version, or else the last one from before it was changed."""
    told = open_transcript(key, row)
    waits = WHO_SPEAKS if names_wanted(told) else ""
    kept = translation_kept(session, row) or last_translation(session, row.story_id)
    if kept is None or (kept.withheld and kept.person_id is None):
        return EnglishSoFar(waits=waits)  # what a machine took for English, and is none
    words, holds = tellers_english(open_transcript(key, kept), told), kept.translates == row.id
    return EnglishSoFar(
        words=words if holds else "",
        earlier="" if holds else words,
        changed_on=None if holds else row.created_at,
        by_machine=kept.person_id is None,
        waits=waits,
        language=kept.language if holds else "en",
    )


def _says(earlier: Transcript, told: Transcript, words: str) -> bool:
    """Say whether somebody sent back the words that they began with."""
    return words.split() == tellers_english(earlier, told).split()
