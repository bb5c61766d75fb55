"""How well the voices of recordings, and of talks made by a machine, are told apart."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storybank.capture.audio import decode
from storybank.evaluate.released import Bar
from storybank.evaluate.talks import talks
from storybank.evaluate.voices import COLLAR_S, Error, Said, diarisation_error, read_clips, total
from storybank.transcribe.engine import SAMPLE_RATE
from storybank.transcribe.voices.turns import VoiceFinder
from storybank.values import UNTOLD, Vector


@dataclass(frozen=True)
class Sound:
    """A recording of which it is known who speaks when; `turns` empty: one person throughout."""

    name: str
    kind: str
    people: int
    samples: Vector
    turns: tuple[Said, ...]


@dataclass(frozen=True)
class Measured:
    """One recording: who speaks in it, how many voices were heard, and the error.

    `unsure` says that one voice was heard, and that it may be two: a person is asked.
    """

    name: str
    kind: str
    people: int
    voices: int
    seconds: float
    worked: float
    strict: Error | None
    collar: Error | None
    unsure: bool = False

    @property
    def asked(self) -> bool:
        """Say whether nothing is read before a person said who speaks."""
        return self.unsure or self.voices > 1


def sounds(folder: Path, *, made: bool) -> Iterator[Sound]:
    """Give the recordings of a folder, one after the other, then the made talks if asked for."""
    for clip in read_clips(folder):
        kind = "recordings of several people" if clip.turns else "recordings of one person"
        sound = decode(clip.path.read_bytes(), max_seconds=4 * 3600)
        yield Sound(clip.path.name, kind, clip.people, sound, clip.turns)
    for talk in talks() if made else ():
        yield Sound(talk.name, "made talks of two voices", 2, talk.sound, talk.turns)


def measured(finder: VoiceFinder, told: Sound, *, expected: bool) -> Measured:
    """Tell the voices of one recording apart; `expected` says that two people are."""
    began = time.process_time()
    heard = finder.turns(told.samples, expected=expected)
    worked = time.process_time() - began
    said = [(turn.start, turn.end, str(turn.voice)) for turn in heard]
    seconds = len(told.samples) / SAMPLE_RATE
    strict, collar = (
        diarisation_error(told.turns, said, seconds, collar_s=collar) if told.turns else None
        for collar in (0.0, COLLAR_S)
    )
    voices = {turn.voice for turn in heard}
    unsure = UNTOLD in voices
    return Measured(
        told.name, told.kind, told.people, len(voices), seconds, worked, strict, collar, unsure
    )


BAR = Bar(less_is_better=("error",), slack=1.0)
"""Percent."""


def headline(found: Sequence[Measured]) -> dict[str, float]:
    """Give the figures that a release is held to, in percent, of each kind of recording."""
    figures = {}
    for kind in dict.fromkeys(one.kind for one in found):
        group = [one for one in found if one.kind == kind]
        right = sum(one.voices == one.people for one in group)
        figures[f"number of voices right, {kind}"] = 100 * right / len(group)
        several = group[0].people > 1
        wanted = sum(one.asked == several for one in group)
        asked = "a person is asked" if several else "nobody is asked"
        figures[f"{asked}, {kind}"] = 100 * wanted / len(group)
        for name, errors in (
            ("error with collar", [one.collar for one in group if one.collar]),
            ("error", [one.strict for one in group if one.strict]),
        ):
            if errors:
                figures[f"{name}, {kind}"] = total(errors).rate
    return {name: round(figure, 4) for name, figure in figures.items()}
