"""Receive a story: seal it, store it with its consent and its work, in one transaction."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from storybank import jobs
from storybank.capture.audio import probe
from storybank.capture.blobs import Blobs
from storybank.capture.room import leave_reserve
from storybank.capture.text import clean, count_words
from storybank.capture.wordings import check_wording
from storybank.consent import effective
from storybank.errors import (
    BadInput,
    ConsentWithdrawn,
    EmptyRecording,
    EmptyStory,
    RecordingTooLarge,
    SentBefore,
)
from storybank.keys import RECEIPT_DIGITS, Keyring, WrappedKey, new_receipt
from storybank.sealed import seal
from storybank.sentences import sentence
from storybank.settings import Settings
from storybank.tables import (
    Consent,
    Note,
    Place,
    Programme,
    Recording,
    Story,
    TellerAnswer,
    TranscriptRow,
    now,
)
from storybank.values import Channel, ConsentGiven, Mode, NewStory, StoryState, Transcript, Use
from storybank.vault import clip_context, note_context, recording_context, seal_transcript


@dataclass(frozen=True)
class Desk:
    """What is needed to receive stories: limits, keys, and the store of recordings."""

    settings: Settings
    keyring: Keyring
    blobs: Blobs


@dataclass(frozen=True, slots=True)
class Received:
    """A story that is safe: its id, the teller's receipt code, and whether it was new."""

    story_id: uuid.UUID
    receipt: str
    new: bool = True


def receive(session: Session, desk: Desk, told: NewStory) -> Received:
    """Store one story and its work; gives the receipt once the session commits.

    With a `client_id` (or `external_id`) sent before, the same contents give the same answer and
    store nothing; other contents, or another consent, raise SentBefore. A story that its teller
    took back stays away: ConsentWithdrawn. Raises the errors of `clean` and `probe`,
    UnknownWording and DiskFull; then nothing is stored.
    """
    content = _content_digest(desk.keyring, told)
    receipt = receipt_for(desk.keyring, told.client_id)
    if (earlier := _earlier(session, desk.keyring, told)) is not None:
        if earlier.withdrawn_at is not None:
            raise ConsentWithdrawn(f"story {earlier.id}")
        if earlier.content_digest != content or not _agreed(session, earlier, told.consent):
            raise SentBefore(f"story {earlier.id}")
        return Received(earlier.id, receipt, new=False)
    key, wrapped = desk.keyring.new_story_key()
    story = _story(session, told, wrapped)
    story.content_digest = content
    story.receipt_digest = desk.keyring.digest(receipt)
    if told.recording is not None:
        _add_recording(session, desk, story, key, told)
    elif told.text is not None:
        leave_reserve(desk.settings)
        _add_text(session, desk, story, key, told.text)
    else:
        raise EmptyStory
    clip = None
    if told.clip is not None:
        clip = desk.blobs.put(key, told.clip, clip_context(story.id))
    record_consent(session, story, told.consent, clip=clip)
    _add_notes(session, story, key, told)
    for question, answer in told.own_reading:
        session.add(TellerAnswer(story_id=story.id, question=question, answer=answer))
    session.flush()
    jobs.enqueue(session, jobs.TRANSCRIBE if told.recording else jobs.UNDERSTAND, story.id)
    return Received(story.id, receipt)


def record_consent(
    session: Session, story: Story, given: ConsentGiven, *, clip: str | None = None
) -> None:
    """Make `given` the story's consent from now on, and add it to the history.

    `clip` is the blob in which it was said aloud. Raises UnknownWording where it names words that
    the story's programme never asked in.
    """
    check_wording(session, given.wording, story.programme_id)
    consent = effective(given)
    for use in ("learn", "quote", "voice", "publish", "named"):
        setattr(story, f"may_{use}", getattr(consent, use))
    session.add(story)
    session.flush()
    session.add(Consent(story_id=story.id, clip=clip, **asdict(consent)))


def receipt_for(keyring: Keyring, client_id: str | None) -> str:
    """Give the receipt code of a story: from its `client_id`, or a new random one without.

    A repeated send must give the same code, though only its digest is stored.
    """
    if client_id is None:
        return new_receipt()
    number = int.from_bytes(keyring.digest(f"receipt|{client_id}"), "big")
    return str(number % 10**RECEIPT_DIGITS).zfill(RECEIPT_DIGITS)


def check_recording(settings: Settings, recording: bytes) -> tuple[str, float]:
    """Give container and seconds of a recording that can be accepted; raises why it cannot."""
    if not recording:
        raise EmptyRecording
    if len(recording) > settings.max_recording_bytes:
        raise RecordingTooLarge(
            message=sentence(
                "The recording is larger than %(n)s MB. Send a smaller file, or send it in parts.",
                n=settings.max_recording_mb,
            )
        )
    found = probe(recording, max_seconds=settings.max_recording_minutes * 60)
    return found.container, found.seconds


def _add_recording(session: Session, desk: Desk, story: Story, key: bytes, told: NewStory) -> None:
    recording = told.recording or b""
    container, seconds = told.heard or check_recording(desk.settings, recording)
    row = Recording(
        id=uuid.uuid4(),
        story_id=story.id,
        blob="",
        bytes=len(recording),
        container=container,
        seconds=seconds,
    )
    row.blob = desk.blobs.put(key, recording, recording_context(row.id, "told"))
    story.mode, story.seconds = Mode.SPOKEN, seconds
    session.add(story)
    session.flush()
    session.add(row)


def _add_text(session: Session, desk: Desk, story: Story, key: bytes, typed: str) -> None:
    text = clean(typed, max_words=desk.settings.max_story_words)
    story.words = count_words(text)
    session.add(story)
    session.flush()
    session.add(
        TranscriptRow(
            story_id=story.id,
            version=1,
            source="typed",
            language=story.language or "en",
            sealed=seal_transcript(key, story.id, 1, Transcript(text, story.language or "en")),
        )
    )


def _add_notes(session: Session, story: Story, key: bytes, told: NewStory) -> None:
    """Keep what the worker wrote beside the story, each apart; empty where only read back.

    What was spoken nobody reads back: beside a recording that is said of the written words alone.
    """
    if told.sent_by is None:
        return
    by = uuid.UUID(told.sent_by)
    written, own = (told.written or "").strip(), (told.note or "").strip()
    typed_back = told.read_back and told.recording is None and not written
    notes = [(written, told.read_back, True)] if written else []
    if own or typed_back:
        notes.append((own, typed_back, False))
    for words, back, tellers in notes:
        sealed = seal(key, words.encode("utf-8", "ignore"), note_context(story.id))
        session.add(
            Note(story_id=story.id, person_id=by, sealed=sealed, read_back=back, tellers=tellers)
        )
        session.flush()  # in this order


def _story(session: Session, told: NewStory, wrapped: WrappedKey) -> Story:
    return Story(
        id=uuid.uuid4(),
        told_on=told.told_on or now().date().isoformat(),
        happened=told.happened,
        programme_id=find_programme(session, told.programme),
        place_id=find_place(session, told.place),
        channel=told.channel,
        mode=Mode.TYPED,
        teller=told.teller,
        language=told.language,
        sent_by=uuid.UUID(told.sent_by) if told.sent_by else None,
        external_id=told.external_id,
        client_id=told.client_id,
        content_digest=b"",
        receipt_digest=b"",
        key_id=wrapped.key_id,
        wrapped_key=wrapped.wrapped,
        invented=told.invented,
    )


def withdrawn_name(keyring: Keyring, name: str) -> str:
    """Give what a withdrawn story is known as instead of `name`: a digest that tells nothing."""
    return f"withdrawn-{keyring.digest(f'withdrawn|{name}').hex()}"


def _earlier(session: Session, keyring: Keyring, told: NewStory) -> Story | None:
    known_as = told.client_id or told.external_id
    if known_as is None:
        return None
    column = Story.client_id if told.client_id is not None else Story.external_id
    return sent_as(session, keyring, known_as, column)


def sent_as(
    session: Session, keyring: Keyring, name: str, column: Any = Story.client_id
) -> Story | None:
    """Give the story that was sent under this name, taken back or not, or None.

    Until the session ends nobody else gets an answer for the same name: of two sends at the same
    moment the second waits here, and then finds the story of the first.
    """
    session.connection().execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
    names = (name, withdrawn_name(keyring, name))
    return session.exec(select(Story).where(col(column).in_(names))).one_or_none()


def _agreed(session: Session, story: Story, given: ConsentGiven) -> bool:
    """Say whether a story came in with this consent: a corrected one must not be lost unseen."""
    query = select(Consent).where(Consent.story_id == story.id).order_by(col(Consent.id)).limit(1)
    first = session.exec(query).one()
    consent = effective(given)
    return all(getattr(first, use.value) == consent.allows(use) for use in Use)


def _content_digest(keyring: Keyring, told: NewStory) -> bytes:
    """Give what tells the same story, sent again, from another.

    From a worker's page all that is said on it counts: what is changed there before a second press
    must not be dropped unseen. Lists that are imported again may name places otherwise.
    """
    recording = hashlib.sha256(told.recording).hexdigest() if told.recording else None
    content = ["content", told.text, recording]
    if told.external_id is None and told.channel in (Channel.WORKER, Channel.PAPER):
        content += [told.programme, told.place, told.told_on, told.happened, told.teller]
        content += [told.note, "read back" if told.read_back else None]
    return keyring.digest(json.dumps(content))


def find_programme(session: Session, slug: str | None) -> int:
    """Give the id of a programme, the first one for None; raises BadInput where there is none."""
    query = select(Programme.id).order_by(col(Programme.id))
    if slug is not None:
        query = query.where(Programme.slug == slug)
    found = session.exec(query).first()
    if found is None:
        raise BadInput(message="There is no such programme. Choose one from the list.")
    return found


def find_place(session: Session, slug: str | None) -> int | None:
    """Give the id of a place, None for none; raises BadInput where there is no such place."""
    if not slug:
        return None
    found = session.exec(select(Place.id).where(Place.slug == slug)).first()
    if found is None:
        raise BadInput(message="There is no such place. Choose one from the list.")
    return found


def try_again(session: Session, story: Story) -> None:
    """Put a story whose work failed back into the queue, at the step it had reached."""
    written = session.exec(
        select(TranscriptRow.id).where(TranscriptRow.story_id == story.id)
    ).first()
    story.state, story.problem, story.progress = StoryState.RECEIVED, None, 0.0
    session.add(story)
    jobs.enqueue(session, jobs.UNDERSTAND if written else jobs.TRANSCRIBE, story.id)
