"""What people decided about masks, as the steps and pages that follow it need it."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from storybank.tables import MaskDecision, Redaction, TranscriptRow
from storybank.understand.redact.reviewed import Decided, without_shown
from storybank.values import Mask, Span, Transcript
from storybank.vault import open_transcript


def decisions_of(session: Session, key: bytes, row: TranscriptRow) -> tuple[Decided, ...]:
    """Give what people decided about masks of this story, the oldest first, for one version.

    Decisions about an earlier version come with their words, from that version.
    """
    return decided_in(session, key, row, standing(session, row.story_id))


def decided_in(
    session: Session, key: bytes, row: TranscriptRow, rows: Sequence[MaskDecision]
) -> tuple[Decided, ...]:
    """Give stored decisions, in their order, with their words and as they count for one version."""
    texts = {
        number: open_transcript(key, session.get_one(TranscriptRow, number)).text
        for number in {decision.transcript_id for decision in rows}
    }
    return tuple(
        Decided(
            words=texts[d.transcript_id][d.start : d.end],
            span=Span(d.start, d.end),
            decision=d.decision,
            kind=d.kind,
            here=d.transcript_id == row.id,
        )
        for d in rows
    )


def decided_so_far(session: Session, story_id: uuid.UUID) -> tuple[int, int]:
    """Give how many decisions were taken about a story, and how many of them stand.

    Where either is another than before, somebody has decided meanwhile.
    """
    query = select(func.count(), func.count(col(MaskDecision.undone_at))).where(
        MaskDecision.story_id == story_id
    )
    taken, undone = session.exec(query).one()
    return taken, taken - undone


def masks_of(session: Session, row: TranscriptRow) -> tuple[Mask, ...]:
    """Give the masks of one version as they stand, in order."""
    query = select(Redaction).where(Redaction.transcript_id == row.id)
    found = session.exec(query.order_by(col(Redaction.start))).all()
    return tuple(Mask(Span(r.start, r.end), r.kind, r.placeholder, r.sure) for r in found)


def versions_masked(
    session: Session, key: bytes, story_id: uuid.UUID
) -> list[tuple[Transcript, list[Span] | None]]:
    """Give each version of a story's text, the newest last, with what is masked (None: unread)."""
    query = select(TranscriptRow).where(TranscriptRow.story_id == story_id)
    found = []
    for row in session.exec(query.order_by(col(TranscriptRow.version))).all():
        transcript = open_transcript(key, row)
        spans = [mask.span for mask in masks_of(session, row)]
        free = without_shown(transcript.text, spans, decisions_of(session, key, row))
        found.append((transcript, free if row.rules_id else None))
    return found


def standing(session: Session, story_id: uuid.UUID) -> Sequence[MaskDecision]:
    """Give the decisions about a story that are not undone, the oldest first."""
    query = select(MaskDecision).where(
        MaskDecision.story_id == story_id, col(MaskDecision.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(MaskDecision.id))).all()
