"""What a worker's phone says about a story: who, whose words, whose yes; all of it comes in."""

import pytest
from sqlmodel import col, select

from storybank.db import transaction
from storybank.tables import Consent, Note, Story, Waiting
from storybank.vault import open_note, story_key
from tests import phone
from tests.clips import recording, tone
from tests.web.test_collect import announce, finish, point, spoken, stories, upload, worker

pytestmark = pytest.mark.database
__all__ = ["point", "upload", "worker"]


def test_words_written_before_the_recording_are_kept_apart_from_the_workers_own(
    client, engine, desk, point, upload
):
    said = {"text": "The bus never comes.", "note": "She cried here.", "read_back": True}
    item = spoken(point, recording(tone(1), "webm"), **said)
    announce(client, item)
    upload(item)
    assert finish(client, item).status_code == 201
    with transaction(engine) as session:
        [story] = session.exec(select(Story))
        key = story_key(desk.keyring, story)
        rows = session.exec(select(Note).order_by(col(Note.id)))
        notes = [(open_note(key, note), note.tellers, note.read_back) for note in rows]
    assert story.mode == "spoken"
    # Only the written words were read back: of the worker's own nobody ever says so.
    assert notes == [("The bus never comes.", True, True), ("She cried here.", False, False)]


def test_nothing_is_kept_as_read_back_of_a_recording_without_written_words(
    client, engine, point, upload
):
    item = spoken(point, recording(tone(1), "webm"), text=None, note=None, read_back=True)
    announce(client, item)
    upload(item)
    assert finish(client, item).status_code == 201
    with transaction(engine) as session:
        assert session.exec(select(Note)).all() == []


def test_words_come_in_whatever_the_phone_meant_to_do_next(client, engine, point):
    cut_off = phone.details(mode="spoken", text="The bus never comes.")
    assert announce(client, phone.Story(point, cut_off)).status_code == 201
    only_noted = phone.details(mode="scribe", text=None, note="She cried here.")
    answer = announce(client, phone.Story(point, only_noted))
    assert answer.status_code == 422
    assert "There is no story in this" in answer.json()["error"]
    assert [story.mode for story in stories(engine)] == ["typed"]


@pytest.mark.parametrize(("mode", "clip"), [
    ("spoken", b"\x1a\x45\xdf\xa3"), ("scribe", b"no sound"), ("spoken", None),
])  # fmt: skip
def test_a_yes_that_cannot_be_played_leaves_the_workers_ticks(
    client, engine, point, upload, mode, clip
):
    parts = {"consent": phone.sliced(clip)} if clip else {}
    if mode == "spoken":
        parts["story_0"] = phone.sliced(recording(tone(1), "webm"))
    said = {"mode": mode, "text": None if mode == "spoken" else "The bus never comes."}
    item = phone.Story(point, phone.details(consent={"how": "spoken"}, **said), **parts)
    first = announce(client, item)
    if first.status_code == 202:
        upload(item)
        first = finish(client, item)
    assert (first.status_code, first.json()["mend"]) == (422, "ticks")
    assert "answers that you ticked" in first.json()["error"]
    assert stories(engine) == []

    done = announce(client, item, ticked=True)
    if done.status_code == 202:
        upload(item) if clip is None else None
        done = client.post(f"/collect/stories/{item.client_id}/finish?ticked=true")
    assert done.status_code == 201
    assert finish(client, item).json()["reference"] == done.json()["reference"]
    with transaction(engine) as session:
        consent = session.exec(select(Consent)).one()
        assert session.exec(select(Waiting)).all() == []
    assert (consent.how, consent.clip, consent.quote) == ("helper", None, True)


def test_whoever_a_phone_says_a_story_is_about_it_comes_in(client, engine, point):
    offered = [value for value, _ in client.get("/collect/me").json()["tellers"]]
    items = [phone.Story(point, phone.details(teller=value)) for value in offered]
    assert "about-a-child" in offered
    assert [announce(client, item).status_code for item in items] == [201] * len(offered)
    assert {story.teller for story in stories(engine)} == set(offered)
    assert len(client.get("/collect/sent").json()) == len(offered)


CHILDS, OWN = "about-a-child", "about-me"


@pytest.mark.parametrize(("teller", "relation", "said_by", "given_by"), [
    (CHILDS, "family", "teller", "family"), (CHILDS, "friend", "carer", "carer"),
    (CHILDS, None, "teller", "teller"), (OWN, "family", "teller", "teller"),
])  # fmt: skip
def test_only_of_a_child_consent_says_who_the_teller_is_to_them(
    client, engine, point, teller, relation, said_by, given_by
):
    said = {"teller": teller, "relation": relation, "consent": {"given_by": said_by}}
    assert announce(client, phone.Story(point, phone.details(**said))).status_code == 201
    with transaction(engine) as session:
        assert session.exec(select(Consent)).one().given_by == given_by
