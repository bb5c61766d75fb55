"""Sentence vectors for training, kept in a folder so that a second run need not make them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from storybank.understand.embed import Embedder
from storybank.values import Vector

AT_ONCE = 2048


class Vectors:
    """Encodes texts, each once, and remembers them in `folder` (None: only in memory)."""

    def __init__(self, encoder: Embedder, folder: Path | None) -> None:
        self.encoder = encoder
        self._folder = folder
        self._known: dict[str, Vector] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Encode all texts that are new, longest last, so that batches waste little."""
        fresh = sorted(set(texts) - self._known.keys(), key=lambda text: (len(text), text))
        for at in range(0, len(fresh), AT_ONCE):
            part = fresh[at : at + AT_ONCE]
            self._known.update(zip(part, self._encoded(part), strict=True))
            print(f"  {self.encoder.model_id}: {at + len(part)} of {len(fresh)} units", flush=True)

    def of(self, texts: Sequence[str]) -> Vector:
        """Give the vectors (n, d) of texts that were learnt."""
        return np.array([self._known[text] for text in texts], np.float32)

    def _encoded(self, texts: Sequence[str]) -> Vector:
        name = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:24]
        path = self._folder / f"{self.encoder.model_id}-{name}.npy" if self._folder else None
        if path and path.is_file():
            found: Vector = np.load(path, allow_pickle=False)
            return found
        found = self.encoder.encode(texts)
        if path:
            np.save(path, found)
        return found
