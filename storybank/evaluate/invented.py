"""Sentences that nobody said: what is written down of clips without speech, and its marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storybank.evaluate.noises import clips
from storybank.evaluate.released import Bar
from storybank.transcribe.engine import Transcriber


@dataclass(frozen=True, slots=True)
class Invented:
    """One clip without speech: what was written down of it, and how much of that has no mark."""

    name: str
    text: str
    unmarked: str


def invented(transcriber: Transcriber, *, seconds: float, seed: int) -> Iterator[Invented]:
    """Give what `transcriber` writes down of each of the twenty clips of `noises.clips`."""
    for name, clip in clips(seconds, seed).items():
        heard = transcriber.transcribe(clip)
        bare = [s.span.of(heard.text) for s in heard.segments if not s.flags]
        yield Invented(name, heard.text, " ".join(bare).strip())


BAR = Bar(less_is_better=("clips",))


def headline(found: Sequence[Invented]) -> dict[str, float]:
    """Give the figures that a release is held to."""
    return {
        "clips of which words come out": float(sum(bool(one.text) for one in found)),
        "clips of which unmarked words come out": float(sum(bool(one.unmarked) for one in found)),
    }
