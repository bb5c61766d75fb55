"""How well stories are read: suggested tags against the codes that people gave."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from storybank.errors import BadInput
from storybank.evaluate.released import Bar
from storybank.framework import Framework
from storybank.values import Direction, Suggestion

Pair = tuple[str, str]
"""A code and a direction, e.g. `("weak-ties", "+")`."""

DRAWS = 2000
"""Stories are drawn with replacement so many times for the 95 % interval."""


@dataclass(frozen=True, slots=True)
class GoldStory:
    """One story and its codes; `quotes` holds the coder's words for each pair.

    Pairs in `disputed` were given by one coder only, and count neither way.
    """

    id: str
    text: str
    quotes: Mapping[Pair, tuple[str, ...]]
    disputed: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Tally:
    """Right, wrong and missed tags, counted once a story; the rates are 0 where undefined."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Part of what was suggested that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Part of what the coders gave that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class TaggingScores:
    """What was measured, over all pairs (`micro`) and for each pair that occurs.

    `interval` is the 95 % bootstrap interval of the micro F1 over stories, and `intervals` that of
    each pair's own F1: wide, for most pairs occur a few times. `quotes` is the part of right tags
    whose quote holds at least half the words of one of the coder's quotes, and `quote_words` the
    median length of all suggested quotes: a long quote overlaps easily. `bands` say how many
    suggestions had a score in each tenth from the lower edge named, and how many of them were
    right.
    """

    stories: int
    micro: Tally
    interval: tuple[float, float]
    quotes: float
    quote_words: float
    pairs: Mapping[Pair, Tally]
    intervals: Mapping[Pair, tuple[float, float]]
    bands: Mapping[float, tuple[int, int]] = field(default_factory=dict)


def read_gold(path: Path, framework: Framework) -> tuple[GoldStory, ...]:
    """Read a gold file of stories with codes; raises BadInput naming line and mend."""
    if not path.is_file():
        raise BadInput(message=f"There is no file {path}. Name a JSONL file of coded stories.")
    lines = enumerate(path.read_text("utf-8-sig").splitlines(), 1)
    found = tuple(_story(line, number, framework) for number, line in lines if line.strip())
    if not found:
        raise BadInput(message=f"The file {path} holds no story. Add one on each line.")
    return found


def _story(line: str, number: int, framework: Framework) -> GoldStory:
    try:
        row = json.loads(line)
        quotes: dict[Pair, list[str]] = {}
        for code in row["codes"]:
            quotes.setdefault(_pair(code), []).append(code["quote"])
        disputed = frozenset(_pair(code) for code in row.get("disputed", ()))
        story = GoldStory(
            str(row["id"]), row["text"], {p: tuple(q) for p, q in quotes.items()}, disputed
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            message=f'Line {number} is not a story with "id", "text" and "codes" (each with '
            '"code", "direction" and "quote"). Mend it and try again.'
        ) from None
    for code, _ in (*story.quotes, *story.disputed):
        if code not in framework.by_id:
            raise BadInput(
                message=f"Line {number} has the code {code}, which {framework.name} does not "
                "have. Mend the line, or name another framework."
            )
    return story


def _pair(row: dict[str, Any]) -> Pair:
    return str(row["code"]), Direction(row["direction"]).value


BAR = Bar(slack=0.01)
"""On another processor one tag in a hundred turns."""
BAR_OF_FEW = Bar(slack=0.03)
"""Where a set has so few codes that one tag that turns moves a figure by as much."""


def headline(scores: "TaggingScores") -> dict[str, float]:
    """Give the figures that a release is held to."""
    micro = scores.micro
    figures = {"f1": micro.f1, "precision": micro.precision, "recall": micro.recall}
    return {name: round(value, 4) for name, value in (figures | {"quotes": scores.quotes}).items()}


def score(
    gold: Sequence[GoldStory], suggested: Sequence[Sequence[Suggestion]], seed: int = 1
) -> TaggingScores:
    """Compare the suggestions for each story with its codes, in the same order.

    A pair counts once a story, however many quotes carry it. The interval draws with `seed`.
    """
    each = [_count(story, found) for story, found in zip(gold, suggested, strict=True)]
    pairs: dict[Pair, Tally] = {}
    for tallies in each:
        for pair, tally in tallies.items():
            pairs[pair] = pairs.get(pair, Tally()) + tally
    return TaggingScores(
        stories=len(gold),
        micro=sum(pairs.values(), Tally()),
        interval=_interval([sum(tallies.values(), Tally()) for tallies in each], seed),
        quotes=_quotes(gold, suggested),
        quote_words=_middle([len(s.quote.split()) for found in suggested for s in found]),
        pairs=pairs,
        intervals={
            pair: _interval([tallies.get(pair, Tally()) for tallies in each], seed)
            for pair in pairs
        },
        bands=_bands(gold, suggested),
    )


def _count(story: GoldStory, found: Sequence[Suggestion]) -> dict[Pair, Tally]:
    given = set(story.quotes) - story.disputed
    read = {(s.code, s.direction.value) for s in found} - story.disputed
    return (
        {pair: Tally(right=1) for pair in given & read}
        | {pair: Tally(wrong=1) for pair in read - given}
        | {pair: Tally(missed=1) for pair in given - read}
    )


def _interval(each: Sequence[Tally], seed: int) -> tuple[float, float]:
    counts = np.array([(t.right, t.wrong, t.missed) for t in each], float).reshape(-1, 3)
    if not len(counts):
        return 0.0, 0.0
    drawn = np.random.default_rng(seed).integers(0, len(counts), (DRAWS, len(counts)))
    right, wrong, missed = counts[drawn].sum(axis=1).T
    values = 2 * right / np.maximum(1, 2 * right + wrong + missed)
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def _quotes(gold: Sequence[GoldStory], suggested: Sequence[Sequence[Suggestion]]) -> float:
    shared: Counter[bool] = Counter()
    for story, found in zip(gold, suggested, strict=True):
        for suggestion in found:
            pair = (suggestion.code, suggestion.direction.value)
            if pair in story.quotes and pair not in story.disputed:
                shared[any(_shares_half(q, suggestion.quote) for q in story.quotes[pair])] += 1
    return shared[True] / max(1, shared.total())


def _shares_half(given: str, read: str) -> bool:
    left, right = (Counter(re.findall(r"[\w']+", words.casefold())) for words in (given, read))
    return 2 * (left & right).total() >= left.total() > 0


def _middle(numbers: Sequence[int]) -> float:
    return float(np.median(numbers)) if numbers else 0.0


def _bands(
    gold: Sequence[GoldStory], suggested: Sequence[Sequence[Suggestion]]
) -> dict[float, tuple[int, int]]:
    bands: dict[float, tuple[int, int]] = {}
    for story, found in zip(gold, suggested, strict=True):
        for suggestion in found:
            pair = (suggestion.code, suggestion.direction.value)
            if pair not in story.disputed:
                edge = min(9, int(suggestion.score * 10)) / 10
                said, right = bands.get(edge, (0, 0))
                bands[edge] = (said + 1, right + (pair in story.quotes))
    return dict(sorted(bands.items()))
