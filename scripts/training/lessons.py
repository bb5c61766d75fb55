"""What the reader learns from: windows of coded texts, with labels for each unit in them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from scripts.training.examples import Example, Numbers
from storybank.understand.along import padded
from storybank.understand.windows import Window, windows

AT_ONCE = 2048
"""Tokens of a step, fillers included."""
EMPTY = 0.5
"""Part of the passages without a code that are drawn in each epoch; of all else, all."""


@dataclass
class Lesson:
    """One window: labels (n, k) of its units, 0 in `counts` where open, and the whole story's.

    `story` (k,) is None where the window is a part of the story only. The first `sentences`
    units are sentences. `below` is filled by the net: what its fixed layers make of the window.
    """

    window: Window
    labels: Numbers
    counts: Numbers
    story: Numbers | None
    sentences: int
    passage: bool
    below: Tensor | None = field(default=None, repr=False)


def lessons(tokenizer: Any, example: Example) -> list[Lesson]:
    """Cut an example into windows with the labels of the units that lie in each."""
    text, spans = example.row.text, example.spans
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    cut = windows(read["input_ids"], read["offset_mapping"], example.units.sentences, spans)
    labels, counts = example.labels
    count = len(example.units.sentences)
    found = []
    for window in cut:
        mine = list(window.units)
        own = Lesson(
            window,
            labels[mine],
            counts[mine],
            example.story if len(cut) == 1 else None,
            sum(n < count for n in mine),
            not example.row.whole,
        )
        found.append(own)
    return [lesson for lesson in found if lesson.window.units]


def epoch(all_lessons: Sequence[Lesson], chance: random.Random) -> list[list[Lesson]]:
    """Give one epoch: steps of windows of about one length, in random order."""
    drawn = [one for one in all_lessons if chance.random() < _part(one)]
    chance.shuffle(drawn)
    steps: list[list[Lesson]] = []
    for at in range(0, len(drawn), 256):
        steps += batches(drawn[at : at + 256], AT_ONCE)
    chance.shuffle(steps)
    return steps


def _part(lesson: Lesson) -> float:
    return EMPTY if lesson.passage and not lesson.labels.any() else 1.0


def batches(some: Sequence[Lesson], at_once: int) -> list[list[Lesson]]:
    """Give lessons of about one length together, at most `at_once` tokens with fillers."""
    found: list[list[Lesson]] = []
    filling: list[Lesson] = []
    for one in sorted(some, key=lambda lesson: len(lesson.window.tokens)):
        if filling and (len(filling) + 1) * (len(one.window.tokens) + 2) > at_once:
            found.append(filling)
            filling = []
        filling.append(one)
    return [*found, filling] if filling else found


def ids(tokenizer: Any, some: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """Give ids and mask of the windows of some lessons."""
    return padded(tokenizer, [lesson.window.tokens for lesson in some])


def loss_of(lesson: Lesson, logits: Tensor) -> Tensor:
    """Give the loss of one window: each unit's own, and the story's from its sentences together.

    The second lets a story teach where no quote says which sentence carries a code (the sentence
    that speaks most strongly is made to); the units' loss grows with the square root of how
    many there are, so that long stories do not drown the short.
    """
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    labels, counts = torch.from_numpy(lesson.labels), torch.from_numpy(lesson.counts)
    found: Tensor = entropy(logits, labels, weight=counts, reduction="sum") / np.sqrt(len(logits))
    if lesson.story is not None and not lesson.passage and lesson.sentences:
        together = torch.logsumexp(logits[: lesson.sentences], 0)
        whole = torch.from_numpy(lesson.story)
        found = found + STORY * entropy(together, whole, reduction="sum")
    return found


STORY = 0.5
"""Weight of the story's loss beside the units'."""
