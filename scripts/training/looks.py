"""The two ways a head looks at a story, and how each is fitted on coded examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from scripts.training.adapting import Adapted, Lesson, Lower, adapt
from scripts.training.examples import Example, Numbers
from scripts.training.fitting import fit_view
from scripts.training.vectors import Vectors
from storybank.understand.heads import View


class Fitted(Protocol):
    """A look after fitting."""

    def logits(self, story: Example) -> Numbers:
        """Give the logits (n, k) of a story's units."""

    def view(self) -> View:
        """Give what the head keeps of it."""


class Look(Protocol):
    """A way to look at stories, before fitting."""

    def fit(self, examples: Sequence[Example]) -> Fitted:
        """Fit on coded examples."""


@dataclass(frozen=True)
class Plain:
    """An encoder as it is: logistic regression on the vectors of units of one kind."""

    vectors: Vectors
    kind: str
    held: float

    def fit(self, examples: Sequence[Example]) -> Fitted:
        """Fit weights on every unit, quote and whole passage of the examples."""
        texts = [span.of(e.row.text) for e in examples for span in e.spans(self.kind)]
        parts = [e.labels(self.kind) for e in examples]
        labels, counts = (np.concatenate(part) for part in zip(*parts, strict=True))
        self.vectors.learn(texts)
        weights, bias = fit_view(self.vectors.of(texts), labels, counts, self.held)
        return _PlainFitted(
            View(self.vectors.encoder.model_id, self.kind, weights, bias), self.vectors
        )


@dataclass(frozen=True)
class _PlainFitted:
    learnt: View
    vectors: Vectors

    def logits(self, story: Example) -> Numbers:
        words = [span.of(story.row.text) for span in story.units.of_kind(self.learnt.units)]
        self.vectors.learn(words)
        found: Numbers = self.vectors.of(words) @ self.learnt.weights + self.learnt.bias
        return found

    def view(self) -> View:
        return self.learnt


@dataclass(frozen=True)
class Adapting:
    """An encoder whose top layers are adapted: learns from whole passages and sentences."""

    model_id: str
    folder: Path
    lower: Lower
    cache: Path | None

    def fit(self, examples: Sequence[Example]) -> Fitted:
        """Train additions to the encoder, and a head, on the examples."""
        lessons = [lesson for example in examples for lesson in _lessons(example)]
        self.lower.learn([lesson.text for lesson in lessons])
        return _AdaptedFitted(
            self.model_id, adapt(self.folder, self.lower, lessons, self.cache), self.lower
        )


@dataclass(frozen=True)
class _AdaptedFitted:
    model_id: str
    net: Adapted
    lower: Lower

    def logits(self, story: Example) -> Numbers:
        words = [span.of(story.row.text) for span in story.units.sentences]
        self.lower.learn(words)
        return self.net.logits(self.lower.of(words))

    def view(self) -> View:
        weights, bias, changes = self.net.learnt()
        return View(self.model_id, "sentences", weights, bias, changes)


def _lessons(example: Example) -> list[Lesson]:
    text = example.row.text
    if not example.row.whole:
        return [Lesson(text, example.story, np.ones_like(example.story))]
    spans = example.spans("sentences")
    labels, counts = example.labels("sentences")
    return [Lesson(s.of(text), *row) for s, *row in zip(spans, labels, counts, strict=True)]
