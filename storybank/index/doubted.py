"""Whether what somebody coded stands on words that are marked and that nobody has checked."""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session, col, select

from storybank.capture.checks import touches
from storybank.index.texts import masks_of
from storybank.spans import shown_span
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
    back where they stand in unchecked words only.
    """
    if any(reading.transcript_id == row.id for row in rows):
        return touches(doubted.get(reading.transcript_id, ()), reading.start, reading.end)
    if not any(row.id in doubted for row in rows):
        return False
    places = [held for row in rows for held in _places(session, reading.quote, row, doubted)]
    return bool(places) and all(places)


def _places(
    session: Session, quote: str, row: TranscriptRow, doubted: Mapping[int, Sequence[Span]]
) -> Iterator[bool]:
    """Say of each place of `quote` in a version whether its words are unchecked."""
    masks, marked = masks_of(session, row), doubted.get(row.id or 0, ())
    query = select(PassageRow.text, PassageRow.start, PassageRow.end)
    for text, start, end in session.exec(query.where(col(PassageRow.transcript_id) == row.id)):
        within = Span(start, end)
        unsure = [shown_span(masks, within, span) for span in marked if span.overlaps(within)]
        at = text.find(quote)
        while quote and at >= 0:
            yield touches(unsure, at, at + len(quote))
            at = text.find(quote, at + 1)
