"""Somebody chooses which parts of a split code the words show."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from storybank import audit
from storybank.access import Actor, readable_story
from storybank.coding import hold, refuse_unchecked, standing
from storybank.errors import BadInput, Conflict, NotFound, UnknownCode
from storybank.index.tags import refresh_tags
from storybank.recoding.carry import copied, is_earlier
from storybank.tables import Coding, Moved, SuggestionRow, now
from storybank.values import Role, Span
from storybank.versions.fates import Outcome
from storybank.versions.progress import read_by

CHOSEN = "Somebody has chosen meanwhile. Load the list again."


def settle(session: Session, actor: Actor, moved_id: int, codes: Sequence[str]) -> Moved:
    """Keep which of the parts of a split code somebody found in the words; none is an answer, too.

    Each becomes a coding of this person. The same twice is once; another choice needs the first to
    be taken back. Raises UnknownCode, NotAllowed, NotFound, Unchecked, Conflict where somebody has
    chosen otherwise, or BadInput where nothing is to be chosen.
    """
    row, coding = _hold(session, actor, moved_id)
    if row.outcome != Outcome.PERSON:
        raise BadInput(message="Nothing has to be chosen here: this reading moved by itself.")
    if not set(codes) <= set(row.became):
        raise UnknownCode(message="Choose among the parts that this code was split into.")
    moment, codes = now(), list(dict.fromkeys(codes))
    if row.settled_at is not None:
        if row.settled_by == actor.person_id and set(row.chosen or ()) == set(codes):
            return row
        raise Conflict(f"moved {moved_id}", message=CHOSEN)
    if codes:
        refuse_unchecked(session, coding.transcript_id, Span(coding.start, coding.end))
    for code in codes:
        session.add(copied(coding, row.framework, code, person=actor.person, at=moment))
    row.chosen, row.settled_by, row.settled_at = codes, actor.person_id, moment
    session.add(row)
    session.flush()
    audit.note(session, actor.person_id, "recode", row.id, " ".join(codes))
    refresh_tags(session, row.story_id)
    return row


def unsettle(session: Session, actor: Actor, moved_id: int, seen: datetime | None = None) -> Moved:
    """Put a reading back on the list of what is to be chosen; raises NotAllowed or NotFound.

    `seen` is when the choice was made that somebody wants to take back: where another has been made
    since, that is a Conflict.
    """
    row, _ = _hold(session, actor, moved_id)
    if seen is not None and row.settled_at not in (None, seen):
        raise Conflict(f"moved {moved_id}", message=CHOSEN)
    _take_back(session, actor, row)
    row.chosen = row.settled_by = row.settled_at = None
    session.add(row)
    session.flush()
    refresh_tags(session, row.story_id)
    return row


def _hold(session: Session, actor: Actor, moved_id: int) -> tuple[Moved, Coding | SuggestionRow]:
    """Give a row with the reading that it is about, held until the commit."""
    actor.require(Role.EVALUATOR)
    row = session.get(Moved, moved_id)
    if row is None:
        raise NotFound(f"moved {moved_id}")
    readable_story(session, actor, row.story_id)
    hold(session, row.story_id)
    row = session.get(Moved, moved_id, populate_existing=True, with_for_update=True)
    if row is None:  # its words were corrected a moment ago, and read anew
        raise NotFound(f"moved {moved_id}")
    newer = [n for n in read_by(session, row.story_id) if is_earlier(row.framework, n)]
    if newer:
        raise Conflict(
            f"moved {moved_id}",
            message=f"This story is read by {newer[0]} now. Choose in the list of that version.",
        )
    if row.coding_id is not None:
        return row, session.get_one(Coding, row.coding_id)
    return row, session.get_one(SuggestionRow, row.suggestion_id)


def _take_back(session: Session, actor: Actor, row: Moved) -> None:
    """Undo the codings of an earlier choice."""
    if row.settled_at is None:
        return
    made = [
        coding
        for coding in standing(session, row.story_id)
        if coding.framework == row.framework
        and coding.code in (row.chosen or ())
        and coding.person_id == row.settled_by
        and coding.created_at == row.settled_at
        and coding.carried_from == row.coding_id
    ]
    for coding in made:
        coding.undone_at = now()
        session.add(coding)
        audit.note(session, actor.person_id, "code-undone", coding.id)
