"""What a council's own decisions teach: small corrections to how sure the machine is of each pair.

The shipped head stays as it is. A correction shifts one pair's score by the meaning of the quoted
words, held near nought, so that few decisions change little and none undoes the head.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from storybank.errors import HeadDamaged
from storybank.understand.embed import Embedder
from storybank.understand.engines import Tagger
from storybank.understand.heads import Pair
from storybank.values import Direction, Span, Suggestion, Vector

EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Correction:
    """How one pair is corrected: weights (d,) on the quote's vector, and a level.

    `measured` says that a pair read from examples has proved right often enough to be suggested.
    """

    weights: Vector
    level: float
    measured: bool = False

    def score(self, before: Vector, vectors: Vector) -> Vector:
        """Give the corrected scores (n,) of scores (n,) and the vectors (n, d) of their quotes."""
        total = logit(before) + vectors @ self.weights + self.level
        return np.asarray(1 / (1 + np.exp(-total)), np.float32)


@dataclass(frozen=True, slots=True)
class Learnt:
    """Corrections by pair, what they were learnt from, and the bar for suggesting."""

    model_id: str
    framework: str
    encoder: str
    bar: float
    pairs: Mapping[Pair, Correction]
    stories: frozenset[str] = frozenset()


class LearningTagger:
    """A tagger with a council's corrections on it, behind the Tagger protocol.

    `tagger` reads with no bar of its own where it can: what a correction lifts above the bar has to
    be there to be lifted. What is then from `offered` up to the bar is offered, and what is less is
    left out; without `offered`, all under the bar is.
    """

    def __init__(
        self, tagger: Tagger, learnt: Learnt, embedder: Embedder, *, offered: float | None = None
    ) -> None:
        self._tagger, self._learnt, self._embedder = tagger, learnt, embedder
        self._least = learnt.bar if offered is None else min(offered, learnt.bar)
        self.model_id = f"{tagger.model_id}+{learnt.model_id}"
        self.framework = tagger.framework

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give the corrected suggestions of `text`, the surest first."""
        found = self._tagger.tag(text, sentences)
        touched = [s for s in found if (s.code, s.direction) in self._learnt.pairs]
        vectors = self._embedder.encode([s.quote for s in touched])
        corrected = [self._corrected(s, vector) for s, vector in zip(touched, vectors, strict=True)]
        rest = [s for s in found if (s.code, s.direction) not in self._learnt.pairs]
        kept = [s for s in (*rest, *corrected) if s.offered or s.score >= self._least]
        held = [s if s.score >= self._learnt.bar else replace(s, offered=True) for s in kept]
        return tuple(sorted(held, key=lambda s: (s.offered, -s.score, s.span)))

    def _corrected(self, found: Suggestion, vector: Vector) -> Suggestion:
        one = self._learnt.pairs[found.code, found.direction]
        score = float(one.score(np.array([found.score], np.float32), vector[None, :])[0])
        named = f"{found.model_id or self._tagger.model_id}+{self._learnt.model_id}"
        offered = found.offered and not (one.measured and score >= self._learnt.bar)
        return replace(found, score=round(score, 3), offered=offered, model_id=named)


def logit(scores: Vector) -> Vector:
    """Give scores in [0, 1] as logits, kept away from the edges."""
    held = np.clip(scores, EDGE, 1 - EDGE)
    found: Vector = np.log(held / (1 - held))
    return found


def save_learnt(folder: Path, learnt: Learnt, facts: Mapping[str, Any]) -> None:
    """Write `learnt.npz` and `learnt.json` into a new folder; `facts` say how well it does."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = list(learnt.pairs)
    weights = [learnt.pairs[pair].weights for pair in pairs]
    np.savez(folder / "learnt.npz", weights=np.array(weights, np.float32))
    own = {
        "id": learnt.model_id,
        "framework": learnt.framework,
        "encoder": learnt.encoder,
        "bar": learnt.bar,
        "pairs": [
            {"code": code, "direction": way.value, "level": learnt.pairs[code, way].level,
             "measured": learnt.pairs[code, way].measured}
            for code, way in pairs
        ],
        "stories": sorted(learnt.stories),
    }  # fmt: skip
    text = json.dumps(own | dict(facts), indent=1, ensure_ascii=False)
    (folder / "learnt.json").write_text(text + "\n", "utf-8")


def load_learnt(folder: Path) -> Learnt:
    """Read what `save_learnt` wrote; raises HeadDamaged where the files do not fit."""
    try:
        facts = json.loads((folder / "learnt.json").read_text("utf-8"))
        with np.load(folder / "learnt.npz", allow_pickle=False) as file:
            weights = file["weights"].astype(np.float32)
        pairs = {
            (row["code"], Direction(row["direction"])): Correction(
                one, float(row["level"]), bool(row["measured"])
            )
            for row, one in zip(facts["pairs"], weights, strict=True)
        }
        return Learnt(
            facts["id"], facts["framework"], facts["encoder"], float(facts["bar"]), pairs,
            frozenset(facts["stories"]),
        )  # fmt: skip
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, TypeError):
        raise HeadDamaged(
            folder.name,
            message=f"What was learnt in {folder.name} cannot be read. "
            "Run storybank train --undo, or train again.",
        ) from None
