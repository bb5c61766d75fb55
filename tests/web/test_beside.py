"""What stands beside a story: the teller reads the worker's note, and hears their own consent."""

import uuid

import pytest
from sqlmodel import col, select

from storybank.capture.intake import receive
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.evidence.notes import exported_notes
from storybank.pipeline import understand
from storybank.tables import AuditEntry, Consent, Note, Story
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.clips import recording, tone
from tests.factories import make_programme
from tests.fakes import make_workshop
from tests.staff import listen_and_read, sign_in
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


def test_words_written_before_a_recording_are_said_to_be_the_tellers_on_every_page(
    pages, client, app, engine, worker, clip
):
    with transaction(engine) as session:
        make_programme(session)
        received = receive(session, app.state.held.desk, NewStory(
            consent=ConsentGiven(learn=True), channel=Channel.WORKER, recording=clip,
            written="The lift is mended.", note=NOTE, read_back=True, sent_by=str(worker.person_id),
        ))  # fmt: skip
    listen_and_read(make_workshop(engine, app.state.held.desk), received.story_id)
    to_worker = pages.get(f"/worker/stories/{received.story_id}").all("div", class_="sb-note")
    sign_in(client, engine, Role.EVALUATOR)
    to_staff = pages.get(f"/stories/{received.story_id}").all("div", class_="sb-note")
    client.cookies.clear()
    to_teller = enter(pages, Told(received.story_id, received.receipt))
    in_polish = pages.get("/receipt/story?lang=pl")

    for notes, whose, back in (
        (to_worker, "What they said", "You read these words back"),
        (to_staff, "What the teller said", "Wren read these words back"),
        (to_teller.all("div", class_="sb-note"), "These words are yours", "read these words back"),
    ):
        first, second = (" ".join(note.text.split()) for note in notes)
        assert all(said in first for said in (whose, back, "The lift is mended."))
        assert not any(said in second for said in (whose, "read", "mended"))
    with reading(engine) as session:
        handed_on = exported_notes(session, [received.story_id])[received.story_id]
    heading = "What the teller said, as the worker wrote it down before the recording:"
    assert handed_on == f"{heading}\n\nThe lift is mended.\n\n{NOTE}"
    shown = to_teller.words()
    assert shown.index("The lift is mended.") < shown.index("These words are the worker’s own.")
    assert "What the teller said" not in in_polish.words()


@pytest.mark.parametrize("read_back", [True, False])
def test_staff_are_told_once_whether_a_story_was_read_back(
    pages, client, app, engine, worker, read_back
):
    with transaction(engine) as session:
        make_programme(session)
        received = receive(session, app.state.held.desk, NewStory(
            consent=ConsentGiven(learn=True), channel=Channel.WORKER, text="The lift is mended.",
            note=NOTE, read_back=read_back, sent_by=str(worker.person_id),
        ))  # fmt: skip
        session.add(
            Note(**session.exec(select(Note)).one().model_dump(exclude={"id", "read_back"}))
        )
    understand(make_workshop(engine, app.state.held.desk), received.story_id)
    sign_in(client, engine, Role.EVALUATOR)
    words = pages.get(f"/stories/{received.story_id}").words()
    assert words.count("read the story back to the teller") == (1 if read_back else 0)
    assert words.count("Not said if the story was read back") == (0 if read_back else 1)


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
