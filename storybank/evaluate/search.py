"""Measure search on a gold set: words alone, meaning alone, and both together."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from storybank import db
from storybank.errors import BadInput
from storybank.evaluate.ground import MEASURER, Loader, throwaway_database
from storybank.evaluate.ranking import Quality, quality
from storybank.evaluate.released import Bar
from storybank.search.rank import BEST, MEANING_ONLY, WORDS_ONLY, Ranking
from storybank.search.retrieve import Sought, find, seek
from storybank.understand.embed import Embedder
from storybank.values import Filters

WAYS: Mapping[str, Ranking] = {"both": BEST, "words": WORDS_ONLY, "meaning": MEANING_ONLY}
"""What is compared. Phrases and -words bind in all three, so the comparison is a fair one."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One query with the grade of each story that answers it."""

    query: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SearchScores:
    """What was measured: quality of each way, and the median time of a search in ms."""

    stories: int
    queries: int
    ways: Mapping[str, Quality]
    median_ms: float


def read_gold(folder: Path) -> tuple[dict[str, str], list[Judged]]:
    """Read `stories.jsonl` and `queries.jsonl` of a gold folder; raises BadInput with the mend."""
    stories = {row["id"]: row["text"] for row in _rows(folder / "stories.jsonl", "id", "text")}
    judged = [
        Judged(row["query"], {r["id"]: int(r["grade"]) for r in row["relevant"]})
        for row in _rows(folder / "queries.jsonl", "query", "relevant")
    ]
    return stories, judged


def evaluate_search(
    stories: Mapping[str, str],
    judged: Sequence[Judged],
    nlp: Any,
    embedder: Embedder,
    on_query: Callable[[], None] = lambda: None,
) -> SearchScores:
    """Load `stories` into a database of its own, ask every query there, and measure the answers."""
    with throwaway_database() as engine:
        ids = Loader(engine, nlp, embedder).load(stories)
        names = {str(story_id): name for name, story_id in ids.items()}
        found: dict[str, list[tuple[list[str], Mapping[str, int]]]] = {way: [] for way in WAYS}
        times = []
        with db.reading(engine) as session:
            for one in judged:
                began = time.perf_counter()
                sought = seek(session, embedder, one.query)
                for way, ranking in WAYS.items():
                    order = _order(session, sought, ranking)
                    found[way].append(([names[story] for story in order], one.grades))
                    if ranking is BEST:
                        times.append(time.perf_counter() - began)
                on_query()
    return SearchScores(
        stories=len(stories),
        queries=len(judged),
        ways={way: quality(rankings) for way, rankings in found.items()},
        median_ms=sorted(times)[len(times) // 2] * 1000 if times else 0.0,
    )


BAR = Bar(slack=0.005)
"""Half a place in the order of one query or two: vectors differ a little between processors."""


def headline(scores: SearchScores) -> dict[str, float]:
    """Give the figures that a release is held to, of each way; how long it takes is not one."""
    return {
        f"{name}, {way}": round(figure, 4)
        for way, found in scores.ways.items()
        for name, figure in (
            ("nDCG@10", found.ndcg), ("recall@10", found.recall), ("MRR", found.mrr),
        )
    }  # fmt: skip


def _order(session: Session, sought: Sought, ranking: Ranking) -> list[str]:
    if sought.vector is None:
        return []
    found, _ = find(session, MEASURER, sought, Filters(), ranking)
    return [str(story.story_id) for story in found]


def _rows(path: Path, *needs: str) -> list[dict[str, Any]]:
    if not path.is_file():
        raise BadInput(message=f"There is no file {path}. Name a folder that has one.")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            rows.append({name: row[name] for name in needs})
        except (ValueError, KeyError, TypeError):
            wanted = ", ".join(needs)
            raise BadInput(
                message=f"Line {number} of {path.name} is not a JSON object with {wanted}. "
                "Mend it and try again."
            ) from None
    return rows
