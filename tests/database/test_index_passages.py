"""Writing the searched passages of a story."""

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from storybank.db import reading, transaction
from storybank.errors import DimensionMismatch
from storybank.index.passages import forget_passages, replace_passages
from storybank.tables import DIMENSIONS, PassageRow, TranscriptRow
from storybank.values import Passage, Span, Vector
from tests.factories import make_story

pytestmark = pytest.mark.database


def unit_vectors(number: int) -> Vector:
    return np.eye(number, DIMENSIONS, dtype=np.float32)


def make_transcript(session: Session, version: int = 1, **more: object) -> TranscriptRow:
    story_id = more.pop("story_id", None) or make_story(session).id
    row = TranscriptRow(story_id=story_id, version=version, source="typed", sealed=b"")
    session.add(row)
    session.flush()
    return row


def write(session: Session, transcript: TranscriptRow, *texts: str) -> None:
    passages = [Passage(Span(10 * n, 10 * n + 5), 1000 * n, None) for n in range(len(texts))]
    vectors = unit_vectors(len(texts))
    replace_passages(session, transcript, passages, texts, vectors, model_id="m")


def texts_of(session: Session) -> list[str]:
    return list(session.exec(select(PassageRow.text).order_by(col(PassageRow.ordinal))))


def test_passages_keep_their_words_spans_times_and_vectors(engine: Engine) -> None:
    with transaction(engine) as session:
        write(session, make_transcript(session), "The bus stopped.", "We walked instead.")

    with reading(engine) as session:
        first, second = session.exec(select(PassageRow).order_by(col(PassageRow.ordinal))).all()
        found = session.exec(
            select(PassageRow.text).where(
                col(PassageRow.words).bool_op("@@")(func.to_tsquery("english", "walking"))
            )
        ).all()

    assert (second.start, second.end, second.start_ms, second.end_ms) == (10, 15, 1000, None)
    assert (first.ordinal, second.ordinal, first.model_id) == (0, 1, "m")
    assert np.asarray(second.embedding).argmax() == 1
    assert found == ["We walked instead."]


def test_a_correction_takes_the_earlier_words_out_of_search(engine: Engine) -> None:
    with transaction(engine) as session:
        first = make_transcript(session)
        write(session, first, "Her name was Zanzibar.", "She was kind.")
        write(session, make_transcript(session, 2, story_id=first.story_id), "She was kind.")
        assert texts_of(session) == ["She was kind."]


def test_writing_again_changes_nothing_for_other_stories(engine: Engine) -> None:
    with transaction(engine) as session:
        write(session, make_transcript(session), "Another story.")
        mine = make_transcript(session)
        write(session, mine, "Mine.")
        write(session, mine, "Mine.")
        assert sorted(texts_of(session)) == ["Another story.", "Mine."]
        write(session, mine)
        assert texts_of(session) == ["Another story."]
        forget_passages(session, mine.story_id)
        assert texts_of(session) == ["Another story."]


@pytest.mark.parametrize(
    "vectors",
    [unit_vectors(1)[:, :100], unit_vectors(2), np.full((1, DIMENSIONS), np.nan, np.float32)],
    ids=["short", "too many", "not a number"],
)
def test_vectors_that_do_not_fit_are_refused_before_anything_is_lost(
    engine: Engine, vectors: Vector
) -> None:
    with transaction(engine) as session:
        transcript = make_transcript(session)
        write(session, transcript, "Kept.")
        with pytest.raises(DimensionMismatch):
            replace_passages(
                session, transcript, [Passage(Span(0, 4))], ["Lost"], vectors, model_id="m"
            )
        assert texts_of(session) == ["Kept."]
