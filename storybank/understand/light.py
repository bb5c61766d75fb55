"""Vectors of short questions without torch: the same weights in CTranslate2's form.

The pages encode one question at a time. With torch in it a web process holds 590 MB and takes
seconds to warm; in this form it holds less than half and takes a fifth of a second, for vectors
whose cosine with the worker's is above 0.9998 (tests/weights). The worker keeps torch: many
passages at once are twice as fast there.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from storybank.errors import DiskFull, ModelDamaged
from storybank.values import Vector

AT_ONCE = 64
_MADE_OF = "made-of.json"


def can_be_light(weights: Path) -> bool:
    """Say whether a sentence encoder is of the kind that has this form: BERT, mean of its words."""
    config = _read(weights / "config.json")
    pooling = _read(weights / "1_Pooling" / "config.json")
    return "BertModel" in config.get("architectures", ()) and bool(
        pooling.get("pooling_mode_mean_tokens")
    )


def lightened(weights: Path, digest: str, cache: Path) -> Path:
    """Give the folder with the weights in the other form; made once in `cache`, in some seconds.

    `weights` is a verified folder and `digest` the sha256 of its weights: a copy made of others is
    made again. The work is done in a process of its own, which takes torch's memory with it.
    Raises DiskFull, or ModelDamaged where the weights cannot be read.
    """
    import ctranslate2

    folder = cache / f"{weights.name}.light"
    made_of = {"weights": digest, "ctranslate2": ctranslate2.__version__}
    if _read(folder / _MADE_OF) == made_of:
        return folder
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    done = subprocess.run(  # noqa: S603 (our own module, with paths of our own making)
        [sys.executable, "-m", "storybank.understand.light", str(weights), str(fresh)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        if "No space left" in done.stderr:
            raise DiskFull(f"light copy of {weights.name}")
        raise ModelDamaged(f"light copy of {weights.name}: status {done.returncode}")
    shutil.copy(weights / "tokenizer.json", fresh / "tokenizer.json")
    (fresh / _MADE_OF).write_text(json.dumps(made_of))
    if folder.exists() and _read(folder / _MADE_OF) != made_of:
        shutil.rmtree(folder)
    try:
        fresh.rename(folder)
    except OSError:  # another process was first; what it made is the same
        shutil.rmtree(fresh)
    return folder


class LightEncoder:
    """A sentence encoder for a few short texts, behind the Embedder protocol.

    `weights` is the verified folder, `light` the one that `lightened` gave. Loads on the first
    text. Safe to share among threads.
    """

    def __init__(self, model_id: str, weights: Path, light: Path) -> None:
        self.model_id = model_id
        self._weights, self._light = weights, light
        self._loaded: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vector:
        """Give float32 vectors of length 1, shape (n, d), in the order of `texts`; n may be 0."""
        tokenizer, encoder = self._engines()
        if not texts:
            size = int(_read(self._weights / "config.json")["hidden_size"])
            return np.zeros((0, size), dtype=np.float32)
        found: list[Vector] = []
        for start in range(0, len(texts), AT_ONCE):
            words = [e.tokens for e in tokenizer.encode_batch(list(texts[start : start + AT_ONCE]))]
            with self._lock:
                states = np.asarray(encoder.forward_batch(words).last_hidden_state)
            found += [states[i, : len(row)].mean(axis=0) for i, row in enumerate(words)]
        vectors: Vector = np.stack(found).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _engines(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded

    def _load(self) -> tuple[Any, Any]:
        import ctranslate2
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._light / "tokenizer.json"))
        limits = _read(self._weights / "sentence_bert_config.json")
        tokenizer.enable_truncation(int(limits["max_seq_length"]))
        tokenizer.no_padding()  # the encoder pads, and says so to its attention
        # One thread: a question is short, and pages wait for nobody (see minilm.FEW).
        return tokenizer, ctranslate2.Encoder(str(self._light), intra_threads=1)


def convert(weights: Path, to: Path) -> None:
    """Write the weights in CTranslate2's form, float32, to the new folder `to`."""
    from ctranslate2.converters import TransformersConverter
    from transformers.utils import logging

    logging.disable_progress_bar()
    TransformersConverter(str(weights)).convert(str(to))


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
