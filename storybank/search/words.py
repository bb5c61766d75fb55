"""The words of a query as the database stems them, and how telling each of them is."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from storybank.search.query import Query

_MOST_COUNTED = 500
"""Beyond so many passages a word is common, and its exact number does not matter."""

MOST_LEXEMES = 40
"""A query of more words is looked up by its most telling ones. With the phrases of a query there
are at most 60 (`query.MOST_PHRASES`): which of them a passage holds fits into one big integer."""

_LOOK_UP = text(
    r"""
    with asked as (
        select unnest(tsvector_to_array(to_tsvector('english', :wanted))) as lexeme
    ), written as (
        select lexeme, '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' as tsquery
        from asked
    ), common as (
        select listed.lexeme, listed.share
        from pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)
            as listed(lexeme, share)
        where schemaname = current_schema() and tablename = 'passage' and attname = 'words'
    ), size as (
        select case when reltuples > 2 * :most then reltuples::bigint
            else (select count(*) from (
                select from passage join story on story.id = story_id
                where may_learn and withdrawn_at is null limit 2 * :most
            ) as few) end as passages
        from pg_class where oid = 'passage'::regclass
    )
    select written.lexeme, written.tsquery, coalesce(
        case when common.share * (select passages from size) >= :most
            then common.share * (select passages from size) end,
        (select count(*) from (
            select from passage join story on story.id = story_id
            where passage.words @@ written.tsquery::tsquery
                and may_learn and withdrawn_at is null
            limit :most
        ) as counted)
    ), (select passages from size)
    from written left join common using (lexeme)
    order by written.lexeme
    """
)

_PHRASES = text(
    "select phraseto_tsquery('english', term)::text "
    "from unnest(cast(:terms as text[])) with ordinality as asked(term, place) order by place"
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A stemmed word as the index holds it, its tsquery, and in how many passages it is."""

    text: str
    tsquery: str
    passages: float
    weight: float


@dataclass(frozen=True, slots=True)
class Terms:
    """A query in the database's own words; stop words are gone.

    `phrases` and `without` are tsqueries that a story must, and must not, answer.
    """

    lexemes: tuple[Lexeme, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def weights(self) -> tuple[float, ...]:
        """How much each word tells, then each phrase: as much as the most telling word."""
        words = tuple(lexeme.weight for lexeme in self.lexemes)
        return words + (max(words, default=1.0),) * len(self.phrases)


def any_of(lexemes: Iterable[Lexeme]) -> str:
    """Give the tsquery that any one of the words answers; empty where there are none."""
    return " | ".join(lexeme.tsquery for lexeme in lexemes)


def all_of(lexemes: Iterable[Lexeme]) -> str:
    """Give the tsquery that only all of the words together answer."""
    return " & ".join(lexeme.tsquery for lexeme in lexemes)


def look_up(session: Session, query: Query) -> Terms:
    """Stem the words of `query` and weigh them: rare words tell more than common ones.

    The weight is the inverse passage frequency, ln((n + 1) / (m + 0.5)) for a word that stands in
    m of n passages. For common words m comes from the planner's statistics, which cost nothing
    to read; rarer words are counted, in stories that may be read only: how a search comes out
    must not tell whether a refused story holds a word. Words in none of those are left out.
    """
    rows = (
        session.connection()
        .execute(_LOOK_UP, {"wanted": query.wanted, "most": _MOST_COUNTED})
        .all()
    )
    size = max([1.0, *(float(row[3]) for row in rows), *(float(row[2]) for row in rows)])
    lexemes = [
        Lexeme(row[0], row[1], float(row[2]), math.log((size + 1) / (float(row[2]) + 0.5)))
        for row in rows
        if row[2]
    ]
    return Terms(
        lexemes=tuple(sorted(lexemes, key=lambda one: -one.weight)[:MOST_LEXEMES]),
        phrases=_phrases(session, query.phrases),
        without=_phrases(session, query.without),
    )


def _phrases(session: Session, terms: tuple[str, ...]) -> tuple[str, ...]:
    if not terms:
        return ()
    found = session.connection().execute(_PHRASES, {"terms": list(terms)}).scalars()
    return tuple(tsquery for tsquery in found if tsquery)  # empty: nothing but stop words
