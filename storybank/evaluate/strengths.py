"""How well strengths are found: precision first, and recall, on invented sentences."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from storybank.errors import BadInput
from storybank.evaluate.released import Bar
from storybank.values import Strength

Finder = Callable[[str], tuple[Strength, ...]]


class MarkedStrength(BaseModel):
    """A strength that has to be found: its kind, and words of the text that name it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["skill", "group", "place", "relationship"]
    words: str


class MarkedText(BaseModel):
    """One text of the gold set: of the half to look at, or of the half held out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    half: Literal["look", "held"]
    text: str
    strengths: tuple[MarkedStrength, ...] = ()


@dataclass(frozen=True, slots=True)
class StrengthScore:
    """Counts of one half; `wrong` and `missed` name the texts."""

    half: str
    texts: int
    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Give the share of what was found that is marked; 1.0 where nothing was found."""
        said = self.right + len(self.wrong)
        return self.right / said if said else 1.0

    @property
    def recall(self) -> float:
        """Give the share of what is marked that was found."""
        there = self.right + len(self.missed)
        return self.right / there if there else 1.0


def read_gold(path: Path) -> list[MarkedText]:
    """Give the texts of a file; raises BadInput naming the first bad line."""
    if not path.is_file():
        raise BadInput(message=f"There is no file {path}. Check the name.")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            rows.append(MarkedText.model_validate_json(line))
        except ValidationError:
            raise BadInput(message=f"Line {number} of {path.name} cannot be read.") from None
    return rows


def score(rows: Sequence[MarkedText], find: Finder) -> tuple[StrengthScore, ...]:
    """Measure both halves apart: of the kind that is marked, in the sentence, of the same name."""
    return tuple(_half(half, [row for row in rows if row.half == half], find) for half in _HALVES)


BAR = Bar()


def headline(halves: Sequence[StrengthScore]) -> dict[str, float]:
    """Give the figures that a release is held to, of each half."""
    figures = {f"precision, {half.half}": half.precision for half in halves}
    figures |= {f"recall, {half.half}": half.recall for half in halves}
    return {name: round(figure, 4) for name, figure in figures.items()}


_HALVES = ("look", "held")
_WORD = re.compile(r"\w+")


def _half(half: str, rows: Sequence[MarkedText], find: Finder) -> StrengthScore:
    right, wrong, missed = 0, [], []
    for row in rows:
        left = list(row.strengths)
        for found in find(row.text):
            mark = next((m for m in left if _same(row.text, m, found)), None)
            if mark is None:
                wrong.append(f"{row.id}: {found.kind}: {found.name}")
            else:
                left.remove(mark)
                right += 1
        missed += [f"{row.id}: {m.kind}: {m.words}" for m in left]
    return StrengthScore(half, len(rows), right, tuple(wrong), tuple(missed))


def _same(text: str, mark: MarkedStrength, found: Strength) -> bool:
    if mark.kind != found.kind or mark.words not in found.span.of(text):
        return False
    if found.kind == "relationship":  # named without the name: the sentence has to be the one
        return True
    return bool(_words(mark.words) & _words(found.name))


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}
