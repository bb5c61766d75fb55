"""Turn coded rows into units with labels, seen the way the tagger sees a story."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.training.rows import Row
from storybank.understand.segment import sentences
from storybank.understand.units import Units, units
from storybank.values import Span

Numbers = NDArray[np.float32]

CARRIES, COVERED = 0.5, 0.7
"""A unit has a code when it holds this part of the quote, or this part of it is quoted."""


@dataclass(frozen=True)
class Example:
    """A row with its units; `labels` and `counts` are made for one kind of unit at a time."""

    row: Row
    units: Units
    pairs: int

    @cached_property
    def story(self) -> Numbers:
        """The pairs that the whole text carries, (k,), 0 or 1."""
        found = np.zeros(self.pairs, np.float32)
        found[[pair for pair, _ in self.row.codes]] = 1
        return found

    def spans(self, kind: str) -> tuple[Span, ...]:
        """Give the units to learn from: the view's own; for passages also quotes and the whole."""
        found = self.units.of_kind(kind)
        if self.row.whole:
            return found
        if len(self.units.sentences) == 1:
            found = found[1:]
        quotes = tuple(span for _, span in self.row.codes)
        return (*found, *quotes, Span(0, len(self.row.text)))

    def labels(self, kind: str) -> tuple[Numbers, Numbers]:
        """Give for each unit its pairs (n, k), and 0 where the text leaves it open, else 1.

        Open is a unit that touches a quote without carrying it. In a passage every sentence is
        open for the passage's own codes: the quote is the shortest proof, not the only one.
        """
        spans = self.spans(kind)
        found = np.zeros((len(spans), self.pairs), np.float32)
        counts = np.ones_like(found)
        for number, span in enumerate(spans):
            for pair, quote in self.row.codes:
                shared = min(span.end, quote.end) - max(span.start, quote.start)
                if shared >= CARRIES * (quote.end - quote.start) or shared >= COVERED * (
                    span.end - span.start
                ):
                    found[number, pair] = 1
                elif shared > 0 or not self.row.whole:
                    counts[number, pair] = 0
        return found, np.where(found > 0, 1, counts).astype(np.float32)


def make_examples(nlp: Any, rows: Sequence[Row], pairs: int) -> list[Example]:
    """Cut every row into units, as the tagger does."""
    return [Example(row, units(row.text, sentences(nlp, row.text)), pairs) for row in rows]
