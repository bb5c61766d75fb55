"""What is wrong in a framework file that somebody wrote: every mistake with its line and its mend.

`framework.read_framework` refuses a file at its first mistake; whoever writes one wants them all.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from storybank.framework import Area, Code, Directions, Examples, Framework, Near, Source
from storybank.versions.places import Place, line_of, places_in

TABLES = {"code": "codes", "area": "areas", "source": "sources"}
"""What a file writes as `[[code]]`, and how a framework calls all of them."""
PARTS: dict[str, type[BaseModel]] = {
    "codes": Code, "areas": Area, "sources": Source,
    "near": Near, "examples": Examples, "directions": Directions,
}  # fmt: skip
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NO_CODES = "There are no codes. Add at least one table that begins with [[code]]."


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: its line in the file, the field that it is in, and what to do about it."""

    line: int
    field: str
    what: str


def mistakes_in(text: str) -> tuple[Mistake, ...]:
    """Give every mistake of a framework file's text, in the order of its lines; none is well."""
    text = text.removeprefix("\ufeff")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_not_toml(str(error), text),)
    places = places_in(text)
    found = {
        (line_of(place, places), _field(place, raw), what)
        for place, what in (*_shape(raw), *_rules(raw))
    }
    return tuple(Mistake(*one) for one in sorted(found))


def _not_toml(said: str, text: str) -> Mistake:
    at = re.search(r"line (\d+)", said)
    line = int(at[1]) if at else text.count("\n") + 1
    what = said.partition(" (at ")[0]
    return Mistake(
        line, "file", f"This is not valid TOML ({what}). Look at quotation marks and brackets here."
    )


def _shape(raw: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Give what does not fit the shape of a framework: fields missing, unknown or of another kind.

    A framework calls `codes` what a file calls `[[code]]`.
    """
    named = {TABLES.get(name, name): value for name, value in raw.items()}
    for name in TABLES.values():
        if name in raw:
            yield (name,), f"Write each of them as a table that begins with [[{name[:-1]}]]."
            named.pop(name, None)
    if not raw.get("code"):
        yield (), NO_CODES
        named["codes"] = ()
    try:
        Framework.model_validate(named)
    except ValidationError as error:
        for one in error.errors():
            yield one["loc"], _in_words(one["type"], one["loc"], one["msg"], one.get("ctx", {}))


def _in_words(kind: str, place: Place, said: str, context: Mapping[str, Any]) -> str:
    name = str(place[-1])
    if kind == "missing":
        return f'The field "{name}" is missing. Add it.'
    if kind == "extra_forbidden":
        return _unknown(name, _fields_at(place[:-1]))
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return f"Write one of: {choices}."
    if kind.startswith("model_"):
        return "Write a table with fields of its own here."
    if kind == "string_type":
        return "Write a text in quotation marks."
    if kind.startswith("int_"):
        return "Write a whole number without quotation marks."
    if kind == "tuple_type" and name in TABLES.values():
        return f"Begin each of these tables with two brackets: [[{name[:-1]}]]."
    if kind == "tuple_type":
        return "Write a list of texts in square brackets."
    return f"{said[:1].upper()}{said[1:].rstrip('.')}. Compare with a framework that ships."


def _fields_at(place: Place) -> list[str]:
    names = [part for part in place if isinstance(part, str)]
    part = PARTS[names[-1]] if names else Framework
    own = {plural: singular for singular, plural in TABLES.items()} if part is Framework else {}
    return [own.get(name, name) for name in part.model_fields]


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    mend = f'write "{near[0]}"' if near else f"choose one of: {', '.join(known)}"
    return f'There is no field "{name}". Take it out, or {mend}.'


def _rules(raw: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Give what the shape allows and the rest of Storybank does not."""
    version, codes = raw.get("version"), _rows(raw, "code")
    if type(version) is int and version < 1:
        yield ("version",), "A version is a number of 1 or more."
    ids: list[tuple[Place, Any]] = [(("id",), raw.get("id"))]
    for place, one in ids + [(("codes", n, "id"), code.get("id")) for n, code in enumerate(codes)]:
        if isinstance(one, str) and not ID.fullmatch(one):
            yield place, "An id has small letters a to z, digits and single hyphens only."
    for place, value in _texts({"codes": codes}, ()):
        if not value.strip():
            yield place, "This is empty. Write some words."
    for name, mend in (("id", "Give one another id"), ("label", "Give one another label")):
        yield from _twice(codes, name, mend)
    known = [code.get("id") for code in codes]
    for place, code_id in _named(raw, codes):
        if code_id not in known:
            yield (
                place,
                f'No code here has the id "{code_id}". Check its spelling, or add the code.',
            )


def _rows(raw: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Give the tables of one name; in the place of what is none, an empty one."""
    rows = raw.get(name)
    return [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in parts:
        if isinstance(part, str):
            yield (*place, name), part
        elif isinstance(part, dict | list):
            yield from _texts(part, (*place, name))


def _twice(codes: list[dict[str, Any]], name: str, mend: str) -> Iterator[tuple[Place, str]]:
    values = [str(code.get(name, "")).casefold() for code in codes]
    seen: Counter[str] = Counter()
    for number, value in enumerate(values):
        if value and seen[value]:
            yield ("codes", number, name), f"This stands at two codes. {mend}."
        seen[value] += 1


def _named(raw: Mapping[str, Any], codes: list[dict[str, Any]]) -> Iterator[tuple[Place, Any]]:
    """Give each code that is named somewhere else than at itself."""
    for number, code in enumerate(codes):
        for at, one in enumerate(_rows(code, "near")):
            if "code" in one:
                yield ("codes", number, "near", at), one["code"]
    for number, area in enumerate(_rows(raw, "area")):
        outcomes = area.get("outcomes")
        for outcome in outcomes if isinstance(outcomes, list) else ():
            yield ("areas", number, "outcomes"), outcome


def _field(place: Place, raw: Mapping[str, Any]) -> str:
    """Give a place as people read it: `code 2 (cap-health), label`."""
    if len(place) < 2 or not isinstance(place[1], int):
        return ".".join(str(part) for part in place) or "file"
    table = str(place[0]).removesuffix("s")
    row = raw[table][place[1]]
    named = row.get("id") or row.get("name") if isinstance(row, dict) else None
    first = f"{table} {place[1] + 1}" + (f" ({named})" if named else "")
    rest = ".".join(str(p + 1) if isinstance(p, int) else p for p in place[2:])
    return f"{first}, {rest}" if rest else first
