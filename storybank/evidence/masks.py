"""What somebody sees who goes through masks: the stories that wait, and one with its masks."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, select

from storybank import audit
from storybank.access import Actor, originals
from storybank.errors import BadInput
from storybank.masking import Opened
from storybank.tables import (
    AuditEntry,
    MaskDecision,
    MaskReview,
    Redaction,
    Story,
    TranscriptRow,
    now,
)
from storybank.understand.redact.reviewed import SHOWN_ANYWAY
from storybank.values import Mask, Span

UNSURE = 0.75
"""Masks that are less sure than this come first."""
A_DAY = timedelta(hours=8)
"""So long a reason holds; then it is asked for again."""
BEGUN, ORIGINAL = "begin-mask-review", "open-original"
LEAST_REASON, MOST_REASON = 8, 300
AROUND = 48


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
    the first place.
    """

    words: str
    span: Span
    kind: str
    placeholder: str
    state: str
    places: int
    before: str
    after: str

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


def waiting(session: Session, actor: Actor, limit: int = 100) -> tuple[list[Waits], int]:
    """Give the stories to go through, those with most doubt first, and how many there are."""
    unsure = func.count(col(Redaction.id)).filter(col(Redaction.sure) < UNSURE)
    query = (
        select(Story, func.count(col(Redaction.id)), unsure)
        .join(TranscriptRow, col(TranscriptRow.story_id) == Story.id)
        .outerjoin(Redaction, col(Redaction.transcript_id) == TranscriptRow.id)
        .where(_waits(actor))
        .group_by(col(Story.id))
        .order_by(unsure.desc(), col(Story.created_at))
        .limit(limit)
    )
    rows = [Waits(story, masks, doubtful) for story, masks, doubtful in session.exec(query)]
    count = select(func.count()).select_from(TranscriptRow).join(Story).where(_waits(actor))
    return rows, session.exec(count).one()


def reviewed_on(session: Session, opened: Opened) -> datetime | None:
    """Give when somebody last went through the masks of this version as they are, or None."""
    query = select(MaskReview.created_at).where(
        MaskReview.transcript_id == opened.row.id, MaskReview.rules_id == opened.row.rules_id
    )
    return session.exec(query.order_by(col(MaskReview.id).desc()).limit(1)).first()


def cards(opened: Opened) -> tuple[Card, ...]:
    """Give the details of a story, what nobody decided about and the machine is unsure of first."""
    text = opened.transcript.text
    decided = {Span(d.start, d.end): d for d in opened.decisions}
    shown = [_shown(d) for d in opened.decisions if d.decision == SHOWN_ANYWAY]
    rows: dict[tuple[str, str, bool], list[Mask]] = {}
    for mask in (*opened.masks, *shown):
        words = " ".join(mask.span.of(text).casefold().split())
        rows.setdefault((words, mask.kind, mask.placeholder == ""), []).append(mask)
    made = [_card(text, places, decided) for places in rows.values()]
    order = ("unsure", "sure", "accepted", "shown")
    return tuple(sorted(made, key=lambda card: (order.index(card.state), card.span)))


def runs(opened: Opened, shown: Sequence[Card]) -> tuple[Run, ...]:
    """Give the text as told in stretches; put together they are exactly the text."""
    text = opened.transcript.text
    numbers = {(" ".join(c.words.casefold().split()), c.kind): n for n, c in enumerate(shown)}
    found, at = [], 0
    for span, kind in sorted({(m.span, m.kind) for m in opened.masks} | _let_through(opened)):
        if span.start < at:
            continue
        number = numbers.get((" ".join(span.of(text).casefold().split()), kind))
        state = shown[number].state if number is not None else ""
        found += [Run(text[at : span.start]), Run(span.of(text), number, state)]
        at = span.end
    return (*(run for run in (*found, Run(text[at:])) if run.words),)


def _let_through(opened: Opened) -> set[tuple[Span, str]]:
    rows: Iterable[MaskDecision] = opened.decisions
    return {(Span(d.start, d.end), d.kind) for d in rows if d.decision == SHOWN_ANYWAY}


def _shown(decision: MaskDecision) -> Mask:
    return Mask(Span(decision.start, decision.end), decision.kind, "")


def _card(text: str, places: Sequence[Mask], decided: dict[Span, MaskDecision]) -> Card:
    first = places[0]
    if not first.placeholder:
        state = "shown"
    elif all(mask.span in decided for mask in places):
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
        before=("…" if start > AROUND else "") + before.partition(" ")[2 if start > AROUND else 0],
        after=after.rpartition(" ")[0] + "…" if end + AROUND < len(text) else after,
    )


def _waits(actor: Actor) -> ColumnElement[bool]:
    """Say which versions wait: the newest that was read, where no review is of these rules."""
    later = TranscriptRow.__table__.alias()  # type: ignore[attr-defined]
    newer = exists().where(
        later.c.story_id == TranscriptRow.story_id,
        later.c.version > TranscriptRow.version,
        later.c.rules_id.is_not(None),
    )
    done = exists().where(
        col(MaskReview.transcript_id) == TranscriptRow.id,
        col(MaskReview.rules_id) == TranscriptRow.rules_id,
    )
    return (
        originals(actor)
        & col(TranscriptRow.rules_id).is_not(None)
        & (col(TranscriptRow.version) > 0)
        & ~newer
        & ~done
    )
