"""Put stories in order: how near they are in meaning, and how many telling words they share."""

import functools
import operator
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storybank.search.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much each sign counts. Signs lie between 0 and 1; measured in docs/decisions/0009.

    `meaning`: the best passage's cosine; `second`: the next one's. `words`: the share of the
    query's words, by weight, in one passage; `story_words`: the same in the whole story.
    """

    meaning: float = 1.0
    second: float = 0.3
    words: float = 0.15
    story_words: float = 0.1
    least: float = 0.2
    """A story that scores less was not found, unless it holds all the words,"""
    part: float = 0.4
    """nor was one that scores less than this part of the best."""
    gate: float = 0.26
    """Where no story holds any of the words, the best cosine has to reach this: nonsense typed
    into the box comes about as near as that to something."""


ALL = 0.999
"""Who types a word expects every story that has it; `share` may miss 1 by rounding."""

BEST = Ranking()
MEANING_ONLY = Ranking(second=0.0, words=0.0, story_words=0.0, least=0.0, part=0.0, gate=0.0)
WORDS_ONLY = Ranking(
    meaning=0.0, second=0.0, words=1.0, story_words=0.0, least=0.001, part=0.0, gate=0.0
)
"""The two ways by themselves, to measure the sum of them against."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A story, its score, and its passages with theirs, best first.

    `share` is how much of the query's words, by weight, the story holds.
    """

    story_id: uuid.UUID
    score: float
    share: float
    passages: tuple[tuple[Candidate, float], ...]


class Shares(dict[int, float]):
    """How much of the query's words, by weight, is held by each set of bits: 0 to 1.

    Few sets occur among thousands of passages, so each is worked out once. Without words: 0.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        self._weights = tuple(weights)
        self._total = sum(weights)

    def __missing__(self, held: int) -> float:
        if not self._total:
            return 0.0
        part = sum(weight for n, weight in enumerate(self._weights) if held >> n & 1)
        self[held] = part / self._total
        return self[held]


def ranked(
    candidates: Iterable[Candidate], weights: Sequence[float], ranking: Ranking
) -> list[Scored]:
    """Give the stories that were found, best first; ties keep the order of their ids.

    `weights` has one number for each bit of `Candidate.held`.
    """
    shares = Shares(weights)
    by_story: dict[uuid.UUID, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_story[candidate.story_id].append(candidate)
    scored = sorted(
        (_scored(story_id, found, shares, ranking) for story_id, found in by_story.items()),
        key=lambda story: (-story.score, story.story_id),
    )
    if not scored or _is_nonsense(scored, ranking):
        return []
    least = max(ranking.least, ranking.part * scored[0].score)
    return [story for story in scored if story.score >= least or story.share >= ALL]


def _is_nonsense(scored: Sequence[Scored], ranking: Ranking) -> bool:
    """Say whether no story holds any of the words, and none is near in meaning either."""
    return not any(
        candidate.cosine >= ranking.gate or candidate.held
        for story in scored
        for candidate, _ in story.passages
    )


def _scored(
    story_id: uuid.UUID, found: Sequence[Candidate], shares: Shares, ranking: Ranking
) -> Scored:
    passages = sorted(
        ((c, _passage_score(c, shares, ranking)) for c in found),
        key=lambda pair: (-pair[1], pair[0].ordinal),
    )
    cosines = sorted((max(0.0, c.cosine) for c in found), reverse=True)
    held = shares[functools.reduce(operator.or_, (c.held for c in found))]
    score = (
        passages[0][1]
        + ranking.second * (cosines[1] if len(cosines) > 1 else 0.0)
        + ranking.story_words * held
    )
    return Scored(story_id, score, held, tuple(passages))


def _passage_score(candidate: Candidate, shares: Shares, ranking: Ranking) -> float:
    near = max(0.0, candidate.cosine)
    return ranking.meaning * near + ranking.words * shares[candidate.held]
