"""Vectors of sentences and clauses as they stand in their story, not alone."""

import copy
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from storybank.understand.embed import Changes
from storybank.understand.minilm import FEW, has_bfloat16, threads
from storybank.understand.windows import Window, windows
from storybank.values import Span, Vector

if TYPE_CHECKING:
    from torch import Tensor

AT_ONCE = 4096
"""Tokens encoded together, fillers included."""

WIDTHS = 32
"""Windows are filled up to a multiple of this. Torch keeps what it has made ready for each width it
has seen: with any width, reading seventy stories holds 150 MB more; with these, 25 MB."""

Story = tuple[str, Sequence[Span], Sequence[Span]]
"""A text, its sentences, and the units of it that are asked for."""


class Along(Protocol):
    """Gives units as vectors that depend on the story around them, seen in one or more ways."""

    def vectors(self, stories: Sequence[Story]) -> list[list[Vector]]:
        """Give for each way of seeing: the units of each story as vectors (n, d) of length 1."""


class StoryEncoder:
    """Takes in a story window by window; each unit gets the mean of its tokens' states.

    So the same words have another vector in another story. The encoder is an MPNet. `views` are
    trained additions to the weights of its top layers, one mapping for each way of seeing, as in
    `minilm.SentenceEncoder`; the layers below are computed once for all. Loads on the first
    text, computes in bfloat16 where the processor can; safe to share among threads.
    """

    def __init__(self, model_id: str, folder: Path, views: Sequence[Changes] = ({},)) -> None:
        self.model_id = model_id
        self._folder = folder
        self._views = views
        self._loaded: _Loaded | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load now, and not with the first text; for a while this takes 0.8 GB."""
        self._net()

    def vectors(self, stories: Sequence[Story]) -> list[list[Vector]]:
        """Give for each view: the units of each story as vectors (n, d) of length 1.

        A unit beyond what a window holds has the vector of the window's beginning. A story
        without units gives (0, d).
        """
        import torch

        net = self._net()
        deep = net.model.config.hidden_size
        found = [[np.zeros((len(s[2]), deep), np.float32) for s in stories] for _ in net.tops]
        cut = [_cut(net.tokenizer, *story) for story in stories]
        jobs = [(n, window) for n, parts in enumerate(cut) for window in parts if window.units]
        with self._lock, threads(1 if len(jobs) <= FEW else None), torch.inference_mode():
            for some in batches(jobs):
                seen = net.states([window.tokens for _, window in some])
                for view, states in zip(found, seen, strict=True):
                    for (n, window), state in zip(some, states, strict=True):
                        view[n][list(window.units)] = pooled(state, window).numpy()
        return found

    def _net(self) -> "_Loaded":
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder, self._views)
        return self._loaded


@dataclass(frozen=True)
class _Loaded:
    """Tokenizer and model, whose own layers are those below; `tops` has the rest, once a view."""

    tokenizer: Any
    model: Any
    tops: tuple[Any, ...]

    def states(self, many: Sequence[Sequence[int]]) -> "list[list[Tensor]]":
        """Give for each view the states (tokens and two ends, d) of each list of tokens."""
        ids, mask = padded(self.tokenizer, many, WIDTHS)
        below = through(self.model, self.model.encoder.layer, self.model.embeddings(ids), mask)
        return [
            [state[: len(tokens) + 2] for state, tokens in zip(top, many, strict=True)]
            for top in (through(self.model, layers, below, mask).float() for layers in self.tops)
        ]


def through(model: Any, layers: Any, hidden: "Tensor", mask: "Tensor") -> "Tensor":
    """Send hidden states (n, tokens, d) through some layers of an MPNet; `mask` is 0 or 1."""
    place = model.encoder.compute_position_bias(hidden).to(hidden.dtype)
    hide = ((1.0 - mask[:, None, None, :]) * -1e9).to(hidden.dtype)
    for layer in layers:
        hidden = layer(hidden, hide, position_bias=place)[0]
    return hidden


def padded(
    tokenizer: Any, many: Sequence[Sequence[int]], widths: int = 1
) -> "tuple[Tensor, Tensor]":
    """Give ids and mask (n, `width` of the longest) of token lists with an encoder's two ends."""
    import torch

    wide = width(max(len(tokens) for tokens in many), widths)
    ids = torch.full((len(many), wide), tokenizer.pad_token_id, dtype=torch.long)
    mask = torch.zeros((len(many), wide))
    for n, tokens in enumerate(many):
        whole = [tokenizer.cls_token_id, *tokens, tokenizer.sep_token_id]
        ids[n, : len(whole)] = torch.tensor(whole)
        mask[n, : len(whole)] = 1
    return ids, mask


def width(longest: int, widths: int = WIDTHS) -> int:
    """Give the width to which lists of at most `longest` tokens are filled, their ends included."""
    return -(-(longest + 2) // widths) * widths


def pooled(states: "Tensor", window: Window) -> "Tensor":
    """Give each unit of a window the mean of its tokens' states, made length 1: (units, d)."""
    import torch

    rows = [
        states[start + 1 : end + 1].mean(0) if end > start else states[0]
        for start, end in window.places
    ]
    return torch.nn.functional.normalize(torch.stack(rows), dim=1)


def _cut(
    tokenizer: Any, text: str, sentences: Sequence[Span], units: Sequence[Span]
) -> tuple[Window, ...]:
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return windows(read["input_ids"], read["offset_mapping"], sentences, units)


def batches(jobs: Sequence[tuple[int, Window]]) -> Iterator[list[tuple[int, Window]]]:
    """Give windows of about one length together, the shortest first; fillers count, too."""
    some: list[tuple[int, Window]] = []
    for job in sorted(jobs, key=lambda job: len(job[1].tokens)):
        if some and (len(some) + 1) * width(len(job[1].tokens)) > AT_ONCE:
            yield some
            some = []
        some.append(job)
    if some:
        yield some


def _load(folder: Path, views: Sequence[Changes]) -> _Loaded:
    """Load in float32, add the changes, and round afterwards (see `minilm`)."""
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # it would tell operators of the pooler, which is left out
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
    kind = torch.bfloat16 if has_bfloat16(torch) else torch.float32
    first = _first_changed(views, len(model.encoder.layer))
    own, model.encoder.layer = model.encoder.layer[first:], model.encoder.layer[:first]
    model.to(kind).eval()  # what no view changes; the float32 of it is let go before any copy
    tops = []
    for left, changes in zip(range(len(views))[::-1], views, strict=True):
        layers = copy.deepcopy(own) if left else own
        _add(layers, first, changes)
        tops.append(layers.to(kind).eval())
    return _Loaded(tokenizer, model, tuple(tops))


_LAYER = re.compile(r"encoder\.layer\.(\d+)\.(.+)")


def _first_changed(views: Sequence[Changes], count: int) -> int:
    numbers = [int(m[1]) for changes in views for name in changes if (m := _LAYER.match(name))]
    return min(numbers, default=count)


def _add(layers: Any, first: int, changes: Changes) -> None:
    """Add the product of the two thin matrices of each change to the weight that it names."""
    import torch

    weights = {
        f"encoder.layer.{number}.{name}": weight
        for number, layer in enumerate(layers, first)
        for name, weight in layer.named_parameters()
    }
    with torch.no_grad():
        for name, (narrow, wide) in changes.items():
            added = wide.astype(np.float32) @ narrow.astype(np.float32)
            weights[name] += torch.from_numpy(added)
