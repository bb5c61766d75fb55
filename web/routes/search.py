"""Find stories: one box for words and meaning, filters with counts, hits grouped by story."""

from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy import exists
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.access import Actor, visible
from storybank.evidence.cards import cards_of
from storybank.evidence.story import count_help_needed
from storybank.evidence.tally import Tally, both_directions
from storybank.framework import Framework
from storybank.search.retrieve import Page, search
from storybank.values import SearchResult
from storybank.versions.progress import Progress, progress_of
from storybank.versions.shelf import names_of
from web.deps import EmbedderDep, HeldDep, ReaderDep
from web.finding import Asked, chips_of, choices_of, read_address
from web.render import page
from web.staff import ReadingDep

router = APIRouter()

PER_PAGE = 20


@router.get("/search", name="search")
def show(
    request: Request,
    session: ReaderDep,
    actor: ReadingDep,
    embedder: EmbedderDep,
    held: HeldDep,
) -> Response:
    """Show the stories that answer, why each was found, and the counts beside them."""
    now = held.framework()
    versions = names_of(session, now.id)
    wanted = request.query_params.get("version", "")
    framework = held.framework(wanted) if wanted in versions else now
    asked = read_address(request, framework, now.name)
    part = Page(limit=PER_PAGE, offset=(asked.number - 1) * PER_PAGE)
    result = search(session, actor, embedder, asked.typed, asked.filters, part)
    numbers = numbers_of(asked.number, result.total)
    if asked.number > numbers["pages"]:  # a kept address, of which stories were taken back since
        return RedirectResponse(asked.address(number=numbers["pages"]), 303)
    choices = choices_of(session, framework, asked, result)
    return page(
        request,
        "search/search.html",
        fragment="results",
        asked=asked,
        result=result,
        choices=choices,
        chips=chips_of(asked, choices),
        cards=cards_of(session, actor, [h.story_id for h in result.hits], framework.name),
        tallies=tallies_of(session, actor, framework, asked),
        framework=framework,
        versions=versions,
        progress=_progress(session, actor, framework, versions),
        numbers=numbers,
        counts=counts_of(session, actor, result),
    )


def _progress(
    session: Session, actor: Actor, framework: Framework, versions: Sequence[str]
) -> Progress | None:
    """Give how many stories the version has read; None where there is only one: all of them."""
    if len(versions) < 2:
        return None
    return progress_of(session, framework.name, visible(actor))


def tallies_of(
    session: Session, actor: Actor, framework: Framework, asked: Asked
) -> list[tuple[str, Tally]]:
    """Give the counts in both directions for every code that the search asks for."""
    tallies = both_directions(session, actor, asked.filters, asked.filters.codes)
    return [(framework.code(tally.code).label, tally) for tally in tallies]


def counts_of(session: Session, actor: Actor, result: SearchResult) -> dict[str, int]:
    """Give how many stories need help, and whether there are `any`.

    What was found is enough to know the latter: only with nothing is the bank looked at.
    """
    there = select(exists().where(visible(actor)))
    return {
        "any": int(result.total > 0 or session.exec(there).one()),
        "help": count_help_needed(session, visible(actor)),
    }


def numbers_of(number: int, total: int) -> dict[str, int]:
    """Give the numbers round a page of hits: first and last hit, this page, and the last."""
    pages = max(1, -(-total // PER_PAGE))
    first = (number - 1) * PER_PAGE + 1
    return {"page": number, "pages": pages, "first": first, "last": min(total, number * PER_PAGE)}
