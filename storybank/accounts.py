"""Accounts of staff: invite, accept, sign in and out, disable. Tellers have none.

Codes and cookies are 256 random bits; only their SHA-256 is stored, which cannot be searched
through. Handlers call these inside one transaction each.
"""

import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from storybank import audit, throttle
from storybank.access import NOBODY, Actor
from storybank.errors import BadInput, InviteExpired, NotFound, SignInFailed
from storybank.keys import Keyring
from storybank.passwords import Passwords
from storybank.tables import Invite, Person, SignIn, now
from storybank.throttle import Limit
from storybank.values import Role

INVITE_LASTS = timedelta(days=7)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
NOTICE_EVERY = timedelta(minutes=1)
"""How exactly the last use of a sign-in is kept: a row is not written at every page."""

ONE_PERSON_HERE = Limit("sign-in", free=4, most=10)
ONE_PERSON_ANYWHERE = Limit("sign-in-person", free=20, most=60)
"""Wide enough that a stranger cannot easily lock somebody else out."""
ONE_PLACE = Limit("sign-in-place", free=40, most=120)
"""A whole office may share one address."""

_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,190}")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to be invited, and as what."""

    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Tries:
    """The three digests by which tries to sign in are counted; none holds an address."""

    here: bytes
    person: bytes
    place: bytes

    @classmethod
    def of(cls, keyring: Keyring, email: str, client: str) -> "Tries":
        """Make the digests for one email address tried from one network address."""
        tidy = tidy_email(email)
        return cls(
            here=keyring.digest(f"sign-in|here|{tidy}|{client}"),
            person=keyring.digest(f"sign-in|person|{tidy}"),
            place=keyring.digest(f"sign-in|place|{client}"),
        )

    @property
    def limits(self) -> tuple[tuple[Limit, bytes], ...]:
        """Each limit with the digest that it counts."""
        return (
            (ONE_PERSON_HERE, self.here),
            (ONE_PERSON_ANYWHERE, self.person),
            (ONE_PLACE, self.place),
        )


def invite(session: Session, newcomer: Newcomer, *, by: uuid.UUID | None) -> str:
    """Give a one-time code for a new member of staff, good for seven days.

    An invitation to somebody who has an account lets them choose a new password. Earlier
    invitations to the same address stop working. `by` None: from the command line. Raises
    BadInput where the address or the name cannot be used.
    """
    email, name = tidy_email(newcomer.email), " ".join(newcomer.name.split())
    if not _EMAIL.fullmatch(email):
        raise BadInput(message="This is not an email address. Use the form name@example.org.")
    if not 0 < len(name) <= 120:
        raise BadInput(message="Give the person's name, in at most 120 characters.")
    _end_invites(session, email)
    code = secrets.token_urlsafe(32)
    session.add(
        Invite(
            digest=digest_of(code),
            email=email,
            name=name,
            role=newcomer.role,
            invited_by=by,
            expires_at=now() + INVITE_LASTS,
        )
    )
    audit.note(session, by, "invite", newcomer.role)
    return code


def open_invite(session: Session, code: str, *, at: datetime | None = None) -> Invite:
    """Give the invitation with this code, locked; raises InviteExpired where it is spent."""
    found = session.get(Invite, digest_of(code))
    if found is None or found.used_at is not None or found.expires_at <= (at or now()):
        raise InviteExpired
    return found


def accept(session: Session, passwords: Passwords, code: str, password: str) -> Person:
    """Make the invited person's account with this password, and spend the code.

    Where the address has an account, its password and role are replaced, it is switched on, and
    all its sign-ins end. Raises InviteExpired or WeakPassword.
    """
    open_invite(session, code)
    hashed = passwords.hash(password)
    spent = session.get_one(Invite, digest_of(code), with_for_update=True, populate_existing=True)
    if spent.used_at is not None:
        raise InviteExpired
    spent.used_at = now()
    person = _by_email(session, spent.email)
    if person is None:
        person = Person(email=spent.email, name=spent.name, role=spent.role, password_hash=hashed)
    person.name, person.role, person.password_hash = spent.name, spent.role, hashed
    person.disabled_at = None
    session.add(person)
    session.add(spent)
    session.flush()
    end_all(session, person.id)
    audit.note(session, person.id, "accept-invite", person.id)
    return person


def check_tries(session: Session, tries: Tries) -> None:
    """Note one try to sign in, and raise TooManyTries where it comes too soon.

    Runs in a transaction of its own before `sign_in`, whose failure would undo the note.
    """
    for limit, digest in tries.limits:
        throttle.check(session, limit, digest)
    for limit, digest in tries.limits:
        throttle.count(session, limit, digest)


def sign_in(
    session: Session, passwords: Passwords, email: str, password: str, tries: Tries
) -> tuple[Person, str]:
    """Give the person and a fresh cookie; raises SignInFailed, the same whatever was wrong.

    A wrong address, a wrong password and a disabled account take equally long.
    """
    person = _by_email(session, tidy_email(email))
    usable = person if person is not None and person.disabled_at is None else None
    matched = passwords.match(password, usable.password_hash if usable else None)
    if usable is None or not matched:
        raise SignInFailed
    throttle.forget(session, ONE_PERSON_HERE, tries.here)
    throttle.forget(session, ONE_PERSON_ANYWHERE, tries.person)
    throttle.take_back(session, ONE_PLACE, tries.place)
    audit.note(session, usable.id, "sign-in", usable.id)
    return usable, begin(session, usable)


def begin(session: Session, person: Person) -> str:
    """Start one signed-in browser for `person`; gives the cookie."""
    cookie = secrets.token_urlsafe(32)
    session.add(SignIn(digest=digest_of(cookie), person_id=person.id, expires_at=now() + LONGEST))
    session.flush()
    return cookie


def actor_for(session: Session, cookie: str, *, at: datetime | None = None) -> Actor:
    """Give whose cookie this is, or NOBODY where it has run out; notes that it was used."""
    at = at or now()
    query = (
        select(SignIn, Person)
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .where(SignIn.digest == digest_of(cookie))
    )
    found = session.exec(query).one_or_none()
    if found is None:
        return NOBODY
    sign_in, person = found
    if at >= sign_in.expires_at or at - sign_in.seen_at >= IDLE or person.disabled_at is not None:
        return NOBODY
    if at - sign_in.seen_at >= NOTICE_EVERY:
        sign_in.seen_at = at
        session.add(sign_in)
    return Actor(person.id, Role(person.role), person.name, person.may_change_frameworks)


def sign_out(session: Session, cookie: str) -> None:
    """End one signed-in browser; nothing happens where it has ended."""
    session.exec(delete(SignIn).where(col(SignIn.digest) == digest_of(cookie)))


def end_all(session: Session, person_id: uuid.UUID) -> None:
    """End every signed-in browser of one person."""
    session.exec(delete(SignIn).where(col(SignIn.person_id) == person_id))


def disable(session: Session, actor: Actor, person_id: uuid.UUID) -> None:
    """Switch an account off, end its sign-ins and the invitations to its address.

    An open invitation would switch it on again. Raises BadInput for one's own account.
    """
    person = _person(session, actor, person_id)
    if person.id == actor.person_id:
        raise BadInput(message="You cannot switch off your own account. Ask another admin.")
    if person.disabled_at is None:
        person.disabled_at = now()
        session.add(person)
        audit.note(session, actor.person_id, "disable", person.id)
    _end_invites(session, person.email)
    end_all(session, person.id)


def enable(session: Session, actor: Actor, person_id: uuid.UUID) -> None:
    """Switch an account on again."""
    person = _person(session, actor, person_id)
    if person.disabled_at is not None:
        person.disabled_at = None
        session.add(person)
        audit.note(session, actor.person_id, "enable", person.id)


def let_change_frameworks(
    session: Session, actor: Actor, person_id: uuid.UUID, *, may: bool
) -> None:
    """Give an evaluator the right to write versions of the framework, or take it back.

    Raises BadInput for other roles.
    """
    person = _person(session, actor, person_id)
    if may and person.role != Role.EVALUATOR:
        raise BadInput(message="Only evaluators can be given this right.")
    if person.may_change_frameworks != may:
        person.may_change_frameworks = may
        session.add(person)
        audit.note(session, actor.person_id, "frameworks-right", person.id, "yes" if may else "no")


def people(session: Session) -> Sequence[Person]:
    """Give every account by name, those switched off last."""
    query = select(Person).order_by(col(Person.disabled_at).is_not(None), col(Person.name))
    return session.exec(query).all()


def open_invites(session: Session) -> Sequence[Invite]:
    """Give the invitations that can still be used, the newest first."""
    query = select(Invite).where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now())
    return session.exec(query.order_by(col(Invite.expires_at).desc())).all()


def tidy_email(typed: str) -> str:
    """Give an address as it is kept: trimmed, in small letters."""
    return typed.strip().casefold()


def digest_of(code: str) -> bytes:
    """Give what is stored of a code or cookie of 256 random bits."""
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()


def _end_invites(session: Session, email: str) -> None:
    session.exec(delete(Invite).where(col(Invite.email) == email, col(Invite.used_at).is_(None)))


def _by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email)).one_or_none()


def _person(session: Session, actor: Actor, person_id: uuid.UUID) -> Person:
    actor.require(Role.ADMIN)
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound(f"person {person_id}")
    return person
