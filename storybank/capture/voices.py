"""The voices of a recording: what each says, a guess who it is, and a person's word for it.

A guess is only shown. Nothing that a voice says is read before a person named it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from storybank.capture.checks import checked_spans
from storybank.capture.corrections import CORRECTED, add_version, locked_newest, mark_of, newest
from storybank.capture.intake import Desk
from storybank.capture.lines import TELLER, WORKER, Line, lines_of, together
from storybank.capture.side_steps import VOICES, is_to_come
from storybank.capture.text import count_words
from storybank.errors import BadInput
from storybank.tables import Story, TranscriptRow
from storybank.values import SPEAKERS, UNTOLD, Transcript
from storybank.vault import open_transcript, story_key

SAMPLE_WORDS = 40
"""So many words of a voice are shown, from where it says most at a time."""
ASKS = 0.34
"""A voice that ends this share of its sentences with a question mark is likely the worker's."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice: how long it speaks (seconds), words to know it by and when they are said.

    `named` is one of `SPEAKERS` (whom most of its sentences were given to), or None while some of
    them have nobody; `guess` is what a machine would say, None where it would not.
    """

    number: int
    seconds: float
    sentences: int
    questions: int
    sample: str
    at: float
    until: float
    named: str | None = None
    guess: str | None = None


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices of a story's newest version, and the mark of that version for the form."""

    voices: tuple[Voice, ...]
    mark: str

    @property
    def untold(self) -> bool:
        """Say whether a machine could not tell how many people speak."""
        return any(voice.number == UNTOLD for voice in self.voices)

    @property
    def unnamed(self) -> bool:
        """Say whether words wait, unread, for somebody to say whose they are."""
        return any(voice.named is None for voice in self.voices)


def voices_in(transcript: Transcript) -> tuple[Voice, ...]:
    """Give the voices of a transcript by their number; none where only one was heard."""
    lines = [line for line in lines_of(transcript) if line.voice is not None and line.text]
    numbers = sorted({line.voice for line in lines if line.voice is not None})
    found = [_voice(n, [line for line in lines if line.voice == n]) for n in numbers]
    worker = guessed_worker(found)
    if worker is None:
        return tuple(found)
    return tuple(
        replace(voice, guess=WORKER if voice.number == worker else TELLER) for voice in found
    )


def guessed_worker(voices: Sequence[Voice]) -> int | None:
    """Give the number of the voice that is likely the worker's; None where it is anybody's guess.

    Of two voices one has to ask far more often than the other, and to speak less.
    """
    if len(voices) != 2:
        return None
    asks, tells = sorted(voices, key=lambda v: -v.questions / max(1, v.sentences))
    often = asks.questions / max(1, asks.sentences)
    rarely = tells.questions / max(1, tells.sentences)
    likely = often >= ASKS and rarely < often / 2 and asks.seconds < tells.seconds
    return asks.number if likely else None


def voices_of_story(session: Session, desk: Desk, story: Story) -> Voices | None:
    """Give the voices of a story's newest version; None where one or none is heard.

    None, too, while a machine may still tell them apart: what a person says then is asked twice.
    """
    row = newest(session, story.id)
    if row is None or is_to_come(session, story.id, VOICES):
        return None
    found = voices_in(open_transcript(story_key(desk.keyring, story), row))
    return Voices(found, mark_of(row)) if found else None


def name_voices(
    session: Session, desk: Desk, story: Story, names: Mapping[int, str], mark: str
) -> TranscriptRow | None:
    """Store who each voice is, for all that it says, as a new version; gives its row.

    `names` are one of `SPEAKERS` by the number of the voice. A sentence that somebody gave to
    another person than the rest of its voice stays that person's. None where the version that
    `mark` names is not the newest any more: nothing is stored. Raises BadInput where a voice or a
    name is unknown, and the errors of `corrections.apply`.
    """
    row = locked_newest(session, story)
    if mark_of(row) != mark:
        return None
    before = open_transcript(story_key(desk.keyring, story), row)
    known = {voice.number: voice for voice in voices_in(before)}
    if not names or not set(names) <= set(known) or not set(names.values()) <= set(SPEAKERS):
        raise BadInput("voice")
    lines = lines_of(before, checked_spans(session, row))
    wanted = [_named(line, known, names) for line in lines]
    if list(lines) == wanted:
        return row
    return add_version(session, desk, row, together(before, lines, wanted), CORRECTED)


def _named(line: Line, known: Mapping[int, Voice], names: Mapping[int, str]) -> Line:
    if (
        line.voice is None
        or line.voice not in names
        or line.speaker not in (None, known[line.voice].named)
    ):
        return line
    return replace(line, speaker=names[line.voice])


def _voice(number: int, lines: Sequence[Line]) -> Voice:
    longest = max(lines, key=lambda line: count_words(line.text))
    words = longest.text.split()
    ((most, _),) = Counter(line.speaker for line in lines).most_common(1)
    return Voice(
        number=number,
        seconds=sum((line.end or 0.0) - (line.start or 0.0) for line in lines),
        sentences=len(lines),
        questions=sum(line.text.rstrip("\"')\u201d\u2019").endswith("?") for line in lines),
        sample=" ".join(words[:SAMPLE_WORDS]) + (" \u2026" if len(words) > SAMPLE_WORDS else ""),
        at=longest.start or 0.0,
        until=longest.end or 0.0,
        named=most if all(line.speaker for line in lines) else None,
    )
