"""Everything that the steps of a story's work need, put together once a worker."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from storybank.capture.blobs import Blobs
from storybank.errors import ConsentWithdrawn
from storybank.keys import Keyring
from storybank.settings import Settings
from storybank.tables import Story
from storybank.transcribe.engine import Transcriber
from storybank.transcribe.voices.turns import VoiceFinder
from storybank.understand.embed import Embedder
from storybank.understand.engines import Redactor, Tagger
from storybank.understand.languages import LanguageFinder
from storybank.vault import story_key


@dataclass(frozen=True)
class Workshop:
    """Everything the steps need: the database, keys, recordings, and the engines."""

    engine: Engine
    settings: Settings
    keyring: Keyring
    blobs: Blobs
    transcriber: Transcriber
    voices: VoiceFinder
    nlp: Any
    embedder: Embedder
    redactor: Redactor
    tagger: Tagger
    written: LanguageFinder
    fresh: Callable[[], Tagger] | None = None  # gives the tagger of the version of now


def opened(shop: Workshop, session: Session, story_id: uuid.UUID) -> tuple[Story, bytes]:
    """Give a story and its key; raises ConsentWithdrawn."""
    story = session.get_one(Story, story_id)
    return story, story_key(shop.keyring, story)


def locked(session: Session, story_id: uuid.UUID) -> Story:
    """Give a story that nobody changes until the transaction ends; raises ConsentWithdrawn."""
    story = session.get_one(Story, story_id, with_for_update=True)
    if story.withdrawn_at is not None:
        raise ConsentWithdrawn(f"story {story_id}")
    return story
