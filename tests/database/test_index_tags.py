"""The tags a story carries, from what the machine suggests and what people decide."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.db import transaction
from storybank.index.tags import refresh_tags
from storybank.tables import Coding, Person, Story, SuggestionRow, Tag, TranscriptRow
from tests.factories import make_person, make_story

pytestmark = pytest.mark.database

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
WORDS = "They sat down with us and asked."


@pytest.fixture
def session(engine: Engine) -> Any:
    with transaction(engine) as session:
        yield session


@pytest.fixture
def story(session: Session) -> Story:
    return make_story(session, WORDS)


@pytest.fixture
def ada(session: Session) -> Person:
    return make_person(session)


def newest(session: Session, story: Story) -> TranscriptRow:
    rows = session.exec(select(TranscriptRow).where(TranscriptRow.story_id == story.id)).all()
    return max(rows, key=lambda row: row.version)


def suggest(session: Session, story: Story, code: str = "doing-with", **more: Any) -> None:
    values: dict[str, Any] = {"direction": "+", "start": 0, "end": 20, "quote": WORDS[:20]} | more
    row = SuggestionRow(
        story_id=story.id, transcript_id=newest(session, story).id, framework="f@1",
        code=code, score=0.8, model_id="m", **values,
    )  # fmt: skip
    session.add(row)
    session.flush()


def decide(session: Session, story: Story, who: Person, decision: str, **more: Any) -> Coding:
    values: dict[str, Any] = {
        "code": "doing-with", "direction": "+", "start": 0, "end": 20, "quote": WORDS[:20],
    } | more  # fmt: skip
    row = Coding(
        story_id=story.id, transcript_id=newest(session, story).id, framework="f@1",
        decision=decision, person_id=who.id, **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def tags(session: Session, story: Story) -> dict[str, str]:
    refresh_tags(session, story.id)
    rows = session.exec(select(Tag).where(Tag.story_id == story.id)).all()
    return {row.code + row.direction: row.state for row in rows}


def test_suggestions_are_tags_until_somebody_decides(session, story, ada):
    suggest(session, story)
    suggest(session, story, direction="-", start=21, end=30)
    assert tags(session, story) == {"doing-with+": "suggested", "doing-with-": "suggested"}

    decide(session, story, ada, "confirmed")
    decide(session, story, ada, "rejected", direction="-", start=21, end=30)
    assert tags(session, story) == {"doing-with+": "confirmed"}


def test_a_rejection_takes_away_only_the_words_it_was_about(session, story, ada):
    suggest(session, story, start=0, end=10)
    suggest(session, story, start=21, end=30)
    decide(session, story, ada, "rejected", start=0, end=10)
    assert tags(session, story) == {"doing-with+": "suggested"}
    decide(session, story, ada, "rejected", start=21, end=30)
    assert tags(session, story) == {}


def test_an_undone_decision_counts_for_nothing(session, story, ada):
    suggest(session, story)
    coding = decide(session, story, ada, "rejected")
    assert tags(session, story) == {}
    coding.undone_at = NOON
    assert tags(session, story) == {"doing-with+": "suggested"}


def test_added_tags_stand_without_a_suggestion(session, story, ada):
    coding = decide(session, story, ada, "added", code="learning", direction="-")
    assert tags(session, story) == {"learning-": "confirmed"}
    coding.undone_at = NOON
    assert tags(session, story) == {}


def test_two_people_who_disagree_leave_the_tag_confirmed(session, story, ada):
    suggest(session, story)
    decide(session, story, ada, "confirmed")
    decide(session, story, make_person(session), "rejected")
    assert tags(session, story) == {"doing-with+": "confirmed"}


def test_a_change_of_mind_counts_last(session, story, ada):
    suggest(session, story)
    decide(session, story, ada, "rejected", created_at=NOON + timedelta(minutes=1))
    decide(session, story, ada, "confirmed", created_at=NOON)
    assert tags(session, story) == {}


def test_after_a_correction_only_the_new_reading_suggests_and_rejections_follow_the_words(
    session, story, ada
):
    suggest(session, story)
    suggest(session, story, "learning")
    decide(session, story, ada, "rejected")
    session.add(
        TranscriptRow(story_id=story.id, version=2, source="corrected", sealed=b"", rules_id="r")
    )
    session.flush()
    assert tags(session, story) == {}
    suggest(session, story, start=40, end=60)
    assert tags(session, story) == {}
    suggest(session, story, quote=f"{WORDS[:20]} It rained.", start=40, end=71)
    assert tags(session, story) == {}, "the reading quotes the neighbour, too"
    suggest(session, story, quote="We decided together.")
    assert tags(session, story) == {"doing-with+": "suggested"}


def test_other_stories_keep_their_tags(session, story):
    other = make_story(session, WORDS)
    suggest(session, other)
    refresh_tags(session, other.id)
    assert tags(session, story) == {}
    assert session.exec(select(Tag)).one().story_id == other.id
