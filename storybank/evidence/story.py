"""One story as staff read it: masked words with times, and the readings of it side by side."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from storybank.access import Actor, readable_story
from storybank.evidence.readings import OwnAnswer, Tagged, Text, own_reading, tags_of
from storybank.index.tags import newest_read
from storybank.keys import Keyring
from storybank.spans import apply_masks, shown_span
from storybank.tables import (
    Consent,
    Note,
    PassageRow,
    Person,
    Place,
    Programme,
    Recording,
    Redaction,
    Story,
    TranscriptRow,
)
from storybank.understand.segment import times, workers_words
from storybank.values import Direction, Mask, Mode, Span, StoryState, Transcript
from storybank.vault import open_transcript, story_key


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of masked words: when it is said (seconds, None unknown) and which ways it was read."""

    text: str
    at: float | None
    directions: frozenset[Direction] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as pieces that, put together, are exactly its text.

    `asked` says that these are a worker's words: they have no `id`, no code, and are not quoted.
    """

    id: int | None
    text: str
    at: float | None
    pieces: tuple[Piece, ...]
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ShownNote:
    """What a worker wrote beside the story, masked; empty where they only read the story back."""

    who: str
    words: str
    read_back: bool


@dataclass(frozen=True, slots=True)
class StoryView:
    """Everything that the page of one story shows."""

    story: Story
    programme: str
    place: str | None
    consents: tuple[Consent, ...]
    passages: tuple[ShownPassage, ...]
    tags: tuple[Tagged, ...]
    own: tuple[OwnAnswer, ...]
    notes: tuple[ShownNote, ...]
    recording: Recording | None
    sent_by: str | None
    read_by: str | None
    corrected_on: datetime | None


def view_story(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> StoryView:
    """Give what `actor` may read of one story; raises NotFound.

    The recording is there only where the teller let their voice be played and the muted copy is
    made. From the sealed transcript times are taken, and what a worker says, masked.
    """
    story = readable_story(session, actor, story_id)
    rows, transcript = _passages(session, story_id), newest_read(session, story_id)
    text = Text(transcript, rows, _masks(session, transcript))
    tags = tags_of(session, actor, story_id, text)
    told = _told(keyring, story, transcript)
    sender = session.get(Person, story.sent_by) if story.sent_by else None
    place = session.get(Place, story.place_id) if story.place_id else None
    return StoryView(
        story=story,
        programme=session.get_one(Programme, story.programme_id).name,
        place=place.name if place else None,
        consents=_consents(session, story_id),
        passages=_all_shown(text, told, tags),
        tags=tags,
        own=own_reading(session, story_id),
        notes=_shown_notes(session, story_id),
        recording=_recording(session, story),
        sent_by=sender.name if sender else None,
        read_by=_heard_by(session, story_id),
        corrected_on=transcript.created_at if transcript and transcript.version > 1 else None,
    )


def waiting(session: Session, condition: ColumnElement[bool]) -> Sequence[Story]:
    """Give the stories under `condition` that are not read yet, those in need of help first."""
    query = select(Story).where(condition, col(Story.state) != StoryState.READY)
    helpless = col(Story.state) == StoryState.NEEDS_HELP
    return session.exec(query.order_by(helpless.desc(), col(Story.created_at)).limit(200)).all()


def _passages(session: Session, story_id: uuid.UUID) -> Sequence[PassageRow]:
    query = select(PassageRow).where(PassageRow.story_id == story_id)
    return session.exec(query.order_by(col(PassageRow.ordinal))).all()


def _masks(session: Session, transcript: TranscriptRow | None) -> tuple[Mask, ...]:
    if transcript is None:
        return ()
    query = select(Redaction).where(Redaction.transcript_id == transcript.id)
    rows = session.exec(query.order_by(col(Redaction.start))).all()
    return tuple(Mask(Span(r.start, r.end), r.kind, r.placeholder) for r in rows)


def _consents(session: Session, story_id: uuid.UUID) -> tuple[Consent, ...]:
    query = select(Consent).where(Consent.story_id == story_id).order_by(col(Consent.id).desc())
    return tuple(session.exec(query).all())


def _recording(session: Session, story: Story) -> Recording | None:
    if not story.may_voice:
        return None
    query = select(Recording).where(Recording.story_id == story.id)
    found = session.exec(query).first()
    return found if found is not None and found.muted else None


def _told(keyring: Keyring, story: Story, transcript: TranscriptRow | None) -> Transcript | None:
    """Open a spoken story's text: for its times, and for who speaks where."""
    if transcript is None or story.mode != Mode.SPOKEN:
        return None
    return open_transcript(story_key(keyring, story), transcript)


def _heard_by(session: Session, story_id: uuid.UUID) -> str | None:
    """Give what wrote the story down first; None where it was typed."""
    query = select(TranscriptRow.model_id).where(TranscriptRow.story_id == story_id)
    return session.exec(query.order_by(col(TranscriptRow.version)).limit(1)).first()


def _shown_notes(session: Session, story_id: uuid.UUID) -> tuple[ShownNote, ...]:
    """Give the notes that have been masked; before that, nobody but their writer may read them."""
    query = (
        select(Note, Person.name)
        .join(Person, col(Person.id) == col(Note.person_id))
        .where(Note.story_id == story_id, col(Note.masked).is_not(None))
    )
    rows = session.exec(query.order_by(col(Note.id))).all()
    return tuple(ShownNote(name, note.masked or "", note.read_back) for note, name in rows)


def _all_shown(
    text: Text, told: Transcript | None, tags: Sequence[Tagged]
) -> tuple[ShownPassage, ...]:
    """Give the teller's passages and, between them, what a worker says, in the order told."""
    starts = tuple((s.span.start, s.start) for s in told.segments) if told else ()
    shown = [(row.start, _shown(row, text.masks, starts, tags)) for row in text.passages]
    if told is not None:
        shown += [(s.start, _asked(told, text.masks, s)) for s in workers_words(told)]
    return tuple(passage for _, passage in sorted(shown, key=lambda pair: pair[0]))


def _asked(told: Transcript, masks: Sequence[Mask], span: Span) -> ShownPassage:
    start_ms, _ = times(told, span)
    at = start_ms / 1000 if start_ms is not None else None
    words = apply_masks(told.text, masks, span)
    return ShownPassage(None, words, at, (Piece(words, at),), asked=True)


def _shown(
    row: PassageRow,
    masks: Sequence[Mask],
    starts: Sequence[tuple[int, float]],
    tags: Sequence[Tagged],
) -> ShownPassage:
    within = Span(row.start, row.end)
    times = {
        shown_span(masks, within, Span(place, row.end)).start: second
        for place, second in starts
        if row.start < place < row.end
    }
    first = row.start_ms / 1000 if row.start_ms is not None else None
    read: list[tuple[Span, Direction]] = []
    for tag in tags:
        rejected = tag.mine is not None and tag.mine.coding.decision == "rejected"
        if tag.span is not None and tag.span.overlaps(within) and not rejected:
            read.append((shown_span(masks, within, tag.span), tag.direction))
    return ShownPassage(row.id or 0, row.text, first, _pieces(row.text, first, times, read))


def _pieces(
    text: str,
    first: float | None,
    times: dict[int, float],
    read: Sequence[tuple[Span, Direction]],
) -> tuple[Piece, ...]:
    """Cut a passage wherever a heard stretch or a tag's words begin or end."""
    cuts = {0, len(text), *times} | {edge for span, _ in read for edge in (span.start, span.end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    pieces, at = [], first
    for start, end in pairwise(edges):
        at = times.get(start, at)
        ways = frozenset(way for span, way in read if span.start < end and start < span.end)
        pieces.append(Piece(text[start:end], at, ways))
    return tuple(pieces)
