"""The list of what was told, kept outside the server, and compared with what the server holds."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture.blobs import open_blobs
from storybank.db import reading
from storybank.keys import Keyring
from storybank.tables import Recording, Story, TranscriptRow
from storybank.values import Mode
from storybank.vault import open_transcript, recording_context, story_key


def sha256(told: str | bytes) -> str:
    """Give the line of the list for what was told: words, or a recording."""
    return hashlib.sha256(told.encode() if isinstance(told, str) else told).hexdigest()


def told_equals_stored(
    told: Iterable[str],
    engine: Engine,
    keyring: Keyring,
    blobs: Path,
    *,
    unsure: Iterable[str] = (),
) -> None:
    """Hold what is stored against the list `told`, hash by hash: each once, and nothing else.

    `unsure` is what was sent and never confirmed: it may be stored, once. `blobs` is the folder of
    the recordings.
    """
    there = Counter(sha256(story) for story in stored(engine, keyring, blobs))
    listed = Counter(told)
    lost, more = listed - there, there - listed
    assert not lost, f"{lost.total()} of {listed.total()} that were told are not stored"
    assert more <= Counter(set(unsure)), (
        f"{more.total()} stored that nobody told, or once too often"
    )


def phones_equal_stored(
    told: Mapping[str, str], engine: Engine, keyring: Keyring, blobs: Path
) -> None:
    """Hold what phones have sent against the list `told`: the phone's own id of each -> its hash.

    Each is stored once and under its id, and nothing else is stored.
    """
    with reading(engine) as session:
        there = [
            (
                (story.client_id or "").rpartition("|")[2],
                sha256(_told(session, keyring, story, blobs)),
            )
            for story in session.exec(select(Story))
        ]
    assert sorted(there) == sorted(told.items()), (
        f"{len(told)} told, {len(there)} stored, or changed"
    )


def stored(engine: Engine, keyring: Keyring, blobs: Path) -> list[str | bytes]:
    """Give every story as it was told: the words that were typed, or the whole recording."""
    with reading(engine) as session:
        return [_told(session, keyring, story, blobs) for story in session.exec(select(Story))]


def _told(session: Session, keyring: Keyring, story: Story, blobs: Path) -> str | bytes:
    key = story_key(keyring, story)
    if story.mode == Mode.SPOKEN:
        row = session.exec(select(Recording).where(Recording.story_id == story.id)).one()
        return open_blobs(None, blobs).get(key, row.blob, recording_context(row.id, "told"))
    first = (TranscriptRow.story_id == story.id, TranscriptRow.version == 1)
    return open_transcript(key, session.exec(select(TranscriptRow).where(*first)).one()).text
