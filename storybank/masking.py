"""People look at a story's masks: they accept, take off, add, change; the sole writer of that.

Only governance and admins see the words as told, after saying why; each opening is noted. A
decision is told: it is undone, never erased, and holds when the story is read again.
"""

import uuid
from collections.abc import Sequence

from sqlmodel import Session

from storybank import audit, jobs
from storybank.access import Actor, original_story
from storybank.errors import BadInput, BadSelection, Conflict, NotFound
from storybank.index.following import follow
from storybank.index.sides import ANEW, TOLD, Opened, Side, open_sides
from storybank.index.tags import newest_read
from storybank.keys import Keyring
from storybank.tables import MaskDecision, MaskReview, Note, now
from storybank.understand.redact.placeholders import SHOWN
from storybank.understand.redact.reviewed import (
    DETAIL_KINDS,
    MASKED,
    SHOWN_ANYWAY,
    folded,
    occurrences,
)
from storybank.values import Span
from storybank.vault import story_key

LONGEST_WORDS = 300
"""Characters of one detail that a person marks."""
MOST_PLACES = 1_000
"""Each place is a decision of its own; nobody says a name more often."""


def open_story(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> Opened:
    """Give a story as told, with its masks; raises NotAllowed, NotFound where it is not read yet.

    The caller notes the opening, with its reason. A note that was masked before its masks were
    kept is read again now, once for however many look.
    """
    story = original_story(session, actor, story_id)
    row = newest_read(session, story_id)
    if row is None:
        raise NotFound(f"story {story_id}", message="This story is not read yet. Come back later.")
    opened = open_sides(session, story_key(keyring, story), story, row)
    waits = any(side.waits for side in opened.notes)
    if waits and not jobs.waits(session, jobs.UNDERSTAND, story_id):
        jobs.enqueue(session, jobs.UNDERSTAND, story_id)
    return opened


def refuse_changed(
    session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, mark: str
) -> None:
    """Raise Conflict unless the story is still the one that was seen, with this `mark`.

    Until the transaction ends nobody else changes it.
    """
    if _locked(session, keyring, actor, story_id).mark != mark:
        raise Conflict(
            f"masks of story {story_id}",
            message="The story was changed meanwhile. Look at it again.",
        )


def accept(
    session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, words: str
) -> None:
    """Say that the masks over `words` are right as they are; where there are none, nothing is."""
    opened = _locked(session, keyring, actor, story_id)
    for side in opened.sides:
        for mask in side.masks:
            if folded(mask.span.of(side.words)) == folded(words):
                _add(session, actor, side, mask.span, MASKED, mask.kind)
    _follow(session, keyring, opened)


def take_off(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    story_id: uuid.UUID,
    span: Span,
    *,
    side: str = TOLD,
) -> int:
    """Say that the words of a mask may be shown, wherever they stand there; gives how many.

    `span` counts in the text of that `side`: the words as told, their machine English, or a note.
    """
    opened = _locked(session, keyring, actor, story_id)
    there = opened.side(side)
    words = folded(span.of(there.words))
    same = [m for m in there.masks if folded(m.span.of(there.words)) == words]
    if not any(mask.span == span for mask in same):
        raise NotFound(f"mask at {span.start}", message=ANEW)
    for mask in same:
        _add(session, actor, there, mask.span, SHOWN_ANYWAY, mask.kind)
    _follow(session, keyring, opened)
    return len(same)


def mask_words(
    session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID, words: str, kind: str
) -> int:
    """Mask `words` wherever they stand in the story; gives in how many places.

    Words that do not stand in what was told are looked for in its machine English, then in
    workers' notes. Raises BadSelection where they stand nowhere, BadInput for a kind there is not.
    Where they are masked already, the mask changes its kind.
    """
    if kind not in DETAIL_KINDS:
        raise BadInput(message="Choose what kind of detail this is.")
    opened = _locked(session, keyring, actor, story_id)
    words = words.strip().strip('.,;:!?"“”')
    if not any(c.isalnum() for c in words) or len(words) > LONGEST_WORDS:
        raise BadSelection
    found = ((side, list(occurrences(side.words, words))) for side in opened.sides)
    side, places = next(((side, places) for side, places in found if places), (opened.told, []))
    if not places:
        raise BadSelection
    if len(places) > MOST_PLACES:
        raise BadInput(message="These words stand in the story too often to be a name.")
    for span in places:
        _add(session, actor, side, span, MASKED, kind)
    _follow(session, keyring, opened)
    return len(places)


def undo(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    story_id: uuid.UUID,
    span: Span,
    *,
    side: str = TOLD,
) -> None:
    """Take back what was last decided about the words at `span`; the machine's masks come again.

    `span` counts in the text of that `side`. What was decided about the same words in the other
    texts is taken back with it: it would hold here, too.
    """
    opened = _locked(session, keyring, actor, story_id)
    words = folded(span.of(opened.side(side).words))
    undone = [d for side in opened.sides for d in side.decisions if side.says(d) == words]
    for decision in undone:
        decision.undone_at = now()
        session.add(decision)
        audit.note(session, actor.person_id, "mask-undone", decision.id)
    session.flush()
    _follow(session, keyring, opened, [d for d in undone if d.decision == SHOWN_ANYWAY])


def finish(session: Session, keyring: Keyring, actor: Actor, story_id: uuid.UUID) -> MaskReview:
    """Say that this story's masks have all been looked at; those still open count as accepted.

    Raises Conflict where some of them are not known yet: nobody can have looked at those.
    """
    opened = _locked(session, keyring, actor, story_id)
    if any(side.waits for side in opened.sides):
        raise Conflict(
            f"masks of story {story_id}",
            message="Part of this story is still being masked. Come back in a moment.",
        )
    for side in opened.sides:
        for mask in side.masks:
            _add(session, actor, side, mask.span, MASKED, mask.kind)
    _follow(session, keyring, opened)
    row = opened.row
    assert row.id is not None  # noqa: S101 (it was read from the database)
    made = MaskReview(
        story_id=story_id,
        transcript_id=row.id,
        rules_id=row.rules_id or "",
        person_id=actor.person,
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


def _add(session: Session, actor: Actor, side: Side, span: Span, decision: str, kind: str) -> None:
    """Store a decision in place of the last about the same words; the same twice is one."""
    for earlier in side.decisions:
        if Span(earlier.start, earlier.end) != span or earlier.undone_at is not None:
            continue
        if (earlier.decision, earlier.kind) == (decision, kind):
            return
        earlier.undone_at = now()
        session.add(earlier)
    beside = isinstance(side.text, Note)
    made = MaskDecision(
        story_id=side.text.story_id, transcript_id=None if beside else side.text.id,
        note_id=side.text.id if beside else None, start=span.start, end=span.end,
        decision=decision, kind=kind, person_id=actor.person,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.note(session, actor.person_id, f"mask-{decision}", made.id)


def _follow(
    session: Session, keyring: Keyring, opened: Opened, hidden: Sequence[MaskDecision] = ()
) -> None:
    """Show the story with the masks as they are now; `hidden` are Shows that were undone."""
    undone = any(d.undone_at is not None for side in opened.sides for d in side.decisions)
    follow(session, story_key(keyring, opened.story), opened.row, hidden, again=undone)
