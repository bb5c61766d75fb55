"""What stands beside a story: the teller reads the worker's note, and hears their own consent."""

import uuid

import pytest
from sqlmodel import col, select

from storybank.capture.intake import receive
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.tables import AuditEntry, Consent, Story
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.clips import recording, tone
from tests.factories import make_programme
from tests.staff import sign_in
from tests.told import Told
from tests.web.test_own_story import enter

pytestmark = pytest.mark.database

NOTE = "She pointed at the lift while she spoke. Margaret was there."


@pytest.fixture(scope="module")
def clip():
    return recording(tone(1), "webm")


@pytest.fixture
def worker(client, engine):
    return sign_in(client, engine, Role.WORKER, "Wren")


@pytest.fixture
def told(client, app, engine, worker, clip):
    """A story as a phone sends it, with a note and the yes that was said aloud."""
    with transaction(engine) as session:
        make_programme(session)
        consent = ConsentGiven(learn=True, voice=True, how="spoken", given_by="teller")
        received = receive(session, app.state.held.desk, NewStory(
            consent=consent, channel=Channel.WORKER, text="The lift is mended.", note=NOTE,
            read_back=True, clip=clip, sent_by=str(worker.person_id),
        ))  # fmt: skip
    return Told(received.story_id, received.receipt)


def heard(engine, story_id: uuid.UUID) -> int:
    with reading(engine) as session:
        found = select(AuditEntry).where(col(AuditEntry.act) == "hear-consent")
        return len(session.exec(found.where(AuditEntry.object_id == str(story_id))).all())


def test_the_teller_reads_the_note_and_hears_what_they_agreed_to(pages, client, engine, told, clip):
    client.cookies.clear()
    page = enter(pages, told)
    assert "What the worker wrote beside your words" in page.words()
    assert page.one("p", class_="sb-note__words").text == NOTE
    assert "read your story back to you" in page.words()
    player = page.one("audio")
    answer = client.get(player["src"])
    assert (answer.content, answer.headers["content-type"]) == (clip, "audio/webm")
    with transaction(engine) as session:
        withdraw(session, told.story_id)
    assert client.get(player["src"]).status_code == 404


def test_a_story_with_nothing_beside_it_says_nothing_of_it(pages, client, app, engine):
    with transaction(engine) as session:
        make_programme(session)
        told = NewStory(ConsentGiven(), Channel.WEB, text="They asked us.")
        received = receive(session, app.state.held.desk, told)
    page = enter(pages, Told(received.story_id, received.receipt))
    assert "worker" not in page.words()
    assert page.all("audio") == []
    assert client.get("/receipt/spoken-consent").status_code == 404


def test_the_worker_hears_it_where_the_voice_may_be_played_and_the_teller_sees_that(
    pages, client, engine, told, clip
):
    page = pages.get(f"/worker/stories/{told.story_id}")
    address = page.one("audio")["src"]
    assert heard(engine, told.story_id) == 0, "to open the page is not to listen"
    assert client.get(address).content == clip
    assert client.get(address, headers={"Range": "bytes=0-99"}).status_code == 206
    client.get(address, headers={"Range": "bytes=100-199"})
    assert heard(engine, told.story_id) == 2
    cookies = dict(client.cookies)
    assert "played your spoken answers" in enter(pages, told).words()

    with transaction(engine) as session:
        session.get_one(Story, told.story_id).may_voice = False
    client.cookies.update(cookies)
    assert client.get(address).status_code == 404
    assert pages.get(f"/worker/stories/{told.story_id}").all("audio") == []
    sign_in(client, engine, Role.WORKER, "Another")
    assert client.get(address).status_code == 404
    with reading(engine) as session:
        assert session.exec(select(Consent)).one().clip is not None
