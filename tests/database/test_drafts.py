"""Half-told stories: sealed, found again by their cookie, sent once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture import drafts
from storybank.capture.answers import ABOUT_ME, Answers
from storybank.capture.intake import Desk
from storybank.db import transaction
from storybank.errors import DraftGone, EmptyStory, NotARecording, Unsealable
from storybank.tables import Draft, Recording, Story, now
from storybank.values import Use
from tests.factories import make_place, make_programme

pytestmark = pytest.mark.database

FULL = Answers(
    text="The kettle is always on at the Zanzibar café.",
    place="blackbird-leys",
    happened="2026-05",
    teller=ABOUT_ME,
    own_reading={"overall": "good"},
    uses={use.value: use is not Use.NAMED for use in Use},
)


@pytest.fixture
def cookie(engine: Engine, desk: Desk) -> str:
    """The cookie of a complete draft, stored."""
    secret = drafts.new_cookie()
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
        drafts.save_draft(session, desk.keyring, secret, FULL)
    return secret


def test_a_draft_comes_back_by_its_cookie_alone(engine: Engine, desk: Desk, cookie: str) -> None:
    with Session(engine) as session:
        assert drafts.open_draft(session, desk.keyring, cookie) == FULL
        assert drafts.open_draft(session, desk.keyring, drafts.new_cookie()) is None
        assert drafts.open_draft(session, desk.keyring, None) is None


def test_a_stored_draft_shows_no_word_and_is_bound_to_its_row(
    engine: Engine, desk: Desk, cookie: str
) -> None:
    other = drafts.new_cookie()
    with transaction(engine) as session:
        row = session.exec(select(Draft)).one()
        assert b"Zanzibar" not in row.answers
        assert json.dumps("Zanzibar").encode() not in row.answers
        drafts.save_draft(session, desk.keyring, other, FULL)
        moved = session.exec(select(Draft).where(Draft.digest != row.digest)).one()
        row.answers = moved.answers
    with Session(engine) as session, pytest.raises(Unsealable):
        drafts.open_draft(session, desk.keyring, cookie)


def test_a_draft_of_eight_days_is_gone(engine: Engine, desk: Desk, cookie: str) -> None:
    with transaction(engine) as session:
        row = session.exec(select(Draft)).one()
        row.updated_at, row.blob = now() - timedelta(days=8), "aa/old"
    with transaction(engine) as session:
        assert drafts.open_draft(session, desk.keyring, cookie) is None
        assert drafts.drop_old_drafts(session) == ["aa/old"]
    with Session(engine) as session:
        assert session.exec(select(Draft)).all() == []


def test_sending_makes_a_story_and_ends_the_draft(engine: Engine, desk: Desk, cookie: str) -> None:
    with transaction(engine) as session:
        received, blob = drafts.send(session, desk, cookie)
    assert (received.new, blob) == (True, None)
    with Session(engine) as session:
        story = session.exec(select(Story)).one()
        assert (story.may_learn, story.may_named, story.happened) == (True, False, "2026-05")
        assert story.teller == "about-me"
        assert session.exec(select(Draft)).all() == []


def test_sending_twice_makes_one_story_with_one_receipt(
    engine: Engine, desk: Desk, cookie: str
) -> None:
    answers = []
    for _ in range(2):
        with transaction(engine) as session:
            answers.append(drafts.send(session, desk, cookie)[0])
    assert answers[0].receipt == answers[1].receipt
    assert [a.new for a in answers] == [True, False]
    with Session(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1


def test_a_draft_with_an_open_question_is_not_sent(engine: Engine, desk: Desk, cookie: str) -> None:
    with transaction(engine) as session:
        unasked = {use: yes for use, yes in FULL.uses.items() if use != "quote"}
        drafts.save_draft(session, desk.keyring, cookie, replace(FULL, uses=unasked))
    with pytest.raises(EmptyStory), transaction(engine) as session:
        drafts.send(session, desk, cookie)
    with pytest.raises(DraftGone), transaction(engine) as session:
        drafts.send(session, desk, drafts.new_cookie())


def test_a_file_that_is_no_recording_is_refused_before_a_session_is_opened(desk: Desk) -> None:
    with pytest.raises(NotARecording):
        drafts.listen(desk.settings, b"hello, I am a text file")


def test_a_kept_recording_is_not_listened_to_again_when_it_is_sent(
    engine: Engine, desk: Desk, cookie: str
) -> None:
    sound = drafts.Sound(b"no sound at all", "webm", 61.5)  # who looked at it said so
    with transaction(engine) as session:
        answers, stale = drafts.keep_recording(session, desk, cookie, FULL, sound)
        assert (answers.text, answers.recorded, stale) == (FULL.text, 61.5, None)
    with pytest.raises(EmptyStory), transaction(engine) as session:
        drafts.send(session, desk, cookie)  # nobody has said which of the two
    with transaction(engine) as session:
        drafts.save_draft(session, desk.keyring, cookie, replace(answers, text=None))
    with transaction(engine) as session:
        received, blob = drafts.send(session, desk, cookie)
        row = session.exec(select(Recording)).one()
        assert (row.story_id, row.container, row.seconds) == (received.story_id, "webm", 61.5)
        assert blob is not None


def test_two_sends_at_the_same_moment_make_one_story(
    engine: Engine, desk: Desk, cookie: str
) -> None:
    at_once = threading.Barrier(4)

    def send() -> str:
        at_once.wait()
        with transaction(engine) as session:
            return drafts.send(session, desk, cookie)[0].receipt

    with ThreadPoolExecutor(4) as pool:
        receipts = {future.result() for future in [pool.submit(send) for _ in range(4)]}
    assert len(receipts) == 1
    with Session(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
