"""OpenRosa's refusals: each in an envelope with a sentence, and nothing left behind."""

import itertools

import pytest
from sqlmodel import select

from storybank.capture.phone_keys import revoke_key
from storybank.db import transaction
from storybank.tables import CollectKey, Person
from tests.clips import recording, tone
from tests.survey_apps import SPOKEN, Collect, filled, new_id, said
from tests.web.phoned import ENVELOPE, admin, collect, sound, stories, token, waiting, worker

pytestmark = pytest.mark.database
__all__ = ["admin", "collect", "sound", "token", "worker"]


def test_other_answers_under_the_same_id_are_refused(collect, engine):
    instance = new_id()
    collect.send(filled(instance))
    for change in (
        {"place": "rather-not-say"}, {"consent_quote": "no"}, {"story_text": "Other words."},
        {"told_on": "2026-10-01"},
    ):  # fmt: skip
        answer = collect.post(filled(instance, **change))
        assert answer.status_code == 409, change
        assert "other contents" in said(answer)
    assert len(stories(engine)) == 1


def test_another_recording_under_the_same_form_is_refused(collect, engine, sound):
    xml = filled(new_id(), **SPOKEN)
    collect.send(xml, {"talk.m4a": sound})
    answer = collect.post(xml, {"talk.m4a": recording(tone(3), "mp4")})
    assert answer.status_code == 409


def test_other_answers_are_refused_while_a_recording_is_awaited(collect, engine):
    instance = new_id()
    collect.post(filled(instance, **SPOKEN), incomplete=True)
    answer = collect.post(filled(instance, **SPOKEN | {"consent_learn": "no"}), incomplete=True)
    assert answer.status_code == 409


def test_a_story_that_was_sent_is_not_edited_from_the_phone(collect, engine):
    first = new_id()
    collect.send(filled(first))
    answer = collect.post(filled(new_id(), meta=first, story_text="Better words."))
    assert answer.status_code == 409
    assert "cannot be changed here" in said(answer)
    unsent = collect.post(filled(new_id(), meta=new_id()))
    assert unsent.status_code == 201  # an edit of what never arrived is the story


def test_what_is_no_form_of_ours_is_refused_in_a_sentence(collect, engine):
    for xml, status in (
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><data id='x'>&b;</data>", 400), (b"not xml", 400),
        (filled("uuid:1"), 400), (filled(new_id(), form="storybank-health"), 404),
        (filled(new_id(), consent_learn=""), 400), (filled(new_id(), place="atlantis"), 422),
        (filled(new_id(), **SPOKEN | {"story_audio": "../../talk.m4a"}), 400),
    ):  # fmt: skip
        answer = collect.post(xml, {"../../talk.m4a": b"x", "/etc/passwd": b"x"})
        assert answer.status_code == status, xml
        assert said(answer).endswith(".")
    assert stories(engine) == []
    assert waiting(engine) == []


def test_a_broken_recording_leaves_nothing_behind(collect, engine, settings):
    xml = filled(new_id(), **SPOKEN)
    answer = collect.post(xml, {"talk.m4a": b"not sound at all"})
    assert answer.status_code == 422
    assert "not a sound recording" in said(answer)
    assert stories(engine) == []
    assert waiting(engine) == []
    assert [p for p in settings.blobs_dir.rglob("*") if p.is_file()] == []


def test_a_request_of_another_shape_is_refused(client, collect, engine):
    form = ("xml_submission_file", ("f.xml", filled(new_id()), "text/xml"))
    url = f"{collect.base}/submission"
    multipart = ENVELOPE | {"Content-Type": "multipart/form-data"}
    plain = ENVELOPE | {"Content-Type": "text/xml"}
    for what, answer in {
        "no form": client.post(url, files=[("other", form[1])], headers=ENVELOPE),
        "two forms": client.post(url, files=[form, form], headers=ENVELOPE),
        "no version": client.post(url, files=[form]),
        "no multipart": client.post(url, content=filled(new_id()), headers=plain),
        "no boundary": client.post(url, content=b"x", headers=multipart),
    }.items():
        assert answer.status_code == 400, what
        said(answer)
    assert stories(engine) == []


def test_too_large_a_body_is_refused_in_an_envelope(client, collect, engine, settings):
    large = settings.max_recording_bytes + 2_000_000
    announced = client.post(
        f"{collect.base}/submission",
        headers=ENVELOPE
        | {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(large)},
        content=b"",
    )
    assert announced.status_code == 413
    assert "larger" in said(announced)


def test_an_unknown_or_revoked_key_is_sent_away_before_its_body_is_read(
    client, collect, engine, admin
):
    bad = Collect(client, "/key/nobody")
    with transaction(engine) as session:
        revoke_key(session, admin, session.exec(select(CollectKey.id)).one())
    for app, (method, path) in itertools.product(
        (bad, collect),
        [("GET", "formList"), ("GET", "forms/storybank-thriving"), ("POST", "submission")],
    ):
        answer = client.request(method, f"{app.base}/{path}", headers=ENVELOPE)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert "switched off" in said(answer)
    assert client.head(f"{bad.base}/submission").status_code == 401


def test_a_worker_who_left_sends_no_more(collect, engine, worker):
    with transaction(engine) as session:
        person = session.get_one(Person, worker)
        person.disabled_at = person.created_at
        session.add(person)
    assert collect.post(filled(new_id())).status_code == 401
