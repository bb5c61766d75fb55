"""Adapt the top layers of a sentence encoder to the framework, by small additions (LoRA).

The layers below stay as they are, so what they give is computed once and kept: that makes
training several times quicker. Torch's generator is seeded, and one thread adds up in one order.
"""

import hashlib
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

Numbers = NDArray[np.float32]
Changes = dict[str, tuple[Numbers, Numbers]]

TOP = 4
RANK = 6
"""Layers that are adapted, and how thin the additions are."""
SCALE = 2.0
"""What the product of the two thin matrices is multiplied by."""
WIDEN = 10.0
"""Vectors of length 1 are made this much longer for the head, so that it can be sure early."""
EPOCHS, BATCH, RATE, HEAD_RATE = 3, 32, 7e-4, 3e-3
LONGEST = 128
"""In tokens; a sentence has at most 70 words."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text to learn from: its pairs (k,), and 0 where that is left open, else 1."""

    text: str
    labels: Numbers
    counts: Numbers


class Lower:
    """Gives what the layers below the adapted ones make of a text; kept in `cache` if given."""

    def __init__(self, folder: Path, cache: Path | None) -> None:
        self.model = AutoModel.from_pretrained(
            folder, local_files_only=True, add_pooling_layer=False
        ).eval()
        self._tokens = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._cache = cache
        self._known: dict[str, Tensor] = {}
        if cache and cache.is_file():
            self._known = torch.load(cache, weights_only=True)

    def learn(self, texts: Sequence[str]) -> None:
        """Compute and keep what is new among `texts`."""
        fresh = sorted(set(texts) - self._known.keys(), key=lambda text: (len(text), text))
        for at in range(0, len(fresh), 64):
            part = fresh[at : at + 64]
            self._known.update(zip(part, self._below(part), strict=True))
        if fresh and self._cache:
            torch.save(self._known, self._cache)

    def of(self, texts: Sequence[str]) -> list[Tensor]:
        """Give the hidden states (tokens, d) of texts that were learnt."""
        return [self._known[text] for text in texts]

    @torch.no_grad()
    def _below(self, texts: Sequence[str]) -> list[Tensor]:
        tokens = self._tokens(
            list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
        mask = tokens["attention_mask"]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.model.embeddings(input_ids=tokens["input_ids"])
            hidden = through(self.model, self.model.encoder.layer[:-TOP], hidden, mask)
        return [
            hidden[n, :length].bfloat16().clone() for n, length in enumerate(mask.sum(1).tolist())
        ]


def through(model: Any, layers: Any, hidden: Tensor, mask: Tensor) -> Tensor:
    """Send hidden states (n, tokens, d) through some layers of an MPNet model."""
    place = model.encoder.compute_position_bias(hidden)
    hide = (1.0 - mask[:, None, None, :].float()) * -1e9
    for layer in layers:
        hidden = layer(hidden, hide, position_bias=place)[0]
    return hidden


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


class Adapted(nn.Module):
    """The top layers with additions, and a linear head of k pairs on their mean."""

    def __init__(self, folder: Path, pairs: int) -> None:
        super().__init__()
        torch.manual_seed(SEED)
        model = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
        model.requires_grad_(requires_grad=False)
        self._whole = [model]  # in a list, so that its weights are not ours to save
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
        nn.init.constant_(self.head.bias, -3.0)
        self.drop = nn.Dropout(0.1)

    def forward(self, lower: Sequence[Tensor]) -> Tensor:
        """Give logits (n, k) of texts from their hidden states below."""
        lengths = [len(states) for states in lower]
        hidden = nn.utils.rnn.pad_sequence([s.float() for s in lower], batch_first=True)
        mask = (torch.arange(max(lengths))[None, :] < torch.tensor(lengths)[:, None]).float()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = through(self._whole[0], self.top, hidden, mask)
        mean = (hidden.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        found: Tensor = self.head(self.drop(nn.functional.normalize(mean, dim=1) * WIDEN))
        return found

    @torch.no_grad()
    def logits(self, lower: Sequence[Tensor]) -> Numbers:
        """Give the logits (n, k) of texts."""
        self.eval()
        parts = [self(lower[at : at + 64]) for at in range(0, len(lower), 64)]
        return torch.cat(parts).numpy()

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


def _half(values: Tensor) -> Numbers:
    return values.detach().numpy().astype(np.float16)


def adapt(
    folder: Path, lower: Lower, lessons: Sequence[Lesson], cache: Path | None = None
) -> Adapted:
    """Train additions and head on the lessons, or take them from an earlier run's `cache`."""
    net = Adapted(folder, len(lessons[0].labels))
    kept = cache / f"adapted-{_digest(lessons)}.pt" if cache else None
    if kept and kept.is_file():
        net.load_state_dict(torch.load(kept, weights_only=True), strict=False)
        return net
    _train(net, lower, lessons)
    if kept:
        own = {n: p for n, p in net.state_dict().items() if _is_learnt(n)}
        torch.save(own, kept)
    return net


def _is_learnt(name: str) -> bool:
    return name.startswith("head.") or name.endswith((".narrow", ".wide"))


def _digest(lessons: Sequence[Lesson]) -> str:
    digest = hashlib.sha256(repr((TOP, RANK, SCALE, WIDEN, EPOCHS, BATCH, RATE, SEED)).encode())
    for one in lessons:
        digest.update(one.text.encode() + one.labels.tobytes() + one.counts.tobytes())
    return digest.hexdigest()[:24]


def _train(net: Adapted, lower: Lower, lessons: Sequence[Lesson]) -> None:
    """Fit by AdamW; of lessons that carry nothing, half are drawn in each epoch."""
    chance = random.Random(SEED)  # noqa: S311 (for training, not for secrets)
    additions = [p for added in net.names.values() for p in (added.narrow, added.wide)]
    optimizer = torch.optim.AdamW(
        [
            {"params": additions, "lr": RATE},
            {"params": net.head.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    batches = [batch for _ in range(EPOCHS) for batch in _batches(lessons, chance)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.06 * len(batches)), 1 - step / len(batches))
    )
    net.train()
    began = time.monotonic()
    for number, batch in enumerate(batches):
        labels = torch.from_numpy(np.array([lesson.labels for lesson in batch]))
        counts = torch.from_numpy(np.array([lesson.counts for lesson in batch]))
        logits = net(lower.of([lesson.text for lesson in batch]))
        loss = nn.functional.binary_cross_entropy_with_logits(
            logits, labels, weight=counts, reduction="sum"
        )
        optimizer.zero_grad()
        (loss / len(batch)).backward()
        nn.utils.clip_grad_norm_(additions, 1.0)
        optimizer.step()
        schedule.step()
        if number % 100 == 0:
            took = time.monotonic() - began
            print(f"  adapting: {number} of {len(batches)} steps, {took:.0f} s", flush=True)


def _batches(lessons: Sequence[Lesson], chance: random.Random) -> list[list[Lesson]]:
    """Give one epoch: batches of texts of about one length, in random order."""
    drawn = [one for one in lessons if one.labels.any() or chance.random() < 0.5]
    chance.shuffle(drawn)
    batches = []
    for at in range(0, len(drawn), BATCH * 16):
        near = sorted(drawn[at : at + BATCH * 16], key=lambda one: len(one.text))
        batches += [near[n : n + BATCH] for n in range(0, len(near), BATCH)]
    chance.shuffle(batches)
    return batches
