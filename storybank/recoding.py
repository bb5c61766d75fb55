"""Carry readings over to a newer version of the framework, and list what a person has to choose.

Earlier readings stay as they were. What is carried over is a coding of its own that names the one
it comes from; `moved` says of every earlier reading what became of it.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storybank import audit
from storybank.access import Actor, readable_story
from storybank.capture.own_story import disagreements
from storybank.coding import standing
from storybank.errors import BadInput, Conflict, NotFound, UnknownCode
from storybank.index.tags import refresh_tags
from storybank.tables import Coding, Disagreement, Moved, ReadBy, Story, SuggestionRow, now
from storybank.values import Role
from storybank.versions.fates import Became, Fate, Outcome
from storybank.versions.progress import read_by
from storybank.versions.shelf import version_of, what_became

STANDS = ("confirmed", "added")


def note_reading(session: Session, story_id: uuid.UUID, framework: str, model_id: str) -> None:
    """Write down that a story was read by a version, and carry over what was read before.

    Belongs to the transaction that wrote the reading; safe to repeat.
    """
    row = ReadBy(story_id=story_id, framework=framework, model_id=model_id)
    session.merge(row)
    session.flush()
    if carry(session, story_id, framework):
        refresh_tags(session, story_id)


def carry(session: Session, story_id: uuid.UUID, framework: str) -> int:
    """Move what was read of a story under earlier versions to `framework`; gives how much moved."""
    codings, suggestions = _to_move(session, story_id, framework)
    ways = {
        name: what_became(session, name, framework)
        for name in {c.framework for c in codings} | {s.framework for s in suggestions}
    }
    read = _read_now(session, story_id, framework)
    for coding in codings:
        became = ways[coding.framework][coding.code]
        session.add(_moved_coding(session, coding, became, framework))
    for row in suggestions:
        session.add(_moved_suggestion(row, ways[row.framework][row.code], framework, read))
    _carry_disagreements(session, story_id, framework)
    session.flush()
    return len(codings) + len(suggestions)


def _to_move(
    session: Session, story_id: uuid.UUID, framework: str
) -> tuple[list[Coding], list[SuggestionRow]]:
    """Give the decisions and open suggestions of earlier versions that have not moved yet."""
    decided = standing(session, story_id)
    query = select(SuggestionRow).where(
        SuggestionRow.story_id == story_id, col(SuggestionRow.offered).is_(False)
    )
    gone = _moved_on(session, story_id, framework)
    codings = [c for c in decided if _earlier(c.framework, framework) and c.id not in gone[0]]
    suggestions = [
        s
        for s in session.exec(query.order_by(col(SuggestionRow.id)))
        if _earlier(s.framework, framework) and s.id not in gone[1] and not _answered(s, decided)
    ]
    return codings, suggestions


def settle(session: Session, actor: Actor, moved_id: int, codes: Sequence[str]) -> Moved:
    """Keep which of the parts of a split code somebody found in the words; none is an answer, too.

    Each becomes a coding of this person. Chosen again, the new choice takes the old one's place.
    Raises UnknownCode, NotAllowed, NotFound, or BadInput where nothing is to be chosen.
    """
    row, coding = _hold(session, actor, moved_id)
    if row.outcome != Outcome.PERSON:
        raise BadInput(message="Nothing has to be chosen here: this reading moved by itself.")
    if not set(codes) <= set(row.became):
        raise UnknownCode(message="Choose among the parts that this code was split into.")
    _take_back(session, actor, row)
    moment = now()
    for code in codes:
        session.add(_copy(coding, row.framework, code, person=actor.person_id, at=moment))
    row.chosen, row.settled_by, row.settled_at = list(codes), actor.person_id, moment
    session.add(row)
    session.flush()
    audit.note(session, actor.person_id, "recode", row.id, " ".join(codes))
    refresh_tags(session, row.story_id)
    return row


def unsettle(session: Session, actor: Actor, moved_id: int) -> Moved:
    """Put a reading back on the list of what is to be chosen; raises NotAllowed or NotFound."""
    row, _ = _hold(session, actor, moved_id)
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
    session.exec(select(Story.id).where(Story.id == row.story_id).with_for_update()).one()
    session.refresh(row, with_for_update=True)
    newer = [n for n in read_by(session, row.story_id) if _earlier(row.framework, n)]
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


def _earlier(name: str, than: str) -> bool:
    one, other = version_of(name), version_of(than)
    return one[0] == other[0] and one[1] < other[1]


def _moved_on(session: Session, story_id: uuid.UUID, framework: str) -> tuple[set[int], set[int]]:
    """Give the codings and the suggestions of a story that have nothing left to do on their way.

    What still waits for a person under an earlier version goes on to the next one.
    """
    over = (
        (col(Moved.framework) == framework)
        | (col(Moved.outcome) != Outcome.PERSON)
        | col(Moved.settled_at).is_not(None)
    )
    rows = session.exec(select(Moved).where(Moved.story_id == story_id, over)).all()
    return (
        {row.coding_id for row in rows if row.coding_id is not None},
        {row.suggestion_id for row in rows if row.suggestion_id is not None},
    )


def _answered(row: SuggestionRow, codings: Iterable[Coding]) -> bool:
    said = (row.framework, row.code, row.direction, row.transcript_id, row.start)
    return any(
        said == (c.framework, c.code, c.direction, c.transcript_id, c.start) for c in codings
    )


def _moved_coding(session: Session, coding: Coding, became: Became, framework: str) -> Moved:
    """Carry one decision over, or say why not.

    Somebody who rejected a code did not speak about a wider one, nor about a part of it.
    """
    outcome = became.outcome
    if coding.decision not in STANDS and became.fate in (Fate.MERGED, Fate.SPLIT):
        outcome = Outcome.DROPPED
    if outcome == Outcome.CARRIED:
        copy = _copy(coding, framework, became.to[0], person=coding.person_id)
        if not _there(session, copy):
            session.add(copy)
            session.flush()
    return Moved(
        story_id=coding.story_id,
        framework=framework,
        coding_id=coding.id,
        outcome=outcome,
        became=list(became.to),
    )


def _moved_suggestion(
    row: SuggestionRow, became: Became, framework: str, read: set[tuple[str, str]]
) -> Moved:
    outcome = became.outcome
    if outcome == Outcome.CARRIED and (became.to[0], row.direction) not in read:
        outcome = Outcome.DROPPED
    return Moved(
        story_id=row.story_id,
        framework=framework,
        suggestion_id=row.id,
        outcome=outcome,
        became=list(became.to),
    )


def _copy(
    row: Coding | SuggestionRow,
    framework: str,
    code: str,
    *,
    person: uuid.UUID | None,
    at: datetime | None = None,
) -> Coding:
    """Give a coding of the same words under another code; `at` None: when the first was made."""
    assert person is not None  # noqa: S101 (a role was required, or a coding names its person)
    first = row if isinstance(row, Coding) else None
    return Coding(
        story_id=row.story_id,
        transcript_id=row.transcript_id,
        framework=framework,
        code=code,
        direction=row.direction,
        start=row.start,
        end=row.end,
        quote=row.quote,
        start_ms=row.start_ms,
        decision=first.decision if first else "confirmed",
        person_id=person,
        created_at=at or (first.created_at if first else now()),
        carried_from=first.id if first else None,
    )


def _there(session: Session, copy: Coding) -> bool:
    """Say whether this person has said the same already, as where two codes were merged."""
    return any(
        (one.framework, one.code, one.direction, one.transcript_id, one.start, one.person_id)
        == (copy.framework, copy.code, copy.direction, copy.transcript_id, copy.start,
            copy.person_id)
        and (one.decision in STANDS) == (copy.decision in STANDS)
        for one in standing(session, copy.story_id)
    )  # fmt: skip


def _read_now(session: Session, story_id: uuid.UUID, framework: str) -> set[tuple[str, str]]:
    query = select(SuggestionRow.code, SuggestionRow.direction).where(
        SuggestionRow.story_id == story_id,
        SuggestionRow.framework == framework,
        col(SuggestionRow.offered).is_(False),
    )
    return {(code, direction) for code, direction in session.exec(query)}


def _carry_disagreements(session: Session, story_id: uuid.UUID, framework: str) -> None:
    """Let what a teller said of a reading stand beside the same reading of the newer version."""
    rows = disagreements(session, story_id)
    there = {(row.framework, row.code, row.direction) for row in rows}
    for row in rows:
        if not _earlier(row.framework, framework):
            continue
        became = what_became(session, row.framework, framework)[row.code]
        key = (framework, became.to[0] if became.to else "", row.direction)
        if became.outcome == Outcome.CARRIED and key not in there:
            there.add(key)
            session.add(
                Disagreement(
                    story_id=story_id,
                    framework=framework,
                    code=key[1],
                    direction=row.direction,
                    created_at=row.created_at,
                )
            )
