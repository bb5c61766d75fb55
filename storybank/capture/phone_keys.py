"""Keys for survey apps: one for each worker, programme and phone, in the address that it sends to.

A key only lets stories in; it opens nothing. 256 random bits: only the digest is kept.
"""

import base64
import json
import secrets
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from storybank import audit
from storybank.access import Actor
from storybank.accounts import digest_of
from storybank.errors import BadInput, NotFound, PhoneKeyEnded
from storybank.tables import CollectKey, Person, Programme, Story, Waiting, now
from storybank.values import Role

LONGEST_LABEL = 80
MOST_ATTACHED = 10_000_000
"""Bytes of recordings that a phone puts into one request; what is larger goes alone."""


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A key that counts: its number, whose stories it sends, and for which programme."""

    id: int
    person_id: uuid.UUID
    programme: Programme

    def client_id(self, instance_id: str) -> str:
        """Give the name under which a form sent with this key is known."""
        return f"odk|{self.id}|{instance_id}"


@dataclass(frozen=True, slots=True)
class Phone:
    """One key in the admin's list: its row, the names round it, and what came through it."""

    key: CollectKey
    worker: str
    programme: str
    stories: int
    waiting: int


def make_key(
    session: Session, actor: Actor, person_id: uuid.UUID, programme: str, label: str
) -> str:
    """Give a new key for one worker, programme (short name) and phone; it cannot be read again.

    Raises BadInput naming what is wrong, and NotAllowed for all but admins.
    """
    actor.require(Role.ADMIN)
    person = session.get(Person, person_id)
    found = session.exec(select(Programme).where(Programme.slug == programme)).one_or_none()
    label = " ".join(label.split())
    if person is None or person.role != Role.WORKER or person.disabled_at is not None:
        raise BadInput(message="Choose an outreach worker who has an account.")
    if found is None or found.id is None:
        raise BadInput(message="There is no such programme. Choose one from the list.")
    if not 0 < len(label) <= LONGEST_LABEL:
        raise BadInput(message=f"Name the phone, in at most {LONGEST_LABEL} characters.")
    token = secrets.token_urlsafe(32)
    row = CollectKey(
        digest=digest_of(token), person_id=person.id, programme_id=found.id, label=label
    )
    session.add(row)
    session.flush()
    audit.note(session, actor.person_id, "make-phone-key", row.id)
    return token


def open_key(session: Session, token: str) -> OpenKey:
    """Give what a key stands for; raises PhoneKeyEnded where it or its worker no longer counts."""
    query = (
        select(CollectKey, Programme)
        .join(Programme, col(Programme.id) == col(CollectKey.programme_id))
        .join(Person, col(Person.id) == col(CollectKey.person_id))
        .where(
            CollectKey.digest == digest_of(token),
            col(CollectKey.revoked_at).is_(None),
            col(Person.disabled_at).is_(None),
            Person.role == Role.WORKER,
        )
    )
    found = session.exec(query).one_or_none()
    if found is None or found[0].id is None:
        raise PhoneKeyEnded
    return OpenKey(found[0].id, found[0].person_id, found[1])


def revoke_key(session: Session, actor: Actor, key_id: int) -> None:
    """Switch a key off for good; nothing happens where it is off. Raises NotFound, NotAllowed."""
    actor.require(Role.ADMIN)
    row = session.get(CollectKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound(f"key {key_id}")
    if row.revoked_at is None:
        row.revoked_at = now()
        session.add(row)
        audit.note(session, actor.person_id, "revoke-phone-key", key_id)


def phones(session: Session) -> Sequence[Phone]:
    """Give every key, those switched off last, with how many stories came and wait for sound."""
    query = (
        select(CollectKey, Person.name, Programme.name)
        .join(Person, col(Person.id) == col(CollectKey.person_id))
        .join(Programme, col(Programme.id) == col(CollectKey.programme_id))
        .order_by(col(CollectKey.revoked_at).is_not(None), col(CollectKey.created_at).desc())
    )
    return [
        Phone(key, worker, programme, _count(session, Story, key), _count(session, Waiting, key))
        for key, worker, programme in session.exec(query).all()
    ]


def collect_settings(address: str, programme: str) -> str:
    """Give the settings that ODK Collect and KoboCollect read from a QR code.

    They are JSON, packed with zlib and written in base64; `address` is the server's URL.
    """
    content = {
        "general": {
            "server_url": address,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": programme},
    }
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)
    return base64.b64encode(packed).decode("ascii")


def _count(session: Session, table: type[Story] | type[Waiting], key: CollectKey) -> int:
    names = col(table.client_id).like(f"odk|{key.id}|%")
    return session.exec(select(func.count()).select_from(table).where(names)).one()
