"""Turn coded rows into units with labels, cut the way the tagger cuts a story."""

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
DISPUTED = 0.5
"""What a code counts that some coders gave and others did not."""


@dataclass(frozen=True)
class Example:
    """A row with its units, their labels, and what the whole text carries."""

    row: Row
    units: Units
    pairs: int

    @cached_property
    def story(self) -> Numbers:
        """What the whole text carries of each pair, (k,): 0, 1, or DISPUTED."""
        found = np.zeros(self.pairs, np.float32)
        found[[pair for pair, _ in self.row.disputed]] = DISPUTED
        found[[pair for pair, _ in self.row.codes]] = 1
        return found

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The units to learn from, sentences first; of a passage also its quotes and the whole."""
        if self.row.whole:
            return self.units.every
        quotes = tuple(span for _, span in (*self.row.codes, *self.row.disputed))
        return (*self.units.every, *quotes, Span(0, len(self.row.text)))

    @cached_property
    def labels(self) -> tuple[Numbers, Numbers]:
        """Each unit's pairs (n, k), and 0 where the text leaves it open, else 1.

        Open is a unit that touches a quote without carrying it. In a passage every sentence is
        open for the passage's own codes: the quote is the shortest proof, not the only one.
        """
        found = np.zeros((len(self.spans), self.pairs), np.float32)
        counts = np.ones_like(found)
        quotes = [(*one, DISPUTED) for one in self.row.disputed]
        quotes += [(*one, 1.0) for one in self.row.codes]
        for number, span in enumerate(self.spans):
            for pair, quote, value in quotes:
                shared = min(span.end, quote.end) - max(span.start, quote.start)
                if shared >= CARRIES * (quote.end - quote.start) or shared >= COVERED * (
                    span.end - span.start
                ):
                    found[number, pair] = max(found[number, pair], value)
                elif shared > 0 or not self.row.whole:
                    counts[number, pair] = 0
        return found, np.where(found > 0, 1, counts).astype(np.float32)


def make_examples(nlp: Any, rows: Sequence[Row], pairs: int) -> list[Example]:
    """Cut every row into units, as the tagger does."""
    return [Example(row, units(row.text, sentences(nlp, row.text)), pairs) for row in rows]
