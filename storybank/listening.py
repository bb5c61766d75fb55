"""The steps that listen to a recording: its words, then who speaks, then its English.

What is heard is stored as soon as it is heard. The other two are steps of their own, which fail and
are tried again without it (docs/decisions/0028). Each reads, lets go of the database, computes, and
writes in one transaction; a story withdrawn meanwhile is left alone.
"""

import uuid

from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank import jobs
from storybank.capture import side_steps, so_far, translations
from storybank.capture.audio import decode
from storybank.capture.corrections import newest
from storybank.capture.local_words import local_words
from storybank.capture.recordings import spoken_recording
from storybank.capture.side_steps import TRANSLATION, VOICES
from storybank.db import reading, transaction
from storybank.errors import NothingHeard
from storybank.tables import Recording, Story, TranscriptRow
from storybank.transcribe.voices.assign import untold, with_voices
from storybank.transcribe.voices.turns import Turn
from storybank.values import Channel, StoryState, Transcript, Vector
from storybank.vault import open_transcript, recording_context, seal_transcript
from storybank.workshop import Workshop, locked, opened


def transcribe(shop: Workshop, story_id: uuid.UUID) -> None:
    """Write down a spoken story, and enqueue what follows; does nothing if that is done already.

    Raises NothingHeard where there are no words, and the errors of `decode`.
    """
    with reading(shop.engine) as session:
        story, key = opened(shop, session, story_id)
        recording = spoken_recording(session, story_id)
        if newest(session, story_id) is not None:
            return
        local = local_words(session, story.programme_id)
    _say_listening(shop, story_id)
    writing = so_far.Writing(shop.engine, key, story_id)
    transcript = shop.transcriber.transcribe(
        _sound(shop, key, recording),
        language=story.language,
        local_words=local,
        on_progress=writing.progress,
        on_words=writing.words,
    )
    if not transcript.text.strip():
        raise NothingHeard(f"story {story_id}")
    with transaction(shop.engine) as session:
        story = locked(session, story_id)
        so_far.forget(session, story_id)
        if newest(session, story_id) is None:
            _add_transcript(session, story, key, untold(transcript))
            side_steps.begin(session, story_id, VOICES)
            jobs.enqueue(session, jobs.UNDERSTAND, story_id)
            if translations.to_translate(transcript):
                side_steps.begin(session, story_id, TRANSLATION)


def tell_voices(shop: Workshop, story_id: uuid.UUID) -> None:
    """Say who speaks where in the newest version, and have it read; once, as `transcribe`."""
    with reading(shop.engine) as session:
        story, key = opened(shop, session, story_id)
        if not side_steps.is_left(session, story_id, VOICES):
            return
        recording = spoken_recording(session, story_id)
    sound = _sound(shop, key, recording)
    turns = shop.voices.turns(sound, expected=story.channel == Channel.WORKER)
    with transaction(shop.engine) as session:
        locked(session, story_id)
        if side_steps.is_left(session, story_id, VOICES):
            _put_voices(session, key, story_id, turns)
            side_steps.done(session, story_id, VOICES)
            _read_anew(session, story_id)


def translate(shop: Workshop, story_id: uuid.UUID) -> None:
    """Put what was heard into English, and have it read; once, as `transcribe`."""
    with reading(shop.engine) as session:
        _, key = opened(shop, session, story_id)
        if not side_steps.is_left(session, story_id, TRANSLATION):
            return
        recording, row = spoken_recording(session, story_id), _as_heard(session, story_id)
    english = shop.transcriber.translate(
        _sound(shop, key, recording),
        language=row.language,
        on_progress=lambda _: _still_there(shop.engine, story_id),
    )
    with transaction(shop.engine) as session:
        locked(session, story_id)
        if side_steps.is_left(session, story_id, TRANSLATION):
            if english is not None and english.text:
                translations.add_translation(session, key, row, english)
            side_steps.done(session, story_id, TRANSLATION)
            _read_anew(session, story_id)


def give_up(shop: Workshop, story_id: uuid.UUID, step: str, problem: str) -> None:
    """Keep why voices or a translation failed for good; what was heard stays as it is.

    A recording that a teller made alone is then read as theirs. Any other may hold somebody else's
    questions, so it is not read before a person has said who speaks. Without a translation, a
    person has to put into English what is withheld.
    """
    with transaction(shop.engine) as session:
        story = session.get(Story, story_id, with_for_update=True)
        if story is None or story.withdrawn_at is not None:
            return
        given_up = side_steps.give_up(session, story_id, step, problem)
        if given_up and step == VOICES and story.channel == Channel.WEB:
            _, key = opened(shop, session, story_id)
            _put_voices(session, key, story_id, ())
            _read_anew(session, story_id)
        row = newest(session, story_id)
        if given_up and step == TRANSLATION and row is not None and row.withheld:
            side_steps.wait(session, story_id, side_steps.BY_HAND)


def _sound(shop: Workshop, key: bytes, recording: Recording) -> Vector:
    told = shop.blobs.get(key, recording.blob, recording_context(recording.id, "told"))
    return decode(told, max_seconds=shop.settings.max_recording_minutes * 60)


def _say_listening(shop: Workshop, story_id: uuid.UUID) -> None:
    with transaction(shop.engine) as session:
        story = locked(session, story_id)
        story.state, story.progress, story.problem = StoryState.LISTENING, 0.0, None
        session.add(story)


def _still_there(engine: Engine, story_id: uuid.UUID) -> None:
    with transaction(engine) as session:
        locked(session, story_id)


def _as_heard(session: Session, story_id: uuid.UUID) -> TranscriptRow:
    query = select(TranscriptRow).where(TranscriptRow.story_id == story_id)
    return session.exec(query.where(TranscriptRow.version == 1)).one()


def _put_voices(session: Session, key: bytes, story_id: uuid.UUID, turns: tuple[Turn, ...]) -> None:
    """Put voices on the newest version, in place: its words and whom people named stay."""
    row = newest(session, story_id)
    assert row is not None  # noqa: S101 (this step is enqueued together with a transcript)
    told = with_voices(open_transcript(key, row), turns)
    row.sealed = seal_transcript(key, story_id, row.version, told)
    session.add(row)


def _read_anew(session: Session, story_id: uuid.UUID) -> None:
    if not jobs.waits(session, jobs.UNDERSTAND, story_id):
        jobs.enqueue(session, jobs.UNDERSTAND, story_id)


def _add_transcript(session: Session, story: Story, key: bytes, heard: Transcript) -> None:
    session.add(
        TranscriptRow(
            story_id=story.id,
            version=1,
            source="machine",
            language=heard.language,
            model_id=heard.model_id,
            sealed=seal_transcript(key, story.id, 1, heard),
        )
    )
    story.state, story.progress = StoryState.READING, 1.0
    session.add(story)
    session.flush()
