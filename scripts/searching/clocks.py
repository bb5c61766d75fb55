"""What each part of a page takes: by the clock, in statements, and by the processors."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unittest import mock

import numpy as np
import psutil  # type: ignore[import-untyped]
from fastapi import FastAPI
from sqlalchemy import Engine, event, text

from storybank.search import retrieve
from storybank.understand.embed import Embedder
from storybank.values import Vector
from web.routes import search as route

Ask = Callable[[str], object]
WARM = 10


@dataclass(frozen=True)
class Taken:
    """What asking took: p50 and p95 in ms by the clock, and ms of processors for each question.

    `here` is this process, `database` the server's; neither grows while others keep it waiting.
    """

    p50: float
    p95: float
    here: float
    database: float


def timed(engine: Engine, asked: Sequence[str], ask: Ask) -> Taken:
    """Ask each question once, after some to warm up."""
    for query in asked[:WARM]:
        ask(query)
    times = []
    here, there = time.process_time(), _of_database(engine)
    for query in asked:
        began = time.perf_counter()
        ask(query)
        times.append((time.perf_counter() - began) * 1000)
    here, there = time.process_time() - here, _of_database(engine) - there
    each = 1000 / len(asked)
    return Taken(
        float(np.percentile(times, 50)), float(np.percentile(times, 95)), here * each, there * each
    )


def _of_database(engine: Engine) -> float:
    """Give the seconds of processors that the database server took so far, all its processes."""
    with engine.connect() as connection:
        backend = connection.scalar(text("select pg_backend_pid()"))
    server = psutil.Process(backend).parent()
    spent = server.cpu_times()
    seconds = spent.user + spent.system + spent.children_user + spent.children_system
    for process in server.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += process.cpu_times().user + process.cpu_times().system
    return float(seconds)


def in_parts(
    site: FastAPI, engine: Engine, asked: Sequence[str], ask: Ask
) -> tuple[dict[str, float], float]:
    """Give the median ms of each part of a page, and how many statements one page takes."""
    for query in asked[:WARM]:
        ask(query)
    spent: dict[str, list[float]] = defaultdict(list)
    parts = (
        (route, "search", "the search itself"),
        (retrieve, "count_facets", "of it, counting facets"),
        (route, "page", "the templates"),
    )
    with contextlib.ExitStack() as stack:
        for module, name, part in parts:
            watched = _watched(getattr(module, name), spent[part])
            stack.enter_context(mock.patch.object(module, name, watched))
        encoder = _Watched(site.state.held.embedder, spent["of it, the query's vector"])
        stack.enter_context(mock.patch.object(site.state.held, "_embedder", encoder))
        statements = stack.enter_context(_counted(engine))
        for query in asked:
            ask(query)
    return {part: float(np.median(took)) for part, took in spent.items()}, statements[0] / len(
        asked
    )


def _watched(work: Callable[..., Any], took: list[float]) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            took.append((time.perf_counter() - began) * 1000)

    return watched


class _Watched:
    """An encoder that notes how long it takes."""

    def __init__(self, encoder: Embedder, took: list[float]) -> None:
        self.model_id = encoder.model_id
        self._encode: Callable[[Sequence[str]], Vector] = _watched(encoder.encode, took)

    def encode(self, texts: Sequence[str]) -> Vector:
        return self._encode(texts)


@contextlib.contextmanager
def _counted(engine: Engine) -> Iterator[list[int]]:
    """Count the statements that are sent to the database meanwhile."""
    count = [0]

    def one_more(*_: object) -> None:
        count[0] += 1

    event.listen(engine, "before_cursor_execute", one_more)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", one_more)
