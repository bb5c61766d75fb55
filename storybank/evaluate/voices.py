"""Diarisation error: how much of what people say is given to the wrong voice, or to none.

As NIST and pyannote count it: where people speak at once, each of them counts. Voices and people
are matched in the way that serves best, as numbers of voices mean nothing by themselves.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storybank.errors import BadInput

STEP_S = 0.01
COLLAR_S = 0.25
"""Seconds on both sides of a turn's ends that are not counted, where a collar is asked for."""

Said = tuple[float, float, str]
"""Seconds from and until, and who speaks."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording of which it is known who speaks when; `turns` empty: one person throughout."""

    path: Path
    people: int
    turns: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Error:
    """Seconds of speech in the reference, and of each kind of error."""

    spoken: float = 0.0
    missed: float = 0.0
    invented: float = 0.0
    confused: float = 0.0

    @property
    def rate(self) -> float:
        """Diarisation error rate in percent; 0 where nobody speaks."""
        wrong = self.missed + self.invented + self.confused
        return 100 * wrong / self.spoken if self.spoken else 0.0

    def __add__(self, other: "Error") -> "Error":
        return Error(
            self.spoken + other.spoken,
            self.missed + other.missed,
            self.invented + other.invented,
            self.confused + other.confused,
        )


def read_clips(folder: Path) -> tuple[Clip, ...]:
    """Read `manifest.jsonl` of a folder: `file`, `speakers`, and `turns` where several speak.

    Raises BadInput where there is none, or a line lacks one of these.
    """
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise BadInput(message=f"There is no manifest.jsonl in {folder}. Check the folder.")
    try:
        rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines() if line]
        return tuple(
            Clip(
                folder / row["file"],
                int(row["speakers"]),
                tuple((t["start"], t["end"], t["speaker"]) for t in row.get("turns") or ()),
            )
            for row in rows
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(message=f"manifest.jsonl is not as it should be: {error}.") from None


def diarisation_error(
    told: Sequence[Said], found: Sequence[Said], seconds: float, *, collar_s: float = 0.0
) -> Error:
    """Compare the turns of people (`told`) with those of voices (`found`) over a recording."""
    counted = _outside(told, seconds, collar_s)
    people, voices = _active(told, seconds), _active(found, seconds)
    speaking = sum((p.astype(np.int64) for p in people.values()), _nothing(seconds))
    heard = sum((v.astype(np.int64) for v in voices.values()), _nothing(seconds))
    right = _best_match(people, voices, counted)
    both = np.minimum(speaking, heard)[counted].sum()
    return Error(
        float(speaking[counted].sum()) * STEP_S,
        float(np.maximum(0, speaking - heard)[counted].sum()) * STEP_S,
        float(np.maximum(0, heard - speaking)[counted].sum()) * STEP_S,
        float(both - right) * STEP_S,
    )


def total(errors: Iterable[Error]) -> Error:
    """Add up errors of several recordings."""
    return sum(errors, Error())


Frames = NDArray[np.bool_]


def _nothing(seconds: float) -> NDArray[np.int64]:
    return np.zeros(round(seconds / STEP_S), np.int64)


def _active(turns: Sequence[Said], seconds: float) -> dict[str, Frames]:
    found: dict[str, Frames] = {}
    for start, end, who in turns:
        frames = found.setdefault(who, np.zeros(round(seconds / STEP_S), np.bool_))
        frames[round(start / STEP_S) : round(end / STEP_S)] = True
    return found


def _outside(told: Sequence[Said], seconds: float, collar_s: float) -> Frames:
    counted = np.ones(round(seconds / STEP_S), np.bool_)
    if collar_s:
        for edge in (edge for start, end, _ in told for edge in (start, end)):
            first = max(0, round((edge - collar_s) / STEP_S))
            counted[first : max(0, round((edge + collar_s) / STEP_S))] = False
    return counted


def _best_match(people: Mapping[str, Frames], voices: Mapping[str, Frames], counted: Frames) -> int:
    """Give the most frames in which a voice speaks together with the person it stands for."""
    if not people or not voices:
        return 0
    shared = np.array([[(p & v & counted).sum() for v in voices.values()] for p in people.values()])
    if shared.shape[0] > shared.shape[1]:
        shared = shared.T
    rows = range(shared.shape[0])
    ways = permutations(range(shared.shape[1]), shared.shape[0])
    return max(int(shared[list(rows), list(way)].sum()) for way in ways)
