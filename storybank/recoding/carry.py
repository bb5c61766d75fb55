"""Carry readings over to a newer version of the framework, and note what a person has to choose.

Earlier readings stay as they were. What is carried over is a coding of its own that names the one
it comes from; `moved` says of every earlier reading what became of it.
"""

import contextlib
import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from storybank import jobs
from storybank.capture.own_story import disagreements
from storybank.coding import standing
from storybank.errors import BadVersion
from storybank.index.tags import refresh_tags
from storybank.tables import Coding, Disagreement, Moved, ReadBy, SuggestionRow, now
from storybank.versions.fates import Became, Fate, Fates, Outcome
from storybank.versions.shelf import current_name, version_of, what_became

STANDS = ("confirmed", "added")


def note_reading(session: Session, story_id: uuid.UUID, framework: str, model_id: str) -> None:
    """Write down that a story was read by a version, and carry over what was read before.

    Belongs to the transaction that wrote the reading; safe to repeat. Where a newer version was
    published while the story was being read, it is read again.
    """
    late = current_name(session, framework) != framework
    if late and session.get(ReadBy, (story_id, framework)) is None:
        jobs.enqueue(session, jobs.REREAD, story_id)
    row = ReadBy(story_id=story_id, framework=framework, model_id=model_id)
    session.merge(row)
    session.flush()
    if carry(session, story_id, framework):
        refresh_tags(session, story_id)


def carry(session: Session, story_id: uuid.UUID, framework: str) -> int:
    """Move what was read of a story under earlier versions to `framework`; gives how much moved."""
    codings, suggestions = _to_move(session, story_id, framework)
    ways = _ways(session, [*codings, *suggestions], framework)
    codings = [c for c in codings if c.framework in ways]
    suggestions = [s for s in suggestions if s.framework in ways]
    read = _read_now(session, story_id, framework)
    for coding in sorted(codings, key=lambda c: c.decision not in STANDS):
        became = ways[coding.framework][coding.code]
        session.add(_moved_coding(session, coding, became, framework))
    for row in suggestions:
        session.add(_moved_suggestion(row, ways[row.framework][row.code], framework, read))
    _carry_disagreements(session, story_id, framework)
    session.flush()
    return len(codings) + len(suggestions)


def _ways(
    session: Session, rows: Iterable[Coding | SuggestionRow | Disagreement], framework: str
) -> dict[str, Fates]:
    """Give what became of the codes of each earlier version that leads to `framework`.

    From a version that ships none leads to another that ships: nothing says what became of what.
    """
    found = {}
    for name in {row.framework for row in rows}:
        with contextlib.suppress(BadVersion):
            found[name] = what_became(session, name, framework)
    return found


def _to_move(
    session: Session, story_id: uuid.UUID, framework: str
) -> tuple[list[Coding], list[SuggestionRow]]:
    """Give the decisions and open suggestions of earlier versions that have not moved yet."""
    decided = standing(session, story_id)
    query = select(SuggestionRow).where(
        SuggestionRow.story_id == story_id, col(SuggestionRow.offered).is_(False)
    )
    gone = _moved_on(session, story_id, framework)
    codings = [c for c in decided if is_earlier(c.framework, framework) and c.id not in gone[0]]
    suggestions = [
        s
        for s in session.exec(query.order_by(col(SuggestionRow.id)))
        if is_earlier(s.framework, framework) and s.id not in gone[1] and not _answered(s, decided)
    ]
    return codings, suggestions


def is_earlier(name: str, than: str) -> bool:
    """Say whether one version comes before another of the same framework."""
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

    Somebody who rejected a code did not speak about a wider one, nor about a part of it; and where
    they found in the same words what was merged into it, they did not reject that.
    """
    outcome = became.outcome
    if coding.decision not in STANDS and became.fate in (Fate.MERGED, Fate.SPLIT):
        outcome = Outcome.DROPPED
    if outcome == Outcome.CARRIED:
        copy = copied(coding, framework, became.to[0], person=coding.person_id)
        stands, said = copy.decision in STANDS, _said_already(session, copy)
        if not stands and True in said:
            outcome = Outcome.DROPPED
        elif stands not in said:
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


def copied(
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


def _said_already(session: Session, copy: Coding) -> set[bool]:
    """Say whether this person found the same code in the same words (True), or rejected it."""
    return {
        one.decision in STANDS
        for one in standing(session, copy.story_id)
        if (one.framework, one.code, one.direction, one.transcript_id, one.start, one.person_id)
        == (copy.framework, copy.code, copy.direction, copy.transcript_id, copy.start,
            copy.person_id)
    }  # fmt: skip


def _read_now(session: Session, story_id: uuid.UUID, framework: str) -> set[tuple[str, str]]:
    query = select(SuggestionRow.code, SuggestionRow.direction).where(
        SuggestionRow.story_id == story_id,
        SuggestionRow.framework == framework,
        col(SuggestionRow.offered).is_(False),
    )
    return {(code, direction) for code, direction in session.exec(query)}


def _carry_disagreements(session: Session, story_id: uuid.UUID, framework: str) -> None:
    """Let what a teller said of a reading stand beside the same reading of the newer version.

    Where they spoke again under a version between, that word counts, also if they took it back.
    """
    query = select(Disagreement).where(Disagreement.story_id == story_id)
    every = session.exec(query).all()
    said = {(row.framework, row.code, row.direction) for row in every}
    names = {row.framework for row in every if is_earlier(row.framework, framework)} | {framework}
    ways = {
        name: _ways(session, [row for row in every if is_earlier(row.framework, name)], name)
        for name in names
    }
    for row in disagreements(session, story_id):
        if row.framework not in ways[framework]:
            continue
        became = {name: ways[name][row.framework][row.code]
                  for name in names if row.framework in ways[name]}  # fmt: skip
        keys = {(name, way.to[0], row.direction) for name, way in became.items() if way.to}
        if became[framework].outcome == Outcome.CARRIED and not keys & said:
            said |= keys
            session.add(
                Disagreement(
                    story_id=story_id,
                    framework=framework,
                    code=became[framework].to[0],
                    direction=row.direction,
                    created_at=row.created_at,
                )
            )
