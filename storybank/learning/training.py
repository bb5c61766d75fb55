"""Train corrections on all decisions there are, measure them, and keep them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session

from storybank import installed as keep
from storybank.db import reading
from storybank.engines import Engines
from storybank.errors import HeadDamaged, TooFewDecisions
from storybank.framework import Framework, load_framework
from storybank.learning.fit import NEEDED, Fitted, fit
from storybank.learning.lessons import Lesson, Told, lessons_of
from storybank.learning.measure import Gold, gold_file, measured
from storybank.settings import Settings
from storybank.taggers import FLOOR, Taggers, Wanted
from storybank.understand.engines import Tagger
from storybank.understand.heads import Head, Pair
from storybank.understand.learnt import LearningTagger, Learnt, save_learnt
from storybank.understand.segment import sentences
from storybank.understand.together import TaggerTogether
from storybank.values import Direction, Vector
from storybank.versions.shelf import current_name, named

OFFERED = 2.0
"""The bar of a pair that is never suggested so far: no score reaches it."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Trained:
    """What was learnt, what it does on stories held out and on the gold stories."""

    learnt: Learnt
    fitted: Fitted
    lessons: int
    gold: Gold | None
    gone: int = 0
    """Stories that were taken back since it began to learn from them."""

    def install(self, settings: Settings) -> str:
        """Keep it in the data folder, and let workers use it; gives the name that it has there."""
        folder = keep.claim(settings)
        learnt = replace(self.learnt, model_id=folder.name)
        row = self.fitted.all
        facts = {
            "lessons": self.lessons,
            "held_out": {"before": row.before, "after": row.after},
            "gold": self.gold and [self.gold.before, self.gold.after],
        }
        save_learnt(folder, learnt, facts)
        keep.install(settings, folder.name)
        return folder.name


class Makes(Protocol):
    """Makes the taggers to compare; see `taggers.Taggers`."""

    def make(self, session: Session, wanted: Wanted, *, floor: bool = False) -> Tagger:
        """Give the tagger of a version."""

    def head_for(self, session: Session, framework: Framework) -> tuple[Head, str]:
        """Give the head that reads a version, and the version that it was trained for."""


def train(engines: Engines, engine: Engine, tell: Tell, taggers: Makes | None = None) -> Trained:
    """Learn from the decisions under the current version; `tell` hears how far it is.

    Before means as the shipped head reads, on the lessons; on the gold stories, as what is in use
    reads. Raises TooFewDecisions where no code and direction has enough of both kinds.
    """
    settings = engines.settings
    taggers = taggers or Taggers(engines, engine)
    with reading(engine) as session:
        name = current_name(session, settings.framework)
        framework = named(session, name)
        lessons, told = lessons_of(session, name)
        check_enough(lessons)
        base = taggers.make(session, Wanted(name, None), floor=True)
        plain = _in_use(taggers, session, name, settings)
        head, first = taggers.head_for(session, framework)
    scores = scores_of(base, engines.nlp, lessons, told, tell)
    vectors = engines.embedder.encode([lesson.quote for lesson in lessons])
    fitted = fit(lessons, scores, vectors, _bars(lessons, base, head.threshold))
    learnt = Learnt(
        keep.next_name(settings), name, engines.embedder.model_id, head.threshold, fitted.pairs,
        frozenset(str(lesson.story_id) for lesson in lessons if lesson.pair in fitted.pairs),
    )  # fmt: skip
    after = LearningTagger(base, learnt, engines.embedder)
    path = gold_file(framework) if first == framework.name else None
    gold = None
    if path is not None:
        gold = measured(path, load_framework(first), (plain, after), engines.nlp, tell)
    with reading(engine) as session:
        gone = keep.gone_of(session, learnt.stories)
    return Trained(learnt, fitted, len(lessons), gold, gone)


def _in_use(taggers: Makes, session: Session, name: str, settings: Settings) -> Tagger:
    """Give the tagger in use, to compare with; where it is damaged, the shipped head."""
    try:
        return taggers.make(session, Wanted(name, keep.in_use(settings)))
    except HeadDamaged:
        return taggers.make(session, Wanted(name, None))


def scores_of(
    tagger: Tagger, nlp: Any, lessons: Sequence[Lesson], told: Sequence[Told], tell: Tell
) -> Vector:
    """Give the score (n,) that the tagger gives each lesson's pair in its story.

    What it does not tell of gets half of the least that it would tell of.
    """
    found: dict[tuple[object, str, Direction], float] = {}
    for number, story in enumerate(told):
        for s in tagger.tag(story.text, sentences(nlp, story.text)):
            found[story.story_id, s.code, s.direction] = s.score
        tell(number + 1, len(told))
    scores = [found.get((one.story_id, *one.pair), FLOOR / 2) for one in lessons]
    return np.array(scores, np.float32)


def _bars(lessons: Sequence[Lesson], tagger: Tagger, bar: float) -> Mapping[Pair, float]:
    unknown = tagger.from_examples if isinstance(tagger, TaggerTogether) else frozenset()
    return {one.pair: OFFERED if one.pair[0] in unknown else bar for one in lessons}


def check_enough(lessons: Sequence[Lesson]) -> None:
    """Raise TooFewDecisions where no code and direction has enough of both kinds."""
    counts: dict[Pair, list[int]] = {}
    for lesson in lessons:
        counts.setdefault(lesson.pair, [0, 0])[lesson.right] += 1
    if not any(min(both) >= NEEDED for both in counts.values()):
        right = sum(lesson.right for lesson in lessons)
        raise TooFewDecisions(
            message=f"{right} codes are confirmed and {len(lessons) - right} rejected: too few to "
            f"learn from. At least one code has to be confirmed {NEEDED} times and rejected "
            f"{NEEDED} times, in one direction."
        )
