import uuid

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.sealed import unseal
from storybank.tables import Consent, Note, Story, TranscriptRow
from storybank.values import Role
from storybank.vault import note_context, open_transcript, story_key
from tests.clips import recording, tone
from tests.factories import make_place, make_programme
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

FILLED = {"text": "She said the lift is mended at last.", "teller": "about-me",
          "place": "blackbird-leys", "programme": "thriving", "told_on": "2026-11-01",
          "month": "10", "year": "2026", "learn": "yes", "quote": "no", "voice": "no",
          "publish": "no", "named": "no", "how": "helper", "shown": "2026-11",
          "asked_for": "thriving"}  # fmt: skip


@pytest.fixture(autouse=True)
def worker(client, engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)
    return sign_in(client, engine, Role.WORKER, "Wren")


def test_a_story_on_somebodys_behalf_is_marked_as_such(pages, engine, worker):
    form = pages.get("/worker/new").form("/worker/new")
    page = pages.post("/worker/new", form | FILLED)
    receipt = page.one("p", class_="sb-code").text.replace(" ", "")
    assert len(receipt) == 16
    assert page.one("svg", class_="sb-qr__picture"), "a phone's camera opens it"

    again = pages.post("/worker/new", form | FILLED)
    assert again.one("p", class_="sb-code").text.replace(" ", "") == receipt
    with transaction(engine) as session:
        story = session.exec(select(Story)).one()
        consent = session.exec(select(Consent)).one()
    assert (story.channel, story.sent_by, story.teller) == ("worker", worker.person_id, "about-me")
    assert (story.told_on, story.happened) == ("2026-11-01", "2026-10")
    assert (consent.how, consent.learn, consent.quote) == ("helper", True, False)


def test_a_story_about_a_child_asks_who_the_teller_is_to_them(pages, engine):
    page = pages.get("/worker/new")
    assert "Leave out their name, their school and their street" in page.words()
    form = page.form("/worker/new") | FILLED | {"teller": "about-a-child"}
    page = pages.post("/worker/new", form, status=422)
    assert page.one("a", href="#relation").text == "Choose who the teller is to the child"
    pages.post("/worker/new", form | {"relation": "parent"})
    with transaction(engine) as session:
        assert session.exec(select(Story.teller)).one() == "about-a-child"
        assert session.exec(select(Consent.given_by)).one() == "parent"


def test_the_workers_own_words_are_kept_apart_and_sealed(pages, engine, desk):
    form = pages.get("/worker/new").form("/worker/new") | FILLED
    pages.post("/worker/new", form | {"note": "She\x00 cried.\r\nTwice.", "read_back": "yes"})
    with transaction(engine) as session:
        story, note = session.exec(select(Story)).one(), session.exec(select(Note)).one()
        row = session.exec(select(TranscriptRow)).one()
        key = story_key(desk.keyring, story)
        assert open_transcript(key, row).text == FILLED["text"]
        assert unseal(key, note.sealed, note_context(story.id)).decode() == "She cried.\nTwice."
        assert note.read_back
    page = pages.get(f"/worker/stories/{story.id}")
    assert "You read the story back to them" in page.words()
    assert "Twice." in page.one("p", class_="sb-note__words").text
    assert "cried" not in page.one("textarea").text


def test_a_recording_is_sent_instead_of_words(pages, engine):
    form = pages.get("/worker/new").form("/worker/new")
    values = form | FILLED | {"text": "", "how": "paper"}
    pages.post(
        "/worker/new",
        values,
        files={"recording": ("talk.wav", recording(tone(2), "wav"), "audio/wav")},
    )
    with transaction(engine) as session:
        assert session.exec(select(Story.mode)).one() == "spoken"
        assert session.exec(select(Consent.how)).one() == "paper"


@pytest.mark.parametrize(("change", "said"), [
    ({"text": " "}, "The story is empty"),
    ({"place": ""}, "Choose a place"),
    ({"teller": "x"}, "Choose whose story it is"),
    ({"learn": ""}, "Choose yes or no"),
    ({"how": ""}, "Choose how they gave their answers"),
    ({"told_on": "2999-01-01"}, "not in the future"),
    ({"month": "13"}, "1 to 12"),
    ({"programme": "nope"}, "no such programme"),
])  # fmt: skip
def test_what_is_missing_is_asked_for_and_nothing_is_lost(pages, engine, change, said):
    page = pages.post("/worker/new", FILLED | change, status=422)
    assert said in page.words()
    assert page.one("textarea", id="text").text.strip() == (FILLED | change)["text"].strip()
    with transaction(engine) as session:
        assert session.exec(select(Story)).all() == []


def test_a_text_file_is_no_recording_and_words_beside_a_file_are_asked_about(pages):
    file = {"recording": ("talk.mp3", b"not sound at all", "audio/mpeg")}
    page = pages.post("/worker/new", FILLED | {"text": ""}, files=file, status=422)
    assert "not a sound recording" in page.words()
    both = pages.post("/worker/new", FILLED, files=file, status=422)
    assert "not both" in both.words()


def test_the_list_shows_states_and_never_words(pages, engine, desk, worker):
    assert "You have not sent a story yet" in pages.get("/worker").words()
    tell(engine, desk, "Zanzibar marrows grew.", channel="worker", sent_by=str(worker.person_id))
    tell(engine, desk, "Somebody else's Marzipan.")
    page = pages.get("/worker")
    assert "Ready" in page.words()
    assert len(page.all("tr")) == 2
    assert "Zanzibar" not in page.source
    assert "Marzipan" not in page.source
    assert pages.part("/worker").all("table")


def test_only_ones_own_story_can_be_tried_again(pages, engine, desk, worker):
    own = tell(engine, desk, "Mine.", channel="worker", sent_by=str(worker.person_id))
    other = tell(engine, desk, "Another's.")
    with transaction(engine) as session:
        for row in session.exec(select(Story)):
            row.state, row.problem = "needs_help", "BrokenRecording"
            session.add(row)
    assert "damaged" in pages.get("/worker").words()
    pages.post(f"/worker/stories/{other}/again", {}, status=404)
    pages.post(f"/worker/stories/{uuid.uuid4()}/again", {}, status=404)
    assert "Waiting its turn" in pages.post(f"/worker/stories/{own}/again", {}).words()


@pytest.mark.parametrize(
    "change",
    [
        {"publish": "yes"}, {"note": "Zebras stood in the hall."}, {"read_back": "yes"},
        {"teller": "worker"}, {"place": "rather-not-say"}, {"month": "9"},
        {"told_on": "2026-11-02"}, {"text": "Zebras stood in the hall."},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_what_was_changed_since_it_was_sent_is_not_taken_for_a_second_press(pages, engine, change):
    form = pages.get("/worker/new").form("/worker/new") | FILLED
    pages.post("/worker/new", form)
    page = pages.post("/worker/new", form | change, status=409)
    assert "A story was sent from this page before, with other contents" in page.words()
    shown = page.form("/worker/new")
    assert shown["client"] != form["client"]
    for name, value in (form | change | {"client": shown["client"]}).items():
        assert name == "form_token" or shown[name] == value, name
    with transaction(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
    pages.post("/worker/new", shown)
    with transaction(engine) as session:
        assert len(session.exec(select(Story)).all()) == 2, "it is another story: they say so"
