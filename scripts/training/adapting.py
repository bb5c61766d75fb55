"""Adapt the top layers of a sentence encoder to the framework, by small additions (LoRA).

The encoder reads whole stories. The layers below stay as they are, so what they give is computed
once; that makes training several times quicker. Torch's generator is seeded.
"""

import hashlib
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from scripts.training.examples import Example
from scripts.training.lessons import STORY, Lesson, batches, epoch, ids, lessons, loss_of
from storybank.understand.along import pooled

Numbers = NDArray[np.float32]
Changes = dict[str, tuple[Numbers, Numbers]]

TOP, RANK = 6, 8
"""Layers that are adapted, and how thin the additions are."""
SCALE = 2.0
"""What the product of the two thin matrices is multiplied by."""
WIDEN = 10.0
"""Vectors of length 1 are made this much longer for the head, so that it can be sure early."""
START = -3.5
"""Starting bias: about one unit in thirty carries a given pair."""
FIRST = 1
"""Seeds the additions before training: all trainings set out from the same ones, and differ in the
order of what they see, so that what they learn can be averaged."""
EPOCHS, RATE, HEAD_RATE = 4, 7e-4, 3e-3
WARMING = 0.1
"""The part of all steps over which the rate rises. With 0.06 one training in four ended
with one vector for every text."""


class Adapted(nn.Module):
    """An encoder whose top layers have additions, and a linear head of k pairs on its units."""

    def __init__(self, folder: Path, pairs: int, seed: int) -> None:
        super().__init__()
        torch.manual_seed(FIRST)
        self.seed = seed
        model = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
        model.requires_grad_(requires_grad=False)
        self._whole = [model]  # in a list, so that its weights are not ours to save
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        count = len(model.encoder.layer)
        self.top = model.encoder.layer[-TOP:]
        self.names: dict[str, _Addition] = {}
        for number, layer in enumerate(self.top, count - TOP):
            for name, part in list(layer.named_modules()):
                if isinstance(part, nn.Linear):
                    owner, _, last = name.rpartition(".")
                    added = _Addition(part)
                    setattr(layer.get_submodule(owner), last, added)
                    self.names[f"encoder.layer.{number}.{name}.weight"] = added
        self.head = nn.Linear(model.config.hidden_size, pairs)
        nn.init.zeros_(self.head.weight)
        nn.init.constant_(self.head.bias, START)
        self.drop = nn.Dropout(0.1)

    def forward(self, some: Sequence[Lesson]) -> tuple[Tensor, ...]:
        """Give the logits (n, k) of the units of each lesson, whose layers below are known."""
        below = [lesson.below.float() for lesson in some if lesson.below is not None]
        lengths = [len(states) for states in below]
        hidden = nn.utils.rnn.pad_sequence(below, batch_first=True)
        mask = (torch.arange(max(lengths))[None, :] < torch.tensor(lengths)[:, None]).float()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self._through(self.top, hidden, mask).float()
        rows = [pooled(hidden[n], lesson.window) for n, lesson in enumerate(some)]
        logits = self.head(self.drop(torch.cat(rows) * WIDEN))
        parts: tuple[Tensor, ...] = logits.split([len(part) for part in rows])
        return parts

    def _through(self, layers: Any, hidden: Tensor, mask: Tensor) -> Tensor:
        place = self._whole[0].encoder.compute_position_bias(hidden)
        hide = (1.0 - mask[:, None, None, :].float()) * -1e9
        for layer in layers:
            hidden = layer(hidden, hide, position_bias=place)[0]
        return hidden

    @torch.no_grad()
    def prepare(self, some: Sequence[Lesson]) -> None:
        """Compute what the fixed layers make of each lesson that does not have it yet."""
        model = self._whole[0].eval()
        for part in batches([lesson for lesson in some if lesson.below is None], 4096):
            tokens, mask = ids(self.tokenizer, part)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = model.embeddings(input_ids=tokens)
                hidden = self._through(model.encoder.layer[:-TOP], hidden, mask)
            for n, lesson in enumerate(part):
                lesson.below = hidden[n, : len(lesson.window.tokens) + 2].bfloat16().clone()

    @torch.no_grad()
    def logits(self, example: Example) -> Numbers:
        """Give the logits (n, k) of an example's units."""
        self.eval()
        cut = lessons(self.tokenizer, example)
        self.prepare(cut)
        found = np.full((len(example.spans), self.head.out_features), START, np.float32)
        for lesson, part in zip(cut, self(cut) if cut else (), strict=True):
            found[list(lesson.window.units)] = part.numpy()
        return found

    def learnt(self) -> tuple[Numbers, Numbers, Changes]:
        """Give weights (d, k) and bias (k,) for vectors of length 1, and the encoder's changes.

        Changes are rounded to float16, to keep the head small.
        """
        changes = {
            name: (_half(added.narrow), _half(added.wide * SCALE))
            for name, added in self.names.items()
        }
        weights = (self.head.weight.detach() * WIDEN).numpy().T.copy()
        return weights, self.head.bias.detach().numpy().copy(), changes


class _Addition(nn.Module):
    """A linear layer that stays as it is, plus a thin product that is learnt."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.narrow = nn.Parameter(
            torch.randn(RANK, base.in_features) / math.sqrt(base.in_features)
        )
        self.wide = nn.Parameter(torch.zeros(base.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + (x @ self.narrow.T @ self.wide.T) * SCALE


def _half(values: Tensor) -> Numbers:
    return values.detach().numpy().astype(np.float16)


def adapt(folder: Path, examples: Sequence[Example], seed: int, cache: Path | None) -> Adapted:
    """Train additions and head on the examples, or take them from an earlier run's `cache`."""
    net = Adapted(folder, examples[0].pairs, seed)
    kept = cache / f"adapted-{_digest(examples, seed)}.pt" if cache else None
    if kept and kept.is_file():
        net.load_state_dict(torch.load(kept, weights_only=True), strict=False)
        return net
    mine = [lesson for example in examples for lesson in lessons(net.tokenizer, example)]
    net.prepare(mine)
    _train(net, mine)
    if kept:
        own = {n: p for n, p in net.state_dict().items() if _is_learnt(n)}
        torch.save(own, kept)
    return net


def _is_learnt(name: str) -> bool:
    return name.startswith("head.") or name.endswith((".narrow", ".wide"))


def _digest(examples: Sequence[Example], seed: int) -> str:
    settings = (
        TOP, RANK, SCALE, WIDEN, START, EPOCHS, RATE, HEAD_RATE, WARMING, STORY, seed,
    )  # fmt: skip
    digest = hashlib.sha256(repr(settings).encode())
    for one in examples:
        digest.update(f"{one.row.text}{one.row.codes}{one.row.disputed}".encode())
    return digest.hexdigest()[:24]


def _train(net: Adapted, all_lessons: Sequence[Lesson]) -> None:
    """Fit by AdamW, the rate rising over the first steps and falling over the rest."""
    chance = random.Random(net.seed)  # noqa: S311 (for training, not for secrets)
    torch.manual_seed(net.seed)
    additions = [p for added in net.names.values() for p in (added.narrow, added.wide)]
    groups = [
        {"params": additions, "lr": RATE},
        {"params": net.head.parameters(), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = [step for _ in range(EPOCHS) for step in epoch(all_lessons, chance)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARMING * len(steps)), 1 - step / len(steps))
    )
    net.train()
    began, usual = time.monotonic(), 0.0
    for number, some in enumerate(steps):
        parts = [loss_of(one, logits) for one, logits in zip(some, net(some), strict=True)]
        loss = torch.stack(parts).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(additions, 1.0)
        optimizer.step()
        schedule.step()
        usual += (loss.item() - usual) / min(number + 1, 40)
        if number % 50 == 0:
            took = time.monotonic() - began
            print(f"  step {number} of {len(steps)}, loss {usual:.2f}, {took:.0f} s", flush=True)
