"""Write the searched passages of a story: masked words, spans, times and vectors."""

import uuid
from collections.abc import Sequence

import numpy as np
from pgvector import HalfVector
from sqlmodel import Session, col, delete, func, insert, select

from storybank.errors import DimensionMismatch
from storybank.tables import DIMENSIONS, PassageRow, TranscriptRow
from storybank.values import Passage, Vector


def replace_passages(
    session: Session,
    transcript: TranscriptRow,
    passages: Sequence[Passage],
    texts: Sequence[str],
    vectors: Vector,
    *,
    model_id: str,
) -> None:
    """Make `passages` the searched passages of the transcript's story, in place of all before.

    `texts` are their masked words and `vectors`, shape (n, 384), what `model_id` made of them,
    both in the order of `passages`; n may be 0. Passages of earlier versions of the story go:
    words that were corrected must not be found any more. Raises DimensionMismatch.
    """
    _check_shape(len(passages), len(texts), vectors)
    forget_passages(session, transcript.story_id)
    add_passages(session, transcript, passages, texts, vectors, model_id=model_id)


def add_passages(
    session: Session,
    transcript: TranscriptRow,
    passages: Sequence[Passage],
    texts: Sequence[str],
    vectors: Vector,
    *,
    model_id: str,
) -> None:
    """Add searched passages after those that are there, as a translation's are; see above."""
    _check_shape(len(passages), len(texts), vectors)
    assert transcript.id is not None  # noqa: S101 (the row was flushed, else nothing hangs on it)
    there = session.exec(
        select(func.count()).where(PassageRow.story_id == transcript.story_id)
    ).one()
    rows = [
        {
            "story_id": transcript.story_id,
            "transcript_id": transcript.id,
            "ordinal": ordinal,
            "start": passage.span.start,
            "end": passage.span.end,
            "text": text,
            "start_ms": passage.start_ms,
            "end_ms": passage.end_ms,
            "embedding": HalfVector(vector),
            "model_id": model_id,
        }
        for ordinal, (passage, text, vector) in enumerate(
            zip(passages, texts, vectors, strict=True), there
        )
    ]
    if rows:
        session.execute(insert(PassageRow), rows)


def forget_passages(session: Session, story_id: uuid.UUID) -> None:
    """Take a story out of search: its passages, with their words and vectors, are deleted."""
    session.exec(delete(PassageRow).where(col(PassageRow.story_id) == story_id))


def _check_shape(passages: int, texts: int, vectors: Vector) -> None:
    if passages == texts == 0:
        return
    if not passages == texts == len(vectors) or vectors.shape[1:] != (DIMENSIONS,):
        raise DimensionMismatch(f"{passages} passages, {texts} texts, vectors {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise DimensionMismatch("a vector holds a number that is not finite")
