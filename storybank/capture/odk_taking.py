"""Take in what survey apps send, once: a form may come in parts, again, and both at one moment.

A form is known by its key and instance id. The same XML again gets the same answer; other XML
under the same id is refused. A form whose recording has not come waits for it, sealed.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import Session, col, select

from storybank import audit
from storybank.capture.intake import (
    Desk,
    check_recording,
    find_programme,
    receipt_for,
    receive,
    sent_as,
)
from storybank.capture.odk import Submission, read_submission, story_of
from storybank.capture.phone_keys import OpenKey
from storybank.capture.phones import RECEIPT_GIVEN
from storybank.capture.waiting import refuse_more_waiting
from storybank.capture.wordings import check_wording
from storybank.errors import ConsentWithdrawn, SentBefore
from storybank.keys import Keyring
from storybank.sealed import seal
from storybank.settings import Settings
from storybank.tables import CollectKey, Story, Waiting, now


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a form: whether it is new, and whether the story is safe or awaits sound.

    `receipt` is the teller's code, the same at every repeat, and None when it is too old to give.
    """

    new: bool
    safe: bool = False
    receipt: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A filled-in form as it was read, with its recording where that came along."""

    submission: Submission
    xml: bytes = field(repr=False)
    recording: bytes | None = field(default=None, repr=False)
    heard: tuple[str, float] | None = None


def look_at(settings: Settings, xml: bytes, files: Mapping[str, bytes]) -> Arrived:
    """Read a form and measure its recording; slow, so no session is open meanwhile.

    `files` are the attachments by name; those that the form does not name are passed over. Raises
    BadSubmission and the errors of `check_recording`.
    """
    submission = read_submission(xml)
    by_name = {_composed(name): content for name, content in files.items()}
    recording = by_name.get(_composed(submission.recording or ""))
    heard = None if recording is None else check_recording(settings, recording)
    return Arrived(submission, xml, recording, heard)


def _composed(name: str) -> str:
    """Give a name with each accent in its letter: an app may write it so here, and apart there."""
    return unicodedata.normalize("NFC", name)


def take(session: Session, desk: Desk, key: OpenKey, arrived: Arrived) -> Taken:
    """Receive the story of a filled-in form, or keep the form until its recording comes.

    Raises BadSubmission, UnknownForm, UnknownWording, SentBefore, ConsentWithdrawn, and the errors
    of `receive`; then nothing is stored.
    """
    submission, recording = arrived.submission, arrived.recording
    name = _known_as(session, desk.keyring, key, submission.instance_id)
    told = story_of(
        submission, key.programme.slug, recording,
        client_id=name, sent_by=str(key.person_id), heard=arrived.heard,
    )  # fmt: skip
    check_wording(session, told.consent.wording, find_programme(session, told.programme))
    digest = desk.keyring.digest(f"submission|{submission.digest}")
    earlier = _earlier(session, desk.keyring, name)  # two at one moment: the second waits here
    waiting = session.get(Waiting, name)
    known = earlier or waiting
    if known is not None and known.body_digest != digest:
        raise SentBefore(f"form of key {key.id}")
    if earlier is not None and recording is None:
        return Taken(new=False, receipt=_code(desk.keyring, name, earlier), safe=True)
    if known is None:
        _refuse_edit(session, desk.keyring, key, submission)
    if submission.recording is not None and recording is None:
        if waiting is None:
            refuse_more_waiting(session, key.person_id)
            session.add(_announced(desk.keyring, key, arrived.xml, digest, name))
        return Taken(new=waiting is None)
    received = receive(session, desk, told)
    story = session.get_one(Story, received.story_id)
    if received.new:
        story.body_digest = digest
        session.add(story)
        audit.note(session, key.person_id, "send-story", received.story_id)
    if waiting is not None:
        session.delete(waiting)
    return Taken(received.new, safe=True, receipt=_code(desk.keyring, name, story))


def _known_as(session: Session, keyring: Keyring, key: OpenKey, instance_id: str) -> str:
    """Give the name under which a form came, also by an earlier key of its worker; else a new one.

    A key is replaced while phones hold forms: sent again, they are the same, and what was taken
    back stays away.
    """
    theirs = (CollectKey.person_id == key.person_id, CollectKey.programme_id == key.programme.id)
    query = select(CollectKey.id).where(*theirs).order_by(col(CollectKey.id))
    for number in session.exec(query):
        name = replace(key, id=number or 0).client_id(instance_id)
        if sent_as(session, keyring, name) is not None or session.get(Waiting, name) is not None:
            return name
    return key.client_id(instance_id)


def _earlier(session: Session, keyring: Keyring, name: str) -> Story | None:
    """Give the story that was sent under this name; raises ConsentWithdrawn where it was taken."""
    found = sent_as(session, keyring, name)
    if found is not None and found.withdrawn_at is not None:
        raise ConsentWithdrawn(f"story {found.id}")
    return found


def _refuse_edit(session: Session, keyring: Keyring, key: OpenKey, submission: Submission) -> None:
    """Raise SentBefore where the form changes one that was sent: nothing told is overwritten."""
    before = submission.deprecated_id
    if before is None:
        return
    name = _known_as(session, keyring, key, before)
    if session.get(Waiting, name) is not None or _earlier(session, keyring, name) is not None:
        raise SentBefore(
            message="This story was sent before and cannot be changed here. "
            "The teller can correct it with their code."
        )


def _announced(keyring: Keyring, key: OpenKey, xml: bytes, digest: bytes, name: str) -> Waiting:
    sealed = seal(keyring.digest(f"waiting key|{name}"), xml, f"waiting/{name}")
    return Waiting(client_id=name, person_id=key.person_id, body_digest=digest, sealed=sealed)


def _code(keyring: Keyring, name: str, story: Story) -> str | None:
    return receipt_for(keyring, name) if story.created_at > now() - RECEIPT_GIVEN else None
