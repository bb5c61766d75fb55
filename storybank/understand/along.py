"""Vectors of sentences and clauses as they stand in their story, not alone."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from storybank.understand.embed import Changes
from storybank.understand.minilm import has_bfloat16
from storybank.understand.windows import Window, windows
from storybank.values import Span, Vector

if TYPE_CHECKING:
    from torch import Tensor

AT_ONCE = 4096
"""Tokens encoded together, fillers included."""


Story = tuple[str, Sequence[Span], Sequence[Span]]
"""A text, its sentences, and the units of it that are asked for."""


class Along(Protocol):
    """Gives units as vectors that depend on the story around them."""

    def vectors(self, stories: Sequence[Story]) -> list[Vector]:
        """Give the units of each story as vectors (n, d) of length 1."""


class StoryEncoder:
    """Takes in a story window by window; each unit gets the mean of its tokens' states.

    So the same words have another vector in another story. `changes` are trained additions to
    the weights, as in `minilm.SentenceEncoder`. Loads on the first text, computes in bfloat16
    where the processor can; safe to share among threads.
    """

    def __init__(self, model_id: str, folder: Path, changes: Changes | None = None) -> None:
        self.model_id = model_id
        self._folder = folder
        self._changes = changes or {}
        self._loaded: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def vectors(self, stories: Sequence[Story]) -> list[Vector]:
        """Give the units of each story as vectors (n, d) of length 1.

        A unit beyond what a window holds has the vector of the window's beginning. A story
        without units gives (0, d).
        """
        import torch

        tokenizer, model = self._model()
        cut = [_cut(tokenizer, *story) for story in stories]
        found = [
            np.zeros((len(units), model.config.hidden_size), np.float32) for _, _, units in stories
        ]
        jobs = [(n, window) for n, parts in enumerate(cut) for window in parts]
        with self._lock, torch.inference_mode():
            for some in _batches(jobs):
                states = encode(model, tokenizer, [window.tokens for _, window in some])
                for (n, window), state in zip(some, states, strict=True):
                    if window.units:
                        found[n][list(window.units)] = pooled(state, window).numpy()
        return found

    def _model(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder, self._changes)
        return self._loaded


def _cut(
    tokenizer: Any, text: str, sentences: Sequence[Span], units: Sequence[Span]
) -> tuple[Window, ...]:
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return windows(read["input_ids"], read["offset_mapping"], sentences, units)


def _batches(jobs: Sequence[tuple[int, Window]]) -> Iterator[list[tuple[int, Window]]]:
    """Give windows of about one length together, the shortest first."""
    some: list[tuple[int, Window]] = []
    for job in sorted(jobs, key=lambda job: len(job[1].tokens)):
        if some and (len(some) + 1) * (len(job[1].tokens) + 2) > AT_ONCE:
            yield some
            some = []
        some.append(job)
    if some:
        yield some


def encode(model: Any, tokenizer: Any, many: Sequence[Sequence[int]]) -> "list[Tensor]":
    """Give the states (tokens and two ends, d) of several token lists, as float32."""
    ids, mask = padded(tokenizer, many)
    states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    return [states[n, : len(tokens) + 2] for n, tokens in enumerate(many)]


def padded(tokenizer: Any, many: Sequence[Sequence[int]]) -> "tuple[Tensor, Tensor]":
    """Give ids and mask (n, longest + 2) of token lists with an encoder's two ends."""
    import torch

    width = max(len(tokens) for tokens in many) + 2
    ids = torch.full((len(many), width), tokenizer.pad_token_id, dtype=torch.long)
    mask = torch.zeros((len(many), width))
    for n, tokens in enumerate(many):
        whole = [tokenizer.cls_token_id, *tokens, tokenizer.sep_token_id]
        ids[n, : len(whole)] = torch.tensor(whole)
        mask[n, : len(whole)] = 1
    return ids, mask


def pooled(states: "Tensor", window: Window) -> "Tensor":
    """Give each unit of a window the mean of its tokens' states, made length 1: (units, d)."""
    import torch

    rows = [
        states[start + 1 : end + 1].mean(0) if end > start else states[0]
        for start, end in window.places
    ]
    return torch.nn.functional.normalize(torch.stack(rows), dim=1)


def _load(folder: Path, changes: Changes) -> tuple[Any, Any]:
    """Load in float32, add the changes, and round afterwards (see `minilm`)."""
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
    add_changes(dict(model.named_parameters()), changes)
    return tokenizer, model.to(torch.bfloat16 if has_bfloat16(torch) else torch.float32).eval()


def add_changes(weights: "dict[str, Tensor]", changes: Changes) -> None:
    """Add the product of the two thin matrices of each change to the weight that it names."""
    import torch

    with torch.no_grad():
        for name, (narrow, wide) in changes.items():
            added = wide.astype(np.float32) @ narrow.astype(np.float32)
            weights[name] += torch.from_numpy(added)
