"""A spoken story as the worker leaves it, made without a worker: for tests of pages."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture.blobs import Blobs
from storybank.capture.intake import Desk, receive
from storybank.db import transaction
from storybank.tables import Recording, Story, SuggestionRow, TranscriptRow
from storybank.values import (
    Channel,
    ConsentGiven,
    NewStory,
    Segment,
    Span,
    StoryState,
    Transcript,
    Word,
)
from storybank.vault import recording_context, seal_transcript, story_key
from tests.factories import make_place, make_programme

SENTENCES = (
    "Margaret from the centre asked us what we wanted.",
    "Then nobody came back to tell us.",
)
TEXT = " ".join(SENTENCES)


@dataclass(frozen=True)
class Told:
    """A stored story and the code that opens it."""

    story_id: uuid.UUID
    code: str


def tell(engine: Engine, desk: Desk, *, recording: bytes | None = None, **more: Any) -> Told:
    """Receive a story of TEXT, typed or with this recording; the work is still to be done."""
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
        story = NewStory(
            consent=ConsentGiven(learn=True, quote=True),
            text=None if recording else TEXT,
            recording=recording,
            **({"place": "blackbird-leys", "teller": "about-me", "channel": Channel.WEB} | more),
        )
        received = receive(session, desk, story)
    return Told(received.story_id, received.receipt)


def finish(engine: Engine, desk: Desk, told: Told) -> None:
    """Leave the story as the worker would: written down with times, read, ready."""
    with transaction(engine) as session:
        story = session.get_one(Story, told.story_id)
        key = story_key(desk.keyring, story)
        transcript = spoken_transcript()
        row = session.exec(
            select(TranscriptRow).where(TranscriptRow.story_id == story.id)
        ).one_or_none() or TranscriptRow(story_id=story.id, version=1, source="machine", sealed=b"")
        if story.mode == "spoken":
            row.sealed = seal_transcript(key, story.id, 1, transcript)
            _copy(session, desk.blobs, key, story)
        session.add(row)
        session.flush()
        assert row.id is not None
        for code, direction, sentence in (("doing-with", "+", 0), ("learning", "-", 1)):
            start = TEXT.index(SENTENCES[sentence])
            session.add(
                SuggestionRow(
                    story_id=story.id, transcript_id=row.id, code=code, direction=direction,
                    framework="thriving-communities@1", start=start,
                    end=start + len(SENTENCES[sentence]), quote="masked", score=0.8,
                    start_ms=3000 * sentence if story.mode == "spoken" else None,
                    model_id="test",
                )
            )  # fmt: skip
        story.state, story.progress = StoryState.READY, 1.0
        session.add(story)


def spoken_transcript() -> Transcript:
    """TEXT with word times: the first sentence from 0 s, the second from 3 s."""
    words, at = [], 0
    for number, sentence in enumerate(SENTENCES):
        for place, word in enumerate(sentence.split()):
            span = Span(TEXT.index(word, at), TEXT.index(word, at) + len(word))
            at = span.end
            start = 3.0 * number + 0.2 * place
            words.append(Word(span, start, start + 0.2, 0.9))
    whole = Segment(Span(0, len(TEXT)), 0.0, words[-1].end, 0.9, words=tuple(words))
    return Transcript(TEXT, seconds=6.0, segments=(whole,), model_id="test")


def _copy(session: Session, blobs: Blobs, key: bytes, story: Story) -> None:
    recording = session.exec(select(Recording).where(Recording.story_id == story.id)).one()
    sound = blobs.get(key, recording.blob, recording_context(recording.id, "told"))
    recording.playable = blobs.put(key, sound, recording_context(recording.id, "playable"))
    recording.muted = blobs.put(key, bytes(len(sound)), recording_context(recording.id, "muted"))
    session.add(recording)
