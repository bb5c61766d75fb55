"""Search: what a person may see of the stories that answer, best first, with the reason why."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_
from sqlmodel import Session, col

from storybank.access import Actor
from storybank.search.candidates import Asked, gather, prepare
from storybank.search.facets import count_facets
from storybank.search.hits import browsed, hits_of
from storybank.search.narrow import Condition, holds, is_one_of, lacks, may_be_found
from storybank.search.query import parse
from storybank.search.rank import BEST, Ranking, Scored, ranked
from storybank.search.words import Terms, any_of, look_up
from storybank.tables import Story
from storybank.understand.embed import Embedder
from storybank.values import Facet, Filters, SearchResult, Vector


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a result is wanted, and whether the counts beside it are."""

    limit: int = 20
    offset: int = 0
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Sought:
    """A query made ready: its words as the database stems them, and the vector of its meaning.

    `vector` has shape (384,), made by `model_id`; None where there is nothing to look for.
    """

    terms: Terms
    vector: Vector | None
    model_id: str


FIRST_PAGE = Page()


def search(
    session: Session,
    actor: Actor,
    embedder: Embedder,
    typed: str,
    filters: Filters,
    page: Page = FIRST_PAGE,
) -> SearchResult:
    """Find the stories that `actor` may read and that answer `typed`, best first.

    Words and meaning both count; "quoted phrases" must stand in a story, and -words in no part
    of it. With nothing to look for, gives all stories under `filters`, newest first. Facets count
    the stories of the result as if no direction were asked for, so that both are always seen.
    `total` is the number of stories found; `capped` says that there may be more of them.
    """
    began = time.perf_counter()
    sought = seek(session, embedder, typed)
    if sought.vector is None:
        condition = _condition(session, actor, sought, filters)
        hits, total = browsed(session, condition, limit=page.limit, offset=page.offset)
        capped = meaning_only = False
    else:
        found, capped = find(session, actor, sought, filters)
        shown = found[page.offset : page.offset + page.limit]
        hits = hits_of(session, shown, any_of(sought.terms.lexemes))
        total = len(found)
        condition = _among(found)
        meaning_only = not any(story.share for story in found)
    facets = _facets(session, actor, sought, filters, condition) if page.facets else ()
    return SearchResult(
        hits=hits,
        total=total,
        facets=facets,
        took_ms=round((time.perf_counter() - began) * 1000, 1),
        capped=capped,
        meaning_only=meaning_only,
    )


def seek(session: Session, embedder: Embedder, typed: str) -> Sought:
    """Make ready what was typed into the search box; any text will do."""
    prepare(session)
    query = parse(typed)
    vector = embedder.encode([query.wanted])[0] if query.wanted else None
    return Sought(look_up(session, query), vector, embedder.model_id)


def find(
    session: Session,
    actor: Actor,
    sought: Sought,
    filters: Filters,
    ranking: Ranking = BEST,
) -> tuple[list[Scored], bool]:
    """Give the stories that answer, best first, and whether there may be more than these.

    `sought` has a vector: without anything to look for there is nothing to rank by.
    """
    assert sought.vector is not None  # noqa: S101 (see above)
    asked = Asked(
        _condition(session, actor, sought, filters), sought.terms, sought.vector, sought.model_id
    )
    candidates, capped = gather(session, asked)
    return ranked(candidates, sought.terms.weights, ranking), capped


def _condition(session: Session, actor: Actor, sought: Sought, filters: Filters) -> Condition:
    return and_(
        may_be_found(actor, filters),
        *(holds(session, actor, phrase) for phrase in sought.terms.phrases),
        *(lacks(session, actor, unwanted) for unwanted in sought.terms.without),
    )


def _among(found: Sequence[Scored]) -> Condition:
    return is_one_of(col(Story.id), [story.story_id for story in found])


def _facets(
    session: Session, actor: Actor, sought: Sought, filters: Filters, condition: Condition
) -> tuple[Facet, ...]:
    """Count the result; where a direction was asked for, count what lies in the other one, too.

    Stories that speak against a code must not vanish from its count because somebody looked
    for those that speak for it.
    """
    if filters.directions:
        both = replace(filters, directions=())
        if sought.vector is None:
            condition = _condition(session, actor, sought, both)
        else:
            condition = _among(find(session, actor, sought, both)[0])
    return count_facets(session, condition, filters.framework)
