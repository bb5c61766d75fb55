"""Whether what somebody coded stands on words that are marked and that nobody has checked."""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session, col, select

from storybank.capture.checks import touches
from storybank.index.texts import masks_of
from storybank.spans import found_again
from storybank.tables import Coding, PassageRow, SuggestionRow, TranscriptRow
from storybank.values import Span


def is_held(
    session: Session,
    reading: Coding | SuggestionRow,
    rows: Sequence[TranscriptRow],
    doubted: Mapping[int, Sequence[Span]],
) -> bool:
    """Say whether a reading is to be held back until its words are checked.

    `rows` are the version that was read last and its translation, `doubted` the unchecked words of
    each by its id. What was coded in an earlier version is looked for by its quoted words: held
    back where they stand in unchecked words only, or are not found in any passage.
    """
    if any(reading.transcript_id == row.id for row in rows):
        return touches(doubted.get(reading.transcript_id, ()), reading.start, reading.end)
    if not any(row.id in doubted for row in rows):
        return False
    return all(held for row in rows for held in _places(session, reading.quote, row, doubted))


def _places(
    session: Session, quote: str, row: TranscriptRow, doubted: Mapping[int, Sequence[Span]]
) -> Iterator[bool]:
    """Say of each place of `quote` in a version whether its words are unchecked."""
    masks, marked = masks_of(session, row), doubted.get(row.id or 0, ())
    query = select(PassageRow.start, PassageRow.end, PassageRow.text).where(
        col(PassageRow.transcript_id) == row.id
    )
    rows = session.exec(query.order_by(col(PassageRow.ordinal)))
    passages = [(Span(start, end), text) for start, end, text in rows]
    for place in found_again(passages, masks, quote):
        yield touches(marked, place.start, place.end)
