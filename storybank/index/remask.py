"""Put new masks over what is shown of a story, at once: nobody is to read a name meanwhile.

Vectors are of the words as they were; the reading that is enqueued with this makes them anew.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, delete, select

from storybank.index.texts import keep_masks, masks_of
from storybank.spans import apply_masks
from storybank.tables import (
    Coding,
    PassageRow,
    Story,
    StrengthRow,
    SuggestionRow,
    TranscriptRow,
)
from storybank.understand.segment import tellers_words
from storybank.values import Mask, Span, Transcript


def remask(
    session: Session, row: TranscriptRow, transcript: Transcript, masks: Sequence[Mask]
) -> bool:
    """Make `masks` those of one version: of its passages, quotes, title and masked words.

    A coding's decision stays as it is; only what is masked in its quoted words follows. Says
    whether anything is shown otherwise than before.
    """
    assert row.id is not None  # noqa: S101 (it was read from the database)
    text = transcript.text
    changed = _shown(masks) != _shown(masks_of(session, row))
    keep_masks(session, row, masks, row.rules_id or "")
    for passage in session.exec(select(PassageRow).where(PassageRow.transcript_id == row.id)):
        passage.text = apply_masks(text, masks, Span(passage.start, passage.end))
        session.add(passage)
    mask_quotes(session, row, text, masks)
    if changed:  # their words may hold what is masked now; a reading has to find them anew
        session.exec(delete(StrengthRow).where(col(StrengthRow.transcript_id) == row.id))
    shown = () if row.withheld else tellers_words(transcript)
    row.masked = "\n".join(apply_masks(text, masks, part) for part in shown)
    session.add(row)
    session.flush()
    _retitle(session, row)
    return changed


def mask_quotes(session: Session, row: TranscriptRow, text: str, masks: Sequence[Mask]) -> None:
    """Put `masks` over all that is quoted from one version: by people, and by any framework.

    Of a version that is withheld no words are left in a quotation.
    """
    suggested = session.exec(select(SuggestionRow).where(SuggestionRow.transcript_id == row.id))
    coded = session.exec(select(Coding).where(Coding.transcript_id == row.id))
    for quoted in (*suggested, *coded):
        words = apply_masks(text, masks, Span(quoted.start, quoted.end))
        quoted.quote = WITHHELD if row.withheld else words
        session.add(quoted)


def _shown(masks: Sequence[Mask]) -> list[tuple[Span, str]]:
    return [(mask.span, mask.placeholder) for mask in masks]


def _retitle(session: Session, row: TranscriptRow) -> None:
    query = select(PassageRow).where(PassageRow.transcript_id == row.id)
    first = session.exec(query.order_by(col(PassageRow.ordinal)).limit(1)).first()
    story = session.get_one(Story, row.story_id)
    told = row if row.translates is None else session.get_one(TranscriptRow, row.translates)
    if first is not None and (row is told or told.withheld):
        story.title = title_of([first.text])
        session.add(story)


TITLE_CHARS = 70
WITHHELD = "[not in English]"
"""Stands for words that are not shown, because names in them cannot be found."""


def title_of(texts: Sequence[str]) -> str:
    """Give the first masked words of a story, cut at a word; empty for an empty story."""
    first = " ".join(" ".join(texts[:1]).split())
    if len(first) <= TITLE_CHARS:
        return first
    return first[:TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
