"""What Storybank asks of a sentence encoder."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from storybank.values import Vector

Changes = Mapping[str, tuple[Vector, Vector]]
"""Trained additions to an encoder's weights, each a product of two thin matrices, by name."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product says how near their meanings are."""

    @property
    def model_id(self) -> str:
        """Manifest id stored with every vector, e.g. `all-minilm-l6-v2`."""

    def encode(self, texts: Sequence[str]) -> Vector:
        """Give float32 vectors of length 1, shape (n, d), in the order of `texts`; n may be 0."""
