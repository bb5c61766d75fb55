"""People look at a story's masks: they accept, take off, add, change; the sole writer of that.

Only governance and admins see the words as told, after saying why; each opening is noted. A
decision is told: it is undone, never erased, and holds when the story is read again.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlmodel import Session, col, select

from storybank import audit, jobs
from storybank.access import Actor, original_story
from storybank.errors import BadInput, BadSelection, NotFound
from storybank.index.decided import decisions_of, masks_of, standing
from storybank.index.remask import mask_notes, remask
from storybank.index.tags import newest_read
from storybank.keys import Keyring
from storybank.tables import (
    MaskDecision,
    MaskReview,
    Recording,
    Story,
    TranscriptRow,
    now,
)
from storybank.understand.redact.placeholders import SHOWN
from storybank.understand.redact.reviewed import (
    DETAIL_KINDS,
    MASKED,
    SHOWN_ANYWAY,
    Decided,
    occurrences,
    reviewed,
)
from storybank.values import Mask, Mode, Span, Transcript
from storybank.vault import open_transcript, story_key

LONGEST_WORDS = 300
"""Characters of one detail that a person marks."""
MOST_PLACES = 1_000
"""Each place is a decision of its own; nobody says a name more often."""
NO_RULES = ""
"""What masked a version whose masks a decision made: any rules are others, and mask it anew."""


@dataclass(frozen=True)
class Opened:
    """A story opened for its masks: the version read last as told, its masks, what people said."""

    story: Story
    row: TranscriptRow
    transcript: Transcript
    masks: tuple[Mask, ...]
    decisions: tuple[MaskDecision, ...]


def open_story(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> Opened:
    """Give a story as told, with its masks; raises NotAllowed, NotFound where it is not read yet.

    The caller notes the opening, with its reason.
    """
    story = original_story(session, actor, story_id)
    row = newest_read(session, story_id)
    if row is None:
        raise NotFound(f"story {story_id}", message="This story is not read yet. Come back later.")
    return Opened(
        story=story,
        row=row,
        transcript=open_transcript(story_key(keyring, story), row),
        masks=masks_of(session, row),
        decisions=tuple(d for d in standing(session, story_id) if d.transcript_id == row.id),
    )


def accept(
    session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, spans: Sequence[Span]
) -> None:
    """Say that the masks at `spans` are right as they are; those that are gone are passed over."""
    opened, wanted = _locked(session, keyring, actor, story_id), set(spans)
    for mask in opened.masks:
        if mask.span in wanted:
            _add(session, actor, opened, mask.span, MASKED, mask.kind)
    _follow(session, keyring, opened)


def take_off(
    session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, span: Span
) -> int:
    """Say that the words of a mask may be shown, here and wherever they stand; gives how many."""
    opened = _locked(session, keyring, actor, story_id)
    words = span.of(opened.transcript.text)
    same = [m for m in opened.masks if _same(m.span.of(opened.transcript.text), words)]
    if not any(mask.span == span for mask in same):
        raise NotFound(
            f"mask at {span.start}",
            message="This mask has been made anew since. Load the page again.",
        )
    for mask in same:
        _add(session, actor, opened, mask.span, SHOWN_ANYWAY, mask.kind)
    _follow(session, keyring, opened)
    return len(same)


def mask_words(
    session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, words: str, kind: str
) -> int:
    """Mask `words` wherever they stand in the story; gives in how many places.

    Raises BadSelection where they do not stand in it, BadInput for a kind there is not. Where they
    are masked already, the mask changes its kind.
    """
    if kind not in DETAIL_KINDS:
        raise BadInput(message="Choose what kind of detail this is.")
    opened = _locked(session, keyring, actor, story_id)
    words = words.strip().strip('.,;:!?"“”')
    if not any(c.isalnum() for c in words) or len(words) > LONGEST_WORDS:
        raise BadSelection
    places = list(occurrences(opened.transcript.text, words))
    if not places:
        raise BadSelection
    if len(places) > MOST_PLACES:
        raise BadInput(message="These words stand in the story too often to be a name.")
    for span in places:
        _add(session, actor, opened, span, MASKED, kind)
    _follow(session, keyring, opened)
    return len(places)


def undo(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, span: Span) -> None:
    """Take back what was last decided about the words at `span`; the machine's masks come again."""
    opened = _locked(session, keyring, actor, story_id)
    text = opened.transcript.text
    hidden = []
    for decision in opened.decisions:
        at = Span(decision.start, decision.end)
        if at == span or _same(at.of(text), span.of(text)):
            decision.undone_at = now()
            session.add(decision)
            audit.note(session, actor.person_id, "mask-undone", decision.id)
            if decision.decision == SHOWN_ANYWAY:  # hidden again until the rules have spoken
                hidden.append(Decided(at.of(text), at, MASKED, decision.kind, here=True))
    session.flush()
    _follow(session, keyring, opened, hidden)


def finish(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> MaskReview:
    """Say that this story's masks have all been looked at; those still open count as accepted."""
    opened = _locked(session, keyring, actor, story_id)
    accept(session, keyring, actor, story_id, [mask.span for mask in opened.masks])
    assert opened.row.id is not None  # noqa: S101 (it was read from the database)
    made = MaskReview(
        story_id=story_id,
        transcript_id=opened.row.id,
        rules_id=opened.row.rules_id or "",
        person_id=_person(actor),
    )
    session.add(made)
    session.flush()
    audit.note(session, actor.person_id, "masks-reviewed", story_id)
    return made


def shown_kinds() -> dict[str, str]:
    """Give each kind of detail that a person may choose, and what is shown for it."""
    return {"person": "[person]", **SHOWN}


def _locked(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> Opened:
    """Open a story whose masks nobody else changes until the transaction ends."""
    story = original_story(session, actor, story_id)
    session.refresh(story, with_for_update=True)
    return open_story(session, keyring, actor, story_id)


def _add(
    session: Session, actor: Actor, opened: Opened, span: Span, decision: str, kind: str
) -> None:
    """Store a decision in place of the last about the same words; the same twice is one."""
    assert opened.row.id is not None  # noqa: S101 (it was read from the database)
    for earlier in opened.decisions:
        if Span(earlier.start, earlier.end) != span or earlier.undone_at is not None:
            continue
        if (earlier.decision, earlier.kind) == (decision, kind):
            return
        earlier.undone_at = now()
        session.add(earlier)
    made = MaskDecision(
        story_id=opened.story.id, transcript_id=opened.row.id, start=span.start, end=span.end,
        decision=decision, kind=kind, person_id=_person(actor),
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.note(session, actor.person_id, f"mask-{decision}", made.id)


def _follow(
    session: Session, keyring: Keyring, opened: Opened, hidden: Sequence[Decided] = ()
) -> None:
    """Show the story with the masks as they are now, hold back its sound, and have it read again.

    What was decided is put over the masks there were. A decision that was undone needs the rules
    again: the reading that is enqueued brings them.
    """
    key = story_key(keyring, opened.story)
    decisions = (*decisions_of(session, key, opened.row), *hidden)
    masks = reviewed(opened.transcript.text, opened.masks, decisions)
    undone = any(decision.undone_at is not None for decision in opened.decisions)
    changed = remask(session, opened.row, opened.transcript, masks)
    mask_notes(session, opened.story.id, decisions)
    elsewhere = [replace(decided, here=False) for decided in hidden]
    changed = _follow_elsewhere(session, key, opened.row, elsewhere, again=undone) or changed
    if not changed and not undone:
        return
    if opened.story.mode == Mode.SPOKEN:
        session.execute(
            update(Recording).where(col(Recording.story_id) == opened.story.id).values(held=True)
        )
    if not jobs.waits(session, jobs.UNDERSTAND, opened.story.id):
        jobs.enqueue(session, jobs.UNDERSTAND, opened.story.id)


def _follow_elsewhere(
    session: Session, key: bytes, row: TranscriptRow, hidden: Sequence[Decided], *, again: bool
) -> bool:
    """Put what people decided over the translation and earlier versions too, by the words.

    What somebody coded in an earlier version is still quoted. `again`: the rules have to mask it
    anew. Says whether anything is shown otherwise than before.
    """
    query = select(TranscriptRow).where(
        TranscriptRow.story_id == row.story_id,
        TranscriptRow.id != row.id,
        col(TranscriptRow.rules_id).is_not(None),
    )
    changed = False
    for other in session.exec(query).all():
        transcript = open_transcript(key, other)
        decisions = (*decisions_of(session, key, other), *hidden)
        masks = reviewed(transcript.text, masks_of(session, other), decisions)
        other.rules_id = NO_RULES if again else other.rules_id
        changed = remask(session, other, transcript, masks) or changed
    return changed


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _person(actor: Actor) -> uuid.UUID:
    assert actor.person_id is not None  # noqa: S101 (a role was required, so somebody is there)
    return actor.person_id
