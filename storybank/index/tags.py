"""Keep the table `tag` in step with what the machine suggests and what people decided."""

import uuid
from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, delete, select

from storybank.capture.checks import unchecked
from storybank.capture.translations import translation_of
from storybank.index.doubted import is_held
from storybank.tables import Coding, SuggestionRow, Tag, TranscriptRow
from storybank.values import Span

SUGGESTED, CONFIRMED = "suggested", "confirmed"

TagKey = tuple[str, str, str]
"""Framework, code and direction: what a tag is about."""


def refresh_tags(session: Session, story_id: uuid.UUID) -> None:
    """Make the tags of one story again from its suggestions and codings; safe to repeat.

    Suggestions count from the newest transcript that was read, and from its translation. Codings
    count from every version, but a tag stands on words: where a correction took them away, or
    nobody has checked them yet, there is none. The caller has flushed what it changed.
    """
    rows = rows_read(session, story_id)
    doubted = unchecked(session, [row.id for row in rows if row.id is not None])

    def stands(row: Coding | SuggestionRow) -> bool:
        return not is_held(session, row, rows, doubted)

    codings = [
        coding
        for coding in _codings(session, story_id)
        if coding.decision == "rejected" or (fits(coding, rows) and stands(coding))
    ]
    suggestions = [found for found in _suggestions(session, rows) if stands(found)]
    states = states_of(suggestions, codings)
    session.exec(delete(Tag).where(col(Tag.story_id) == story_id))
    session.add_all(
        Tag(story_id=story_id, framework=framework, code=code, direction=direction, state=state)
        for (framework, code, direction), state in sorted(states.items())
    )
    session.flush()


def states_of(suggestions: Iterable[SuggestionRow], codings: Sequence[Coding]) -> dict[TagKey, str]:
    """Give every code and direction that stands, as `confirmed` or `suggested`.

    Confirmed: somebody confirmed or added it, whoever else rejected it. Suggested: some
    suggestion of it is rejected by nobody. Undone codings count for nothing, and of several
    decisions that one person took on the same words, only the last counts.
    """
    standing = _standing(codings)
    states = {
        _key(coding): CONFIRMED for coding in standing if coding.decision in ("confirmed", "added")
    }
    rejected = [coding for coding in standing if coding.decision == "rejected"]
    for suggestion in suggestions:
        if suggestion.offered:
            continue
        if not any(answers(coding, suggestion) for coding in rejected):
            states.setdefault(_key(suggestion), SUGGESTED)
    return states


def _standing(codings: Sequence[Coding]) -> list[Coding]:
    last: dict[object, Coding] = {}
    for coding in sorted(codings, key=lambda c: c.created_at):
        if coding.undone_at is None:
            place = (coding.transcript_id, coding.start, coding.end)
            last[coding.person_id, _key(coding), place] = coding
    return list(last.values())


def answers(coding: Coding, suggestion: SuggestionRow) -> bool:
    """Say whether a decision is about this suggestion: same tag, and the same place or words.

    After a correction the transcript is another one; then the quoted words decide. One quote may
    lie within the other: a new reading may quote the sentence with its neighbour, or without.
    """
    if _key(coding) != _key(suggestion):
        return False
    if coding.transcript_id != suggestion.transcript_id:
        return coding.quote in suggestion.quote or suggestion.quote in coding.quote
    return Span(coding.start, coding.end).overlaps(Span(suggestion.start, suggestion.end))


def _key(row: Coding | SuggestionRow) -> TagKey:
    return row.framework, row.code, row.direction


def newest_read(session: Session, story_id: uuid.UUID) -> TranscriptRow | None:
    """Give the newest version of a story's text that the machine has read, or None."""
    query = (
        select(TranscriptRow)
        .where(TranscriptRow.story_id == story_id, col(TranscriptRow.rules_id).is_not(None))
        .order_by(col(TranscriptRow.version).desc())
        .limit(1)
    )
    return session.exec(query).one_or_none()


def rows_read(session: Session, story_id: uuid.UUID) -> tuple[TranscriptRow, ...]:
    """Give the version that was read last and, where there is one, its translation."""
    newest = newest_read(session, story_id)
    found = (newest, translation_of(session, newest))
    return tuple(row for row in found if row is not None)


def fits(coding: Coding, rows: Sequence[TranscriptRow]) -> bool:
    """Say whether coded words still stand in `rows`: what was read last, and its translation.

    A coding itself never changes: after a correction its words are looked for, exactly as quoted.
    Withheld words are no quotation: somebody has to find them in the English.
    """
    if not rows or any(coding.transcript_id == row.id and not row.withheld for row in rows):
        return True
    return any(coding.quote in (row.masked or "") for row in rows)


def _suggestions(session: Session, rows: Sequence[TranscriptRow]) -> Sequence[SuggestionRow]:
    query = select(SuggestionRow).where(
        col(SuggestionRow.transcript_id).in_([row.id for row in rows])
    )
    return session.exec(query).all()


def _codings(session: Session, story_id: uuid.UUID) -> Sequence[Coding]:
    query = select(Coding).where(Coding.story_id == story_id).order_by(col(Coding.id))
    return session.exec(query).all()
