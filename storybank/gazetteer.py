"""What a council knows of its own ground, kept in a table: entered by hand, pasted, or in a file.

The finder of personal details looks at it anew whenever it has changed.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from storybank import audit
from storybank.access import Actor
from storybank.db import reading
from storybank.errors import BadInput, NotFound
from storybank.tables import KnownPlaceRow, Place
from storybank.understand.engines import Redactor
from storybank.understand.redact.known import KINDS, KnownPlace
from storybank.values import Mask, Role, Span

MOST_NAME, MOST_PASTED, MOST_KNOWN = 120, 5_000, 50_000


def known_places(session: Session) -> list[KnownPlaceRow]:
    """Give every known place, by kind and name."""
    query = select(KnownPlaceRow).order_by(col(KnownPlaceRow.kind), col(KnownPlaceRow.name))
    return list(session.exec(query).all())


def add_pasted(session: Session, actor: Actor, pasted: str, kind: str) -> tuple[int, int]:
    """Add the names of `pasted`, one a line; gives how many are new, and how many were there.

    Raises BadInput for a kind there is not, for no name, too many, or a line that is too long.
    """
    actor.require(Role.ADMIN)
    if kind not in KINDS:
        raise BadInput(message="Choose what kind of places these are.")
    names = [" ".join(line.split()) for line in pasted.splitlines()]
    names = list(dict.fromkeys(name for name in names if name))
    if not names or len(names) > MOST_PASTED:
        raise BadInput(message=f"Paste names, one a line, at most {MOST_PASTED:,} at once.")
    for name in names:
        if len(name) > MOST_NAME or sum(c.isalpha() for c in name) < 3:
            raise BadInput(
                message=f"“{name[:40]}” is no name of a place. Write three letters or more, "
                f"and at most {MOST_NAME} characters, one name a line."
            )
    there = {row.name.casefold() for row in known_places(session)}
    if len(there) + len(names) > MOST_KNOWN:
        raise BadInput(message=f"At most {MOST_KNOWN:,} places can be known. Remove some first.")
    new = [name for name in names if name.casefold() not in there]
    unique = {name.casefold(): name for name in new}
    session.add_all(KnownPlaceRow(name=name, kind=kind) for name in unique.values())
    audit.note(session, actor.person_id, "add-known-places", kind, f"{len(unique)} names")
    return len(unique), len(names) - len(unique)


def remove(session: Session, actor: Actor, place_id: int) -> KnownPlace:
    """Remove one known place; gives what was known of it. Raises NotFound."""
    actor.require(Role.ADMIN)
    row = session.get(KnownPlaceRow, place_id)
    if row is None:
        raise NotFound(f"known place {place_id}")
    session.delete(row)
    session.flush()
    audit.note(session, actor.person_id, "remove-known-place", place_id)
    return KnownPlace(row.name, row.kind)


class KnowingRedactor:
    """A finder of personal details that knows the council's places as they are at this moment.

    `make` builds one from the names to keep and the known places; `more` are places from a file.
    """

    def __init__(
        self,
        engine: Engine,
        make: Callable[[Sequence[str], Iterable[KnownPlace]], Redactor],
        more: Sequence[KnownPlace] = (),
    ) -> None:
        self._engine, self._make, self._more = engine, make, tuple(more)
        self._stamp: object = None
        self._now: Redactor | None = None

    @property
    def rules_id(self) -> str:
        """Name and version of the rules, stored with every mask."""
        return self._redactor().rules_id

    def find(self, text: str, doubtful: Sequence[Span] = ()) -> tuple[Mask, ...]:
        """Give the masks of `text`, in order and without overlap; none for an empty text."""
        return self._redactor().find(text, doubtful)

    def _redactor(self) -> Redactor:
        with reading(self._engine) as session:
            stamp = tuple(
                session.exec(select(func.count(), func.max(table.id)).select_from(table)).one()
                for table in (KnownPlaceRow, Place)
            )
            if self._now is None or stamp != self._stamp:
                kept = list(session.exec(select(Place.name)))
                known = [KnownPlace(row.name, row.kind) for row in known_places(session)]
                self._now = self._make(kept, (*known, *self._more))
                self._stamp = stamp
        return self._now
