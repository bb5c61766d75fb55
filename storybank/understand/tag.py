"""Read texts against a framework: code, direction, exact words, calibrated score."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from storybank.framework import Framework
from storybank.understand.embed import Changes, Embedder
from storybank.understand.heads import Head, load_head
from storybank.understand.units import Units, units
from storybank.understand.weigh import chances
from storybank.values import Span, Suggestion, Vector

STRETCH = 40
"""Sentences read together. Heads are trained on stories of this length and shorter; a longer text
is read stretch by stretch, so that mere length does not make everything likely."""

NEARLY = 0.5
"""In logits: how much a clause may say less than the strongest unit and still be the quotation."""


class HeadTagger:
    """A trained head over one or more sentence encoders, behind the Tagger protocol."""

    def __init__(self, head: Head, encoder: Callable[[str, Changes], Embedder]) -> None:
        self._head = head
        self._encoders = [encoder(view.encoder, view.changes) for view in head.views]
        self.model_id = head.model_id
        self.framework = head.framework

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give the suggested tags of `text`, the surest first; none for an empty text.

        `sentences` are what `segment.sentences` gives for the same text.
        """
        return self.tag_all([(text, sentences)])[0]

    def tag_all(
        self, texts: Sequence[tuple[str, Sequence[Span]]]
    ) -> tuple[tuple[Suggestion, ...], ...]:
        """Tag several (text, its sentences) at once, which is several times quicker.

        Gives each text's suggestions in the order of `texts`: what `tag` would give, but for the
        rounding of vectors computed together.
        """
        stretches = [
            (place, units(text, sentences[at : at + STRETCH]))
            for place, (text, sentences) in enumerate(texts)
            for at in range(0, len(sentences), STRETCH)
        ]
        read = [(texts[place][0], part) for place, part in stretches]
        with ThreadPoolExecutor() as pool:
            views = pool.map(lambda number: self._logits(number, read), range(len(self._encoders)))
        best: list[dict[int, Suggestion]] = [{} for _ in texts]
        for (place, part), *logits in zip(stretches, *views, strict=True):
            for pair, found in self._read(texts[place][0], part, logits).items():
                known = best[place].get(pair)
                if known is None or found.score > known.score:
                    best[place][pair] = found
        return tuple(
            tuple(sorted(found.values(), key=lambda s: (-s.score, s.span))) for found in best
        )

    def _logits(self, number: int, stretches: Sequence[tuple[str, Units]]) -> list[Vector]:
        """Give the logits (n, k) of each stretch's units, as one view sees them.

        Each view has one processor to itself: on two busy cores, 100 stories took 51 s with one
        thread a view and 224 s with two, which wait for each other at every step.
        """
        from storybank.understand.minilm import threads

        view = self._head.views[number]
        spans = [part.of_kind(view.units) for _, part in stretches]
        words = [s.of(text) for (text, _), part in zip(stretches, spans, strict=True) for s in part]
        if not words:
            return []
        with threads(1):
            together = self._encoders[number].encode(words) @ view.weights + view.bias
        return np.split(together, np.cumsum([len(part) for part in spans])[:-1])

    def _read(self, text: str, part: Units, logits: Sequence[Vector]) -> dict[int, Suggestion]:
        """Give the suggestions of one stretch by the place of their pair in the head."""
        likely = chances(self._head, logits)
        strength = strengths(part, self._head, logits)
        found = {}
        for pair in np.flatnonzero(likely >= self._head.threshold).tolist():
            span = quotation(part, strength[:, pair])
            code, direction = self._head.pairs[pair]
            score = round(float(likely[pair]), 3)
            found[pair] = Suggestion(code, direction, span, span.of(text), score)
        return found


def strengths(part: Units, head: Head, logits: Sequence[Vector]) -> Vector:
    """Give how strongly each quotable unit speaks for each pair, (n, k): the views' sum.

    A view that reads only sentences lends each clause what it says of the whole sentence.
    """
    owners = [*range(len(part.sentences)), *part.parents]
    parts = [
        rows[: len(owners)] if view.units == "all" else rows[owners]
        for view, rows in zip(head.views, logits, strict=True)
    ]
    total: Vector = np.sum(parts, axis=0, dtype=np.float32)
    return total


def quotation(part: Units, strength: Vector) -> Span:
    """Give the words that carry a pair: the strongest unit, or a clause of it nearly as strong.

    `strength` (n,) goes with `part.quotable`. Of such clauses the shortest is taken: people
    quote clauses more often than sentences.
    """
    best = int(np.argmax(strength))
    whole = part.quotable[best]
    enough = strength[best] - NEARLY
    inside = [
        unit
        for unit, value in zip(part.quotable, strength, strict=True)
        if whole.start <= unit.start and unit.end <= whole.end and value >= enough
    ]
    return min(inside, key=lambda unit: (unit.end - unit.start, unit.start))


def load_tagger(
    heads_folder: Path, framework: Framework, encoder: Callable[[str, Changes], Embedder]
) -> HeadTagger:
    """Load the tagger trained for `framework`.

    `encoder` gives the encoder with the id named, its weights changed as given. Raises
    HeadMissing where there is none for this framework, HeadDamaged where its files do not fit.
    """
    return HeadTagger(load_head(heads_folder, framework.name), encoder)
