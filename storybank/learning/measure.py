"""Measure on the gold stories of a checkout whether what was learnt reads worse."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storybank.evaluate.tagging import read_gold, score
from storybank.framework import Framework, models_folder
from storybank.understand.engines import Tagger
from storybank.understand.segment import sentences


@dataclass(frozen=True, slots=True)
class Gold:
    """The F1 of all tags on the gold stories, before and after."""

    stories: int
    before: float
    after: float


def gold_file(framework: Framework) -> Path | None:
    """Give the gold stories of a framework, where there are any: they do not ship in the wheel."""
    path = models_folder() / "gold" / "tagging" / "stories.jsonl"
    return path if path.is_file() and framework.id == "thriving-communities" else None


def measured(
    path: Path, framework: Framework, taggers: tuple[Tagger, Tagger], nlp: Any,
    tell: Callable[[int, int], None],
) -> Gold:  # fmt: skip
    """Read the gold stories with both taggers; what is only offered does not count."""
    stories = read_gold(path, framework)
    found: list[list[Any]] = [[], []]
    for number, story in enumerate(stories):
        spans = sentences(nlp, story.text)
        for tagger, into in zip(taggers, found, strict=True):
            into.append([s for s in tagger.tag(story.text, spans) if not s.offered])
        tell(number + 1, len(stories))
    before, after = (score(stories, one).micro.f1 for one in found)
    return Gold(len(stories), before, after)
