"""What Storybank asks of a speech engine, and no more."""

from collections.abc import Callable
from typing import Protocol

from storybank.values import Transcript, Vector

SAMPLE_RATE = 16_000


class Transcriber(Protocol):
    """Turns speech into timed text. Implementations load weights on first use."""

    @property
    def model_id(self) -> str:
        """Manifest id stored with every transcript, e.g. `whisper-base`."""

    def transcribe(
        self,
        audio: Vector,
        *,
        language: str | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> Transcript:
        """Give the words with times. `audio`: mono, 16 kHz, float32, shape (n,), in [-1, 1].

        `language` None means it is detected. `on_progress` hears the part done, 0.0 to 1.0.
        Silence gives a Transcript without text. Segments are in time order and their spans
        slice `text`.
        """
