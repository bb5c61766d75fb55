"""Which words of a text are quoted for a tag: the sentence that speaks most strongly, or two."""

from collections.abc import Sequence

import numpy as np

from storybank.understand.units import Units
from storybank.values import Span, Vector

NEARLY, MOST_WORDS = 1.5, 45
"""A neighbour no weaker than this, in log odds, is quoted together with the strongest sentence,
where both have no more than so many words. Chosen on the writers left out (docs/tagging.md)."""


def quotation(text: str, part: Units, strength: Vector) -> Span:
    """Give the words of `text` that carry a pair, one sentence or two.

    `strength` (n,) goes with `part.every`; a sentence is as strong as its strongest clause.
    """
    told = strength[: len(part.sentences)].copy()
    np.maximum.at(told, np.array(part.parents, dtype=np.intp), strength[len(told) :])
    return one_or_two(text, part.sentences, told)


def one_or_two(text: str, sentences: Sequence[Span], strength: Vector) -> Span:
    """Give the strongest of at least one sentence, or that and the stronger of its neighbours.

    The neighbour is taken where it says nearly as much, on the same line, and both are not long:
    what carries a code is often told in two breaths. Lines are as far as a quote may reach:
    another voice, or another paragraph, begins on a new one.
    """
    best = int(np.argmax(strength))
    beside = [n for n in (best - 1, best + 1) if 0 <= n < len(sentences)]
    near = [n for n in beside if strength[n] >= strength[best] - NEARLY]
    if near:
        first, last = sorted((best, max(near, key=lambda n: float(strength[n]))))
        both = Span(sentences[first].start, sentences[last].end)
        between = text[sentences[first].end : sentences[last].start]
        same_line = not between.strip() and "\n" not in between
        if same_line and len(both.of(text).split()) <= MOST_WORDS:
            return both
    return sentences[best]
