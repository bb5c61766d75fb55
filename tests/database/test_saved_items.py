"""Stories saved from the recorder as files: once each, by who recorded them, or not at all."""

import json
import uuid
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url
from sqlmodel import select
from typer.testing import CliRunner

from storybank.access import Actor
from storybank.capture import phones, uploads
from storybank.capture.intake import Desk
from storybank.capture.phone_details import Announced
from storybank.capture.phones import Item
from storybank.capture.saved_items import LONGEST_LINE, read_saved, take_saved
from storybank.cli import app
from storybank.db import transaction
from storybank.errors import (
    BadSavedStory,
    BrokenRecording,
    Conflict,
    NotAllowed,
    OthersStory,
    RecordingTooLarge,
    YesNotHeard,
)
from storybank.keys import load_keyring
from storybank.tables import AuditEntry, Recording, Story, Upload, Waiting
from storybank.values import Role
from storybank.vault import recording_context, story_key
from tests import phone
from tests.clips import recording, tone
from tests.factories import make_person, make_place, make_programme

pytestmark = pytest.mark.database


@pytest.fixture
def worker(engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)
        return Actor(make_person(session, Role.WORKER).id, Role.WORKER)


@pytest.fixture(scope="module")
def sound():
    return recording(tone(2), "webm")


@pytest.fixture
def spoken(keyring, worker, sound):
    said = phone.details(
        mode="spoken", text=None, worker=str(worker.person_id), consent={"how": "spoken"}
    )
    clip = phone.sliced(recording(tone(1), "webm"))
    return phone.Story(keyring.phone_public(), said, story_0=phone.sliced(sound), consent=clip)


@pytest.fixture
def typed(keyring):
    return phone.Story(keyring.phone_public(), phone.details())


def rows(engine, *tables):
    with transaction(engine) as session:
        return [len(session.exec(select(table)).all()) for table in tables]


def announce(engine, desk, worker, story):
    item = Item(worker.person_id, uuid.UUID(story.client_id))
    with transaction(engine) as session:
        return item, phones.announce(session, desk, item, Announced(**story.body))


def send_sound(engine, desk, item, story, share=1.0):
    with transaction(engine) as session:
        for name, sealed in story.sealed.items():
            row = uploads.create(session, desk.keyring, item.owner, name, len(sealed))
            uploads.append(session, desk.keyring, row, 0, sealed[: int(len(sealed) * share)])


def test_a_spoken_story_comes_in_whole_with_its_consent(engine, desk, worker, spoken, sound):
    standing = take_saved(engine, desk, worker, spoken.saved(worker.person_id))

    assert standing.new
    assert len(standing.receipt) == 16
    with transaction(engine) as session:
        story = session.exec(select(Story)).one()
        row = session.exec(select(Recording)).one()
        assert session.exec(select(AuditEntry.act)).all() == ["send-story"]
    key = story_key(desk.keyring, story)
    assert desk.blobs.get(key, row.blob, recording_context(row.id, "told")) == sound
    assert story.client_id == f"phone|{worker.person_id}|{spoken.client_id}"
    assert story.sent_by == worker.person_id


def test_sent_twice_it_is_one_story_with_one_receipt(engine, desk, worker, spoken, typed):
    for story in (spoken, typed):
        file = story.saved(worker.person_id)
        first, again = (take_saved(engine, desk, worker, file) for _ in range(2))
        assert (first.new, again.new) == (True, False)
        assert (first.reference, first.receipt) == (again.reference, again.receipt)
    assert rows(engine, Story, Waiting) == [2, 0]


def test_the_file_first_and_then_the_phone_is_one_story(engine, desk, worker, spoken):
    brought = take_saved(engine, desk, worker, spoken.saved(worker.person_id))
    _, sent = announce(engine, desk, worker, spoken)
    assert (sent.reference, sent.receipt, sent.new) == (brought.reference, brought.receipt, False)
    assert rows(engine, Story, Waiting) == [1, 0]


def test_the_file_ends_what_the_phone_had_half_sent(engine, desk, worker, spoken):
    item, _ = announce(engine, desk, worker, spoken)
    send_sound(engine, desk, item, spoken, share=0.5)
    brought = take_saved(engine, desk, worker, spoken.saved(worker.person_id))
    assert brought.new
    assert phones.finish(engine, desk, item).reference == brought.reference
    assert rows(engine, Story, Waiting, Upload) == [1, 0, 0]


def test_the_phone_first_and_then_the_file_is_one_story(engine, desk, worker, spoken):
    item, _ = announce(engine, desk, worker, spoken)
    send_sound(engine, desk, item, spoken)
    sent = phones.finish(engine, desk, item)
    brought = take_saved(engine, desk, worker, spoken.saved(worker.person_id))
    assert (brought.reference, brought.receipt, brought.new) == (
        sent.reference,
        sent.receipt,
        False,
    )
    assert rows(engine, Story) == [1]
    with transaction(engine) as session:  # the code was given again, and that is seen
        acts = session.exec(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["send-story", "give-receipt-again"]


def test_cut_off_anywhere_nothing_is_kept(engine, desk, worker, spoken):
    file = spoken.saved(worker.person_id)
    line = file.index(b"\n")
    for end in (0, 1, line - 1, line, line + 1, line + 500, len(file) - 1):
        with pytest.raises(BadSavedStory):
            take_saved(engine, desk, worker, file[:end])
    with pytest.raises(BadSavedStory):
        take_saved(engine, desk, worker, file + b"x")
    assert rows(engine, Story, Waiting, Upload) == [0, 0, 0]


def test_changed_anywhere_it_does_not_open(engine, desk, worker, spoken):
    file = spoken.saved(worker.person_id)
    line = file.index(b"\n") + 1
    clip = line + len(spoken.sealed["story-0"])

    def changed(*places):
        return bytes(byte ^ (at in places) for at, byte in enumerate(file))

    for places in ((line + 10,), (line + 200,), (clip - 1,), (line + 10, clip + 200)):
        with pytest.raises(BadSavedStory):
            take_saved(engine, desk, worker, changed(*places))
    for at in (clip + 200, len(file) - 1):
        with pytest.raises(YesNotHeard):  # the ticks can stand for it
            take_saved(engine, desk, worker, changed(at))
    assert rows(engine, Story) == [0]
    assert take_saved(engine, desk, worker, changed(clip + 200), ticked=True).new


def test_parts_of_one_story_do_not_open_in_another(engine, desk, worker, spoken):
    with pytest.raises(BadSavedStory):
        take_saved(
            engine, desk, worker, spoken.saved(worker.person_id, client_id=str(uuid.uuid4()))
        )
    with pytest.raises(BadSavedStory):
        swapped = spoken.body["parts"][::-1]
        take_saved(engine, desk, worker, spoken.saved(worker.person_id, parts=swapped))
    assert rows(engine, Story) == [0]


def test_another_story_under_the_same_id_clashes(engine, desk, worker, typed, keyring):
    take_saved(engine, desk, worker, typed.saved(worker.person_id))
    other = phone.Story(keyring.phone_public(), phone.details())
    file = typed.saved(worker.person_id, details=other.body["details"])
    with pytest.raises(Conflict):
        take_saved(engine, desk, worker, file)


@pytest.mark.parametrize("content", [
    b"", b"\n", b"{}\n", b"[]\n", b"\xff\xfe\n", b"{" * 100_000 + b"\n", b"[" * 100_000 + b"\n",
    b"x" * (LONGEST_LINE + 10), b'{"storybank":2}\n', b'{"storybank":' + b"9" * 10_000 + b"}\n",
    b"RIFF\x00\x00\x00\x00WAVE\n",
])  # fmt: skip
def test_what_is_no_saved_story_is_one_plain_refusal(content):
    with pytest.raises(BadSavedStory):
        read_saved(content)


@pytest.mark.parametrize("parts", [
    [{"bytes": -1}], [{"bytes": 0}], [{"bytes": 10**40}], [{"frames": 0}], [{"name": "../story"}],
    [{"name": "story-1"}], [{}, {}], [{"seconds": None}], [{"mime": "x" * 300}],
    [{"name": f"story-{n}", "bytes": 1} for n in range(101)],
])  # fmt: skip
def test_parts_that_cannot_be_are_refused(parts):
    usual = {"name": "story-0", "bytes": 3, "frames": 1, "mime": "audio/webm", "seconds": 1}
    line = {
        "storybank": 1, "worker": str(uuid.uuid4()), "client_id": str(uuid.uuid4()),
        "details": "YQ==", "parts": [usual],
    }  # fmt: skip
    assert read_saved(json.dumps(line).encode() + b"\nabc").sealed == {"story-0": b"abc"}
    line["parts"] = [usual | part for part in parts]
    with pytest.raises(BadSavedStory):
        read_saved(json.dumps(line).encode() + b"\nabc")


def test_only_who_recorded_it_may_send_it(engine, desk, worker, spoken):
    with transaction(engine) as session:
        other = Actor(make_person(session, Role.WORKER).id, Role.WORKER)
    with pytest.raises(OthersStory):
        take_saved(engine, desk, other, spoken.saved(worker.person_id))
    with pytest.raises(OthersStory):  # with its line changed: the name is sealed in too
        take_saved(engine, desk, other, spoken.saved(other.person_id))
    for role in (Role.EVALUATOR, Role.GOVERNANCE, None):
        with pytest.raises(NotAllowed):
            take_saved(engine, desk, Actor(role=role), spoken.saved(worker.person_id))
    assert rows(engine, Story) == [0]


def test_what_no_memory_could_hold_or_no_ear_hear_is_refused(engine, desk, worker, keyring, sound):
    tight = SimpleNamespace(
        **{name: getattr(desk.settings, name) for name in ("max_story_words", "max_recording_mb")},
        max_recording_bytes=len(sound) // 2,
    )
    said = phone.details(mode="spoken", text=None)
    story = phone.Story(keyring.phone_public(), said, story_0=phone.sliced(sound))
    with pytest.raises(RecordingTooLarge):
        small = Desk(tight, desk.keyring, desk.blobs)
        take_saved(engine, small, worker, story.saved(worker.person_id))
    broken = phone.Story(
        keyring.phone_public(), said, story_0=[b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40]
    )
    with pytest.raises(BrokenRecording):
        take_saved(engine, desk, worker, broken.saved(worker.person_id))
    assert rows(engine, Story, Waiting) == [0, 0]


@pytest.fixture
def run(monkeypatch, tmp_path, database_url):
    url = make_url(database_url).render_as_string(hide_password=False)
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("STORYBANK_DATABASE_URL", url)

    def bring(content, *words):
        file = tmp_path / "story.storybank"
        file.write_bytes(content)
        return CliRunner().invoke(app, ["import", str(file), *words])

    return bring


def test_an_admin_brings_one_in_at_the_command_line(run, engine, desk, worker, spoken, settings):
    assert load_keyring(settings.keys_path).phone_public() == desk.keyring.phone_public()
    file = spoken.saved(worker.person_id)
    first, again = run(file), run(file)

    assert (first.exit_code, again.exit_code) == (0, 0), first.stderr
    with transaction(engine) as session:
        story = session.exec(select(Story)).one()
        acts = session.exec(select(AuditEntry.act, AuditEntry.person_id)).all()
    reference = phones.reference(desk.keyring, story.id)
    assert f"The story is safe, reference {reference}." in first.stderr
    assert f"was here already, reference {reference}." in again.stderr
    assert acts == [("send-story", worker.person_id), ("bring-saved-story", None)]
    assert phones.receipt_for(desk.keyring, story.client_id) not in first.stderr + first.stdout
    assert story.sent_by == worker.person_id


def test_at_the_command_line_what_is_wrong_is_one_sentence(run, engine, worker, typed, keyring):
    said = phone.details(consent={"how": "spoken"})
    unheard = phone.Story(keyring.phone_public(), said, consent=[b"no sound"])
    with transaction(engine) as session:
        evaluator = make_person(session, Role.EVALUATOR).id
    for content, words, said in (
        (b"not a story", (), "not a whole story"),
        (typed.saved(uuid.uuid4()), (), "has no account here"),
        (typed.saved(evaluator), (), "has no account here"),
        (typed.saved(worker.person_id), ("--dry-run",), "cannot be checked"),
        (unheard.saved(worker.person_id), (), "Its worker can send it so at /worker/saved."),
    ):
        result = run(content, *words)
        assert result.exit_code == 1
        assert said in " ".join(result.stderr.split())
        assert "Traceback" not in result.stderr
    assert rows(engine, Story) == [0]
