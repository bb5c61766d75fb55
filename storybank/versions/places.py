"""On which line of a TOML file each table and field begins: what tomllib does not tell."""

import re
from collections import Counter
from collections.abc import Mapping

Place = tuple[str | int, ...]
"""A field as a framework names it: `("codes", 1, "label")` is the label of the second code."""

_TABLE = re.compile(r"\s*(\[{1,2})\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]{1,2}\s*(?:#.*)?$")
_FIELD = re.compile(r"([\w-]+)\s*=")
_STRINGS = re.compile(r'"""|\'\'\'')


def places_in(text: str) -> dict[Place, int]:
    """Give the first line of every table and field; the file itself is at line 1.

    `[[code]]` counts up `codes`, and `[[code.near]]` the `near` of the last code.
    """
    found: dict[Place, int] = {(): 1}
    count: Counter[Place] = Counter()
    table: Place = ()
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not inside and (header := _TABLE.match(line)):
            names = [name.strip() for name in header[2].split(".")]
            table = _opened(names, count, repeated=header[1] == "[[")
            found.setdefault(table[:1], number)
            found.setdefault(table, number)
        elif not inside and (field := _FIELD.match(line)):
            found.setdefault((*table, field[1]), number)
        inside ^= len(_STRINGS.findall(line)) % 2 == 1  # in a text of several lines
    return found


def _opened(names: list[str], count: Counter[Place], *, repeated: bool) -> Place:
    """Give the place of a table that begins; `count` holds how many of each there have been."""
    top = f"{names[0]}s"
    if len(names) == 1:
        if not repeated:
            return (top,)
        count[top,] += 1
        return (top, count[top,] - 1)
    inner: Place = (top, max(0, count[top,] - 1), *names[1:])
    if not repeated:
        return inner
    count[inner] += 1
    return (*inner, count[inner] - 1)


def line_of(place: Place, places: Mapping[Place, int]) -> int:
    """Give the line of a place, or of the nearest table around it."""
    while place not in places:
        place = place[:-1]
    return places[place]
