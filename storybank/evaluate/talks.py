"""Talks made by a machine, in which it is known who speaks when: two speech synthesisers' voices.

They are easier than people: nobody hesitates, laughs, or speaks at the same time.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from storybank.capture.audio import decode
from storybank.errors import BadInput
from storybank.transcribe.engine import SAMPLE_RATE
from storybank.values import Vector

VOICES = (("en-gb", 45), ("en-gb-scotland+f4", 60), ("en-us+f3", 45), ("en-us", 60))
"""espeak-ng's voices and pitch. Others of its voices share one throat, and differ in pitch only."""
ASKS = (
    "I wanted to ask how it has been since you moved here. What was it like at the beginning?",
    "And did anybody come to see you? Can you tell me a bit more about that?",
    "What would you change, if it were up to you?",
)
TELLS = (
    "When we came here we knew nobody at all. The lady from the corner shop told me of the lunch.",
    "I did not want to go, but my daughter took me, and now I go each week and help to cook.",
    "The bus is still a problem. In winter I cannot wait so long in the cold. Nobody rang back.",
)
PAUSE_S = (0.3, 0.8)
NOISE_DB = (30, 15)
"""How much quieter than the voices the room is: a quiet one, and one with a fridge and a road."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A made recording: samples, 16 kHz, and its turns in seconds."""

    name: str
    sound: Vector
    turns: tuple[tuple[float, float, str], ...]


def talks() -> Iterator[Talk]:
    """Give a talk for each pair of voices and each kind of room; raises BadInput without espeak-ng.

    The same ones each time.
    """
    rng = np.random.default_rng(11)
    for asks in VOICES:
        for tells in VOICES:
            if asks != tells:
                for quieter in NOISE_DB:
                    yield talk(asks, tells, quieter, rng)


def talk(
    asks: tuple[str, int], tells: tuple[str, int], quieter_db: float, rng: np.random.Generator
) -> Talk:
    """Give one talk: question and answer in turn, over the noise of a room."""
    parts: list[Vector] = []
    turns: list[tuple[float, float, str]] = []
    at = 0
    for question, answer in zip(ASKS, TELLS, strict=True):
        for who, (voice, words) in (("asks", (asks, question)), ("tells", (tells, answer))):
            sound = said(words, *voice)
            turns.append((at / SAMPLE_RATE, (at + len(sound)) / SAMPLE_RATE, who))
            pause = np.zeros(int(rng.uniform(*PAUSE_S) * SAMPLE_RATE), np.float32)
            parts += [sound, pause]
            at += len(sound) + len(pause)
    sound = np.concatenate(parts)
    name = f"{asks[0]} and {tells[0]}, room {quieter_db:.0f} dB quieter"
    return Talk(name, sound + room(sound, quieter_db, rng), tuple(turns))


def said(words: str, voice: str, pitch: int) -> Vector:
    """Give words said by espeak-ng, without the silence at the ends; raises BadInput."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise BadInput(message="espeak-ng is not installed. Install it with apt-get.")
    wav = subprocess.run(  # noqa: S603 (our own words)
        [program, "-v", voice, "-p", str(pitch), "-s", "150", "--stdout", words],
        check=True,
        capture_output=True,
    ).stdout
    sound = decode(wav, max_seconds=60)
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    return level(sound[loud[0] : loud[-1] + 1])


def level(sound: Vector) -> Vector:
    """Give a sound at the loudness that all the voices have."""
    levelled: Vector = (sound * (0.05 / np.sqrt(np.mean(sound**2)))).astype(np.float32)
    return levelled


def room(sound: Vector, quieter_db: float, rng: np.random.Generator) -> Vector:
    """Give the noise of a room as long as `sound`: low, and so much quieter than a voice."""
    white = rng.standard_normal(len(sound))
    low = np.convolve(white, np.ones(8) / 8, "same")
    wanted = 0.05 * 10 ** (-quieter_db / 20)
    noise: Vector = (low * (wanted / np.sqrt(np.mean(low**2)))).astype(np.float32)
    return noise
