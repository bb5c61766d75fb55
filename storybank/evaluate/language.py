"""How well the language check works: what it finds of what is marked, and false alarms."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from storybank.errors import BadInput
from storybank.evaluate.released import Bar
from storybank.values import Finding, Span

PLAIN, MARKED = "plain.jsonl", "marked.jsonl"

_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


class Checker(Protocol):
    """Finds wordings in a text."""

    def check(self, text: str) -> tuple[Finding, ...]:
        """Give the findings in order."""


class Marked(BaseModel):
    """One text of the gold set; `findings` are the words that have to be found, none for plain."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A finding missed, or a false alarm: in which text, and on which words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """Figures of the check. False alarms are counted on plain text only."""

    marked: int
    found: int
    plain: int
    plain_words: int
    missed: tuple[Wrong, ...]
    alarms: tuple[Wrong, ...]
    entries: frozenset[str]

    @property
    def recall(self) -> float:
        """Give the share of the marked words that are found."""
        return self.found / self.marked if self.marked else 0.0

    @property
    def alarms_per_thousand(self) -> float:
        """Give the false alarms in a thousand words of plain text."""
        return 1000 * len(self.alarms) / self.plain_words if self.plain_words else 0.0


def read_gold(folder: Path) -> tuple[list[Marked], list[Marked]]:
    """Give the plain and the marked texts of a folder; raises BadInput naming what is wrong."""
    return _read(folder / PLAIN), _read(folder / MARKED)


def score(
    plain: Sequence[Marked],
    marked: Sequence[Marked],
    checker: Checker,
    on_text: Callable[[], None] = lambda: None,
) -> LanguageScore:
    """Check every text; marked words count as found where a finding shares a word with them."""
    missed, alarms, entries = [], [], set()
    for row in marked:
        findings = checker.check(row.text)
        entries |= {f.entry for f in findings}
        missed += [Wrong(row.id, words) for words in row.findings if not _hit(row, words, findings)]
        on_text()
    for row in plain:
        alarms += [Wrong(row.id, finding.words) for finding in checker.check(row.text)]
        on_text()
    total = sum(len(row.findings) for row in marked)
    words = sum(len(_WORD.findall(row.text)) for row in plain)
    return LanguageScore(
        total, total - len(missed), len(plain), words,
        tuple(missed), tuple(alarms), frozenset(entries),
    )  # fmt: skip


BAR = Bar(less_is_better=("false alarms", "never found"))


def headline(result: LanguageScore, entries: frozenset[str]) -> dict[str, float]:
    """Give the figures that a release is held to; `entries` are those of the whole list."""
    return {
        "recall": round(result.recall, 4),
        "false alarms in 1,000 plain words": round(result.alarms_per_thousand, 4),
        "never found": float(len(entries - result.entries)),
    }


def _hit(row: Marked, words: str, findings: Sequence[Finding]) -> bool:
    at = row.text.index(words)
    return any(f.span.overlaps(Span(at, at + len(words))) for f in findings)


def _read(path: Path) -> list[Marked]:
    rows = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        raise BadInput(message=f"There is no file {path}. Check the folder's name.") from None
    for number, line in enumerate(lines, 1):
        try:
            row = Marked.model_validate_json(line)
        except ValidationError:
            raise BadInput(message=f"Line {number} of {path.name} cannot be read.") from None
        lost = [words for words in row.findings if words not in row.text]
        if lost:
            raise BadInput(message=f"Line {number} of {path.name} marks words it does not hold.")
        rows.append(row)
    return rows
