"""An embedder for tests: texts are near where they share words, or words that mean the same."""

import re
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from storybank.tables import DIMENSIONS
from storybank.values import Vector


class WordBag:
    """Adds up one fixed random vector a word; `same` maps a word to another with its meaning."""

    def __init__(self, same: Mapping[str, str] | None = None, model_id: str = "word-bag") -> None:
        self.model_id = model_id
        self._same = dict(same or {})

    def encode(self, texts: Sequence[str]) -> Vector:
        """Give float32 vectors of length 1, shape (n, 384)."""
        found = np.array([self._encode(text) for text in texts], dtype=np.float32)
        return found.reshape(len(texts), DIMENSIONS)

    def _encode(self, text: str) -> Vector:
        words = re.findall(r"\w+", text.lower()) or ["nothing"]
        total = sum(self._word(self._same.get(word, word)) for word in words)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    def _word(self, word: str) -> Vector:
        seed = zlib.crc32(f"{self.model_id} {word}".encode())
        return np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
