"""Everything that the steps of a story's work need, put together once a worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from storybank.capture.blobs import Blobs
from storybank.keys import Keyring
from storybank.settings import Settings
from storybank.transcribe.engine import Transcriber
from storybank.transcribe.voices.turns import VoiceFinder
from storybank.understand.embed import Embedder
from storybank.understand.engines import Redactor, Tagger


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
    fresh: Callable[[], Tagger] | None = None  # gives the tagger of the version of now
