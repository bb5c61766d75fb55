"""What a release is held to: each part that is measured, its bar, and what it was made by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storybank.engines import VOICES
from storybank.evaluate import (
    invented,
    language,
    redaction,
    search,
    strengths,
    tagging,
    transcription,
    voices_heard,
)
from storybank.evaluate.released import Bar
from storybank.understand.redact.redactor import RULES_ID as MASKING
from storybank.understand.strengths import RULES_ID as STRENGTHS

if TYPE_CHECKING:
    from storybank.engines import Engines


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its bar, and what its figures are made by, as its released figures name it.

    `kind` is `model_id` or `rules_id`.
    """

    bar: Bar
    kind: str
    maker: Callable[["Engines"], str]

    def made_by(self, engines: "Engines") -> dict[str, str]:
        """Give the id of what its figures are made by, under its kind."""
        return {self.kind: self.maker(engines)}


def _rules(name: str) -> Callable[["Engines"], str]:
    return lambda _: name


def _speech(engines: "Engines") -> str:
    return engines.settings.speech_model


PARTS = {
    "tagging": Part(tagging.BAR, "model_id", lambda engines: engines.tagger.model_id),
    "new-codes": Part(tagging.BAR_OF_FEW, "model_id", lambda engines: engines.tagger.model_id),
    "redaction": Part(redaction.BAR, "rules_id", _rules(MASKING)),
    "language": Part(language.BAR, "rules_id", _rules("people-first")),
    "strengths": Part(strengths.BAR, "rules_id", _rules(STRENGTHS)),
    "search": Part(search.BAR, "model_id", lambda engines: engines.settings.embedding_model),
    "invented": Part(invented.BAR, "model_id", _speech),
    "transcription": Part(transcription.BAR, "model_id", _speech),
    "voices": Part(voices_heard.BAR, "model_id", _rules(VOICES)),
}
"""By name: a command `storybank evaluate NAME` each, and a file `models/released/NAME.json`."""
