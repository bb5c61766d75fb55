"""Values about telling: who may do what, how stories come, what tellers agree to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from unicodedata import decimal


class Role(StrEnum):
    """What a signed-in person may do. Tellers have no account and so no role."""

    WORKER = "worker"
    EVALUATOR = "evaluator"
    GOVERNANCE = "governance"
    ADMIN = "admin"


class Use(StrEnum):
    """One use of a story to which a teller says yes or no."""

    LEARN = "learn"
    QUOTE = "quote"
    VOICE = "voice"
    PUBLISH = "publish"
    NAMED = "named"


class Channel(StrEnum):
    """The way in by which a story reached Storybank."""

    WEB = "web"
    WORKER = "worker"
    IMPORT = "import"
    PAPER = "paper"
    ODK = "odk"


class Mode(StrEnum):
    """How a story was told."""

    TYPED = "typed"
    SPOKEN = "spoken"


class StoryState(StrEnum):
    """Where a story stands in the work; the pages say each in plain words."""

    RECEIVED = "received"
    LISTENING = "listening"
    READING = "reading"
    READY = "ready"
    NEEDS_HELP = "needs_help"
    WITHDRAWN = "withdrawn"


BY_HAND = "by-hand"
"""The step of a typed story that no job does: a person puts it into English."""

WORKING = frozenset({StoryState.RECEIVED, StoryState.LISTENING, StoryState.READING})
"""States in which a computer still works on a story."""


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What a teller said yes to, in which wording, and how they said it."""

    learn: bool = False
    quote: bool = False
    voice: bool = False
    publish: bool = False
    named: bool = False
    wording: str = "2026-11"
    how: Literal["form", "helper", "spoken", "import", "paper", "receipt"] = "form"
    given_by: str | None = None

    def allows(self, use: Use) -> bool:
        """Say whether this teller agreed to `use`."""
        return bool(getattr(self, use.value))


@dataclass(frozen=True, slots=True)
class NewStory:
    """Everything needed to receive one story; exactly one of `text` and `recording` is given.

    `told_on` is an ISO date, `happened` a month or year as the teller put it (`2026-05`, `2024`).
    `client_id` makes a repeated send harmless; `external_id` is the id in an imported file.
    `own_reading` is (question, answer) pairs of `capture/own_reading.py`, none for a skipped one.
    `language` is a hint: that of the form, or what a list says. `heard` is container and seconds of
    a recording that was looked at already. `note` is what the worker `sent_by` wrote in their own
    words, `read_back` that they read the written words back, `clip` a recording of the spoken
    consent. `written` are the teller's words that the worker wrote down before the recording was
    made; they stand beside it.
    """

    consent: ConsentGiven
    channel: Channel
    text: str | None = None
    recording: bytes | None = field(default=None, repr=False)
    programme: str | None = None
    place: str | None = None
    told_on: str | None = None
    happened: str | None = None
    teller: str | None = None
    language: str | None = None
    external_id: str | None = None
    client_id: str | None = None
    sent_by: str | None = None
    invented: bool = False
    own_reading: tuple[tuple[str, str], ...] = ()
    heard: tuple[str, float] | None = None
    written: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)
    read_back: bool = False
    clip: bytes | None = field(default=None, repr=False)


def plain_figures(typed: str) -> str:
    """Give a text with the figures of any script, as keyboards of it write them, as 0 to 9."""
    return "".join(str(decimal(c)) if c.isdecimal() else c for c in typed)


def joined(parts: Sequence[str]) -> str:
    """Join names as people write lists: `a, b and c`; an empty list gives an empty text."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
