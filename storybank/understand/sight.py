"""What a trained head sees in the units of a story, for codes that it was not trained for."""

from collections.abc import Sequence

import numpy as np

from storybank.understand.along import Along, Story
from storybank.understand.heads import Head
from storybank.values import Direction, Vector


class LastSeen:
    """Gives what was seen last again to whoever asks for the same, behind the Along protocol.

    So the head and a reader of other codes can read one story, and it is encoded once.
    """

    def __init__(self, reader: Along) -> None:
        self._reader = reader
        self._last: tuple[list[Story], list[list[Vector]]] | None = None

    def vectors(self, stories: Sequence[Story]) -> list[list[Vector]]:
        """Give for each view: the units of each story as vectors (n, d) of length 1."""
        last = self._last
        if last is None or last[0] != list(stories):
            last = self._last = (list(stories), self._reader.vectors(stories))
        return last[1]


class Sight:
    """How a head's first view sees units: as vectors, and as told of what is lived or missing."""

    def __init__(self, head: Head, reader: Along) -> None:
        self._view, self._reader = head.views[0], reader
        self._lived = np.array([way == Direction.LIVED for _, way in head.pairs], np.bool_)

    def vectors(self, stories: Sequence[Story]) -> list[Vector]:
        """Give the units of each story as vectors (n, d) of length 1."""
        return self._reader.vectors(stories)[0]

    def leaning(self, vectors: Vector) -> Vector:
        """Give how much more each unit (n, d) speaks of something lived than missing, (n,).

        In log odds, over all the codes that the head knows: nought where neither is likelier.
        """
        logits = vectors @ self._view.weights + self._view.bias
        if self._lived.all() or not self._lived.any():
            return np.zeros(len(vectors), np.float32)
        found: Vector = _any(logits[:, self._lived]) - _any(logits[:, ~self._lived])
        return found


def _any(logits: Vector) -> Vector:
    found: Vector = np.logaddexp.reduce(logits, axis=1)
    return found
