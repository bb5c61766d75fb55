"""OpenRosa row by row: what ODK Collect, KoboCollect and Enketo ask for and get."""

import tempfile
import threading

import pytest
from sqlmodel import select

from storybank import accounts
from storybank.capture.phone_keys import make_key
from storybank.capture.waiting import MOST_WAITING
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.tables import Consent, Recording, Waiting
from storybank.vault import recording_context, story_key
from tests.clips import recording, tone
from tests.factories import make_place
from tests.survey_apps import SPOKEN, Collect, filled, new_id, said
from tests.web.phoned import ENVELOPE, admin, collect, sound, stories, token, waiting, worker

pytestmark = pytest.mark.database
__all__ = ["admin", "collect", "sound", "token", "worker"]


# --- the form ----------------------------------------------------------------------------------


def test_the_list_names_the_form_and_the_form_has_that_digest(collect):
    [entry] = collect.forms()
    assert entry["formID"] == "storybank-thriving"
    assert entry["hash"].startswith("md5:")
    assert "descriptionText" not in entry
    form = collect.fetch(entry)
    assert f'version="{entry["version"]}"'.encode() in form
    assert b"What changed for you?" in form


def test_a_list_can_be_narrowed_and_described(collect):
    assert collect.forms("?formID=other") == []
    [entry] = collect.forms("?formID=storybank-thriving&verbose=true")
    assert entry["descriptionText"] == "How people get on"


def test_the_form_needs_no_files(collect, client):
    [entry] = collect.forms()
    answer = client.get(entry["manifestUrl"].removeprefix("http://127.0.0.1:8000"))
    assert answer.text == (
        '<manifest xmlns="http://openrosa.org/xforms/xformsManifest"></manifest>'
    )
    assert answer.headers["x-openrosa-version"] == "1.0"


def test_a_new_place_makes_a_new_version_and_old_forms_still_come_in(collect, engine):
    [before] = collect.forms()
    with transaction(engine) as session:
        make_place(session, "wood-farm")
    [after] = collect.forms()
    assert before["version"] != after["version"]
    assert b"wood-farm" in collect.fetch(after)
    assert collect.send(filled(new_id()))[0].status_code == 201


def test_another_programmes_form_is_not_here(collect, client):
    answer = client.get(f"{collect.base}/forms/storybank-health")
    assert answer.status_code == 404
    assert "another form" in said(answer)


# --- sending -----------------------------------------------------------------------------------


def test_asking_where_to_send_gives_204(collect, client):
    answer = client.head(f"{collect.base}/submission")
    assert answer.status_code == 204
    assert answer.headers["x-openrosa-version"] == "1.0"
    assert answer.headers["x-openrosa-accept-content-length"] == "10000000"
    assert answer.headers["location"] == f"http://127.0.0.1:8000{collect.base}/submission"


def test_a_written_story_comes_in_once_with_a_code_for_its_teller(collect, client, engine, worker):
    instance = new_id()
    xml = filled(instance)
    [first] = collect.send(xml)
    assert first.status_code == 201
    [again] = collect.send(xml)
    assert again.status_code == 202
    assert said(first) == said(again)
    [story] = stories(engine)
    assert (story.channel, story.sent_by, story.mode) == ("odk", worker, "typed")
    assert story.client_id.startswith("odk|")
    assert story.client_id.endswith(f"|{instance}")
    code = said(first).rpartition(": ")[2]
    found = client.post(
        "/receipt", data={"code": code}, headers={"Sec-Fetch-Site": "none"}, follow_redirects=False
    )
    assert found.headers["location"] == "/receipt/story"


def test_a_recording_arrives_as_it_was_sent_and_no_file_holds_it_in_clear(
    collect, engine, desk, sound, monkeypatch
):
    def refuse(*_, **__):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    [answer] = collect.send(filled(new_id(), **SPOKEN), {"talk.m4a": sound})
    assert answer.status_code == 201
    [story] = stories(engine)
    with reading(engine) as session:
        row = session.exec(select(Recording)).one()
        key = story_key(desk.keyring, story)
        assert desk.blobs.get(key, row.blob, recording_context(row.id, "told")) == sound
        assert session.exec(select(Consent.given_by, Consent.how)).one() == ("teller", "helper")


def test_what_is_too_much_for_one_request_comes_in_parts(collect, engine, sound):
    xml = filled(new_id(), **SPOKEN)
    answers = collect.send(xml, {"audit.csv": bytes(9_999_999), "talk.m4a": sound})
    assert [a.status_code for a in answers] == [201, 201]
    assert "still to come" in said(answers[0])
    assert "safe" in said(answers[1])
    assert len(stories(engine)) == 1
    assert waiting(engine) == []


def test_a_story_waits_for_its_recording_and_is_sealed_meanwhile(collect, engine, sound):
    xml = filled(new_id(), **SPOKEN | {"given_by": "carer"})
    first, again = collect.post(xml), collect.post(xml)
    assert [first.status_code, again.status_code] == [201, 202]
    assert "the recording is not" in said(first)
    assert stories(engine) == []
    [row] = waiting(engine)
    assert b"carer" not in row.sealed
    assert "still to come" in said(collect.post(xml, incomplete=True))
    assert collect.post(xml, {"talk.m4a": sound}).status_code == 201
    assert len(stories(engine)) == 1
    assert waiting(engine) == []


def test_everything_can_be_sent_again_after_any_answer_was_lost(collect, engine, sound):
    xml = filled(new_id(), **SPOKEN)
    parts = [({}, True), ({"other.jpg": b"x"}, True), ({"talk.m4a": sound}, False)]
    for upto in range(1, len(parts) + 1):
        for files, incomplete in parts[:upto]:
            assert collect.post(xml, files, incomplete=incomplete).status_code in (201, 202)
    assert len(stories(engine)) == 1
    assert waiting(engine) == []


def test_enketo_sends_in_its_own_way(client, collect, engine):
    webm = recording(tone(2), "webm")
    instance = new_id()
    xml = filled(instance, **SPOKEN | {"story_audio": "talk-12_3_4.webm"})
    answer = client.post(
        f"{collect.base}/submission",
        files={
            "xml_submission_file": ("xml_submission_file", xml, "text/xml"),
            "talk-12_3_4.webm": ("talk-12_3_4.webm", webm, "audio/webm"),
        },
        headers=ENVELOPE
        | {
            "X-OpenRosa-Instance-Id": instance,
            "Origin": "https://enketo.example",
            "Sec-Fetch-Site": "cross-site",
        },
    )
    assert answer.status_code == 201, answer.text
    assert [s.mode for s in stories(engine)] == ["spoken"]


def test_names_that_are_not_ascii_are_kept(collect, engine, sound):
    [answer] = collect.send(
        filled(new_id(), **SPOKEN | {"story_audio": "głos-żółć.m4a"}), {"głos-żółć.m4a": sound}
    )
    assert answer.status_code == 201
    assert waiting(engine) == []


@pytest.mark.parametrize(
    ("named", "part", "file"),
    [
        ("talk.m4a", "talk.m4a", "blob"),
        ("talk.m4a", "file1", "talk.m4a"),
        ("g\u0142os-z\u0307.m4a", "g\u0142os-\u017c.m4a", "g\u0142os-\u017c.m4a"),
    ],
    ids=["only the part has its name", "only the file has its name", "accents in two ways"],
)
def test_a_recording_is_found_by_either_name_it_has(
    client, collect, engine, sound, named, part, file
):
    answer = client.post(
        f"{collect.base}/submission",
        files=[
            (
                "xml_submission_file",
                ("form.xml", filled(new_id(), **SPOKEN | {"story_audio": named})),
            ),
            (part, (file, sound, "audio/m4a")),
        ],
        headers=ENVELOPE,
    )
    assert answer.status_code == 201
    assert "safe" in said(answer)
    assert waiting(engine) == []


def test_a_body_in_chunks_is_taken(client, collect, engine):
    edge = "=-frontier"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="xml_submission_file"; '
        f'filename="f.xml"\r\nContent-Type: text/xml\r\n\r\n'.encode()
        + filled(new_id())
        + f"\r\n--{edge}--\r\n".encode()
    )
    answer = client.post(
        f"{collect.base}/submission",
        content=iter([body[i : i + 7] for i in range(0, len(body), 7)]),
        headers=ENVELOPE | {"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 201, answer.text
    assert len(stories(engine)) == 1


def test_what_comes_again_by_a_new_key_of_its_worker_is_the_same_form(
    client, collect, engine, admin, worker, sound
):
    written, spoken = filled(new_id()), filled(new_id(), **SPOKEN)
    [first] = collect.send(written)
    collect.post(spoken)
    with transaction(engine) as session:
        token = make_key(session, admin, worker, "thriving", "Red phone")
    other = Collect(client, f"/key/{token}")
    again = other.post(written)
    assert (again.status_code, said(again)) == (202, said(first))
    assert other.post(spoken, {"talk.m4a": sound}).status_code == 201
    assert waiting(engine) == []
    assert len(stories(engine)) == 2
    with transaction(engine) as session:
        for story in stories(engine):
            withdraw(session, story.id)
    for form, files in ((written, {}), (spoken, {"talk.m4a": sound})):
        assert other.post(form, files).status_code == 410, "it was taken back"
    assert len(stories(engine)) == 2


def test_two_at_one_moment_make_one_story(collect, engine, sound):
    xml = filled(new_id(), **SPOKEN)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(collect.post(xml, {"talk.m4a": sound})))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.status_code for a in found) == [201, 202, 202, 202]
    assert len({said(a) for a in found}) == 1
    assert len(stories(engine)) == 1


# --- a worker who is gone, and one who sends without end -----------------------------------------


def test_the_key_of_a_worker_who_left_opens_nothing(engine, admin, worker, collect, sound):
    announced = filled(new_id(), **SPOKEN)
    assert collect.post(announced).status_code == 201
    with transaction(engine) as session:
        accounts.disable(session, admin, worker)
    for answer in (
        collect.client.get(f"{collect.base}/formList", headers=ENVELOPE),
        collect.client.head(f"{collect.base}/submission", headers=ENVELOPE),
        collect.post(announced, {"talk.m4a": sound}),
        collect.post(filled(new_id())),
    ):
        assert answer.status_code == 401
    assert stories(engine) == []


def test_only_so_many_forms_wait_for_their_recordings(engine, worker, collect):
    with transaction(engine) as session:
        for number in range(MOST_WAITING):
            row = {"client_id": f"odk|0|{number}", "person_id": worker}
            session.add(Waiting(**row, body_digest=b"", sealed=b""))
    answer = collect.post(filled(new_id(), **SPOKEN))
    assert (answer.status_code, len(waiting(engine))) == (429, MOST_WAITING)
    assert said(answer) == "Too many stories wait for their recordings. Send those first."
    assert collect.post(filled(new_id())).status_code == 201, "a written one waits for nothing"
