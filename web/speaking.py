"""What a teller said on the page so far: sent piece by piece, and kept as the draft's recording."""

from dataclasses import dataclass, field

from starlette.requests import Request

from storybank.capture import uploads
from storybank.capture.answers import Answers
from storybank.capture.drafts import Sound, keep_recording, listen
from storybank.capture.room import leave_room
from storybank.capture.uploads import Owner
from storybank.db import reading, transaction
from storybank.errors import BadInput, Crowded, DraftGone
from storybank.tables import Upload
from web.drafting import asked, changed, cookie_for, cookie_of, draft_of
from web.forms import Form
from web.state import Held

VOICE = "voice"
"""Name of the upload that the recorder of the page sends to."""


@dataclass(frozen=True)
class Kept:
    """A recording that is kept: the browser's cookie, its answers, and the blob that it replaced.

    The blob in `stale` may be deleted now: all of this is stored.
    """

    cookie: str
    answers: Answers
    stale: str | None


@dataclass(frozen=True)
class Spoken:
    """What was said on the page and is not kept as a recording yet; `size` in bytes."""

    held: Held
    upload: Upload
    key: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes are here."""
        return self.upload.received

    def part(self, start: int, end: int) -> bytes:
        """Give the bytes `[start, end)`; who listens slowly holds no session between two parts."""
        with reading(self.held.engine) as session:
            return uploads.part(session, self.upload, start, end, key=self.key)

    def whole(self) -> bytes:
        """Give all of it."""
        with reading(self.held.engine) as session:
            return uploads.content(session, self.held.desk.keyring, self.upload, key=self.key)


def spoken(request: Request, held: Held) -> Spoken | None:
    """Give what was said on the page and is not kept as a recording yet, or None."""
    cookie = cookie_of(request)
    if cookie is None:
        return None
    owner, keyring = Owner.for_draft(cookie), held.desk.keyring
    with reading(held.engine) as session:
        for upload in uploads.uploads_of(session, keyring, owner):
            if upload.name == VOICE and upload.received:
                return Spoken(held, upload, uploads.key_of(keyring, owner, upload))
    return None


def left_spoken(request: Request, held: Held) -> Spoken | None:
    """Give what was said before the page was left, or None: also where its draft opens no more.

    The upload waits for as long as any draft may; only the draft knows whose computer it is
    (decision 29). A page that is still open asks `spoken`: a long pause loses nothing there.
    """
    with reading(held.engine) as session:
        if draft_of(request, session, held) is None:
            return None
    return spoken(request, held)


def half_spoken(request: Request, held: Held) -> Sound | None:
    """Give what was said on the page before it was left, if it can be played.

    Raises Crowded where too many are looked at: to open a page costs who asks for it nothing.
    """
    said = left_spoken(request, held)
    if said is None:
        return None
    try:
        with held.listening.turn(Crowded()):
            return listen(held.settings, said.whole())
    except BadInput:
        return None


def keep_spoken(request: Request, held: Held, said: Spoken | None) -> Kept:
    """Make what was said on the page the draft's recording; raises why it cannot be used.

    Asked again, since the first answer was lost, it gives the same: all of it is kept already.
    """
    if said is not None:
        return keep_sound(request, held, None, said.whole())
    with reading(held.engine) as session:
        answers = draft_of(request, session, held)
    cookie = cookie_of(request)
    if cookie is None or answers is None or answers.recorded is None:
        raise DraftGone
    return Kept(cookie, answers, None)


def keep_sound(request: Request, held: Held, form: Form | None, recording: bytes) -> Kept:
    """Keep a recording as the draft's story; raises why it cannot be used.

    It is listened to while no session is open: that takes seconds, and sessions are few.
    """
    leave_room(held.settings)
    sound = listen(held.settings, recording)
    with transaction(held.engine) as session:
        answers = draft_of(request, session, held)
        start = changed(session, answers, asked(request, form, answers))
        cookie = cookie_for(request, session, held)
        kept = keep_recording(session, held.desk, cookie, start, sound)
        uploads.drop_all(session, held.desk.keyring, Owner.for_draft(cookie))
    return Kept(cookie, *kept)
