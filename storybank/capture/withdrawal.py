"""Take a story back: at once out of everybody's reach, soon out of every table and store.

`withdraw` belongs to the request in which the teller says so: it destroys the story's key and
shuts every use, so what was told can be opened by nobody from then on. `erase` is the job that
follows: it deletes what was made from the story and leaves a tombstone: id, dates, programme, who
sent it, and that it was taken back. docs/decisions/0012 says what stays where for how long.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, delete, select

from storybank import audit, jobs
from storybank.capture.blobs import Blobs
from storybank.capture.intake import record_consent, withdrawn_name
from storybank.capture.unsaved import FORMS, drop_unsaved
from storybank.capture.uploads import Owner, drop_all
from storybank.db import transaction
from storybank.errors import ConsentWithdrawn
from storybank.keys import Keyring
from storybank.tables import (
    Checked,
    Coding,
    Consent,
    Disagreement,
    Doubt,
    Moved,
    Note,
    PassageRow,
    ReadBy,
    Recording,
    SideStep,
    SoFar,
    Story,
    StrengthRow,
    SuggestionRow,
    Tag,
    TellerAnswer,
    TranscriptRow,
    Waiting,
    now,
)
from storybank.values import ConsentGiven, StoryState

WITHDRAWN, ERASED = "withdraw-story", "erase-story"
"""The two acts as the audit names them."""

_HANGING: tuple[type[SQLModel], ...] = (
    Tag, ReadBy, Moved, SuggestionRow, Coding, Disagreement, TellerAnswer, PassageRow, Note,
    Checked, Doubt, SoFar, SideStep, StrengthRow, TranscriptRow, Recording,
)  # fmt: skip
"""All that hangs on a story but its consents; redactions go with their transcript."""


def withdraw(
    session: Session, story_id: uuid.UUID, why: str = "the teller, with their code"
) -> Story:
    """Take one story back now: its key is destroyed with the session's commit.

    A step of its work that runs meanwhile finds the story withdrawn and writes nothing. Raises
    ConsentWithdrawn where it was taken back before.
    """
    story = session.get_one(Story, story_id, with_for_update=True, populate_existing=True)
    if story.withdrawn_at is not None:
        raise ConsentWithdrawn(f"story {story_id}")
    record_consent(session, story, ConsentGiven(how="receipt"))
    story.withdrawn_at, story.wrapped_key = now(), None
    story.state, story.progress, story.problem = StoryState.WITHDRAWN, 0.0, None
    session.add(story)
    audit.note(session, None, WITHDRAWN, story_id, why)
    session.flush()
    jobs.enqueue(session, jobs.WITHDRAW, story_id)
    return story


def erase(engine: Engine, keyring: Keyring, blobs: Blobs, story_id: uuid.UUID) -> bool:
    """Delete all that was made from a withdrawn story; gives False where that was done before.

    A job that follows takes the deleted words out of the database's files: see `scrubbing`.
    Sound goes first and rows last, in one transaction: killed in between, it begins again and
    still knows every name. A story that was not withdrawn is left alone.
    """
    with transaction(engine) as session:
        story = session.get(Story, story_id)
        if story is None or story.withdrawn_at is None or erased(story):
            return False
        names = _blobs_of(session, story_id)
    for name in names:
        blobs.delete(name)
    with transaction(engine) as session:
        story = session.get_one(Story, story_id, with_for_update=True)
        _delete_rows(session, story)
        _delete_on_the_way(session, keyring, story.client_id or "")
        drop_unsaved(session, keyring, story.id, *FORMS)
        _blank(keyring, story)
        session.add(story)
        audit.note(session, None, ERASED, story_id, f"{len(names)} recordings")
        jobs.enqueue_scrubbing(session)
    return True


def erased(story: Story) -> bool:
    """Say whether a withdrawn story has been erased; only then has it no digest of its content."""
    return story.withdrawn_at is not None and story.content_digest == b""


def unfinished(session: Session) -> Sequence[uuid.UUID]:
    """Give the stories that were taken back but are not erased yet, the oldest first."""
    query = select(Story.id).where(
        col(Story.withdrawn_at).is_not(None), col(Story.content_digest) != b""
    )
    return session.exec(query.order_by(col(Story.withdrawn_at))).all()


def _blobs_of(session: Session, story_id: uuid.UUID) -> list[str]:
    recordings = session.exec(select(Recording).where(Recording.story_id == story_id)).all()
    names = [name for row in recordings for name in (row.blob, row.playable, row.muted)]
    names += session.exec(select(Consent.clip).where(Consent.story_id == story_id)).all()
    return [name for name in names if name]


def _delete_rows(session: Session, story: Story) -> None:
    for table in _HANGING:
        session.exec(delete(table).where(table.story_id == story.id))  # type: ignore[attr-defined]
    for consent in session.exec(select(Consent).where(Consent.story_id == story.id)):
        consent.clip = None
        session.add(consent)


def _delete_on_the_way(session: Session, keyring: Keyring, known_as: str) -> None:
    """Delete what a phone has sent of this story and not been told is safe: it has other keys."""
    session.exec(delete(Waiting).where(col(Waiting.client_id) == known_as))
    if known_as.startswith("phone|"):
        _, person, item = known_as.split("|")
        drop_all(session, keyring, Owner.for_collect(uuid.UUID(person), item))


def _blank(keyring: Keyring, story: Story) -> None:
    """Leave a tombstone: its names from outside become keyed digests, so no second send revives it.

    The digest of the receipt code stays, so that the teller can see that the story is gone.
    """
    for name in ("client_id", "external_id"):
        if (known_as := getattr(story, name)) is not None:
            setattr(story, name, withdrawn_name(keyring, known_as))
    story.title, story.content_digest, story.body_digest = "", b"", None
    story.place_id = story.happened = story.teller = story.language = None
    story.words, story.seconds = 0, 0.0
