"""What a new, empty Storybank begins with: one programme, and places to choose from."""

import re
import unicodedata

from sqlalchemy import func
from sqlmodel import Session, col, select

from storybank.capture.starting import Starting
from storybank.tables import Place, Programme

_BEGINNING = 7237612
"""The lock's number; `db.upgrade` uses the one before."""


def begin(session: Session, starting: Starting) -> bool:
    """Add the programme and places of `starting` where there is no programme yet; says if it did.

    What people added or renamed since is never touched.
    The pages and a worker may start at once: an advisory lock lets one of them begin.
    """
    session.connection().execute(select(func.pg_advisory_xact_lock(_BEGINNING)))
    if session.exec(select(Programme.id).limit(1)).first() is not None:
        return False
    session.add(Programme(**starting.programme))
    for name in starting.places:
        place_named(session, name, kind=starting.kind)
    return True


def place_named(session: Session, name: str, *, kind: str = "ward") -> Place:
    """Give the place of that name, made where there is none; flushed, not committed."""
    slug = slug_of(name)
    query = select(Place).where((col(Place.slug) == slug) | (col(Place.name) == name))
    found = session.exec(query).first()
    if found is not None:
        return found
    place = Place(slug=slug, name=name, kind=kind)
    session.add(place)
    session.flush()
    return place


def slug_of(name: str) -> str:
    """Give a name as it stands in addresses: `Rose Hill & Iffley` becomes `rose-hill-and-iffley`.

    Letters of other scripts stay as they are; a name without any letter gives an empty text.
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("&", " and ").replace("'", ""))
    return re.sub(r"[\W_]+", "-", re.sub(r"[\u0300-\u036f]", "", plain)).strip("-")
