"""Read codes that no head was trained for: by their definition and examples alone.

A code that somebody has just written works at once, and modestly. A trained head has learnt what
in a story is worth seeing, and whether it is lived or missing; that carries over to codes that it
has never met. How far, was measured on codes invented for it (docs/tagging.md).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from storybank.framework import Code, Framework
from storybank.understand.embed import Embedder
from storybank.understand.engines import FROM_EXAMPLES
from storybank.understand.likeness import Likeness, learn_likeness
from storybank.understand.quotation import quotation
from storybank.understand.sight import Sight
from storybank.understand.tag import STRETCH, in_stretches
from storybank.values import Direction, Span, Suggestion, Vector

MISSING_MARK = "(missing)"
"""Lines of what counts end with this where they show the code missing."""

LIKE, ALONE, LEAN, LEVEL = 20.0, 6.5, 2.3, -8.2
"""How much it counts that a unit is, in its story, like what was written for a code, that its
sentence is so alone, and that it leans to the code's direction. Fitted on the part of the invented
codes' stories that was worked on."""
AGAINST = 10.0
"""How much it counts that a unit is more like an example of neither than like the code."""
LEANS_FULLY = 2.0
"""Log odds from which a unit's leaning hardly counts for more."""
SHARE = 0.6
"""How far directions in which the ground varies much are kept, as seen in a story."""
LEAST = 0.25
"""A chance below this is not even offered."""
MOST = 0.6
"""However alike, no chance is said to be higher: nobody has measured these codes."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one code in one direction, and of what is near it and is not it."""

    code: str
    direction: Direction
    here: tuple[str, ...]
    against: tuple[str, ...]


class ExampleReader:
    """Reads some codes of a framework from their words, behind the Tagger protocol.

    Sentences are seen twice: in their story by `sight`, and alone by `embedder`. `ground` are
    sentences about other things, by which what all sentences share is told from what a code is
    about. All that it finds is `offered`. Encodes what was written on the first text.
    """

    def __init__(
        self, framework: Framework, codes: Collection[str],
        sight: Sight, embedder: Embedder, ground: Sequence[str],
    ) -> None:  # fmt: skip
        self.framework = framework.name
        self.model_id = f"{FROM_EXAMPLES}{framework.name}"
        self._sight, self._embedder, self._ground = sight, embedder, tuple(ground)
        self._written = tuple(one for one in written(framework, codes) if one.here)
        self._known: tuple[Likeness, Likeness] | None = None

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give at most one offered suggestion for each code and direction, the surest first."""
        if not self._written or not sentences:
            return ()
        parts = in_stretches(text, sentences)
        seen = self._sight.vectors([(text, part.sentences, part.every) for part in parts])
        alone = self._embedder.encode([span.of(text) for span in sentences])
        best: dict[int, tuple[float, Span]] = {}
        for number, (part, vectors) in enumerate(zip(parts, seen, strict=True)):
            own = alone[number * STRETCH :][: len(part.sentences)]
            odds = self.odds(vectors, own[[*range(len(own)), *part.parents]])
            highest = odds.max(axis=0)
            for place in np.flatnonzero(_chance(highest) >= LEAST).tolist():
                if place not in best or best[place][0] < highest[place]:
                    best[place] = float(highest[place]), quotation(text, part, odds[:, place])
        found = [self._found(text, place, *one) for place, one in best.items()]
        return tuple(sorted(found, key=lambda s: (-s.score, s.span)))

    def odds(self, vectors: Vector, alone: Vector) -> Vector:
        """Give the log odds (n, k) that each unit shows each code and direction.

        `vectors` (n, d) are the units as seen in the story, `alone` (n, e) their sentences alone.
        """
        if self._known is None:
            self._known = self._learn()
        along, by_itself = self._known
        ways = [1.0 if one.direction == Direction.LIVED else -1.0 for one in self._written]
        leaning = np.tanh(self._sight.leaning(vectors) / LEANS_FULLY)
        (like, against), (like_alone, _) = along.of(vectors), by_itself.of(alone)
        found: Vector = LIKE * like + ALONE * like_alone - AGAINST * against + LEVEL
        found += LEAN * leaning[:, None] * np.array(ways, np.float32)
        return found

    def _learn(self) -> tuple[Likeness, Likeness]:
        parts = [one.here for one in self._written] + [one.against for one in self._written]
        texts = [*self._ground, *(text for some in parts for text in some)]
        spans = [(Span(0, len(text)),) for text in texts]
        seen = self._sight.vectors([(t, own, own) for t, own in zip(texts, spans, strict=True)])
        lengths = [len(self._ground), *(len(some) for some in parts)]
        return (
            learn_likeness(np.concatenate(seen), lengths, SHARE),
            learn_likeness(self._embedder.encode(texts), lengths, 1.0),
        )

    def _found(self, text: str, place: int, odds: float, span: Span) -> Suggestion:
        one, score = self._written[place], min(round(float(_chance(odds)), 3), MOST)
        return Suggestion(one.code, one.direction, span, span.of(text), score,
                          offered=True, model_id=self.model_id)  # fmt: skip


def ground_of(framework: Framework) -> tuple[str, ...]:
    """Give all the examples of a framework: sentences about many things, and about nothing."""
    every = [code.examples for code in framework.codes]
    texts = [text for one in every for text in (*one.present, *one.missing, *one.none)]
    return tuple(dict.fromkeys(texts))


def written(framework: Framework, codes: Collection[str]) -> Iterable[Written]:
    """Give what stands for each of `codes`, in both directions."""
    for code in framework.codes:
        if code.id in codes:
            for direction in Direction:
                yield Written(code.id, direction, _for(code, direction), code.examples.none)


def _for(code: Code, direction: Direction) -> tuple[str, ...]:
    missing = direction == Direction.MISSING
    told = code.examples.missing if missing else code.examples.present
    counts = [
        line.removesuffix(MISSING_MARK).strip()
        for line in code.includes
        if line.endswith(MISSING_MARK) is missing
    ]
    meant = () if missing else (code.definition,)
    return tuple(dict.fromkeys(text for text in (*told, *counts, *meant) if text.strip()))


def _chance(odds: "Vector | float") -> Any:
    return 1 / (1 + np.exp(-odds))
