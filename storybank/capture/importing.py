"""Import stories from files: each row becomes a story, a bad one is reported and the rest go on.

A row's fields: `id` (kept as the story's external id; importing it again changes nothing), `text`
or `file` (a recording beside the list), and, where known: `place`, `programme` (name or short
name), `told_on` (2026-05-31), `happened` (2026, 2026-05), `teller`, `channel`, `language` (en),
`invented`, `consent_learn`, `consent_quote`, `consent_voice`, `consent_publish`, `consent_named`
(yes or no). Where a row says anything about consent, what it does not say is a no.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture.beginnings import place_named, slug_of
from storybank.capture.intake import Desk, receive
from storybank.capture.rows import Row, rows_of
from storybank.db import transaction
from storybank.errors import BadImport, BadInput, Conflict, ConsentWithdrawn
from storybank.tables import Place, Programme
from storybank.values import Channel, ConsentGiven, NewStory, Use

BATCH = 64
"""Rows a transaction: enough that commits cost little, few enough that little is lost."""
LONGEST_ID = 200

_YES = frozenset({"yes", "y", "true", "1", "x", "on"})
_NO = frozenset({"no", "n", "false", "0", "", "off"})


@dataclass(frozen=True)
class Terms:
    """What the importer says for the whole file.

    `consent` counts for rows that say nothing about consent; None makes such a row an error.
    With `create`, unknown places and programmes are added instead of being errors.
    """

    consent: ConsentGiven | None = None
    programme: str | None = None
    create: bool = False


@dataclass
class Outcome:
    """What came of an import: how many stories are new, how many were there, what failed why."""

    stored: int = 0
    already: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def import_rows(
    engine: Engine, desk: Desk, path: Path, terms: Terms, on_row: Callable[[], None] = lambda: None
) -> Outcome:
    """Store every good row of `path`; bad ones are in the outcome with their row numbers.

    Raises BadImport where nothing can be read, and DiskFull; batches stored before that stay.
    """
    outcome = Outcome()
    folder = path if path.is_dir() else path.parent
    rows = rows_of(path)
    while batch := list(itertools.islice(rows, BATCH)):
        with transaction(engine) as session:
            names = _Names(session, create=terms.create)
            for row in batch:
                _import_row(session, desk, _Reader(folder, terms, names), row, outcome)
                on_row()
    return outcome


def _import_row(
    session: Session, desk: Desk, reader: "_Reader", row: Row, outcome: Outcome
) -> None:
    try:
        if row.problem:
            raise BadImport(message=row.problem)
        with session.begin_nested():  # a row that fails takes nothing of the batch with it
            received = receive(session, desk, reader.story(row.fields, desk))
    except Conflict:
        outcome.problems.append((row.number, "A story with this id and other contents is stored."))
    except ConsentWithdrawn as error:
        outcome.problems.append((row.number, error.message))
    except BadInput as error:
        outcome.problems.append((row.number, error.message))
        reader.names.read()
    else:
        outcome.stored += received.new
        outcome.already += not received.new


class _Names:
    """Programmes and places by name or short name, read once a batch."""

    def __init__(self, session: Session, *, create: bool) -> None:
        self._session, self._create = session, create
        self.read()

    def read(self) -> None:
        """Read them again: what a failed row had added is gone."""
        programmes = self._session.exec(select(Programme.slug, Programme.name)).all()
        places = self._session.exec(select(Place.slug, Place.name)).all()
        self._programmes = {slug_of(key): slug for slug, name in programmes for key in (slug, name)}
        self._places = {slug_of(key): slug for slug, name in places for key in (slug, name)}

    def programme(self, name: str) -> str:
        """Give the short name of a programme; raises BadImport where it is unknown."""
        slug = slug_of(name)
        if slug not in self._programmes:
            self._check("programme", name, slug)
            row = Programme(slug=slug, name=name, prompt="What happened?")
            self._session.add(row)
            self._session.flush()
            self._programmes[slug] = slug
        return self._programmes[slug]

    def place(self, name: str) -> str:
        """Give the short name of a place; raises BadImport where it is unknown."""
        slug = slug_of(name)
        if slug not in self._places:
            self._check("place", name, slug)
            self._places[slug] = place_named(self._session, name, kind="place").slug
        return self._places[slug]

    def _check(self, kind: str, name: str, slug: str) -> None:
        if not slug or len(name) > LONGEST_ID:
            raise BadImport(message=f"The {kind} has no name that can be used.")
        if not self._create:
            raise BadImport(
                message=f'There is no {kind} "{name}". Correct it, or add it with --create.'
            )


@dataclass(frozen=True)
class _Reader:
    """Turns the fields of a row into a story."""

    folder: Path
    terms: Terms
    names: _Names

    def story(self, fields: dict[str, Any], desk: Desk) -> NewStory:
        """Give the story that a row describes; raises BadImport naming field and mend."""
        text, recording = _words(fields), self._recording(fields, desk)
        if (text is None) == (recording is None):
            raise BadImport(message='Give either "text" or "file", and not both.')
        place, programme = _text(fields, "place"), _text(fields, "programme")
        programme = programme or self.terms.programme
        return NewStory(
            consent=self._consent(fields),
            channel=_channel(fields),
            text=text,
            recording=recording,
            programme=self.names.programme(programme) if programme else None,
            place=self.names.place(place) if place else None,
            told_on=_told_on(fields),
            happened=_happened(fields),
            teller=_text(fields, "teller"),
            language=_language(fields),
            external_id=_id(fields),
            invented=_yes(fields.get("invented"), "invented"),
        )

    def _recording(self, fields: dict[str, Any], desk: Desk) -> bytes | None:
        name = _text(fields, "file")
        if name is None:
            return None
        limit = desk.settings.max_recording_bytes
        try:
            path = (self.folder / name).resolve()
            if path.is_relative_to(self.folder.resolve()) and path.is_file():
                with path.open("rb") as file:
                    return file.read(limit + 1)  # one byte over the limit is enough to be refused
        except (OSError, RuntimeError):  # too long a name, a ring of links, not ours to read
            raise BadImport(message="Its recording cannot be opened. Check its name.") from None
        raise BadImport(message=f'There is no recording "{name}" beside the list.')

    def _consent(self, fields: dict[str, Any]) -> ConsentGiven:
        said = {use: fields[f"consent_{use}"] for use in Use if f"consent_{use}" in fields}
        whole = fields.get("consent")
        if isinstance(whole, dict):
            said = {use: whole[use] for use in Use if use in whole}
        if not any(value not in (None, "") for value in said.values()):
            if self.terms.consent is None:
                raise BadImport(
                    message="It does not say what the teller agreed to. Add the columns "
                    "consent_learn, consent_quote, ... or import with --consent."
                )
            return replace(self.terms.consent, how="import")
        given = {use.value: _yes(value, f"consent_{use}") for use, value in said.items()}
        return ConsentGiven(**given, how="import")  # type: ignore[arg-type]


def consent_from(uses: str) -> ConsentGiven:
    """Give the consent that `--consent learn,quote` names; `none` is a no to everything."""
    named = [part.strip() for part in uses.split(",") if part.strip() not in ("", "none")]
    if unknown := [name for name in named if name not in set(Use)]:
        raise BadInput(
            message=f"There is no use {unknown[0]}. Choose from {', '.join(Use)}, or none."
        )
    return ConsentGiven(**dict.fromkeys(named, True), how="import")  # type: ignore[arg-type]


def _words(fields: dict[str, Any]) -> str | None:
    value = fields.get("text")
    if value is None or (value == "" and fields.get("file")):
        return None
    if not isinstance(value, str):
        raise BadImport(message='"text" is not a text.')
    return value


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    text = str(value).strip() if isinstance(value, str | int) else ""
    if not text or not text.isprintable():
        raise BadImport(message=f'"{name}" holds something that cannot be used.')
    return text


def _id(fields: dict[str, Any]) -> str:
    found = _text(fields, "id")
    if found is None:
        raise BadImport(message='It has no "id". Give each story one that stays the same.')
    if len(found) > LONGEST_ID:
        raise BadImport(message=f'Its "id" is longer than {LONGEST_ID} characters.')
    return found


def _told_on(fields: dict[str, Any]) -> str | None:
    value = _text(fields, "told_on")
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadImport(message='"told_on" is not a date like 2026-05-31.') from None


def _happened(fields: dict[str, Any]) -> str | None:
    value = _text(fields, "happened")
    if value is not None and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", value):
        raise BadImport(message='"happened" is not a year or month like 2026 or 2026-05.')
    return value


def _channel(fields: dict[str, Any]) -> Channel:
    value = _text(fields, "channel") or Channel.IMPORT
    if value not in set(Channel):
        raise BadImport(message=f'"channel" has to be one of {", ".join(Channel)}.')
    return Channel(value)


def _language(fields: dict[str, Any]) -> str | None:
    value = _text(fields, "language")
    if value is not None and not re.fullmatch(r"[a-z]{2,3}", value):
        raise BadImport(message='"language" is not a code like en, pl or ur.')
    return value


def _yes(value: object, name: str) -> bool:
    said = str("" if value is None else value).strip().lower()
    if said not in _YES | _NO:
        raise BadImport(message=f'"{name}" has to be yes or no.')
    return said in _YES
