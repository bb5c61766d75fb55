"""Stories that a worker saved from the recorder as a file, and that come in by hand.

    one line of JSON: whose it is, what `Announced` says | the sealed parts, in that order

The file is as locked as the story was on the phone, and becomes the same item: sent by the phone
too, or twice, it is one story.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError
from sqlalchemy import Engine

from storybank import audit
from storybank.access import Actor
from storybank.capture import phones
from storybank.capture.assembling import SEALS
from storybank.capture.intake import Desk
from storybank.capture.phone_details import CONSENT, Announced
from storybank.capture.phones import Item, Standing
from storybank.db import reading, transaction
from storybank.errors import BadSavedStory, OthersStory, SealBroken, YesNotHeard
from storybank.settings import MEGABYTE, Settings
from storybank.tables import Person
from storybank.values import Role

SUFFIX = ".storybank"
LONGEST_LINE = 5 * MEGABYTE
"""Bytes of the first line: the longest story and note, sealed, are under a half of it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file holds: whose story it is, what the phone says of it, each part by its name."""

    worker_id: uuid.UUID
    announced: Announced
    sealed: Mapping[str, bytes]


class _Line(Announced):
    storybank: Literal[1]
    worker: uuid.UUID


def largest(settings: Settings) -> int:
    """Give how many bytes a file may have: a story and a spoken consent, sealed, and its line."""
    return int(2 * settings.max_recording_bytes * SEALS) + LONGEST_LINE


def read_saved(content: bytes) -> Saved:
    """Give what a saved file holds, still sealed; all of it must be accounted for.

    Raises BadSavedStory where it is no such file, was cut off, or has bytes too many.
    """
    end = content.find(b"\n", 0, LONGEST_LINE)
    if end < 0:
        raise BadSavedStory(f"no line in {len(content)} bytes")
    try:
        line = _Line.model_validate_json(content[:end])
    except ValidationError as error:
        fields = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        raise BadSavedStory(f"line: {sorted(fields)}") from None
    at = end + 1
    expected = at + sum(part.bytes for part in line.parts)
    if expected != len(content):
        raise BadSavedStory(f"{len(content)} bytes, not {expected}")
    sealed = {}
    for part in line.parts:
        sealed[part.name] = content[at : at + part.bytes]
        at += part.bytes
    # The very model that the phone sends: what its digest is taken of must be the same.
    announced = Announced(client_id=line.client_id, details=line.details, parts=line.parts)
    return Saved(line.worker, announced, sealed)


def take_saved(
    engine: Engine, desk: Desk, actor: Actor, content: bytes, *, ticked: bool = False
) -> Standing:
    """Make the story in a saved file safe, as if its phone had sent it; `receipt` as there.

    With `ticked` the ticks in it stand for a spoken consent that nobody can play.
    The worker who recorded it may bring it, or an admin for them, who is given no receipt; for all
    others it is OthersStory (NotAllowed where the role never may). Raises BadSavedStory where it
    is not whole or does not open, YesNotHeard where only the spoken consent does not, and the
    errors of `phones.take_whole`; then nothing is kept.
    """
    actor.require(Role.WORKER, Role.ADMIN)
    saved = read_saved(content)
    _check_whose(engine, actor, saved)
    announced = saved.announced.model_copy(update={"ticked": ticked})
    item = Item(saved.worker_id, announced.client_id)
    own = actor.person_id == item.person_id
    try:
        standing = phones.take_whole(engine, desk, item, announced, saved.sealed, handed_over=own)
    except SealBroken as broken:
        if broken.detail == CONSENT:
            raise YesNotHeard(f"item {item.client_id}: does not open") from None
        raise BadSavedStory(f"item {item.client_id}: {broken.detail}") from None
    if standing.new and not own:
        with transaction(engine) as session:
            audit.note(session, actor.person_id, "bring-saved-story", item.client_id)
    return standing


def _check_whose(engine: Engine, actor: Actor, saved: Saved) -> None:
    if actor.role == Role.WORKER:
        if actor.person_id != saved.worker_id:
            raise OthersStory(f"item {saved.announced.client_id}")
        return
    with reading(engine) as session:
        person = session.get(Person, saved.worker_id)
    if person is None or person.role != Role.WORKER:
        raise OthersStory(
            f"item {saved.announced.client_id}",
            message="The worker who recorded this story has no account here. Look whether the "
            "file belongs to this Storybank.",
        )
