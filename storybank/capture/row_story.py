"""From the fields of an imported row to the story that it describes.

Each mistake is one sentence, and names the field that it stands in.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from storybank.capture.answers import WHOSE
from storybank.capture.beginnings import place_named, slug_of
from storybank.capture.intake import Desk
from storybank.capture.rows import BY_NAME, Columns
from storybank.errors import BadImport, BadInput
from storybank.keys import Keyring
from storybank.tables import Place, Programme
from storybank.values import Channel, ConsentGiven, NewStory, Use

LONGEST_ID = 200

_YES = frozenset({"yes", "y", "true", "1", "x", "on"})
_NO = frozenset({"no", "n", "false", "0", "", "off"})
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class BadCell(BadImport):
    """A field of an imported row cannot be used; `name` says which."""

    def __init__(self, name: str = "", message: str | None = None) -> None:
        super().__init__(name, message=message)
        self.name = name


@dataclass(frozen=True)
class Terms:
    """What the importer says for the whole file.

    `consent` counts for rows that say nothing about consent; None makes such a row an error.
    With `create`, unknown places and programmes are added instead of being errors. `columns` says
    which column holds which field; where `id` is in none, a story gets an id from its contents.
    """

    consent: ConsentGiven | None = None
    programme: str | None = None
    create: bool = False
    columns: Columns = field(default_factory=lambda: BY_NAME)

    def column(self, name: str) -> str:
        """Give the column that a field stands in, as the file names it."""
        return self.columns.get(name) or name


class Names:
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
            raise BadCell(kind, f"The {kind} has no name that can be used.")
        if not self._create:
            raise BadCell(
                kind,
                f'There is no {kind} "{name}" in the list. Correct it, or choose to add new ones.',
            )


@dataclass(frozen=True)
class Reader:
    """Turns the fields of a row into a story."""

    folder: Path | None
    terms: Terms
    names: Names

    def story(self, fields: dict[str, Any], desk: Desk) -> NewStory:
        """Give the story that a row describes; raises BadImport naming field and mend."""
        text, recording = _words(fields), self._recording(fields, desk)
        if text is None and recording is None:
            raise BadCell("text", "It has neither words nor a recording. Give one of the two.")
        if text is not None and recording is not None:
            raise BadCell("text", "It has both words and a recording. Give only one of the two.")
        place, programme = _text(fields, "place"), _text(fields, "programme")
        programme = programme or self.terms.programme
        story = NewStory(
            consent=self._consent(fields),
            channel=_channel(fields),
            text=text,
            recording=recording,
            programme=self.names.programme(programme) if programme else None,
            place=self.names.place(place) if place else None,
            told_on=_told_on(fields),
            happened=_happened(fields),
            teller=_teller(fields),
            language=_language(fields),
            invented=_yes(fields.get("invented"), "invented"),
        )
        own = self.terms.columns.get("id") == "" and fields.get("id") is None
        return replace(story, external_id=_made_id(desk.keyring, story) if own else _id(fields))

    def _recording(self, fields: dict[str, Any], desk: Desk) -> bytes | None:
        name = _text(fields, "file")
        if name is None:
            return None
        if self.folder is None:
            raise BadCell("file", "Recordings cannot be sent with a list here. Import the folder.")
        limit = desk.settings.max_recording_bytes
        try:
            path = (self.folder / name).resolve()
            if path.is_relative_to(self.folder.resolve()) and path.is_file():
                with path.open("rb") as file:
                    return file.read(limit + 1)  # one byte over the limit is enough to be refused
        except (OSError, RuntimeError):  # too long a name, a ring of links, not ours to read
            raise BadCell("file", "Its recording cannot be opened. Check its name.") from None
        raise BadCell("file", f'There is no recording "{name}" beside the list.')

    def _consent(self, fields: dict[str, Any]) -> ConsentGiven:
        said = {use: fields[f"consent_{use}"] for use in Use if f"consent_{use}" in fields}
        whole = fields.get("consent")
        if isinstance(whole, dict):
            said = {use: whole[use] for use in Use if use in whole}
        if not any(value not in (None, "") for value in said.values()):
            if self.terms.consent is None:
                raise BadCell(
                    "consent_learn",
                    "It does not say what the teller agreed to. Add the columns consent_learn, "
                    "consent_quote, ... or say what counts for the whole file.",
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
        raise BadCell("text", "This is not a text.")
    return value


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    text = str(value).strip() if isinstance(value, str | int) else ""
    if not text or not text.isprintable():
        raise BadCell(name, "It holds something that cannot be used.")
    return text


def _id(fields: dict[str, Any]) -> str:
    found = _text(fields, "id")
    if found is None:
        raise BadCell("id", "It has no id. Give each story one that stays the same.")
    if len(found) > LONGEST_ID:
        raise BadCell("id", f"Its id is longer than {LONGEST_ID} characters.")
    return found


def _made_id(keyring: Keyring, story: NewStory) -> str:
    """Give the id of a row without one: the same contents have the same, which tells nothing."""
    sound = hashlib.sha256(story.recording).hexdigest() if story.recording else None
    parts = [story.text, sound, story.told_on, story.happened, story.place, story.programme]
    return f"row-{keyring.digest(json.dumps(['row', *parts])).hex()[:32]}"


def _teller(fields: dict[str, Any]) -> str | None:
    """Give whose story it is, in a word of ours; others may be a name, and are left out."""
    said = re.sub(r"[\W_]+", "-", (_text(fields, "teller") or "").lower()).strip("-")
    return said if said in WHOSE else None


def _told_on(fields: dict[str, Any]) -> str | None:
    value = _text(fields, "told_on")
    if value is None:
        return None
    if found := _BRITISH.fullmatch(value):  # as spreadsheets here write it: 31/05/2026
        value = f"{found[3]}-{found[2]:>02}-{found[1]:>02}"
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadCell("told_on", "This is not a date like 2026-05-31 or 31/05/2026.") from None


def _happened(fields: dict[str, Any]) -> str | None:
    value = _text(fields, "happened")
    if value is not None and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", value):
        raise BadCell("happened", "This is not a year or month like 2026 or 2026-05.")
    return value


def _channel(fields: dict[str, Any]) -> Channel:
    value = _text(fields, "channel") or Channel.IMPORT
    if value not in set(Channel):
        raise BadCell("channel", f"It has to be one of {', '.join(Channel)}.")
    return Channel(value)


def _language(fields: dict[str, Any]) -> str | None:
    value = _text(fields, "language")
    if value is not None and not re.fullmatch(r"[a-z]{2,3}", value):
        raise BadCell("language", "This is not a code like en, pl or ur.")
    return value


def _yes(value: object, name: str) -> bool:
    said = str("" if value is None else value).strip().lower()
    if said not in _YES | _NO:
        raise BadCell(name, "It has to be yes or no.")
    return said in _YES
