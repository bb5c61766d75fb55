"""What a teller said on the page so far: sent piece by piece, and kept as the draft's recording.

Two tabs of one browser tell one story. Each page says which recordings it knows, and none that it
does not know is deleted or replaced: the page is told of it, and asks the teller.
"""

from dataclasses import dataclass, field

from sqlmodel import Session
from starlette.requests import Request

from storybank.capture import uploads
from storybank.capture.answers import Answers
from storybank.capture.drafts import Sound, hold_draft, keep_recording, listen
from storybank.capture.room import leave_room
from storybank.capture.uploads import Owner
from storybank.db import reading, transaction
from storybank.errors import BadInput, Crowded, DraftGone, RecordingKept
from storybank.tables import Upload
from web.drafting import asked, changed, cookie_for, cookie_of, draft_of, next_page
from web.forms import Form
from web.state import Held

VOICE = "voice"
"""What the names of the page's uploads begin with; each recording has a name of its own."""
KNOWN = "known"
"""The field in which a page says which recordings it was loaded with, or was told of since."""


@dataclass(frozen=True)
class Kept:
    """A recording that is kept: the browser's cookie, its answers, and the blob that it replaced.

    The blob in `stale` may be deleted now: all of this is stored.
    """

    cookie: str
    answers: Answers
    stale: str | None


@dataclass(frozen=True)
class Other:
    """A recording that a page does not know: where it is heard, and the route where it goes on.

    `known` is what the page says from then on.
    """

    sound: str
    goes_on: str
    known: str


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


def known_on(request: Request, form: Form | None) -> frozenset[str]:
    """Give the recordings that a page knows, by what stands for each."""
    said = form.text(KNOWN) if form is not None else request.query_params.get(KNOWN, "")
    return frozenset(said.split())


def other_recording(
    request: Request, session: Session, held: Held, known: frozenset[str]
) -> Other | None:
    """Give a recording of this story, or the beginning of one, that a page does not know."""
    cookie, answers = cookie_of(request), draft_of(request, session, held)
    if cookie is None or answers is None:
        return None
    owner = Owner.for_draft(cookie)
    begun = [u.id for u in uploads.uploads_of(session, held.desk.keyring, owner) if u.received]
    kept = [answers.sound_mark] if answers.sound_mark else []
    says = " ".join(sorted({*known, *kept, *begun}))
    if not known.issuperset(kept):
        return Other("recording", next_page(answers), says)
    return None if known.issuperset(begun) else Other("recording_begun", "record", says)


def drop_known(
    session: Session, held: Held, cookie: str, known: frozenset[str], name: str = ""
) -> None:
    """Delete what a page knows of what was said, what is called `name`, and what holds nothing.

    A tab that has just begun finds its upload gone, begins again, and is told what is here.
    """
    for upload in uploads.uploads_of(session, held.desk.keyring, Owner.for_draft(cookie)):
        if upload.id in known or upload.name == name or not upload.received:
            uploads.drop(session, upload)


def spoken(request: Request, held: Held, name: str = "") -> Spoken | None:
    """Give what was said on the page and is not kept as a recording yet, or None.

    Without a `name` it is the longest of what was said here.
    """
    cookie = cookie_of(request)
    if cookie is None:
        return None
    owner, keyring = Owner.for_draft(cookie), held.desk.keyring
    with reading(held.engine) as session:
        said = [
            upload
            for upload in uploads.uploads_of(session, keyring, owner)
            if upload.received and upload.name.startswith(VOICE) and name in {"", upload.name}
        ]
        longest = max(said, key=lambda upload: upload.received, default=None)
        if longest is None:
            return None
        return Spoken(held, longest, uploads.key_of(keyring, owner, longest))


def left_spoken(request: Request, held: Held, name: str = "") -> Spoken | None:
    """Give what was said before the page was left, or None: also where its draft opens no more.

    The upload waits for as long as any draft may; only the draft knows whose computer it is
    (decision 29). A page that is still open asks `spoken`: a long pause loses nothing there.
    """
    with reading(held.engine) as session:
        if draft_of(request, session, held) is None:
            return None
    return spoken(request, held, name)


def half_spoken(held: Held, said: Spoken | None) -> Sound | None:
    """Give what was said on the page before it was left, if it can be played.

    Raises Crowded where too many are looked at: to open a page costs who asks for it nothing.
    """
    if said is None:
        return None
    try:
        with held.listening.turn(Crowded()):
            return listen(held.settings, said.whole())
    except BadInput:
        return None


def keep_spoken(request: Request, held: Held, form: Form, said: Spoken | None) -> Kept:
    """Make what was said on the page the draft's recording; raises why it cannot be used.

    Asked again, since the first answer was lost, it gives the same: all of it is kept already.
    """
    if said is not None:
        return keep_sound(request, held, form, said.whole(), name=said.upload.name)
    with reading(held.engine) as session:
        answers = draft_of(request, session, held)
    cookie, name = cookie_of(request), form.text("name")
    if cookie is None or answers is None or answers.recorded is None:
        raise DraftGone
    if name not in {"", answers.sound_mark}:
        raise DraftGone  # another one has taken its place
    return Kept(cookie, answers, None)


def keep_sound(
    request: Request, held: Held, form: Form | None, recording: bytes, *, name: str = ""
) -> Kept:
    """Keep a recording as the draft's story; raises why it cannot be used.

    Raises RecordingKept where it would take the place of one that its page does not know.
    It is listened to while no session is open: that takes seconds, and sessions are few.
    """
    leave_room(held.settings)
    sound = listen(held.settings, recording)
    known = known_on(request, form)
    with transaction(held.engine) as session:
        hold_draft(session, held.desk.keyring, cookie_of(request))
        answers = draft_of(request, session, held)
        if answers is not None and answers.sound_mark not in {"", name or sound.mark, *known}:
            raise RecordingKept
        start = changed(session, answers, asked(request, form, answers))
        cookie = cookie_for(request, session, held)
        kept = keep_recording(session, held.desk, cookie, start, sound, name)
        drop_known(session, held, cookie, known, name)
    return Kept(cookie, *kept)
