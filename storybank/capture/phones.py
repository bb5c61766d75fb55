"""Stories on workers' phones on their way in: announced, waiting for their sound, finished, safe.

Each step may be repeated, by several at one moment, and be cut off anywhere: what is announced
stays sealed as it came until everything is here, and becomes a story in one transaction, which
ends the announcement and its uploads too.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from storybank import audit
from storybank.access import Actor, sent_stories
from storybank.capture import uploads
from storybank.capture.assembling import assemble, refuse_too_large
from storybank.capture.envelopes import open_envelope
from storybank.capture.intake import (
    Desk,
    find_place,
    find_programme,
    receipt_for,
    receive,
    sent_as,
)
from storybank.capture.phone_details import DETAILS, Announced, read_details
from storybank.capture.uploads import Owner
from storybank.capture.waiting import is_given_up, refuse_more_waiting, remember_given_up
from storybank.capture.wordings import check_wording
from storybank.db import transaction
from storybank.errors import NotFound, SealBroken, SentBefore, Unsealable
from storybank.keys import Keyring
from storybank.tables import Story, Upload, Waiting, now
from storybank.values import NewStory

RECEIPT_GIVEN = timedelta(days=14)
"""How long after a story came in its receipt code is given to the phone that asks again.

As long as a phone may be without a connection; later the code is the teller's alone.
"""
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels no reference spells a word."""


@dataclass(frozen=True, slots=True)
class Item:
    """One story on one worker's phone; `client_id` was made there."""

    person_id: uuid.UUID
    client_id: uuid.UUID

    @property
    def known_as(self) -> str:
        """What it is called in our tables; two workers' items never clash."""
        return f"phone|{self.person_id}|{self.client_id}"

    @property
    def owner(self) -> Owner:
        """Whose uploads its parts are."""
        return Owner.for_collect(self.person_id, str(self.client_id))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one item is: safe under `reference`, or `missing` names the parts still to come.

    `receipt` is the teller's code, while it may be handed over.
    """

    reference: str | None = None
    receipt: str | None = None
    missing: tuple[str, ...] = ()
    new: bool = False


def reference(keyring: Keyring, story_id: uuid.UUID) -> str:
    """Give the short name by which a worker knows a story they sent: `BCDF-1234`.

    Derived from the id with the keys; it opens nothing.
    """
    number = int.from_bytes(keyring.digest(f"reference|{story_id}")[:16], "big")
    number, digits = divmod(number, 10_000)
    letters = ""
    for _ in range(4):
        number, at = divmod(number, len(_CONSONANTS))
        letters += _CONSONANTS[at]
    return f"{letters}-{digits:04}"


def announce(session: Session, desk: Desk, item: Item, announced: Announced) -> Standing:
    """Take in what a phone says about a story; one without recordings is safe at once.

    The same again gives the same standing; anything else under the same id raises SentBefore.
    Raises SealBroken, and the errors of `read_details` and `receive`; then nothing is kept.
    """
    digest = _digest(desk.keyring, announced)
    if (known := _known(session, desk, item, digest)) is not None:
        return known
    waiting = session.get(Waiting, item.known_as)
    if waiting is not None and is_given_up(waiting):
        raise SentBefore(f"item {item.client_id} was given up")
    if waiting is None:
        told = _details(desk, item, announced)
        if not announced.awaited:
            return _store(session, desk, item, told, digest)
        check_wording(session, told.consent.wording, find_programme(session, told.programme))
        find_place(session, told.place)
        refuse_more_waiting(session, item.person_id)
        session.add(Waiting(
            client_id=item.known_as, person_id=item.person_id, body_digest=digest,
            sealed=announced.written(),
        ))  # fmt: skip
        session.flush()
    missing = _missing(announced, uploads.uploads_of(session, desk.keyring, item.owner))
    return Standing(missing=missing, new=waiting is None)


def finish(engine: Engine, desk: Desk, item: Item, *, ticked: bool = False) -> Standing:
    """Make an announced story of which every part is here a story, and end its uploads.

    With `ticked` the worker's ticks stand for a clip that nobody can play. No session is held while
    recordings are opened, measured and joined. Raises NotFound where it was not announced,
    SealBroken where a part does not open (that part is then to be sent again), and the errors of
    `assemble` and `receive`.
    """
    with transaction(engine) as session:
        story = sent_as(session, desk.keyring, item.known_as)
        if story is not None:
            return _safe(session, desk.keyring, item, story)
        announced, digest = _awaited(session, item, ticked=ticked)
        here = _named(announced, uploads.uploads_of(session, desk.keyring, item.owner))
        if missing := _missing(announced, here):
            return Standing(missing=missing)
        refuse_too_large(desk.settings, {upload.name: upload.received for upload in here})
        sealed = {u.name: uploads.content(session, desk.keyring, u) for u in here}
    try:
        told = assemble(desk, _details(desk, item, announced), announced, sealed)
    except SealBroken as broken:
        with transaction(engine) as session:
            _send_again(session, desk.keyring, item, broken.detail)
        raise
    with transaction(engine) as session:
        story = sent_as(session, desk.keyring, item.known_as)
        if story is not None:
            return _safe(session, desk.keyring, item, story)
        if _awaited(session, item)[1] != digest:  # given up meanwhile, and announced anew
            raise SentBefore(f"item {item.client_id}")
        standing = _store(session, desk, item, told, digest)
        _forget(session, desk.keyring, item)
    return standing


def take_whole(
    engine: Engine, desk: Desk, item: Item, announced: Announced, sealed: Mapping[str, bytes],
    *, handed_over: bool = True,
) -> Standing:  # fmt: skip
    """Make a story of an item of which everything is here at once: `sealed` holds each part.

    It is the same item as the phone sends, whichever comes first; what the phone had begun to
    send of it goes. Until the story is stored nothing is kept. A receipt is given only where
    somebody is there to hand it over. Errors as in `announce` and `finish`.
    """
    refuse_too_large(desk.settings, {name: len(part) for name, part in sealed.items()})
    digest = _digest(desk.keyring, announced)
    with transaction(engine) as session:
        if (known := _known(session, desk, item, digest, handed_over=handed_over)) is not None:
            return known
    told = assemble(desk, _details(desk, item, announced), announced, sealed)
    with transaction(engine) as session:
        if (known := _known(session, desk, item, digest, handed_over=handed_over)) is not None:
            return known
        standing = _store(session, desk, item, told, digest)
        _forget(session, desk.keyring, item)
    return standing if handed_over else replace(standing, receipt=None)


def give_up(session: Session, desk: Desk, item: Item) -> Standing | None:
    """Drop an announced story with what came of it: the worker deleted it from the phone.

    What is still on its way is refused from then on; only a saved file brings the story in. One
    that is safe already stays, and its standing is given: it was not deleted.
    """
    story = sent_as(session, desk.keyring, item.known_as)  # not while it is being stored
    if story is not None:
        return Standing(reference(desk.keyring, story.id)) if story.withdrawn_at is None else None
    if _forget(session, desk.keyring, item):
        audit.note(session, item.person_id, "give-up-story", item.client_id, "on the phone")
    session.flush()
    remember_given_up(session, item.known_as, item.person_id)
    return None


def sent(session: Session, actor: Actor, *, most: int) -> Sequence[tuple[Story, str | None]]:
    """Give the newest stories that a worker sent, each with the phone's id where one sent it."""
    start = f"phone|{actor.person_id}|"
    found = []
    for story in session.exec(sent_stories(actor).limit(most)):
        known_as = story.client_id or ""
        found.append((story, known_as[len(start) :] if known_as.startswith(start) else None))
    return found


def _known(
    session: Session, desk: Desk, item: Item, digest: bytes, *, handed_over: bool = True
) -> Standing | None:
    """Give where an item stands that is a story already, else None.

    Raises SentBefore where another body came under its id.
    """
    story = sent_as(session, desk.keyring, item.known_as)
    if story is not None:
        if story.withdrawn_at is None and story.body_digest != digest:
            raise SentBefore(f"story {story.id}")
        return _safe(session, desk.keyring, item, story, handed_over=handed_over)
    waiting = session.get(Waiting, item.known_as)
    if waiting is not None and not is_given_up(waiting) and waiting.body_digest != digest:
        raise SentBefore(f"item {item.client_id}")
    return None


def _details(desk: Desk, item: Item, announced: Announced) -> NewStory:
    try:
        opened = open_envelope(desk.keyring, announced.envelope, str(item.client_id), DETAILS)
    except Unsealable:
        raise SealBroken(DETAILS) from None
    return read_details(
        opened, announced, max_words=desk.settings.max_story_words,
        client_id=item.known_as, sent_by=str(item.person_id),
    )  # fmt: skip


def _store(session: Session, desk: Desk, item: Item, told: NewStory, digest: bytes) -> Standing:
    received = receive(session, desk, told)
    story = session.get_one(Story, received.story_id)
    story.body_digest = digest
    session.add(story)
    if received.new:
        audit.note(session, item.person_id, "send-story", story.id)
    return Standing(reference(desk.keyring, story.id), received.receipt, new=received.new)


def _safe(
    session: Session, keyring: Keyring, item: Item, story: Story, *, handed_over: bool = True
) -> Standing:
    """Give the standing of a story that is here, or was taken back: the phone deletes its copy."""
    kept = story.withdrawn_at is None and story.created_at > now() - RECEIPT_GIVEN
    if not (kept and handed_over):
        return Standing(reference(keyring, story.id))
    # The code opens the story. Who asks for many, with a phone that is not theirs, is seen.
    audit.note(session, item.person_id, "give-receipt-again", story.id)
    return Standing(reference(keyring, story.id), receipt_for(keyring, item.known_as))


def _awaited(session: Session, item: Item, *, ticked: bool = False) -> tuple[Announced, bytes]:
    waiting = session.get(Waiting, item.known_as)
    if waiting is None or is_given_up(waiting):
        raise NotFound(f"item {item.client_id}")
    announced = Announced.model_validate_json(waiting.sealed)
    return announced.model_copy(update={"ticked": ticked}), waiting.body_digest


def _named(announced: Announced, here: Sequence[Upload]) -> list[Upload]:
    """Give the uploads that were announced; others are nobody's business here."""
    names = {part.name for part in announced.awaited}
    return [upload for upload in here if upload.name in names]


def _missing(announced: Announced, here: Sequence[Upload]) -> tuple[str, ...]:
    complete = {upload.name for upload in here if uploads.complete(upload)}
    return tuple(part.name for part in announced.awaited if part.name not in complete)


def _send_again(session: Session, keyring: Keyring, item: Item, name: str) -> None:
    for upload in uploads.uploads_of(session, keyring, item.owner):
        if upload.name == name:
            uploads.drop(session, upload)


def _forget(session: Session, keyring: Keyring, item: Item) -> bool:
    """End an announcement and its uploads; says whether a story was announced."""
    uploads.drop_all(session, keyring, item.owner)
    waiting = session.get(Waiting, item.known_as)
    if waiting is not None:
        session.delete(waiting)
    return waiting is not None and not is_given_up(waiting)


def _digest(keyring: Keyring, announced: Announced) -> bytes:
    return keyring.digest(f"announced|{announced.digest}")
