"""What becomes of each code from one version of a framework to a later one; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storybank.framework import Code, Framework


class Fate(StrEnum):
    """What became of a code."""

    SAME = "same"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    RETIRED = "retired"


class Outcome(StrEnum):
    """What that means for a reading made with the code."""

    CARRIED = "carried"
    PERSON = "person"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Became:
    """The fate of one code, and the codes of the later version that it became (none: retired)."""

    fate: Fate
    to: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """Say what happens to readings made with the code."""
        if not self.to:
            return Outcome.DROPPED
        return Outcome.PERSON if self.fate == Fate.SPLIT else Outcome.CARRIED


Fates = Mapping[str, Became]
"""What became of each code, by its id in the earlier version."""


@dataclass(frozen=True, slots=True)
class Change:
    """One text of a code that differs: its name in words, as it was, and as it is."""

    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def fates_between(old: Framework, codes: Iterable[Code], decided: Mapping[str, Any]) -> Fates:
    """Give the fate of every code of `old`; `decided` are rows of those that did not simply stay.

    A code keeps its id when it is renamed or reworded, so what is not in `decided` is still there.
    """
    now = {code.id: code for code in codes}
    found = {}
    for code in old.codes:
        if code.id in decided:
            row = decided[code.id]
            found[code.id] = Became(Fate(row["fate"]), tuple(row["to"]))
        else:
            later = now[code.id]
            same = (code.name, code.label) == (later.name, later.label)
            found[code.id] = Became(Fate.SAME if same else Fate.RENAMED, (code.id,))
    return found


def as_rows(fates: Fates) -> dict[str, Any]:
    """Give the fates that are kept in a row: those of codes that did not simply stay."""
    return {
        code: {"fate": became.fate.value, "to": list(became.to)}
        for code, became in fates.items()
        if became.fate not in (Fate.SAME, Fate.RENAMED)
    }


def followed(steps: Sequence[Fates]) -> Fates:
    """Give what became of each code over several steps, the earliest first.

    Split once stays split: no later step says which part somebody had meant.
    """
    found = dict(steps[0]) if steps else {}
    for step in steps[1:]:
        found = {code: _on(became, step) for code, became in found.items()}
    return found


def _on(became: Became, step: Fates) -> Became:
    next_ones = [step[code] for code in became.to]
    to = tuple(dict.fromkeys(code for one in next_ones for code in one.to))
    order = (Fate.SPLIT, Fate.MERGED, Fate.RENAMED, Fate.SAME)
    seen = {became.fate, *(one.fate for one in next_ones)}
    fate = next((fate for fate in order if fate in seen), Fate.RETIRED) if to else Fate.RETIRED
    return Became(fate, to)


def changes(before: Code, after: Code) -> tuple[Change, ...]:
    """Give every text that differs between two versions of a code; its number is none."""
    return tuple(
        Change(what, one, other)
        for what, one, other in zip(_WORDS, _texts(before), _texts(after), strict=True)
        if one != other
    )


_WORDS = (
    "Name", "Short name", "Question", "Definition", "It counts", "It does not count",
    "Codes that are near", "Examples, lived", "Examples, missing", "Examples of neither",
    "Lived, in words", "Missing, in words",
)  # fmt: skip


def _texts(code: Code) -> tuple[tuple[str, ...], ...]:
    return (
        (code.name,), (code.label,), (code.question,), (code.definition,),
        code.includes, code.excludes, tuple(f"{near.code}: {near.note}" for near in code.near),
        code.examples.present, code.examples.missing, code.examples.none,
        (code.directions.present,), (code.directions.missing,),
    )  # fmt: skip
