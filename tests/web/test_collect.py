"""What the recorder on a worker's phone is answered, row by row of its contract."""

import base64
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from storybank.capture import uploads
from storybank.capture.uploads import Owner
from storybank.db import transaction
from storybank.sealed import unseal
from storybank.tables import AuditEntry, Consent, Note, Recording, Story, Upload, Waiting
from storybank.values import Role, Use
from storybank.vault import clip_context, recording_context, story_key
from tests import phone
from tests.clips import recording, tone
from tests.factories import make_place, make_programme
from tests.staff import sign_in

pytestmark = pytest.mark.database

SAME = {"Sec-Fetch-Site": "same-origin"}
SPOKEN = {"mode": "spoken", "text": None}


@pytest.fixture(autouse=True)
def worker(client, engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)
    client.headers.update(SAME)
    return sign_in(client, engine, Role.WORKER, "Wren")


@pytest.fixture
def point(client):
    return base64.b64decode(client.get("/collect/me").json()["key"])


@pytest.fixture
def upload(engine, desk, worker):
    """Brings parts of an item to the server as the tus routes do."""

    def bring(item, *names, actor=worker):
        owner = Owner.for_collect(actor.person_id, item.client_id)
        with transaction(engine) as session:
            for name in names or item.sealed:
                sealed = item.sealed[name]
                row = uploads.create(session, desk.keyring, owner, name, len(sealed))
                uploads.append(session, desk.keyring, row, 0, sealed)

    return bring


def announce(client, item, **more):
    return client.post("/collect/stories", json=item.body | more)


def finish(client, item):
    return client.post(f"/collect/stories/{item.client_id}/finish")


def stories(engine):
    with transaction(engine) as session:
        return session.exec(select(Story)).all()


def spoken(point, *parts, **more):
    named = {f"story_{n}": phone.sliced(part) for n, part in enumerate(parts)}
    clip = {"consent": phone.sliced(recording(tone(1), "webm"))} if more.pop("clip", False) else {}
    return phone.Story(point, phone.details(**(SPOKEN | more)), **named, **clip)


def test_a_phone_is_told_all_that_it_needs_to_record_offline(client, worker):
    said = client.get("/collect/me").json()
    assert said["worker"] == {"id": str(worker.person_id), "name": "Wren"}
    left = datetime.fromisoformat(said["until"]) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    assert said["offline_days"] == 14
    assert len(base64.b64decode(said["key"])) == 65
    assert said["programmes"] == [
        {"slug": "thriving", "name": "Thriving", "prompt": "What changed for you?"}
    ]
    assert said["places"] == [{"slug": "blackbird-leys", "name": "Blackbird Leys"}]
    asked = said["consent"]
    assert [q["use"] for q in asked["questions"]] == [use.value for use in Use]
    assert said["tellers"][0][0] == "about-me"
    assert said["limits"] == {"minutes": 120, "words": 50_000, "mb": 200}
    assert asked["wording"] == "2026-11"
    assert asked["spoken"].endswith("each.")


@pytest.mark.parametrize(("role", "status"), [
    (None, 401), (Role.EVALUATOR, 403), (Role.GOVERNANCE, 403), (Role.ADMIN, 403),
])  # fmt: skip
def test_nobody_else_is_let_in_and_all_are_told_in_json(client, engine, role, status):
    sign_in(client, engine, role)
    for method, path in (
        ("GET", "/collect/me"), ("GET", "/collect/sent"),
        ("POST", f"/collect/stories/{uuid.uuid4()}/finish"),
        ("DELETE", f"/collect/stories/{uuid.uuid4()}"),
    ):  # fmt: skip
        answer = client.request(method, path)
        assert answer.status_code == status, path
        assert list(answer.json()) == ["error"]


def test_other_sites_cannot_send(client, point):
    item = phone.Story(point, phone.details())
    client.headers["Sec-Fetch-Site"] = "cross-site"
    assert announce(client, item).status_code == 403


def test_a_typed_story_is_safe_at_once_and_sent_again_is_the_same(client, engine, point, worker):
    item = phone.Story(point, phone.details())
    first, again = announce(client, item), announce(client, item)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["state"] == "safe"
    assert len(first.json()["receipt"]) == 16
    [story] = stories(engine)
    assert (story.channel, story.mode, story.teller) == ("worker", "typed", "about-me")
    assert (story.sent_by, story.told_on) == (worker.person_id, "2026-11-01")
    assert story.client_id == f"phone|{worker.person_id}|{item.client_id}"
    assert (story.may_learn, story.may_publish) == (True, False)


def test_another_body_under_the_same_id_is_refused(client, engine, point):
    one, two = phone.Story(point, phone.details()), phone.Story(point, phone.details())
    spoke = spoken(point, recording(tone(1), "webm"))
    for item in (one, spoke):
        announce(client, item)
        answer = announce(client, item, details=two.body["details"])
        assert answer.status_code == 409
    assert len(stories(engine)) == 1


def test_what_a_worker_wrote_is_kept_apart_from_the_tellers_words(client, engine, desk, point):
    said = phone.details(mode="scribe", note="She cried here.", read_back=True)
    assert announce(client, phone.Story(point, said)).status_code == 201
    with transaction(engine) as session:
        note, story = session.exec(select(Note)).one(), session.exec(select(Story)).one()
        key = story_key(desk.keyring, story)
    assert note.read_back
    assert unseal(key, note.sealed, f"note/{story.id}") == b"She cried here."


def test_a_spoken_story_waits_for_its_sound_and_is_then_safe(
    client, engine, desk, point, upload, worker
):
    sound = recording(tone(2), "webm")
    item = spoken(point, sound, clip=True, consent={"how": "spoken", "given_by": "carer"})
    first = announce(client, item)
    assert (first.status_code, first.json()) == (
        202, {"state": "sending", "missing": ["story-0", "consent"]}
    )  # fmt: skip
    early = finish(client, item)
    assert (early.status_code, early.json()["missing"]) == (409, ["story-0", "consent"])
    upload(item, "story-0")
    assert announce(client, item).json()["missing"] == ["consent"]
    upload(item, "consent")

    done, again, told_again = finish(client, item), finish(client, item), announce(client, item)

    assert (done.status_code, again.status_code, told_again.status_code) == (201, 200, 200)
    assert done.json() == again.json() == told_again.json()
    assert len(done.json()["receipt"]) == 16
    assert done.json()["opens_at"] == "http://127.0.0.1:8000/receipt"
    assert {len(row) for row in done.json()["squares"]} == {len(done.json()["squares"])}
    with transaction(engine) as session:
        story, row = session.exec(select(Story)).one(), session.exec(select(Recording)).one()
        consent = session.exec(select(Consent)).one()
        assert session.exec(select(Waiting)).all() == []
        assert session.exec(select(Upload)).all() == []
        acts = session.exec(select(AuditEntry.act)).all()
    key = story_key(desk.keyring, story)
    assert desk.blobs.get(key, row.blob, recording_context(row.id, "told")) == sound
    assert desk.blobs.get(key, consent.clip, clip_context(story.id))
    assert (consent.how, consent.given_by, consent.quote) == ("spoken", "carer", True)
    assert row.container == "webm"
    assert abs(row.seconds - 2) < 0.1
    assert acts == ["send-story", "give-receipt-again", "give-receipt-again"]


def test_a_written_story_with_a_spoken_yes_waits_for_the_yes(client, engine, desk, point, upload):
    item = phone.Story(
        point,
        phone.details(mode="scribe", consent={"how": "spoken", "given_by": "parent"}),
        consent=phone.sliced(recording(tone(1), "webm")),
    )
    assert announce(client, item).json()["missing"] == ["consent"]
    upload(item)
    assert finish(client, item).status_code == 201
    with transaction(engine) as session:
        story, consent = session.exec(select(Story)).one(), session.exec(select(Consent)).one()
    assert (story.mode, consent.given_by) == ("typed", "parent")
    clip = desk.blobs.get(story_key(desk.keyring, story), consent.clip, clip_context(story.id))
    assert clip.startswith(b"\x1a\x45\xdf\xa3")


def test_a_second_worker_on_the_same_phone_gets_nothing(client, engine, point, upload):
    item = spoken(point, recording(tone(1), "webm"))
    announce(client, item)
    upload(item)
    sign_in(client, engine, Role.WORKER, "Wim")
    assert finish(client, item).status_code == 404
    assert client.get("/collect/sent").json() == []
    # What Wim announces under the same id is Wim's own, and says nothing of the first.
    assert announce(client, item).json() == {"state": "sending", "missing": ["story-0"]}
    assert stories(engine) == []


def test_what_was_sent_is_listed_with_its_state_and_without_words(client, engine, point, worker):
    older, newer = (phone.Story(point, phone.details(place=p)) for p in (None, "blackbird-leys"))
    references = [announce(client, item).json()["reference"] for item in (older, newer)]
    with transaction(engine) as session:
        story = session.exec(select(Story).where(Story.place_id.is_(None))).one()
        story.state, story.problem = "needs_help", "BrokenRecording"
        session.add(story)

    answer = client.get("/collect/sent")

    assert "lift" not in answer.text
    first, second = answer.json()
    assert (first["client_id"], second["client_id"]) == (newer.client_id, older.client_id)
    assert [first["reference"], second["reference"]] == references[::-1]
    assert (first["state"], first["says"]) == ("received", "Waiting its turn")
    assert (first["programme"], first["place"]) == ("Thriving", "Blackbird Leys")
    assert (second["state"], second["place"]) == ("needs_help", None)
    assert "damaged" in second["says"]
    assert second["link"] == f"/worker/stories/{story.id}"
    assert first["told_on"] == "2026-11-01"


def test_a_deleted_item_is_dropped_here(client, engine, point, upload):
    item = spoken(point, recording(tone(1), "webm"))
    announce(client, item)
    upload(item)
    assert client.delete(f"/collect/stories/{item.client_id}").status_code == 204
    assert finish(client, item).status_code == 404


@pytest.mark.parametrize("change", [
    {"client_id": "7"}, {"details": "!"}, {"details": ""}, {"parts": [{"name": "story-1"}]},
    {"parts": [{"name": "story-1", "bytes": 9, "frames": 1, "mime": "", "seconds": 1}]},
    {"parts": [{"name": "../x", "bytes": 9, "frames": 1, "mime": "", "seconds": 1}]},
])  # fmt: skip
def test_a_body_that_is_none_is_refused_in_json(client, engine, point, change):
    answer = announce(client, phone.Story(point, phone.details()), **change)
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]
    assert stories(engine) == []


def test_details_of_another_item_or_for_another_server_do_not_open(client, engine, point):
    one, two = phone.Story(point, phone.details()), phone.Story(point, phone.details())
    answer = announce(client, one, client_id=two.client_id)
    assert answer.status_code == 422
    assert "does not open" in answer.json()["error"]
    assert stories(engine) == []


def test_too_much_is_refused_in_json_before_it_is_read(client):
    answer = client.post("/collect/stories", content=b"x" * (5 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert list(answer.json()) == ["error"]
