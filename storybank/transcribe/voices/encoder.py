"""A stretch of speech as a vector of the voice: the GE2E network (Wan et al., 2018).

Three layers of LSTM over 1.6 s of mel bands, one linear layer, cut at zero, length one. The weights
are those of Resemblyzer; its code is not used.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from storybank.transcribe.voices.mel import BANDS
from storybank.values import Vector

FRAMES = 160
"""Frames of 10 ms that the network hears at once: 1.6 s, as it was trained."""
SIZE, LAYERS = 256, 3
WEIGHTS = "pretrained.pt"
BATCH = 64


class VoiceEncoder:
    """Gives vectors of voices; loads its weights (17 MB) on first use.

    `weights` is a folder checked by `manifest.verified`. Vectors of one voice have a cosine of
    about 0.8 and more, of two voices 0.5 to 0.7.
    """

    def __init__(self, model_id: str, weights: Path) -> None:
        self.model_id = model_id
        self._weights = weights

    def encode(self, bands: Vector, windows: Sequence[tuple[int, int]]) -> Vector:
        """Give a vector of length one for each window of `bands`, shape (n, 256).

        `bands` are those of `mel_bands`; windows are half-open ranges of frames, up to 1.6 s. A
        shorter one is heard again and again until 1.6 s are full: silence in their stead would
        become part of the voice.
        """
        import torch  # heavy: only the worker pays

        found = np.empty((len(windows), SIZE), np.float32)
        lstm, linear = self._network
        for at in range(0, len(windows), BATCH):
            batch = np.stack([_filled(bands[a:b]) for a, b in windows[at : at + BATCH]])
            with torch.inference_mode():
                _, (hidden, _) = lstm(torch.from_numpy(batch))
                voices = torch.relu(linear(hidden[-1])).numpy()
            lengths = np.linalg.norm(voices, axis=1, keepdims=True)
            found[at : at + len(batch)] = voices / np.maximum(lengths, 1e-9)
        return found

    @cached_property
    def _network(self) -> tuple[Any, Any]:
        import torch

        kept = torch.load(self._weights / WEIGHTS, map_location="cpu", weights_only=True)
        state: dict[str, Any] = kept["model_state"]
        lstm = torch.nn.LSTM(BANDS, SIZE, LAYERS, batch_first=True)
        linear = torch.nn.Linear(SIZE, SIZE)
        for module, name in ((lstm, "lstm."), (linear, "linear.")):
            parts = {k.removeprefix(name): v for k, v in state.items() if k.startswith(name)}
            module.load_state_dict(parts)
            module.eval()
        return lstm, linear


def _filled(bands: Vector) -> Vector:
    times = -(-FRAMES // len(bands))
    return np.tile(bands, (times, 1))[:FRAMES]
