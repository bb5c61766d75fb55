"""Values about searching: what is asked, and what was found."""

from dataclasses import dataclass

from storybank.values.telling import Channel
from storybank.values.words import Direction, Span


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search; an empty tuple or None leaves that side open.

    `directions` narrows the codes asked for, or stands alone. Dates are ISO, both ends included.
    `framework` is the version whose readings count, e.g. `thriving-communities@1`; None: any.
    """

    codes: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ()
    places: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    from_date: str | None = None
    to_date: str | None = None
    framework: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that answers a search: masked words, where they stand, and why it was found.

    `unchecked` says that some of them may have been misheard and nobody has checked, `translated`
    that they are a translation: a machine's where they have a time, else a person's. `workers` are
    the words of a worker who saw or heard it themselves.
    """

    passage_id: int
    text: str
    start: int
    end: int
    start_ms: int | None
    score: float
    marks: tuple[Span, ...] = ()
    unchecked: bool = False
    translated: bool = False
    workers: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One story that answers a search, with its best passages first."""

    story_id: str
    external_id: str | None
    title: str
    score: float
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many stories of the current result carry one value of one filter."""

    kind: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one search: hits in order, how many stories match, counts per filter.

    `capped` says that the search stopped looking at `total`: there may be more. `meaning_only`
    says that words were typed and no story found holds any of them, common ones aside.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    took_ms: float = 0.0
    capped: bool = False
    meaning_only: bool = False
