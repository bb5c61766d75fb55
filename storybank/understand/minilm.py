"""Sentence vectors through sentence-transformers; loads its weights on the first text."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from storybank.values import Vector

BATCH = 64
FEW = 4
"""So few texts are encoded by one thread: beside other work on the same processors, two threads
wait for each other at every step of the network. Measured on two busy cores, one query: 27 ms
with one thread, 650 ms with two."""


class SentenceEncoder:
    """A sentence-transformers model on the CPU, behind the Embedder protocol.

    Computes in bfloat16 where the processor has instructions for it (several times faster than
    float32, cosine between the two above 0.999), else in float32. Safe to share among threads.
    """

    def __init__(self, model_id: str, folder: Path) -> None:
        self.model_id = model_id
        self._folder = folder
        self._loaded: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vector:
        """Give float32 vectors of length 1, shape (n, d), in the order of `texts`; n may be 0."""
        model = self._model()
        if not texts:
            return np.zeros((0, model.get_embedding_dimension()), dtype=np.float32)
        with self._lock, threads(1 if len(texts) <= FEW else None):
            vectors = model.encode(
                list(texts), batch_size=BATCH, convert_to_tensor=True, show_progress_bar=False
            )
        found: Vector = vectors.float().numpy()
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder)
        return self._loaded


@contextlib.contextmanager
def threads(number: int | None) -> Iterator[None]:
    """Let torch use `number` threads for a while, here and below; None changes nothing."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(number or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _load(folder: Path) -> Any:
    """Load in float32 and round afterwards.

    Asked for bfloat16 at once, the library changes torch's default for all threads for a while,
    and an encoder at work beside it fails.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = SentenceTransformer(
        str(folder),
        device="cpu",
        local_files_only=True,
        model_kwargs={"torch_dtype": torch.float32},
    )
    return model.to(torch.bfloat16 if has_bfloat16(torch) else torch.float32).eval()


def has_bfloat16(torch: Any) -> bool:
    """Say whether this processor computes in bfloat16 itself."""
    capable = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(capable and capable())
