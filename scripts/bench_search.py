"""How fast search is on a large collection, beside bare pgvector and bare tsquery in the same run.

    python -m scripts.bench_search [--stories 100000] [--queries 100]

Fills a throw-away database with made-up stories (text from the training passages' words, vectors
of real sentences with noise) and asks it queries: in this process, and as a signed-in browser
asks for the page. Prints p50 and p95 in milliseconds by the clock, and milliseconds of processors
for each question, which other work on the machine changes less.
"""

import argparse
import time
from collections.abc import Sequence

from pgvector import HalfVector
from sqlalchemy import Engine, text
from sqlmodel import Session

from scripts.searching.browsing import Browser, browsing
from scripts.searching.clocks import Ask, Taken, in_parts, timed
from scripts.searching.filling import PER_STORY, fill, queries, seeds
from storybank import db
from storybank.engines import Engines
from storybank.evaluate.ground import MEASURER, throwaway_database
from storybank.search.retrieve import Page, search
from storybank.settings import Settings
from storybank.understand.embed import Embedder
from storybank.values import Direction, Filters

FILTERS = {
    "": Filters(),
    "  one place": Filters(places=("place-3",)),
    "  a code, one direction": Filters(codes=("learning",), directions=(Direction.LIVED,)),
    "  place, code, direction": Filters(
        places=("place-3",), codes=("learning",), directions=(Direction.MISSING,)
    ),
}
BARE = ("bare pgvector, 50 nearest", "bare tsquery, 50 best")


def measure(engine: Engine, embedder: Embedder, asked: Sequence[str]) -> dict[str, Taken]:
    """Time each way of asking, one after the other, on the same queries."""

    def storybank(filters: Filters, *, browse: bool = False) -> Ask:
        def ask(query: str) -> object:
            with db.reading(engine) as session:
                typed = "" if browse else query
                return search(session, MEASURER, embedder, typed, filters, Page())

        return ask

    asks: dict[str, Ask] = {
        "encoding the query": lambda query: embedder.encode([query]),
        BARE[0]: lambda query: bare_vector(engine, embedder, query),
        BARE[1]: lambda query: bare_words(engine, query),
    }
    asks |= {name or "storybank search": storybank(filters) for name, filters in FILTERS.items()}
    asks["  nothing typed"] = storybank(Filters(), browse=True)
    return {name: timed(engine, asked, ask) for name, ask in asks.items()}


def measure_pages(engine: Engine, browser: Browser, asked: Sequence[str]) -> dict[str, Taken]:
    """Time the page of search through HTTP, with the same filters."""

    def through(filters: Filters, *, browse: bool = False) -> Ask:
        said = [("place", place) for place in filters.places]
        said += [("code", code) for code in filters.codes]
        said += [("direction", way.value) for way in filters.directions]
        return lambda query: browser.search("" if browse else query, *said)

    asks = {name or "page through HTTP": through(filters) for name, filters in FILTERS.items()}
    asks["  nothing typed"] = through(Filters(), browse=True)
    return {name: timed(engine, asked, ask) for name, ask in asks.items()}


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


def show(figures: dict[str, Taken]) -> None:
    for name, taken in figures.items():
        clock = f"{name:28} p50 {taken.p50:7.1f} ms   p95 {taken.p95:7.1f} ms"
        print(f"{clock}   processors: {taken.here:6.1f} ms here, {taken.database:6.1f} database")


def measure_all(engine: Engine, embedder: Embedder, asked: Sequence[str]) -> None:
    """Print what each way of asking takes, then what the parts of the page take."""
    figures = measure(engine, embedder, asked)
    show(figures)
    with browsing(engine) as browser:
        pages = measure_pages(engine, browser, asked)
        show(pages)
        parts, statements = in_parts(browser.site, engine, asked, browser.search)
    for name, took in parts.items():
        print(f"  {name:26} p50 {took:7.1f} ms")
    print(f"  statements for one page: {statements:.1f}")
    base = sum(figures[name].p50 for name in BARE)
    print(f"storybank / (pgvector + tsquery): {figures['storybank search'].p50 / base:.2f}")
    print(f"page / (pgvector + tsquery): {pages['page through HTTP'].p50 / base:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=5_000)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    settings = Settings()
    engines = Engines(settings)
    seed = seeds(engines.embedder, settings.framework)
    with throwaway_database("shared_buffers = '256MB'\n") as engine:
        began = time.perf_counter()
        fill(engine, seed, options.stories)
        passages = options.stories * PER_STORY
        print(f"{options.stories} stories, {passages} passages, "
              f"filled in {time.perf_counter() - began:.0f} s")  # fmt: skip
        measure_all(engine, engines.query_encoder, queries(seed, options.queries))


if __name__ == "__main__":
    main()
