"""The fields of an import, and a guess at the column of a file that each stands in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storybank.errors import BadInput
from storybank.values import Use


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a story in a list: its name, what people call it, and other names for it."""

    name: str
    label: str
    hint: str = ""
    known_as: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("text", "The story", "The teller's own words.",
          ("story", "words", "comment", "comments", "feedback", "response", "answer",
           "what happened", "what they said", "your story", "tell us", "narrative", "message",
           "description")),
    Field("id", "Its id", "Something that stays the same, so that a repeat changes nothing.",
          ("ref", "reference", "number", "no", "row", "key", "story id", "response id",
           "respondent id", "uuid", "external id")),
    Field("place", "Where", "A place of the list.",
          ("ward", "area", "neighbourhood", "location", "where", "district", "locality", "estate")),
    Field("programme", "Programme", "Its name or short name.", ("program", "project", "service")),
    Field("told_on", "Told on", "A day, like 2026-05-31 or 31/05/2026.",
          ("date", "day", "told", "submitted", "submitted on", "date submitted", "received",
           "created", "timestamp", "start date")),
    Field("happened", "Happened", "A year or month, like 2026 or 2026-05.",
          ("when", "when did it happen", "month", "date of event", "event date")),
    Field("teller", "Whose story",
          "about-me, about-someone-else, about-a-child or worker. Anything else could be a name, "
          "and is left out.",
          ("who", "respondent type", "told by", "who is telling", "relationship")),
    Field("language", "Language", "A code like en, pl or ur.", ("lang", "language code", "locale")),
    *(
        Field(f"consent_{use.value}", label, "Yes or no.", names)
        for use, label, names in (
            (Use.LEARN, "Agreed: read to learn", ("consent", "consent given", "learn", "may read")),
            (Use.QUOTE, "Agreed: quoted", ("may quote", "consent to quote", "can we quote you")),
            (Use.VOICE, "Agreed: voice played", ("voice", "may play")),
            (Use.PUBLISH, "Agreed: published", ("publish", "may publish", "consent to publish")),
            (Use.NAMED, "Agreed: named", ("named", "may name", "use my name")),
        )
    ),
)  # fmt: skip
"""In the order in which they are asked for; `file` and `channel` stand in folders only."""

NAMES = frozenset(field.name for field in FIELDS) | {"file", "channel", "invented"}


def guess_columns(names: Sequence[str]) -> dict[str, str]:
    """Give for each field the column that it seems to stand in; an empty name where none does.

    A name that fits wholly wins over one that only holds the words, and more words over fewer; no
    column serves two fields.
    """
    left = {_plain(name): name for name in reversed(names)}
    found = dict.fromkeys((field.name for field in FIELDS), "")
    for field in FIELDS:
        for known in (field.name, field.label, *field.known_as):
            if (column := left.pop(_plain(known), None)) is not None:
                found[field.name] = column
                break
    for field, column in _holding(left):
        if not found[field.name] and column in left:
            found[field.name] = left.pop(column)
    return found


def columns_from(said: Sequence[str]) -> dict[str, str]:
    """Read `--map FIELD=COLUMN` options; raises BadInput naming the wrong one."""
    columns = {}
    for part in said:
        name, equals, column = part.partition("=")
        if not equals or name.strip() not in NAMES:
            raise BadInput(
                message=f'"{part}" names no field. Write FIELD=COLUMN, where FIELD is one of '
                f"{', '.join(sorted(NAMES))}."
            )
        columns[name.strip()] = column.strip()
    return columns


def _holding(columns: Iterable[str]) -> list[tuple[Field, str]]:
    """Give fields with the columns whose names hold one of theirs, the longest first."""
    pairs = [
        (len(known), field, column)
        for field in FIELDS
        for known in (field.name, *field.known_as)
        for column in columns
        if len(known) > 3 and re.search(rf"\b{_plain(known)}\b", column)
    ]
    return [(field, column) for _, field, column in sorted(pairs, key=lambda pair: -pair[0])]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
