"""A person puts a note into English that a worker wrote beside a story, in another language.

Their English is a note of its own that names the one it says: it is sealed, masked, shown and taken
back as each note is, and never searched or quoted. The note itself stays as it was written. The
caller has found that this person may see it, and notes that they did this.
"""

import uuid
from dataclasses import dataclass, field

from sqlmodel import Session, col, delete, select

from storybank import jobs
from storybank.capture.intake import Desk
from storybank.capture.room import leave_reserve
from storybank.capture.text import check_words, tidied
from storybank.errors import Busy, Conflict, EmptyStory, NotFound, NotToTranslate
from storybank.sealed import seal
from storybank.tables import Note, Redaction, Story
from storybank.vault import note_context, open_note, story_key

MOST = 100
"""Each English of one note is kept; nobody writes it more often."""
NOTED = "translate-note"
"""Act of the audit: somebody put a note into English, from its words as they were written."""
UNREAD = "This note is not read yet. Wait a minute, and send your English once more."
ENGLISH_ALREADY = "This note is read as it stands: nobody has to put it into English."
NO_WORDS = "Write the note in English first."
MEANWHILE = "Somebody else put this note into English meanwhile. Look at it again."


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody wrote as the English of note `note_id`.

    `seen` is the number of the English that they began with, 0 where there was none.
    """

    note_id: int
    words: str = field(repr=False)
    seen: int = 0


def put_note_into_english(
    session: Session, desk: Desk, story: Story, sent: Sent, by: uuid.UUID
) -> Note:
    """Keep the English of a note, and have the story read again; gives its row.

    The same words as the last ones are kept once. Raises NotFound where no such note stands beside
    the story, NotToTranslate where it is not withheld as being in another language, or not yet,
    Conflict where somebody was quicker, EmptyStory, StoryTooLong, DiskFull, or Busy.
    """
    session.refresh(story, with_for_update=True)
    note_id = sent.note_id
    note = session.get(Note, note_id)
    if note is None or note.story_id != story.id or note.translates is not None:
        raise NotFound(f"note {note_id} of story {story.id}")
    if not note.withheld:
        message = ENGLISH_ALREADY if note.rules_id else UNREAD
        raise NotToTranslate(f"note {note_id}", message=message)
    text = tidied(sent.words)
    if not any(map(str.isalnum, text)):
        raise EmptyStory(message=NO_WORDS)
    check_words(text, max_words=desk.settings.max_story_words)
    leave_reserve(desk.settings)
    key, earlier = story_key(desk.keyring, story), _written(session, note_id)
    if earlier and open_note(key, earlier[-1]) == text:
        return earlier[-1]
    if sent.seen != (earlier[-1].id if earlier else 0):
        raise Conflict(f"English of note {note_id}", message=MEANWHILE)
    if len(earlier) >= MOST:
        raise Busy(f"note {note_id}: translated too often")
    for one in earlier[-1:]:
        _show_no_more(session, one)
    sealed = seal(key, text.encode(), note_context(story.id))
    made = Note(
        story_id=story.id, person_id=by, sealed=sealed, tellers=note.tellers, translates=note_id
    )
    session.add(made)
    session.flush()
    if not jobs.waits(session, jobs.UNDERSTAND, story.id):
        jobs.enqueue(session, jobs.UNDERSTAND, story.id)
    return made


def _written(session: Session, note_id: int) -> list[Note]:
    """Give each English of a note, the oldest first."""
    query = select(Note).where(Note.translates == note_id)
    return list(session.exec(query.order_by(col(Note.id))).all())


def _show_no_more(session: Session, english: Note) -> None:
    """Leave nothing in clear of an English in place of which another was written."""
    session.exec(delete(Redaction).where(col(Redaction.note_id) == english.id))
    english.masked = english.rules_id = None
    session.add(english)
