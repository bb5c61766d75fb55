"""The admin's list of phones with survey apps: made, shown once, switched off."""

import base64
import json
import re
import zlib

import pytest
from sqlmodel import select

from storybank.capture.phone_keys import collect_settings
from storybank.db import reading, transaction
from storybank.tables import AuditEntry, CollectKey
from storybank.values import Role
from tests.factories import make_person, make_place, make_programme
from tests.staff import sign_in
from tests.survey_apps import SPOKEN, Collect, filled, new_id

pytestmark = pytest.mark.database


@pytest.fixture
def worker(client, engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)
        person = make_person(session, Role.WORKER, name="Wren Field")
    sign_in(client, engine, Role.ADMIN)
    return person


def filled_in(worker):
    return {"worker": str(worker.id), "programme": "thriving", "label": "Green phone"}


def test_a_phone_is_added_shown_once_and_switched_off(pages, client, engine, worker):
    form = pages.get("/admin/phones").form("/admin/phones")
    page = pages.post("/admin/phones", form | filled_in(worker))
    address = page.one("p", id="address").text
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/key/[\w-]{43}", address)
    assert len(page.all("svg")) == 1

    collect = Collect(client, address.removeprefix("http://127.0.0.1:8000"))
    assert len(collect.forms()) == 1
    collect.send(filled(new_id()))
    collect.post(filled(new_id(), **SPOKEN))
    listed = pages.get("/admin/phones")
    assert "Green phone" in listed.words()
    assert "Wren Field" in listed.words()
    assert "1 without its recording" in listed.words()
    assert address.rpartition("/")[2] not in listed.source

    with reading(engine) as session:
        key = session.exec(select(CollectKey)).one()
    after = pages.post(f"/admin/phones/{key.id}/revoke", {})
    assert "switched off" in after.words()
    assert collect.post(filled(new_id())).status_code == 401
    with reading(engine) as session:
        acts = session.exec(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-3:] == ["make-phone-key", "send-story", "revoke-phone-key"]


def test_what_is_missing_is_asked_for(pages, engine, worker):
    for change, said in (
        ({"worker": ""}, "Choose an outreach worker"),
        ({"worker": "0-0"}, "Choose an outreach worker"),
        ({"programme": "nope"}, "no such programme"),
        ({"label": "  "}, "Name the phone"),
    ):
        page = pages.post("/admin/phones", filled_in(worker) | change, status=422)
        assert said in page.words()
    with reading(engine) as session:
        assert session.exec(select(CollectKey)).all() == []


def test_without_workers_the_page_says_what_to_do_first(pages, client, engine):
    sign_in(client, engine, Role.ADMIN)
    assert "Invite an outreach worker" in pages.get("/admin/phones").words()


def test_the_code_holds_settings_as_collect_reads_them():
    packed = collect_settings("https://stories.example/key/abc", "Thriving")
    found = json.loads(zlib.decompress(base64.b64decode(packed)))
    assert found["general"]["server_url"] == "https://stories.example/key/abc"
    assert found["general"]["form_update_mode"] == "match_exactly"
    assert found["admin"] == {}
    assert found["project"] == {"name": "Thriving"}
