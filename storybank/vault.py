"""Seal and open what was told: transcripts and the keys of stories."""

import json
import uuid
from typing import Any

from storybank.errors import ConsentWithdrawn
from storybank.keys import Keyring, WrappedKey
from storybank.sealed import seal, unseal
from storybank.tables import Note, Story, TranscriptRow
from storybank.values import Segment, Span, Transcript, Word


def story_key(keyring: Keyring, story: Story) -> bytes:
    """Give the key of one story; raises ConsentWithdrawn where it has been destroyed."""
    if story.wrapped_key is None:
        raise ConsentWithdrawn(f"story {story.id}")
    return keyring.story_key(WrappedKey(story.key_id, story.wrapped_key))


def recording_context(recording_id: uuid.UUID, copy: str) -> str:
    """Name what a sealed recording belongs to; `copy` is `told`, `playable` or `muted`."""
    return f"recording/{recording_id}/{copy}"


def note_context(story_id: uuid.UUID) -> str:
    """Name what a worker's sealed note belongs to."""
    return f"note/{story_id}"


def open_note(key: bytes, note: Note) -> str:
    """Give a worker's note as it was written; raises Unsealable."""
    return unseal(key, note.sealed, note_context(note.story_id)).decode()


def clip_context(story_id: uuid.UUID) -> str:
    """Name what a sealed recording of spoken consent belongs to."""
    return f"consent/{story_id}"


def seal_transcript(key: bytes, story_id: uuid.UUID, version: int, transcript: Transcript) -> bytes:
    """Seal one version of a story's text with its times, for the column `transcript.sealed`."""
    return seal(key, _to_json(transcript), f"transcript/{story_id}/{version}")


def open_transcript(key: bytes, row: TranscriptRow) -> Transcript:
    """Open one version of a story's text; raises Unsealable."""
    return _from_json(unseal(key, row.sealed, f"transcript/{row.story_id}/{row.version}"))


def _to_json(transcript: Transcript) -> bytes:
    content = {
        "text": transcript.text,
        "language": transcript.language,
        "probability": transcript.language_probability,
        "seconds": transcript.seconds,
        "model": transcript.model_id,
        "segments": [
            {
                "at": [s.span.start, s.span.end, s.start, s.end, s.confidence],
                "flags": list(s.flags),
                "speaker": s.speaker,
                "voice": s.voice,
                "words": [
                    [w.span.start, w.span.end, w.start, w.end, w.confidence] for w in s.words
                ],
            }
            for s in transcript.segments
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _from_json(content: bytes) -> Transcript:
    data: dict[str, Any] = json.loads(content)
    return Transcript(
        text=data["text"],
        language=data["language"],
        language_probability=data["probability"],
        seconds=data["seconds"],
        model_id=data["model"],
        segments=tuple(_segment(s) for s in data["segments"]),
    )


def _segment(data: dict[str, Any]) -> Segment:
    first, last, start, end, confidence = data["at"]
    words = tuple(Word(Span(a, b), s, e, c) for a, b, s, e, c in data["words"])
    return Segment(
        Span(first, last),
        start,
        end,
        confidence,
        flags=tuple(data["flags"]),
        words=words,
        speaker=data.get("speaker"),
        voice=data.get("voice"),
    )
