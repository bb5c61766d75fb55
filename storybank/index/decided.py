"""What people decided about masks, as the steps and pages that follow it need it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session, col, func, select

from storybank.index.texts import Text, masks_of, stands_on, text_under, words_of
from storybank.tables import MaskDecision, Note, TranscriptRow
from storybank.understand.redact.reviewed import MASKED, Decided, without_shown
from storybank.values import Span, Transcript
from storybank.vault import open_transcript


def decisions_of(session: Session, key: bytes, text: Text) -> tuple[Decided, ...]:
    """Give what people decided about masks of this story, the oldest first, for one text of it.

    Decisions about another text, an earlier version say, come with their words, from there.
    """
    return decided_in(session, key, text, standing(session, text.story_id))


def decided_in(
    session: Session, key: bytes, text: Text, rows: Sequence[MaskDecision]
) -> tuple[Decided, ...]:
    """Give stored decisions, in their order, with their words and as they count for one text.

    Between a worker's note and the story only what is masked counts on: that a name may be shown
    in the one says nothing of the other, which somebody else wrote.
    """
    one_each = {(d.transcript_id, d.note_id): d for d in rows}
    words = {on: words_of(key, text_under(session, d)) for on, d in one_each.items()}
    return tuple(
        Decided(
            words=words[d.transcript_id, d.note_id][d.start : d.end],
            span=Span(d.start, d.end),
            decision=d.decision,
            kind=d.kind,
            here=stands_on(d, text),
        )
        for d in rows
        if d.decision == MASKED or stands_on(d, text) or _both_of_the_story(d, text)
    )


def with_hidden(
    session: Session, key: bytes, text: Text, hidden: Sequence[MaskDecision]
) -> tuple[Decided, ...]:
    """Give what people decided for one text, with the Shows in `hidden` turned into masks."""
    taken_back = (replace(d, decision=MASKED) for d in decided_in(session, key, text, hidden))
    return (*decisions_of(session, key, text), *taken_back)


def decided_so_far(session: Session, story_id: uuid.UUID) -> tuple[int, int]:
    """Give how many decisions were taken about a story, and how many of them stand.

    Where either is another than before, somebody has decided meanwhile.
    """
    query = select(func.count(), func.count(col(MaskDecision.undone_at))).where(
        MaskDecision.story_id == story_id
    )
    taken, undone = session.exec(query).one()
    return taken, taken - undone


@dataclass(frozen=True)
class Version:
    """A version of a story's text, what is masked in it, and what people said of masks.

    Of one that was not `read` yet no masks are known; of one `withheld`, no names. `rules_id` says
    by which rules: none where somebody undid a decision about another version since.
    """

    transcript: Transcript = field(repr=False)
    masked: tuple[Span, ...]
    decisions: tuple[Decided, ...]
    rules_id: str
    withheld: bool

    @property
    def read(self) -> bool:
        """Whether the masks are those that rules and people say now."""
        return bool(self.rules_id)

    def silent(self, masked: Iterable[Span]) -> list[Span]:
        """Give what of `masked` is not to be heard: people may have said that it may be shown."""
        return without_shown(self.transcript.text, masked, self.decisions)


def versions_of(session: Session, key: bytes, story_id: uuid.UUID) -> list[Version]:
    """Give each version of a story's text, and of its English, the newest words last."""
    query = select(TranscriptRow).where(TranscriptRow.story_id == story_id)
    return [
        Version(
            open_transcript(key, row),
            tuple(mask.span for mask in masks_of(session, row)),
            decisions_of(session, key, row),
            row.rules_id or "",
            row.withheld,
        )
        for row in session.exec(query.order_by(col(TranscriptRow.version))).all()
    ]


def standing(session: Session, story_id: uuid.UUID) -> Sequence[MaskDecision]:
    """Give the decisions about a story that are not undone, the oldest first."""
    query = select(MaskDecision).where(
        MaskDecision.story_id == story_id, col(MaskDecision.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(MaskDecision.id))).all()


def _both_of_the_story(decision: MaskDecision, text: Text) -> bool:
    return decision.note_id is None and not isinstance(text, Note)
