"""Read codes that no head was trained for: by their definition and examples alone.

A code that somebody has just written works at once, and modestly: each sentence of a story is
compared with what was written about the code, for it and against it. How sure that makes the
reader was measured once, on codes whose right readings are known (docs/tagging.md).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from storybank.framework import Code, Framework
from storybank.understand.embed import Embedder
from storybank.understand.engines import FROM_EXAMPLES
from storybank.understand.quotation import one_or_two
from storybank.values import Direction, Span, Suggestion, Vector

MISSING_MARK = "(missing)"
"""Lines of what counts end with this where they show the code missing."""

SHARES, LEVEL = (12.8, 2.0), -6.7
"""How much it counts that a sentence is like a code's examples, and more so than like others.
Fitted on the invented training stories, each code read as if it alone were new."""
LEAST = 0.1
"""A chance below this is not even offered. On the gold stories one offer in six is right at this
bar, and a quarter of what people coded is offered."""
MOST = 0.6
"""However alike, no chance is said to be higher: nobody has measured these codes."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one code in one direction, and against it."""

    code: str
    direction: Direction
    here: tuple[str, ...]
    elsewhere: tuple[str, ...]


class ExampleReader:
    """Reads some codes of a framework from their words, behind the Tagger protocol.

    All that it finds is `offered`. Encodes what was written on the first text.
    """

    def __init__(self, framework: Framework, codes: Collection[str], embedder: Embedder) -> None:
        self.framework = framework.name
        self.model_id = f"{FROM_EXAMPLES}{framework.name}"
        self._embedder = embedder
        self._written = tuple(one for one in written(framework, codes) if one.here)
        self._vectors: list[tuple[Vector, Vector]] = []

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give at most one offered suggestion for each code and direction, the surest first."""
        if not self._written or not sentences:
            return ()
        chances = self.chances([span.of(text) for span in sentences])
        odds = np.log(chances / (1 - chances))
        found = []
        for one, column, strength in zip(self._written, chances.T, odds.T, strict=True):
            if column.max() >= LEAST:
                span = one_or_two(text, sentences, strength)
                score = round(float(column.max()), 3)
                found.append(
                    Suggestion(one.code, one.direction, span, span.of(text), score,
                               offered=True, model_id=self.model_id)
                )  # fmt: skip
        return tuple(sorted(found, key=lambda s: (-s.score, s.span)))

    def chances(self, sentences: Sequence[str]) -> Vector:
        """Give the chance (n, k) that each sentence shows each code and direction."""
        likeness = self.likeness(sentences)
        logits = likeness @ np.array(SHARES, np.float32) + LEVEL
        chance: Vector = np.minimum(1 / (1 + np.exp(-logits)), MOST).astype(np.float32)
        return chance

    def likeness(self, sentences: Sequence[str]) -> Vector:
        """Give how like what was written each sentence is, and how much more so, (n, k, 2).

        More so: than like what was written against it.
        """
        if not self._vectors:
            self._vectors = [
                (self._embedder.encode(one.here), self._embedder.encode(one.elsewhere))
                for one in self._written
            ]
        told = self._embedder.encode(sentences)
        columns = []
        for here, elsewhere in self._vectors:
            near = _nearest(told @ here.T)
            far = _nearest(told @ elsewhere.T) if len(elsewhere) else np.zeros_like(near)
            columns.append(np.stack([near, near - far], axis=1))
        found: Vector = np.stack(columns, axis=1).astype(np.float32)
        return found


def written(framework: Framework, codes: Collection[str]) -> Iterable[Written]:
    """Give what stands for and against each of `codes`, in both directions.

    Against a code speak its examples of neither, those of the other direction, and the examples of
    the codes that are named as near, or that are read this way, too.
    """
    for code in framework.codes:
        if code.id not in codes:
            continue
        near = {one.code for one in code.near} | (set(codes) - {code.id})
        others = [e for c in framework.codes if c.id in near for e in _examples(c)]
        for direction in Direction:
            here = _for(code, direction)
            other = next(d for d in Direction if d != direction)
            against = (*code.examples.none, *_told(code, other), *others)
            yield Written(code.id, direction, here, tuple(dict.fromkeys(against)))


def _for(code: Code, direction: Direction) -> tuple[str, ...]:
    missing = direction == Direction.MISSING
    counts = [
        line.removesuffix(MISSING_MARK).strip()
        for line in code.includes
        if line.endswith(MISSING_MARK) is missing
    ]
    meant = () if missing else (code.definition,)
    return tuple(text for text in (*_told(code, direction), *counts, *meant) if text)


def _told(code: Code, direction: Direction) -> tuple[str, ...]:
    lived = direction == Direction.LIVED
    return code.examples.present if lived else code.examples.missing


def _examples(code: Code) -> tuple[str, ...]:
    return (*code.examples.present, *code.examples.missing)


def _nearest(alike: Vector) -> Vector:
    """Give the mean of the two most alike, (n,), of likenesses (n, m)."""
    ranked = np.sort(alike, axis=1)[:, ::-1]
    found: Vector = ranked[:, :2].mean(axis=1)
    return found
