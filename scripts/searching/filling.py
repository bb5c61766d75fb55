"""A large made-up collection to search: stories, vectors near real sentences, and questions.

Texts are of the training passages' words, with a long tail of rare ones; the same numbers every
time, so that two runs ask the same of the same stories.
"""

import itertools
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from sqlalchemy import Engine, text

from storybank import db
from storybank.evaluate.ground import measured_programme, vacuum
from storybank.tables import DIMENSIONS, Place
from storybank.understand.embed import Embedder

ROOT = Path(__file__).parents[2]
CODES = ("doing-with", "strengths", "collaboration", "learning", "good-place", "taking-part",
         "weak-ties", "joined-up", "shared-power", "own-goals")  # fmt: skip
"""What the stories carry; all of them are codes of the framework that ships."""
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
READ_BY = "copy read_by (story_id, framework, model_id, read_at) from stdin"


@dataclass(frozen=True)
class Seeds:
    """Real sentences, their vectors, and their words with how often each is used, summed up.

    `framework` is the version that the stories are read by.
    """

    sentences: list[str]
    vectors: NDArray[np.float32]
    words: list[str]
    sums: list[float]
    model_id: str
    framework: str


def seeds(embedder: Embedder, framework: str) -> Seeds:
    chance = random.Random(5)  # noqa: S311 (made-up words)
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
    common = sorted(counts)
    rare = {f"{chance.choice(common)}{n}": 0.01 for n in range(20_000)}
    pool = counts | rare
    sums = list(itertools.accumulate(pool.values()))
    vectors = embedder.encode(sentences)
    return Seeds(sentences, vectors, list(pool), sums, embedder.model_id, framework)


def fill(engine: Engine, seed: Seeds, stories: int) -> None:
    """Copy `stories` made-up stories with six passages each; the vector index is built last."""
    chance, noise = random.Random(7), np.random.default_rng(7)  # noqa: S311 (made-up stories)
    with db.transaction(engine) as session:
        programme = measured_programme(session).id
        session.add_all(Place(slug=slug, name=slug) for slug in PLACES)
    with engine.begin() as connection:
        connection.execute(text("drop index ix_passage_embedding"))
        connection.execute(text("drop index ix_passage_words"))
    for first in range(0, stories, BATCH):
        numbers = range(first + 1, min(first + BATCH, stories) + 1)
        ids = {n: uuid.UUID(int=chance.getrandbits(128), version=4) for n in numbers}
        raw = engine.raw_connection()
        with raw.cursor() as cursor:  # type: ignore[attr-defined]
            copy_rows(cursor, STORIES, (story_row(i, n, programme, chance) for n, i in ids.items()))
            copy_rows(cursor, TRANSCRIPTS, (
                (n, i, 1, "typed", b"", "en", "2026-01-01") for n, i in ids.items()
            ))  # fmt: skip
            copy_rows(cursor, PASSAGES, passage_rows(ids, seed, (chance, noise)))
            copy_rows(cursor, TAGS, tag_rows(ids, seed, chance))
            copy_rows(cursor, READ_BY, (
                (i, seed.framework, "bench", "2026-01-01") for i in ids.values()
            ))  # fmt: skip
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
            yield (story, number, ordinal, 0, len(words), words, vector, seed.model_id)


def tag_rows(
    ids: dict[int, uuid.UUID], seed: Seeds, chance: random.Random
) -> Iterator[tuple[object, ...]]:
    for story in ids.values():
        for code in chance.sample(CODES, chance.randint(0, 4)):
            direction = "+" if chance.random() < 0.6 else "-"
            yield (story, seed.framework, code, direction, "suggested")


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
