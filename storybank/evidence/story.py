"""One story as staff read it: masked words with times, and the readings of it side by side."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from storybank.access import Actor, readable_story
from storybank.coding import standing
from storybank.keys import Keyring
from storybank.spans import shown_span
from storybank.tables import (
    Coding,
    Consent,
    PassageRow,
    Person,
    Place,
    Programme,
    Recording,
    Redaction,
    Story,
    SuggestionRow,
    TranscriptRow,
)
from storybank.values import Direction, Mask, Mode, Span, StoryState
from storybank.vault import open_transcript, story_key


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of masked words: when it is said (seconds, None unknown) and which ways it was read."""

    text: str
    at: float | None
    directions: frozenset[Direction] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as pieces that, put together, are exactly its text."""

    id: int
    text: str
    at: float | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's standing decision: `confirmed`, `rejected` or `added`."""

    coding: Coding
    who: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Tagged:
    """One tag on its words: the machine's suggestion (None: not suggested) beside people's."""

    key: str
    framework: str
    code: str
    direction: Direction
    quote: str
    at: float | None
    passage_id: int | None
    suggestion: SuggestionRow | None
    decisions: tuple[Decided, ...]

    @property
    def mine(self) -> Decided | None:
        """The decision of the person who reads the page."""
        return next((d for d in self.decisions if d.mine), None)


@dataclass(frozen=True, slots=True)
class StoryView:
    """Everything that the page of one story shows."""

    story: Story
    programme: str
    place: str | None
    consents: tuple[Consent, ...]
    passages: tuple[ShownPassage, ...]
    tags: tuple[Tagged, ...]
    recording: Recording | None
    sent_by: str | None
    read_by: str | None


def view_story(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> StoryView:
    """Give what `actor` may read of one story; raises NotFound.

    The recording is there only where the teller let their voice be played and the muted copy is
    made. From the sealed transcript only times are taken.
    """
    story = readable_story(session, actor, story_id)
    rows = _passages(session, story_id)
    transcript = session.get(TranscriptRow, rows[0].transcript_id) if rows else None
    masks = _masks(session, transcript)
    tags = _tags(session, actor, story_id, rows)
    starts = _starts(keyring, story, transcript)
    sender = session.get(Person, story.sent_by) if story.sent_by else None
    place = session.get(Place, story.place_id) if story.place_id else None
    return StoryView(
        story=story,
        programme=session.get_one(Programme, story.programme_id).name,
        place=place.name if place else None,
        consents=_consents(session, story_id),
        passages=tuple(_shown(row, masks, starts, tags) for row in rows),
        tags=tags,
        recording=_recording(session, story),
        sent_by=sender.name if sender else None,
        read_by=transcript.model_id if transcript else None,
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


def _starts(
    keyring: Keyring, story: Story, transcript: TranscriptRow | None
) -> tuple[tuple[int, float], ...]:
    """Give where each heard stretch starts: its place in the text as told, and its second."""
    if transcript is None or story.mode != Mode.SPOKEN:
        return ()
    told = open_transcript(story_key(keyring, story), transcript)
    return tuple((segment.span.start, segment.start) for segment in told.segments)


def _tags(
    session: Session, actor: Actor, story_id: uuid.UUID, passages: Sequence[PassageRow]
) -> tuple[Tagged, ...]:
    newest = passages[0].transcript_id if passages else None
    query = select(SuggestionRow).where(SuggestionRow.transcript_id == newest)
    suggestions = session.exec(query.order_by(col(SuggestionRow.id))).all()
    decisions = _decisions(session, actor, story_id)
    found: list[Tagged] = []
    for suggestion in suggestions:
        about = tuple(d for d in decisions if _same(d.coding, suggestion))
        found.append(_tagged(suggestion, suggestion, about, passages))
    answered = {d.coding.id for tag in found for d in tag.decisions}
    alone: dict[object, list[Decided]] = {}
    for decided in decisions:
        if decided.coding.id not in answered:
            alone.setdefault(_place_of(decided.coding), []).append(decided)
    found += [_tagged(ds[0].coding, None, tuple(ds), passages) for ds in alone.values()]
    return tuple(sorted(found, key=_in_text_order))


def _in_text_order(tag: Tagged) -> tuple[int, str, str]:
    row = tag.suggestion or tag.decisions[0].coding
    return row.start, tag.code, tag.direction


def _decisions(session: Session, actor: Actor, story_id: uuid.UUID) -> tuple[Decided, ...]:
    codings = standing(session, story_id)
    ids = {coding.person_id for coding in codings}
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    names = {person.id: person.name for person in people}
    return tuple(
        Decided(c, names.get(c.person_id, "Somebody"), mine=c.person_id == actor.person_id)
        for c in codings
    )


def _place_of(row: Coding | SuggestionRow) -> tuple[object, ...]:
    return row.framework, row.code, row.direction, row.transcript_id, row.start, row.end


def _same(coding: Coding, suggestion: SuggestionRow) -> bool:
    """Say whether a decision is about this suggestion: the same tag on the same words."""
    if (coding.framework, coding.code, coding.direction) != (
        suggestion.framework,
        suggestion.code,
        suggestion.direction,
    ):
        return False
    if coding.transcript_id != suggestion.transcript_id:
        return coding.quote == suggestion.quote
    return Span(coding.start, coding.end).overlaps(Span(suggestion.start, suggestion.end))


def _tagged(
    row: Coding | SuggestionRow,
    suggestion: SuggestionRow | None,
    decisions: tuple[Decided, ...],
    passages: Iterable[PassageRow],
) -> Tagged:
    span = Span(row.start, row.end)
    on = next(
        (
            p.id
            for p in passages
            if p.transcript_id == row.transcript_id and span.overlaps(Span(p.start, p.end))
        ),
        None,
    )
    return Tagged(
        key=f"s{row.id}" if suggestion else f"c{row.id}",
        framework=row.framework,
        code=row.code,
        direction=Direction(row.direction),
        quote=row.quote,
        at=row.start_ms / 1000 if row.start_ms is not None else None,
        passage_id=on,
        suggestion=suggestion,
        decisions=decisions,
    )


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
        source = tag.suggestion or tag.decisions[0].coding
        span = Span(source.start, source.end)
        rejected = tag.mine is not None and tag.mine.coding.decision == "rejected"
        if source.transcript_id == row.transcript_id and span.overlaps(within) and not rejected:
            read.append((shown_span(masks, within, span), tag.direction))
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
