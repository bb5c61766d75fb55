"""Read the invented, coded passages and stories, and drop rows that break a rule."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storybank.spans import find_quote
from storybank.understand.heads import Pair
from storybank.values import Direction, Span


@dataclass(frozen=True, slots=True)
class Row:
    """One coded text: a passage, or a `whole` story; `codes` gives pair and quoted span.

    `disputed` are codes that some coders gave and others did not.
    """

    id: str
    writer: str
    text: str
    whole: bool
    codes: tuple[tuple[int, Span], ...]
    disputed: tuple[tuple[int, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Training:
    """What was read: rows, why others were dropped, and the sha256 of all files together."""

    rows: tuple[Row, ...]
    dropped: tuple[str, ...]
    sha256: str


def read_training(folder: Path, pairs: Sequence[Pair]) -> Training:
    """Read `passages-*.jsonl` and `stories-*.jsonl`; the letter in the name is the writer."""
    rows: list[Row] = []
    dropped: list[str] = []
    seen: set[str] = set()
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*-?.jsonl")):
        digest.update(path.read_bytes())
        kind, _, writer = path.stem.rpartition("-")
        for line in path.read_text("utf-8").splitlines():
            raw = json.loads(line)
            try:
                row = _row(raw, writer, pairs, whole=kind == "stories")
                _new(row, seen)
            except ValueError as error:
                dropped.append(f"{raw.get('id', path.name)}: {error}")
                continue
            rows.append(row)
    return Training(tuple(rows), tuple(dropped), digest.hexdigest())


def _row(raw: dict[str, Any], writer: str, pairs: Sequence[Pair], *, whole: bool) -> Row:
    codes, disputed = (_codes(raw, kind, pairs) for kind in ("codes", "disputed"))
    return Row(raw["id"], writer, raw["text"], whole, codes, disputed)


def _codes(raw: dict[str, Any], kind: str, pairs: Sequence[Pair]) -> tuple[tuple[int, Span], ...]:
    found = []
    for code in raw.get(kind, ()):
        pair = (code["code"], Direction(code["direction"]))
        span = find_quote(raw["text"], code["quote"])
        if pair not in pairs:
            raise ValueError(f"no such code: {pair[0]}")
        if span is None:
            raise ValueError(f"the quote for {pair[0]} does not stand in the text")
        found.append((pairs.index(pair), span))
    return tuple(found)


def _new(row: Row, seen: set[str]) -> None:
    words = " ".join(row.text.casefold().split())
    if words in seen:
        raise ValueError("the same text stands there twice")
    seen.add(words)
