"""Half-told stories: sealed under the key file and the teller's own cookie together.

The cookie is a random secret that only the teller's browser holds. The row is found by its keyed
digest, and the key that opens it is another keyed digest of the same secret: neither the database
with the key file, nor the cookie alone, opens a draft. Drafts go after seven days; where nobody
said that the browser is the teller's own, they open for some hours only (decision 29).
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from storybank.capture.answers import ABOUT_CHILD, CHILD, Answers
from storybank.capture.blobs import Blobs
from storybank.capture.intake import Desk, Received, check_recording, receipt_for, receive
from storybank.errors import DraftGone, EmptyStory
from storybank.keys import Keyring
from storybank.sealed import seal, unseal
from storybank.settings import Settings
from storybank.tables import Draft, Story, now
from storybank.values import Channel, ConsentGiven, NewStory

KEPT = timedelta(days=7)
"""How long an unsent story is kept after its last answer, on the teller's own device."""
KEPT_ELSEWHERE = timedelta(hours=4)
"""How long it opens in a browser that others may use; longer than the longest recording."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that was looked at and can be kept: its bytes, container and seconds."""

    recording: bytes = field(repr=False)
    container: str
    seconds: float

    @property
    def mark(self) -> str:
        """A name that the same bytes have again, should they be sent twice."""
        return hashlib.sha256(self.recording).hexdigest()[:16]


def listen(settings: Settings, recording: bytes) -> Sound:
    """Give a recording with what it is; raises the errors of `check_recording`.

    It takes a process and up to some seconds, so call it while no session is open.
    """
    container, seconds = check_recording(settings, recording)
    return Sound(recording, container, seconds)


def new_cookie() -> str:
    """Give a new secret for a teller's browser, 192 random bits."""
    return secrets.token_urlsafe(24)


def draft_key(keyring: Keyring, cookie: str) -> bytes:
    """Give the key that seals whatever belongs to a draft: its uploads too."""
    return keyring.digest(f"draft key|{cookie}")


def open_draft(session: Session, keyring: Keyring, cookie: str | None) -> Answers | None:
    """Give the answers of the draft that belongs to `cookie`, or None where there is none."""
    row = _row(session, keyring, cookie) if cookie else None
    if row is None or cookie is None:
        return None
    content: dict[str, Any] = json.loads(
        unseal(draft_key(keyring, cookie), row.answers, _context(row.digest))
    )
    known = {one.name for one in fields(Answers)}  # another version may have asked for more
    answers = Answers(**{name: answer for name, answer in content.items() if name in known})
    kept = KEPT if answers.own else KEPT_ELSEWHERE
    return answers if row.updated_at >= now() - kept else None


def save_draft(session: Session, keyring: Keyring, cookie: str, answers: Answers) -> None:
    """Seal and store the answers, over what was there."""
    digest = _digest(keyring, cookie)
    row = session.get(Draft, digest) or Draft(digest=digest, answers=b"")
    row.answers = seal(
        draft_key(keyring, cookie), json.dumps(asdict(answers)).encode(), _context(digest)
    )
    row.updated_at = now()
    session.add(row)
    session.flush()


def hold_draft(session: Session, keyring: Keyring, cookie: str | None) -> None:
    """Let nobody else change this draft until the session ends: who comes second waits here."""
    if cookie:
        session.get(Draft, _digest(keyring, cookie), with_for_update=True)


def keep_recording(
    session: Session, desk: Desk, cookie: str, answers: Answers, sound: Sound, name: str = ""
) -> tuple[Answers, str | None]:
    """Keep a recording, sealed, in the draft with these answers; what was written stays beside it.

    `name` tells it from other recordings of the same story; without one its bytes do. Gives the
    answers as stored, and the blob that it replaces, to be deleted once the session has committed.
    """
    answers = replace(
        answers, recorded=sound.seconds, container=sound.container, sound=name or sound.mark
    )
    save_draft(session, desk.keyring, cookie, answers)
    row = session.get_one(Draft, _digest(desk.keyring, cookie))
    stale = row.blob
    key = draft_key(desk.keyring, cookie)
    row.blob = desk.blobs.put(key, sound.recording, _recording(row.digest))
    session.add(row)
    return answers, stale


def drop_recording(session: Session, keyring: Keyring, cookie: str) -> str | None:
    """Take the recording out of a draft; gives the blob to delete after the commit, if any."""
    row = _row(session, keyring, cookie)
    if row is None or row.blob is None:
        return None
    earlier, row.blob = row.blob, None
    session.add(row)
    return earlier


def draft_recording(session: Session, keyring: Keyring, cookie: str) -> tuple[bytes, str, str]:
    """Give key, blob and context with which `Blobs` opens a draft's recording; or DraftGone."""
    row = _row(session, keyring, cookie)
    if row is None or row.blob is None:
        raise DraftGone
    return draft_key(keyring, cookie), row.blob, _recording(row.digest)


def send(
    session: Session, desk: Desk, cookie: str, language: str | None = None
) -> tuple[Received, str | None]:
    """Make the draft a story, and end the draft, in one transaction.

    `language` is that of the form: a hint at what typed words are written in.

    Sent twice, even at the same moment, it makes one story and gives one receipt: the row is
    locked, and who comes second finds the story. Gives the blob to delete after the commit, too.
    Raises DraftGone, EmptyStory, and the errors of `receive`.
    """
    client_id = _client_id(desk.keyring, cookie)
    digest = _digest(desk.keyring, cookie)
    row = session.get(Draft, digest, with_for_update=True)
    answers = open_draft(session, desk.keyring, cookie)
    if row is None or answers is None:
        return sent_before(session, desk.keyring, cookie), None
    if not answers.complete:
        raise EmptyStory
    recording = None
    if row.blob is not None:
        recording = desk.blobs.get(draft_key(desk.keyring, cookie), row.blob, _recording(digest))
    received = receive(session, desk, _new_story(answers, recording, client_id, language))
    session.delete(row)
    return received, row.blob


def sent_before(
    session: Session, keyring: Keyring, cookie: str, *, within: timedelta = KEPT
) -> Received:
    """Give the story that this cookie's draft became, with its receipt.

    Raises DraftGone where there is none, it was taken back, or it was sent longer ago than
    `within`: who finds the cookie in a shared browser later must not get the code.
    """
    client_id = _client_id(keyring, cookie)
    query = select(Story).where(
        Story.client_id == client_id,
        col(Story.withdrawn_at).is_(None),
        col(Story.created_at) > now() - within,
    )
    story = session.exec(query).one_or_none()
    if story is None:
        raise DraftGone
    return Received(story.id, receipt_for(keyring, client_id), new=False)


def drop_draft(session: Session, keyring: Keyring, cookie: str) -> str | None:
    """Delete a draft; gives the blob to delete after the commit, if any."""
    row = _row(session, keyring, cookie)
    if row is None:
        return None
    session.delete(row)
    return row.blob


def drop_old_drafts(session: Session) -> Sequence[str]:
    """Delete the drafts of more than seven days; gives the blobs to delete after the commit."""
    old = session.exec(select(Draft).where(col(Draft.updated_at) < now() - KEPT)).all()
    for row in old:
        session.delete(row)
    return [row.blob for row in old if row.blob is not None]


def delete_blobs(blobs: Blobs, names: Sequence[str | None]) -> None:
    """Delete recordings that no row names any more; None is passed over."""
    for name in names:
        if name is not None:
            blobs.delete(name)


def _new_story(
    answers: Answers, recording: bytes | None, client_id: str, language: str | None
) -> NewStory:
    heard = None
    if recording is not None and answers.container and answers.recorded is not None:
        heard = (answers.container, answers.recorded)
    return NewStory(
        consent=_consent(answers),
        channel=Channel.WEB,
        text=None if recording is not None else answers.text,
        recording=recording,
        programme=answers.programme,
        place=answers.place or None,
        happened=answers.happened or None,
        teller=ABOUT_CHILD if answers.them == CHILD else answers.teller,
        language=None if recording is not None else language,  # what is said tells by itself
        client_id=client_id,
        own_reading=tuple((answers.own_reading or {}).items()),
        heard=heard,
    )


def _consent(answers: Answers) -> ConsentGiven:
    yes = answers.uses
    return ConsentGiven(
        learn=yes["learn"],
        quote=yes["quote"],
        voice=yes["voice"],
        publish=yes["publish"],
        named=yes["named"],
        wording=answers.wording,
        how="helper" if answers.helper else "form",
        given_by=answers.relation or "teller",
    )


def _row(session: Session, keyring: Keyring, cookie: str | None) -> Draft | None:
    return session.get(Draft, _digest(keyring, cookie)) if cookie else None


def _digest(keyring: Keyring, cookie: str) -> bytes:
    return keyring.digest(f"draft|{cookie}")


def _client_id(keyring: Keyring, cookie: str) -> str:
    return f"draft-{keyring.digest(f'draft story|{cookie}').hex()}"


def _context(digest: bytes) -> str:
    return f"draft/{digest.hex()}"


def _recording(digest: bytes) -> str:
    return f"draft/{digest.hex()}/recording"
