"""Read texts against a framework: code, direction, exact words, calibrated score."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from storybank.understand.along import Along
from storybank.understand.embed import Changes
from storybank.understand.heads import Head
from storybank.understand.quotation import quotation
from storybank.understand.segment import sentences as cut
from storybank.understand.sight import Sight
from storybank.understand.units import Units, units
from storybank.understand.weigh import chances
from storybank.values import Span, Suggestion, Vector

STRETCH = 40
"""Sentences read together. Heads are trained on stories of this length and shorter; a longer text
is read stretch by stretch, so that mere length does not make everything likely."""

AT_ONCE = 64
"""Texts read together: enough to fill the encoder's batches, few enough to see progress."""

Reader = Callable[[str, Sequence[Changes]], Along]
"""Gives the encoder with the id named, its weights changed as given, once for each view."""


class HeadTagger:
    """A trained head over one or more views of a story, behind the Tagger protocol."""

    def __init__(self, head: Head, reader: Reader) -> None:
        self._head = head
        self._reader = reader(head.encoder, [view.changes for view in head.views])
        self.model_id = head.model_id
        self.framework = head.framework

    @property
    def sight(self) -> Sight:
        """How it sees stories, for whoever reads codes that it does not know."""
        return Sight(self._head, self._reader)

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give the suggested tags of `text`, the surest first, then those offered; may be empty.

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
            (place, part)
            for place, (text, sentences) in enumerate(texts)
            for part in in_stretches(text, sentences)
        ]
        read = [(texts[place][0], part.sentences, part.every) for place, part in stretches]
        seen = zip(self._head.views, self._reader.vectors(read), strict=True)
        views = [[part @ view.weights + view.bias for part in parts] for view, parts in seen]
        best: list[dict[int, Suggestion]] = [{} for _ in texts]
        for (place, part), *logits in zip(stretches, *views, strict=True):
            for pair, found in self._read(texts[place][0], part, logits).items():
                known = best[place].get(pair)
                if known is None or found.score > known.score:
                    best[place][pair] = found
        return tuple(
            tuple(sorted(found.values(), key=lambda s: (s.offered, -s.score, s.span)))
            for found in best
        )

    def _read(self, text: str, part: Units, logits: Sequence[Vector]) -> dict[int, Suggestion]:
        """Give the suggestions of one stretch by the place of their pair in the head."""
        head = self._head
        likely = chances(head, logits)
        strength: Vector = np.sum(logits, axis=0, dtype=np.float32)
        found = {}
        for pair in np.flatnonzero(likely >= np.minimum(head.bars, head.offered)).tolist():
            span = quotation(text, part, strength[:, pair])
            code, direction = head.pairs[pair]
            score, offered = round(float(likely[pair]), 3), bool(likely[pair] < head.bars[pair])
            found[pair] = Suggestion(code, direction, span, span.of(text), score, offered)
        return found


def in_stretches(text: str, sentences: Sequence[Span]) -> list[Units]:
    """Give the units of a text, stretch by stretch; none where there are no sentences."""
    places = range(0, len(sentences), STRETCH)
    return [units(text, sentences[at : at + STRETCH]) for at in places]


def suggested(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Give those of some suggestions that stand as such, without what is only offered."""
    return tuple(one for one in found if not one.offered)


def suggestions(
    tagger: HeadTagger, nlp: Any, texts: Sequence[str]
) -> Iterator[tuple[Suggestion, ...]]:
    """Give what is suggested for each text in turn, some read at once; `nlp` cuts sentences."""
    for at in range(0, len(texts), AT_ONCE):
        some = texts[at : at + AT_ONCE]
        for found in tagger.tag_all([(text, cut(nlp, text)) for text in some]):
            yield suggested(found)
