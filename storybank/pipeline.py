"""The steps of a story's work, in order: the only place where stages and rows meet.

Each step reads, lets go of the database, computes, and writes in one transaction; running it
again replaces what it wrote. A story withdrawn meanwhile is left alone.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from storybank import jobs
from storybank.capture.audio import decode, playable
from storybank.capture.blobs import Blobs
from storybank.capture.text import count_words
from storybank.db import reading, transaction
from storybank.errors import ConsentWithdrawn, NothingHeard
from storybank.index.passages import replace_passages
from storybank.index.tags import refresh_tags
from storybank.keys import Keyring
from storybank.settings import Settings
from storybank.spans import apply_masks
from storybank.tables import Recording, Redaction, Story, SuggestionRow, TranscriptRow
from storybank.transcribe.engine import Transcriber
from storybank.understand.embed import Embedder
from storybank.understand.engines import Redactor, Tagger
from storybank.understand.segment import passages, sentences, times
from storybank.values import Mask, Mode, Passage, Span, StoryState, Suggestion, Transcript, Vector
from storybank.vault import open_transcript, recording_context, seal_transcript, story_key

log = logging.getLogger(__name__)

TITLE_CHARS = 70
MUTE_MARGIN_S = 0.12
"""Silence on both sides of a masked word: Whisper's word times are off by about as much."""


@dataclass(frozen=True)
class Workshop:
    """Everything the steps need: the database, keys, recordings, and the engines."""

    engine: Engine
    settings: Settings
    keyring: Keyring
    blobs: Blobs
    transcriber: Transcriber
    nlp: Any
    embedder: Embedder
    redactor: Redactor
    tagger: Tagger


@dataclass(frozen=True)
class Reading:
    """What the machine made of one transcript, before it is written down."""

    masks: tuple[Mask, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    vectors: Vector
    suggestions: tuple[Suggestion, ...]


def transcribe(shop: Workshop, story_id: uuid.UUID) -> None:
    """Write down a spoken story, and enqueue its reading; does nothing if that is done already.

    Raises NothingHeard where there are no words, and the errors of `decode`.
    """
    with reading(shop.engine) as session:
        story, key = _open(shop, session, story_id)
        recording = session.exec(select(Recording).where(Recording.story_id == story_id)).one()
        if _newest(session, story_id) is not None:
            return
    _say(shop, story_id, StoryState.LISTENING, 0.0)
    told = shop.blobs.get(key, recording.blob, recording_context(recording.id, "told"))
    audio = decode(told, max_seconds=shop.settings.max_recording_minutes * 60)
    transcript = shop.transcriber.transcribe(
        audio, language=story.language, on_progress=_teller_of_progress(shop, story_id)
    )
    if not transcript.text.strip():
        raise NothingHeard(f"story {story_id}")
    with transaction(shop.engine) as session:
        locked = _lock(session, story_id)
        if _newest(session, story_id) is None:
            _add_transcript(session, locked, key, transcript)
            jobs.enqueue(session, jobs.UNDERSTAND, story_id)


def understand(shop: Workshop, story_id: uuid.UUID) -> None:
    """Read a story's newest transcript: mask, cut into passages, embed, tag, and index it."""
    with reading(shop.engine) as session:
        _, key = _open(shop, session, story_id)
        row = _newest(session, story_id)
        assert row is not None  # noqa: S101 (this step is enqueued together with a transcript)
    transcript = open_transcript(key, row)
    made = read(shop, transcript)
    with transaction(shop.engine) as session:
        story = _lock(session, story_id)
        _write_reading(session, shop, row, transcript, made)
        story.title = title_of(made.texts)
        story.words = count_words(transcript.text)
        story.language = transcript.language
        story.state, story.progress, story.problem = StoryState.READY, 1.0, None
        session.add(story)
        if story.mode == Mode.SPOKEN:
            jobs.enqueue(session, jobs.COPY, story_id)
    log.info(
        "story read",
        extra={"story": str(story_id), "passages": len(made.texts), "tags": len(made.suggestions)},
    )


def copy(shop: Workshop, story_id: uuid.UUID) -> None:
    """Make the playable copies of a recording: one whole, one with masked words silenced."""
    with reading(shop.engine) as session:
        _, key = _open(shop, session, story_id)
        recording = session.exec(select(Recording).where(Recording.story_id == story_id)).one()
        row = _newest(session, story_id)
        assert row is not None  # noqa: S101 (enqueued by `understand`)
        redactions = session.exec(select(Redaction).where(Redaction.transcript_id == row.id)).all()
    transcript = open_transcript(key, row)
    told = shop.blobs.get(key, recording.blob, recording_context(recording.id, "told"))
    spans = [Span(r.start, r.end) for r in redactions]
    made = {
        "playable": playable(told),
        "muted": playable(told, silences=silences(transcript, spans)),
    }
    names = {
        kind: shop.blobs.put(key, sound, recording_context(recording.id, kind))
        for kind, sound in made.items()
    }
    stale = list(names.values())  # where the story was withdrawn meanwhile, no row names them
    try:
        with transaction(shop.engine) as session:
            _lock(session, story_id)
            kept = session.get_one(Recording, recording.id)
            earlier = [name for name in (kept.playable, kept.muted) if name]
            kept.playable, kept.muted = names["playable"], names["muted"]
            session.add(kept)
        stale = earlier
    finally:
        for name in stale:
            shop.blobs.delete(name)


def read(shop: Workshop, transcript: Transcript) -> Reading:
    """Read one transcript with all engines; touches no row."""
    text = transcript.text
    spans = sentences(shop.nlp, text)
    masks = shop.redactor.find(text)
    cut = passages(transcript, spans)
    texts = tuple(apply_masks(text, masks, passage.span) for passage in cut)
    return Reading(
        masks=masks,
        passages=cut,
        texts=texts,
        vectors=shop.embedder.encode(texts),
        suggestions=shop.tagger.tag(text, spans),
    )


def silences(transcript: Transcript, masked: Sequence[Span]) -> list[tuple[float, float]]:
    """Give the seconds `(start, end)` in which masked words are said, with a small margin."""
    found = []
    for span in masked:
        start_ms, end_ms = times(transcript, span)
        if start_ms is not None and end_ms is not None:
            start = max(0.0, start_ms / 1000 - MUTE_MARGIN_S)
            found.append((start, end_ms / 1000 + MUTE_MARGIN_S))
    return found


def title_of(texts: Sequence[str]) -> str:
    """Give the first masked words of a story, cut at a word; empty for an empty story."""
    first = " ".join(" ".join(texts[:1]).split())
    if len(first) <= TITLE_CHARS:
        return first
    return first[:TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def give_up(engine: Engine, story_id: uuid.UUID, problem: str) -> None:
    """Leave a story whose step failed for good: readable, with the error's name as its problem."""
    with transaction(engine) as session:
        story = session.get(Story, story_id, with_for_update=True)
        if story is not None and story.withdrawn_at is None and story.state != StoryState.READY:
            story.state, story.problem = StoryState.NEEDS_HELP, problem
            session.add(story)


def _open(shop: Workshop, session: Session, story_id: uuid.UUID) -> tuple[Story, bytes]:
    story = session.get_one(Story, story_id)
    return story, story_key(shop.keyring, story)


def _lock(session: Session, story_id: uuid.UUID) -> Story:
    story = session.get_one(Story, story_id, with_for_update=True)
    if story.withdrawn_at is not None:
        raise ConsentWithdrawn(f"story {story_id}")
    return story


def _newest(session: Session, story_id: uuid.UUID) -> TranscriptRow | None:
    query = select(TranscriptRow).where(TranscriptRow.story_id == story_id)
    return session.exec(query.order_by(col(TranscriptRow.version).desc()).limit(1)).first()


def _say(shop: Workshop, story_id: uuid.UUID, state: StoryState, progress: float) -> None:
    with transaction(shop.engine) as session:
        story = _lock(session, story_id)
        story.state, story.progress, story.problem = state, progress, None
        session.add(story)


def _teller_of_progress(shop: Workshop, story_id: uuid.UUID) -> Callable[[float], None]:
    """Give a function that stores how far the work is, at every twentieth part."""
    last = 0.0

    def tell(done: float) -> None:
        nonlocal last
        if done - last >= 0.05:
            last = done
            _say(shop, story_id, StoryState.LISTENING, done)

    return tell


def _add_transcript(session: Session, story: Story, key: bytes, transcript: Transcript) -> None:
    session.add(
        TranscriptRow(
            story_id=story.id,
            version=1,
            source="machine",
            language=transcript.language,
            model_id=transcript.model_id,
            sealed=seal_transcript(key, story.id, 1, transcript),
        )
    )
    story.state, story.progress = StoryState.READING, 1.0
    session.add(story)


def _write_reading(
    session: Session, shop: Workshop, row: TranscriptRow, transcript: Transcript, made: Reading
) -> None:
    kept = session.get_one(TranscriptRow, row.id)
    kept.masked = apply_masks(transcript.text, made.masks)
    kept.rules_id = shop.redactor.rules_id
    session.add(kept)
    assert row.id is not None  # noqa: S101 (it was read from the database)
    for table in (Redaction, SuggestionRow):
        session.exec(delete(table).where(col(table.transcript_id) == row.id))
    session.add_all(_redaction(row.id, mask, shop.redactor.rules_id) for mask in made.masks)
    replace_passages(
        session, kept, made.passages, made.texts, made.vectors, model_id=shop.embedder.model_id
    )
    session.add_all(_suggestion(kept, shop, transcript, made.masks, s) for s in made.suggestions)
    session.flush()
    refresh_tags(session, row.story_id)


def _redaction(transcript_id: int, mask: Mask, rules_id: str) -> Redaction:
    return Redaction(
        transcript_id=transcript_id,
        start=mask.span.start,
        end=mask.span.end,
        kind=mask.kind,
        placeholder=mask.placeholder,
        rules_id=rules_id,
    )


def _suggestion(
    row: TranscriptRow,
    shop: Workshop,
    transcript: Transcript,
    masks: Sequence[Mask],
    found: Suggestion,
) -> SuggestionRow:
    start_ms, end_ms = times(transcript, found.span)
    assert row.id is not None  # noqa: S101 (it was read from the database)
    return SuggestionRow(
        story_id=row.story_id,
        transcript_id=row.id,
        framework=shop.tagger.framework,
        code=found.code,
        direction=found.direction,
        start=found.span.start,
        end=found.span.end,
        quote=apply_masks(transcript.text, masks, found.span),
        start_ms=start_ms,
        end_ms=end_ms,
        score=found.score,
        model_id=shop.tagger.model_id,
    )
