"""Read a search from its address, and lay out the choices that a person has from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import CompoundSelect, literal, select, union_all
from sqlmodel import Session, col
from starlette.requests import Request

from storybank.framework import Framework
from storybank.tables import Place, Programme
from storybank.values import Channel, Direction, Filters, SearchResult
from web.words import CHANNELS, DIRECTIONS

MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter as the form shows it; `counts` are lived and missing for a code."""

    name: str
    value: str
    label: str
    chosen: bool
    count: int = 0
    lived: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, with the address of the same search without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as the address states it."""

    typed: str
    filters: Filters
    number: int
    wrong: str = ""
    version: str = ""
    """The framework version that was asked for; empty for the current one."""

    def pairs(self) -> list[tuple[str, str]]:
        """Give the fields of the form that are set, in order, without the page."""
        f = self.filters
        said = [("q", self.typed)] if self.typed else []
        said += [("code", code) for code in f.codes]
        said += [("direction", d.value) for d in f.directions]
        said += [("place", p) for p in f.places] + [("programme", p) for p in f.programmes]
        said += [("channel", c.value) for c in f.channels]
        said += [("version", self.version)] if self.version else []
        said += [("from", f.from_date)] if f.from_date else []
        return said + ([("to", f.to_date)] if f.to_date else [])

    def address(self, *, without: tuple[str, str] | None = None, number: int = 1) -> str:
        """Give the address of this search, without one field, or at another page."""
        said = [pair for pair in self.pairs() if pair != without]
        if number > 1:
            said.append(("page", str(number)))
        return f"/search?{urlencode(said)}" if said else "/search"


def read_address(request: Request, framework: Framework, current: str) -> Asked:
    """Read the search from the address; what is not a value of ours is left out.

    `framework` is the version by which the stories are looked at, `current` the name of that of
    now.
    """
    asked = request.query_params
    wanted = {c for c in asked.getlist("code") if c in framework.by_id}
    from_date, to_date = _date(asked.get("from", "")), _date(asked.get("to", ""))
    unread = [name for name, value in (("from", from_date), ("to", to_date))
              if value is None and asked.get(name, "").strip()]  # fmt: skip
    number = asked.get("page", "1")[:9]
    return Asked(
        typed=" ".join(asked.get("q", "").split())[:1000],
        filters=Filters(
            codes=tuple(code.id for code in framework.codes if code.id in wanted),
            directions=tuple(d for d in Direction if d.value in asked.getlist("direction"))[:1],
            places=_known(asked.getlist("place")),
            programmes=_known(asked.getlist("programme")),
            channels=tuple(c for c in Channel if c.value in asked.getlist("channel")),
            from_date=from_date,
            to_date=to_date,
            framework=framework.name,
        ),
        number=min(MOST_PAGES, max(1, int(number))) if number.isascii() and number.isdigit() else 1,
        wrong="Write the date as day, month and year, for example 3/11/2026." if unread else "",
        version=framework.name if framework.name != current else "",
    )


def choices_of(
    session: Session, framework: Framework, asked: Asked, result: SearchResult
) -> dict[str, list[Choice]]:
    """Give every filter's values with their counts in this result, by the name of the field."""
    counts = {(facet.kind, facet.value): facet.count for facet in result.facets}
    filters = asked.filters
    codes = [
        Choice(
            "code", code.id, code.label, code.id in filters.codes,
            lived=counts.get(("code", f"{code.id}+"), 0),
            missing=counts.get(("code", f"{code.id}-"), 0),
        )
        for code in framework.codes
    ]  # fmt: skip
    places, programmes = _names(session)
    channels = [(channel.value, words) for channel, words in CHANNELS.items()]
    return {
        "code": codes,
        "place": _choices("place", places, filters.places, counts),
        "programme": _choices("programme", programmes, filters.programmes, counts),
        "channel": _choices("channel", channels, filters.channels, counts),
    }


def chips_of(asked: Asked, choices: dict[str, list[Choice]]) -> list[Chip]:
    """Give a chip for every filter that is set."""
    labels = {(c.name, c.value): c.label for group in choices.values() for c in group}
    labels |= {("direction", d.value): f"Only {words}" for d, words in DIRECTIONS.items()}
    named = {"from": "From", "to": "Until", "version": "Read by"}
    return [
        Chip(
            labels.get((name, value), f"{named.get(name, name)} {value}"),
            asked.address(without=(name, value)),
        )
        for name, value in asked.pairs()
        if name != "q"
    ]


def _names(session: Session) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give the slugs and names of all places, and of all programmes, by name; asked for at once."""
    both: CompoundSelect[*tuple[Any, ...]] = union_all(
        select(literal("place"), col(Place.slug), col(Place.name).label("name")),
        select(literal("programme"), col(Programme.slug), col(Programme.name)),
    ).order_by("name")
    found: dict[str, list[tuple[str, str]]] = {"place": [], "programme": []}
    for kind, slug, name in session.execute(both):
        found[kind].append((slug, name))
    return found["place"], found["programme"]


def _choices(
    name: str,
    values: Iterable[tuple[str, str]],
    chosen: tuple[str, ...],
    counts: dict[tuple[str, str], int],
) -> list[Choice]:
    found = [
        Choice(name, value, label, value in chosen, count=counts.get((name, value), 0))
        for value, label in values
    ]
    return [choice for choice in found if choice.count or choice.chosen]


def _known(values: list[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value and "\0" not in value)[:50]


def _date(typed: str) -> str | None:
    """Give an ISO date from `2026-11-03` or `3/11/2026`; None where it is neither."""
    typed = typed.strip()
    try:
        if "/" in typed:
            day, month, year = (int(part) for part in typed.split("/"))
            return date(year, month, day).isoformat()
        return date.fromisoformat(typed).isoformat()
    except (ValueError, OverflowError):
        return None
