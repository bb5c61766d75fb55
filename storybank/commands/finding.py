"""Find stories at the command line, keep the index in step, and measure search."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storybank.commands.held import Against, Held, counted
from storybank.commands.terminal import errors, plainly, progress, several
from storybank.commands.texts import write_line
from storybank.errors import BadInput
from storybank.values import Direction, Filters, FoundPassage, Hit, Role, SearchResult

if TYPE_CHECKING:
    from sqlmodel import Session

    from storybank.evaluate.search import SearchScores

MOST = 1_000

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
Typed = Annotated[
    str, typer.Argument(metavar="QUERY", help='Words, "quoted phrases", -words; or nothing.')
]
Code = Annotated[list[str] | None, typer.Option("--code", help="A code the story must carry.")]
Way = Annotated[str | None, typer.Option("--direction", help="+ lived, - missing or broken.")]
InPlace = Annotated[
    list[str] | None, typer.Option("--place", help="A place, by name or short name.")
]
Version = Annotated[
    str | None, typer.Option("--framework", help="Codes as read by this version; else the newest.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=MOST, help="Most stories to show.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count, change nothing.")]
All = Annotated[bool, typer.Option("--all", help="Also what this model has embedded already.")]
Masks = Annotated[
    bool,
    typer.Option(
        "--masks", help="Instead: read again what other rules masked or took for strengths."
    ),
]
Gold = Annotated[Path, typer.Argument(help="Folder with stories.jsonl and queries.jsonl.")]


@plainly
def search(  # noqa: PLR0913 (each is an option of the command)
    query: Typed,
    as_json: AsJson = False,
    code: Code = None,
    direction: Way = None,
    place: InPlace = None,
    limit: Limit = 10,
    framework: Version = None,
) -> None:
    """Find stories by words and by meaning.

    Whoever may run commands on the server sees what an evaluator sees: masked words of stories
    whose tellers agreed to be read.
    """
    from storybank import db
    from storybank.access import Actor
    from storybank.commands.opening import open_house, read_settings
    from storybank.engines import Engines
    from storybank.search.retrieve import Page
    from storybank.search.retrieve import search as find
    from storybank.versions.shelf import current_name, named

    settings = read_settings()
    engines = Engines(settings)
    filters = _filters(code or [], direction)
    actor = Actor(role=Role.EVALUATOR, name="command line")
    page = Page(limit=limit, facets=False)
    with open_house(settings) as house, db.reading(house.engine) as session:
        version = named(session, framework or current_name(session, settings.framework))
        for one in filters.codes:
            version.code(one)  # a misspelt code should say so, not find nothing
        places = tuple(_place(session, typed) for typed in place or [])
        filters = replace(filters, framework=version.name, places=places)
        result = find(session, actor, engines.query_encoder, query, filters, page)
    if as_json:
        counted = {"framework": version.name} if filters.codes or filters.directions else {}
        write_line(as_row(query, result) | counted)
    else:
        _show(result)


@plainly
def reindex(dry_run: DryRun = False, everything: All = False, masks: Masks = False) -> None:
    """Embed again what another model embedded; may be stopped and repeated, search stays up."""
    if masks:
        _read_again(dry_run=dry_run)
        return
    from storybank import db
    from storybank.commands.opening import open_house, read_settings
    from storybank.engines import Engines
    from storybank.index.rebuild import count_stale, rebuild

    settings = read_settings()
    with open_house(settings) as house:
        with db.reading(house.engine) as session:
            total = count_stale(session, settings.embedding_model, everything=everything)
        if not dry_run:
            with progress() as bars:
                bar = bars.add_task("Embedding passages", total=total)
                embedder = Engines(settings).embedder
                for number in rebuild(house.engine, embedder, everything=everything):
                    bars.advance(bar, number)
    errors().print(f"{total} passages {'to embed' if dry_run else 'embedded'}.")


def _read_again(*, dry_run: bool) -> None:
    """Let the worker read again what other rules, or other known places, left in stories."""
    from storybank.commands.opening import open_house, read_settings
    from storybank.engines import Engines
    from storybank.gazetteer import KnowingRedactor
    from storybank.rereading import read_again

    settings = read_settings()
    engines = Engines(settings)
    with open_house(settings) as house:
        redactor = KnowingRedactor(house.engine, engines.redactor_knowing, engines.known_places)
        count = read_again(house.engine, redactor.rules_id, dry_run=dry_run)
    told = "to read again" if dry_run else "for the worker to read again"
    errors().print(f"{several(count, 'story', 'stories')} {told}.")


@plainly
def evaluate_search(gold: Gold, as_json: AsJson = False, against: Against = None) -> None:
    """Measure search on judged queries, in a database of its own: words, meaning, and both."""
    from storybank.commands.opening import read_settings
    from storybank.engines import Engines
    from storybank.evaluate.measures import answers
    from storybank.evaluate.search import headline

    held = Held("search", against, gold.resolve().name)
    with counted("Asking") as count:
        scores = answers(Engines(read_settings()), gold, count)
    if as_json:
        write_line(asdict(scores))
    else:
        _show_scores(scores)
    held.to(headline(scores))


def as_row(query: str, result: SearchResult) -> dict[str, Any]:
    """Give a result in the shape that other programs read; `start_ms` is null for typed text."""
    return {
        "query": query,
        "took_ms": result.took_ms,
        "total": result.total,
        "hits": [_hit_row(hit) for hit in result.hits],
    }


def _hit_row(hit: Hit) -> dict[str, Any]:
    row = {name: getattr(hit, name) for name in ("story_id", "external_id", "title", "score")}
    wanted = ("text", "start", "end", "start_ms")
    passages = [{name: getattr(p, name) for name in wanted} | _cautions(p) for p in hit.passages]
    return row | {"passages": passages}


def _cautions(passage: FoundPassage) -> dict[str, bool]:
    """Give why words are not to be quoted as they stand; most have no reason, and no field."""
    said = {
        "unchecked": passage.unchecked,
        "translated": passage.translated,
        "workers_own": passage.workers,
    }
    return {name: True for name, is_so in said.items() if is_so}


def _filters(codes: list[str], direction: str | None) -> Filters:
    if direction not in (None, *Direction):
        raise BadInput(message="A direction is + or -. Write for example --direction=-")
    return Filters(
        codes=tuple(codes),
        directions=(Direction(direction),) if direction else (),
    )


def _place(session: "Session", typed: str) -> str:
    """Give the short name of a place; raises BadInput, naming those there are, for another."""
    from sqlmodel import select

    from storybank.tables import Place

    places = session.exec(select(Place).order_by(Place.name)).all()
    wanted = " ".join(typed.lower().split())
    for place in places:
        if wanted in (place.name.lower(), place.slug, place.slug.replace("-", " ")):
            return place.slug
    known = ", ".join(place.name for place in places)
    raise BadInput(
        message=f"There is no place {typed}. Choose one of these: {known or 'none yet'}."
    )


def _show(result: SearchResult) -> None:
    from rich.console import Console
    from rich.text import Text

    out = Console(highlight=False)
    for number, hit in enumerate(result.hits, 1):
        title = hit.title or "(no words to show yet)"
        out.print(Text(f"{number}. {title}", style="bold"))
        out.print(Text(f"   {hit.external_id or hit.story_id}  score {hit.score:.2f}", style="dim"))
        for passage in hit.passages:
            shown = Text(passage.text)
            for mark in passage.marks:
                shown.stylize("bold yellow", mark.start, mark.end)
            if passage.translated:
                by = "a person's" if passage.start_ms is None else "machine"
                shown.append(f" ({by} translation)", style="dim")
            if passage.workers:
                shown.append(" (a worker's own words)", style="dim")
            if passage.unchecked:
                shown.append(" (not checked)", style="dim")
            out.print(Text("   ").append(shown))
    more = " or more" if result.capped else ""
    noun = "story" if result.total == 1 and not more else "stories"
    errors().print(f"{result.total}{more} {noun} found in {result.took_ms:.0f} ms.")
    if result.total and result.meaning_only:
        errors().print("None of them holds your words: they come nearest in meaning.")


def _show_scores(scores: "SearchScores") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Way", "nDCG@10", "Recall@10", "MRR")
    for way, quality in scores.ways.items():
        figures = (quality.ndcg, quality.recall, quality.mrr)
        table.add_row(way, *(f"{figure:.3f}" for figure in figures))
    Console().print(table)
    errors().print(
        f"{scores.queries} queries, {scores.stories} stories, {scores.median_ms:.0f} ms (median)."
    )
