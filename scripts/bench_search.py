"""How fast search is on a large collection, beside bare pgvector and bare tsquery in the same run.

Fills a throw-away database with made-up stories (text from the training passages' words, vectors
of real sentences with noise) and asks it queries. Prints p50 and p95 in milliseconds.
"""

import argparse
import itertools
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from sqlalchemy import Engine, text
from sqlmodel import Session

from storybank import db
from storybank.engines import Engines
from storybank.evaluate.ground import MEASURER, measured_programme, throwaway_database, vacuum
from storybank.search.retrieve import Page, search
from storybank.settings import Settings
from storybank.tables import DIMENSIONS, Place
from storybank.understand.embed import Embedder
from storybank.values import Direction, Filters

ROOT = Path(__file__).parents[1]
CODES = ("doing-with", "strengths", "collaboration", "learning", "good-place", "taking-part",
         "weak-ties", "joined-up", "shared-power", "own-goals")  # fmt: skip
PLACES = tuple(f"place-{n}" for n in range(40))
PER_STORY = 6
BATCH = 2_000

STORIES = """copy story (id, created_at, told_on, programme_id, place_id, channel, mode,
    content_digest, receipt_digest, key_id, state, progress, title, words, seconds, may_learn,
    may_quote, may_voice, may_publish, may_named, invented) from stdin"""
TRANSCRIPTS = """copy transcript (id, story_id, version, source, sealed, language, created_at)
    from stdin"""
PASSAGES = """copy passage (story_id, transcript_id, ordinal, start, "end", text, embedding,
    model_id) from stdin"""
TAGS = "copy tag (story_id, framework, code, direction, state) from stdin"


@dataclass(frozen=True)
class Seeds:
    """Real sentences, their vectors, and their words with how often each is used, summed up."""

    sentences: list[str]
    vectors: NDArray[np.float32]
    words: list[str]
    sums: list[float]


def seeds(embedder: Embedder) -> Seeds:
    sentences = [
        str(json.loads(line)["text"])
        for path in sorted((ROOT / "models" / "training").glob("passages-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    counts: dict[str, int] = {}
    for sentence in sentences:
        for word in sentence.lower().split():
            counts[word.strip(".,!?\"'")] = counts.get(word.strip(".,!?\"'"), 0) + 1
    # A long tail of rare words, as a real collection has: names of streets, groups and people.
    rare = {f"{random.choice(sorted(counts))}{n}": 0.01 for n in range(20_000)}  # noqa: S311
    pool = counts | rare
    sums = list(itertools.accumulate(pool.values()))
    return Seeds(sentences, embedder.encode(sentences), list(pool), sums)


def fill(engine: Engine, seed: Seeds, stories: int, model_id: str) -> None:
    """Copy `stories` made-up stories with six passages each; the vector index is built last."""
    chance, noise = random.Random(7), np.random.default_rng(7)  # noqa: S311 (made-up stories)
    with db.transaction(engine) as session:
        programme = measured_programme(session).id
        session.add_all(Place(slug=slug, name=slug) for slug in PLACES)
    with engine.begin() as connection:
        connection.execute(text("drop index ix_passage_embedding"))
        connection.execute(text("drop index ix_passage_words"))
    for first in range(0, stories, BATCH):
        ids = {n: uuid.uuid4() for n in range(first + 1, min(first + BATCH, stories) + 1)}
        raw = engine.raw_connection()
        with raw.cursor() as cursor:
            copy_rows(cursor, STORIES, (story_row(i, n, programme, chance) for n, i in ids.items()))
            copy_rows(cursor, TRANSCRIPTS, (
                (n, i, 1, "typed", b"", "en", "2026-01-01") for n, i in ids.items()
            ))  # fmt: skip
            copy_rows(cursor, PASSAGES, passage_rows(ids, seed, model_id, (chance, noise)))
            copy_rows(cursor, TAGS, tag_rows(ids, chance))
        raw.commit()
        raw.close()
    with engine.begin() as connection:
        connection.execute(text("set local maintenance_work_mem = '2GB'"))
        connection.execute(text("set local max_parallel_maintenance_workers = 0"))
        connection.execute(text("create index ix_passage_words on passage using gin (words)"))
        connection.execute(
            text(
                "create index ix_passage_embedding on passage "
                "using hnsw (embedding halfvec_cosine_ops)"
            )
        )
    vacuum(engine)


def copy_rows(cursor: object, statement: str, rows: Iterator[tuple[object, ...]]) -> None:
    with cursor.copy(statement) as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


def story_row(
    story: uuid.UUID, number: int, programme: int | None, chance: random.Random
) -> tuple[object, ...]:
    told = f"{chance.randint(2021, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    place = chance.randint(1, len(PLACES))
    return (story, told, told, programme, place, "import", "typed", b"", story.bytes, "none",
            "ready", 1.0, f"Story {number}", 200, 0.0, chance.random() < 0.95, True, True, True,
            True, True)  # fmt: skip


def passage_rows(
    ids: dict[int, uuid.UUID],
    seed: Seeds,
    model_id: str,
    luck: tuple[random.Random, np.random.Generator],
) -> Iterator[tuple[object, ...]]:
    chance, noise = luck
    near = noise.integers(len(seed.sentences), size=(len(ids) * PER_STORY, 2))
    mixed = seed.vectors[near[:, 0]] + 0.6 * seed.vectors[near[:, 1]]
    mixed += noise.normal(0, 0.02, (len(mixed), DIMENSIONS)).astype(np.float32)
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    for at, (number, story) in enumerate(ids.items()):
        for ordinal in range(PER_STORY):
            row = at * PER_STORY + ordinal
            words = " ".join(chance.choices(seed.words, cum_weights=seed.sums, k=28))
            vector = HalfVector(mixed[row]).to_text()
            yield (story, number, ordinal, 0, len(words), words, vector, model_id)


def tag_rows(ids: dict[int, uuid.UUID], chance: random.Random) -> Iterator[tuple[object, ...]]:
    for story in ids.values():
        for code in chance.sample(CODES, chance.randint(0, 4)):
            yield (story, "bench@1", code, "+" if chance.random() < 0.6 else "-", "suggested")


def queries(seed: Seeds, number: int) -> list[str]:
    """Short and long queries of real words: common, rare, phrases and -words among them."""
    chance = random.Random(11)  # noqa: S311
    asked = []
    for _ in range(number):
        words = [w for w in chance.choice(seed.sentences).split() if w.isalnum()]
        words = words[: chance.randint(1, 9)] or ["bus"]
        kind = chance.random()
        if kind < 0.1 and len(words) > 2:
            words = [f'"{words[0]} {words[1]}"', *words[2:]]
        elif kind < 0.2:
            words.append(f"-{chance.choice(seed.words)}")
        asked.append(" ".join(words))
    return asked


def timed(asked: list[str], ask: Callable[[str], object]) -> tuple[float, float]:
    """Give p50 and p95 in ms, after a first round to warm up."""
    for query in asked[:10]:
        ask(query)
    times = []
    for query in asked:
        began = time.perf_counter()
        ask(query)
        times.append((time.perf_counter() - began) * 1000)
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def measure(engine: Engine, embedder: Embedder, asked: list[str]) -> dict[str, tuple[float, float]]:
    """Time each way of asking, one after the other, on the same queries."""

    def storybank(filters: Filters, *, browse: bool = False) -> Callable[[str], object]:
        def ask(query: str) -> object:
            with db.reading(engine) as session:
                typed = "" if browse else query
                return search(session, MEASURER, embedder, typed, filters, Page())

        return ask

    few = Filters(places=("place-3",), codes=("learning",), directions=(Direction.MISSING,))
    return {
        "encoding the query": timed(asked, lambda query: embedder.encode([query])),
        "bare pgvector, 50 nearest": timed(asked, lambda q: bare_vector(engine, embedder, q)),
        "bare tsquery, 50 best": timed(asked, lambda q: bare_words(engine, q)),
        "storybank search": timed(asked, storybank(Filters())),
        "  one place": timed(asked, storybank(Filters(places=("place-3",)))),
        "  a code, one direction": timed(
            asked, storybank(Filters(codes=("learning",), directions=(Direction.LIVED,)))
        ),
        "  place, code, direction": timed(asked, storybank(few)),
        "  nothing typed": timed(asked[:20], storybank(Filters(), browse=True)),
    }


def bare_vector(engine: Engine, embedder: Embedder, query: str) -> None:
    vector = HalfVector(embedder.encode([query])[0]).to_text()
    with Session(engine) as session:
        session.connection().execute(
            text("select id from passage order by embedding <=> cast(:v as halfvec) limit 50"),
            {"v": vector},
        ).all()


def bare_words(engine: Engine, query: str) -> None:
    with Session(engine) as session:
        session.connection().execute(
            text(
                "select id, ts_rank(words, q) as rank from passage, "
                "websearch_to_tsquery('english', :q) as q where words @@ q "
                "order by rank desc limit 50"
            ),
            {"q": query},
        ).all()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=5_000)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    embedder = Engines(Settings()).embedder
    seed = seeds(embedder)
    with throwaway_database("shared_buffers = '256MB'\n") as engine:
        began = time.perf_counter()
        fill(engine, seed, options.stories, embedder.model_id)
        passages = options.stories * PER_STORY
        print(f"{options.stories} stories, {passages} passages, "
              f"filled in {time.perf_counter() - began:.0f} s")  # fmt: skip
        figures = measure(engine, embedder, queries(seed, options.queries))
    base = figures["bare pgvector, 50 nearest"][0] + figures["bare tsquery, 50 best"][0]
    for name, (p50, p95) in figures.items():
        print(f"{name:28} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms")
    print(f"storybank / (pgvector + tsquery): {figures['storybank search'][0] / base:.2f}")


if __name__ == "__main__":
    main()
