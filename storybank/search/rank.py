"""Put stories in order: how near they are in meaning, and how many telling words they share."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storybank.search.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much each sign counts; all of them lie between 0 and 1.

    `meaning`: the best passage's cosine. `second`: the next passage's. `words`: the share of the
    query's words, by weight, in one passage; `story_words`: the same in the whole story.
    `floor`: a story that scores less was not found. Measured in docs/decisions.
    """

    meaning: float = 1.0
    second: float = 0.1
    words: float = 0.2
    story_words: float = 0.1
    floor: float = 0.3


BEST = Ranking()
MEANING_ONLY = Ranking(second=0.0, words=0.0, story_words=0.0)
WORDS_ONLY = Ranking(meaning=0.0, second=0.0, words=1.0, story_words=0.0, floor=0.01)
"""The two ways by themselves, to measure the sum of them against."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A story, its score, and its passages with theirs, best first."""

    story_id: uuid.UUID
    score: float
    passages: tuple[tuple[Candidate, float], ...]


def ranked(
    candidates: Iterable[Candidate], weights: Sequence[float], ranking: Ranking
) -> list[Scored]:
    """Give the stories that reach the floor, best first; ties keep the order of their ids.

    `weights` has one number for each place of `Candidate.held`.
    """
    by_story: dict[uuid.UUID, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_story[candidate.story_id].append(candidate)
    scored = (_scored(story_id, found, weights, ranking) for story_id, found in by_story.items())
    return sorted(
        (story for story in scored if story.score >= ranking.floor),
        key=lambda story: (-story.score, story.story_id),
    )


def _scored(
    story_id: uuid.UUID, found: Sequence[Candidate], weights: Sequence[float], ranking: Ranking
) -> Scored:
    passages = sorted(
        ((c, _passage_score(c, weights, ranking)) for c in found),
        key=lambda pair: (-pair[1], pair[0].ordinal),
    )
    cosines = sorted((max(0.0, c.cosine) for c in found), reverse=True)
    anywhere = [any(held) for held in zip(*(c.held for c in found), strict=True)]
    score = (
        passages[0][1]
        + ranking.second * (cosines[1] if len(cosines) > 1 else 0.0)
        + ranking.story_words * share(anywhere, weights)
    )
    return Scored(story_id, score, tuple(passages))


def _passage_score(candidate: Candidate, weights: Sequence[float], ranking: Ranking) -> float:
    near = max(0.0, candidate.cosine)
    return ranking.meaning * near + ranking.words * share(candidate.held, weights)


def share(held: Sequence[bool], weights: Sequence[float]) -> float:
    """Give how much of the query's words, by weight, is held: 0 to 1; 0 where it has none."""
    total = sum(weights)
    if not total:
        return 0.0
    return sum(w for w, is_held in zip(weights, held, strict=True) if is_held) / total
