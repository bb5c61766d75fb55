"""What somebody sees who goes through masks: the stories that wait, and one with its masks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, distinct, exists
from sqlmodel import Session, col, func, select

from storybank import audit
from storybank.access import Actor, originals
from storybank.capture.side_steps import english_to_come, waits_by_hand
from storybank.errors import BadInput
from storybank.index.sides import Opened, Side
from storybank.tables import (
    AuditEntry,
    MaskReview,
    Note,
    Redaction,
    Story,
    TranscriptRow,
    now,
)
from storybank.understand.redact.reviewed import MASKED, SHOWN_ANYWAY, folded
from storybank.values import Mask, Span

UNSURE = 0.75
"""Masks that are less sure than this come first."""
A_DAY = timedelta(hours=8)
"""So long a reason holds; then it is asked for again."""
BEGUN, ORIGINAL = "begin-mask-review", "open-original"
LEAST_REASON, MOST_REASON = 8, 300
AROUND = 48
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Waits:
    """A story whose masks nobody has gone through, as they stand now."""

    story: Story
    masks: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Card:
    """One detail of a story: its words in all their places, and what was decided about it.

    `state` is `unsure`, `sure`, `accepted` or `shown`; `before` and `after` are the words around
    the first place. `side` is the text whose words these are: `told`, or another where the detail
    does not stand so in what was told.
    """

    words: str
    span: Span
    kind: str
    placeholder: str
    state: str
    places: int
    before: str
    after: str
    side: str

    @property
    def decided(self) -> bool:
        """Whether a person has decided about it."""
        return self.state in ("accepted", "shown")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the text as told; `card` is the number of the card that it belongs to."""

    words: str
    card: int | None = None
    state: str = ""


def begin(session: Session, actor: Actor, reason: str) -> None:
    """Note why somebody is about to see words as told; raises BadInput where they do not say."""
    reason = " ".join(reason.split())
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise BadInput(message="Say in a few words why you open these stories.")
    audit.note(session, actor.person_id, BEGUN, actor.person_id, reason)


def reason_of(session: Session, actor: Actor) -> AuditEntry | None:
    """Give the reason that somebody gave today, or None where they have to give one."""
    query = select(AuditEntry).where(
        AuditEntry.person_id == actor.person_id,
        AuditEntry.act == BEGUN,
        col(AuditEntry.at) > now() - A_DAY,
    )
    return session.exec(query.order_by(col(AuditEntry.id).desc()).limit(1)).first()


def note_opening(session: Session, actor: Actor, story_id: uuid.UUID, why: AuditEntry) -> None:
    """Note that a story was opened as told, with the reason; once for each reason given."""
    query = select(AuditEntry.id).where(
        AuditEntry.person_id == actor.person_id,
        AuditEntry.act == ORIGINAL,
        AuditEntry.object_id == str(story_id),
        col(AuditEntry.at) >= why.at,
    )
    if session.exec(query.limit(1)).first() is None:
        audit.note(session, actor.person_id, ORIGINAL, story_id, why.purpose)


def waiting(session: Session, actor: Actor, limit: int = MOST_LISTED) -> tuple[list[Waits], int]:
    """Give the stories to go through, those with most doubt first, and how many there are."""
    places = func.count(distinct(col(Redaction.id)))
    unsure = places.filter(col(Redaction.sure) < UNSURE)
    here = col(Redaction.transcript_id) == TranscriptRow.id
    query = (
        select(Story, places, unsure)
        .join(TranscriptRow, col(TranscriptRow.story_id) == Story.id)
        .outerjoin(Note, col(Note.story_id) == Story.id)
        .outerjoin(Redaction, here | (col(Redaction.note_id) == Note.id))
        .where(_waits(actor))
        .group_by(col(Story.id))
        .order_by(unsure.desc(), col(Story.created_at))
        .limit(limit)
    )
    rows = [Waits(story, masks, doubtful) for story, masks, doubtful in session.exec(query)]
    count = select(func.count()).select_from(TranscriptRow).join(Story).where(_waits(actor))
    return rows, session.exec(count).one()


def reviewed_on(session: Session, opened: Opened) -> datetime | None:
    """Give when somebody last went through the masks of this version as they are, or None.

    None, too, where a person put it into English since: as in the list of those that wait.
    """
    row = opened.row
    query = (
        select(MaskReview.created_at)
        .join(TranscriptRow, col(TranscriptRow.id) == col(MaskReview.transcript_id))
        .where(TranscriptRow.id == row.id, _is_of_now())
    )
    return session.exec(query.order_by(col(MaskReview.id).desc()).limit(1)).first()


Detail = tuple[str, str, bool]
"""What makes several places one detail: their words, the kind, and whether they are masked."""


def cards(opened: Opened) -> tuple[Card, ...]:
    """Give the details of a story, what nobody decided about and the machine is unsure of first.

    Of the machine English and of notes only those come that are none of the words as told.
    """
    accepted = {
        side.says(d) for side in opened.sides for d in side.decisions if d.decision == MASKED
    }
    made: dict[Detail, Card] = {}
    for side in opened.sides:
        for detail, places in _details(side).items():
            card = _card(side, places, accepted=detail[0] in accepted)
            made.setdefault(detail, card)
    sides = [side.name for side in opened.sides]
    order = ("unsure", "sure", "accepted", "shown")
    return tuple(
        sorted(made.values(), key=lambda c: (order.index(c.state), sides.index(c.side), c.span))
    )


def runs(side: Side, shown: Sequence[Card]) -> tuple[Run, ...]:
    """Give one text in stretches; put together they are exactly the text."""
    text = side.words
    numbers = {(folded(c.words), c.kind, c.state != "shown"): n for n, c in enumerate(shown)}
    found, at = [], 0
    for mask in sorted((*side.masks, *_shown(side)), key=lambda m: (m.span, m.kind)):
        span = mask.span
        if span.start < at:
            continue
        number = numbers[_detail(text, mask)]
        found += [Run(text[at : span.start]), Run(span.of(text), number, shown[number].state)]
        at = span.end
    return (*(run for run in (*found, Run(text[at:])) if run.words),)


def _details(side: Side) -> dict[Detail, list[Mask]]:
    found: dict[Detail, list[Mask]] = {}
    for mask in (*side.masks, *_shown(side)):
        found.setdefault(_detail(side.words, mask), []).append(mask)
    return found


def _detail(text: str, mask: Mask) -> Detail:
    return folded(mask.span.of(text)), mask.kind, mask.placeholder != ""


def _shown(side: Side) -> list[Mask]:
    """Give what may be shown anyway as masks without a placeholder."""
    rows = [d for d in side.decisions if d.decision == SHOWN_ANYWAY]
    return [Mask(Span(d.start, d.end), d.kind, "") for d in rows]


def _card(side: Side, places: Sequence[Mask], *, accepted: bool) -> Card:
    text, first = side.words, places[0]
    if not first.placeholder:
        state = "shown"
    elif accepted:
        state = "accepted"
    else:
        state = "unsure" if min(mask.sure for mask in places) < UNSURE else "sure"
    start, end = first.span.start, first.span.end
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Card(
        words=first.span.of(text),
        span=first.span,
        kind=first.kind,
        placeholder=first.placeholder,
        state=state,
        places=len(places),
        before="…" + before.partition(" ")[2] if start > AROUND else before,
        after=after.rpartition(" ")[0] + "…" if end + AROUND < len(text) else after,
        side=side.name,
    )


def _waits(actor: Actor) -> ColumnElement[bool]:
    """Say which versions wait: the newest that was read, where no review is of these rules.

    One that waits for its English is gone through with that: nobody else sees it before. What a
    person put into English since a review is gone through again.
    """
    later = TranscriptRow.__table__.alias()  # type: ignore[attr-defined]
    newer = exists().where(
        later.c.story_id == TranscriptRow.story_id,
        later.c.version > TranscriptRow.version,
        later.c.rules_id.is_not(None),
    )
    done = exists().where(col(MaskReview.transcript_id) == TranscriptRow.id, _is_of_now())
    return (
        originals(actor)
        & col(TranscriptRow.rules_id).is_not(None)
        & (col(TranscriptRow.version) > 0)
        & ~newer
        & ~done
        & ~waits_by_hand()
        & ~(col(TranscriptRow.withheld) & english_to_come())
    )


def _is_of_now() -> ColumnElement[bool]:
    """Give the condition on a review of a version that its masks are of what stands there now."""
    english = TranscriptRow.__table__.alias()  # type: ignore[attr-defined]
    anew = exists().where(
        english.c.translates == TranscriptRow.id,
        english.c.person_id.is_not(None),
        english.c.created_at > MaskReview.created_at,
    )
    note = Note.__table__.alias()  # type: ignore[attr-defined]
    beside_anew = exists().where(
        note.c.story_id == TranscriptRow.story_id,
        note.c.translates.is_not(None),
        note.c.created_at > MaskReview.created_at,
    )
    return (col(MaskReview.rules_id) == TranscriptRow.rules_id) & ~anew & ~beside_anew
