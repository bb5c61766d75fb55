"""What Storybank asks of a speech engine, and no more."""

from collections.abc import Callable, Sequence
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
        local_words: Sequence[str] = (),
        on_progress: Callable[[float], None] | None = None,
        on_words: Callable[[Transcript], None] | None = None,
    ) -> Transcript:
        """Give the words with times. `audio`: mono, 16 kHz, float32, shape (n,), in [-1, 1].

        `language` None means it is detected. `local_words` are names of places, groups and roles
        that may be said. `on_progress` hears the part done, 0.0 to 1.0; `on_words` the words so
        far, without marks, as they come. Silence gives a Transcript without text. Segments are in
        time order, their spans slice `text`, and their flags are those of `marks.Mark`.
        """

    def translate(
        self,
        audio: Vector,
        *,
        language: str,
        on_progress: Callable[[float], None] | None = None,
    ) -> Transcript | None:
        """Give in English what is said in `language`, with times; None where that cannot be done.

        The result is a machine translation: its `language` is `en`, and `model_id` says so.
        """
