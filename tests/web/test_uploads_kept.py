"""What resumable uploads promise: sums, expiry, dropping, and who may go on with one."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from storybank.capture import uploads
from storybank.capture.intake import Desk
from storybank.capture.uploads import Owner
from storybank.db import make_engine, transaction
from storybank.tables import Upload, now
from storybank.values import Role
from tests.staff import sign_in
from tests.tus import BYTES, PHONE, SOUND, TUS, begin, create, head, kept_by, send, sum_of

pytestmark = pytest.mark.database


@pytest.fixture
def kept(client: TestClient, engine: Engine, desk: Desk) -> Any:
    """Give what is stored of the one upload of this client."""
    return lambda: kept_by(client, engine, desk)


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_wrong_checksum_is_460_and_the_body_is_thrown_away(
    client: TestClient, kept: Any, name: str
) -> None:
    at = begin(client)
    assert send(client, at, 0, SOUND[:9], Upload_Checksum=sum_of(SOUND[:9], name)).is_success
    for body in (SOUND[9:], SOUND[9:100]):
        wrong = send(client, at, 9, body, Upload_Checksum=sum_of(b"other", name))
        assert wrong.status_code == 460
        assert head(client, at).headers["upload-offset"] == "9"
        assert kept()[1] == SOUND[:9]
    right = send(client, at, 9, SOUND[9:], Upload_Checksum=sum_of(SOUND[9:], name))
    assert right.status_code == 204
    assert kept()[1] == SOUND


@pytest.mark.parametrize("checksum", ["md5 AAAA", "sha1", "sha1 !!", "sha1 AAAA"])
def test_a_checksum_that_cannot_be_read_is_400(client: TestClient, checksum: str) -> None:
    answer = send(client, begin(client), 0, b"x", Upload_Checksum=checksum)
    assert answer.status_code == 400


def test_the_whole_is_compared_with_what_was_named_for_it(client: TestClient, kept: Any) -> None:
    at = begin(client, said={"sha256": hashlib.sha256(SOUND).hexdigest()})
    damaged = send(client, at, 0, SOUND[:-1] + b"?")
    assert damaged.status_code == 460
    assert head(client, at).headers["upload-offset"] == "0"
    assert send(client, at, 0, SOUND).status_code == 204
    assert uploads.complete(kept()[0])
    assert kept()[1] == SOUND


def test_every_answer_says_when_it_expires_and_then_it_is_gone(
    client: TestClient, engine: Engine, kept: Any
) -> None:
    at = begin(client)
    answer = send(client, at, 0, SOUND[:10])
    when = parsedate_to_datetime(answer.headers["upload-expires"])
    assert abs(when - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=1)
    assert "upload-expires" in head(client, at).headers
    with transaction(engine) as session:
        upload = session.exec(select(Upload)).one()
        upload.expires_at = now() - timedelta(seconds=1)
        session.add(upload)
    assert head(client, at).status_code == 404
    assert send(client, at, 10, b"x").status_code == 404
    assert begin(client) != at


def test_what_a_worker_did_not_finish_goes_after_a_day(client: TestClient, engine: Engine) -> None:
    sign_in(client, engine, Role.WORKER)
    said = {"for": "collect", "client": PHONE, "name": "story-0"}
    begun = create(client, said=said)
    for answer in (begun, send(client, begun.headers["location"], 0, b"x")):
        when = parsedate_to_datetime(answer.headers["upload-expires"])
        assert abs(when - datetime.now(UTC) - timedelta(hours=24)) < timedelta(minutes=1)


def test_termination_frees_everything(client: TestClient, engine: Engine) -> None:
    at = begin(client)
    send(client, at, 0, SOUND)
    assert client.delete(at, headers=TUS).status_code == 204
    for answer in (head(client, at), send(client, at, 0, b"x"), client.delete(at, headers=TUS)):
        assert answer.status_code == 404
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from upload_piece").scalar() == 0


def test_another_browser_finds_nothing(client: TestClient, kept: Any) -> None:
    at = begin(client)
    mine = client.cookies["storybank-draft"]
    for cookie in (None, "someone-elses"):
        client.cookies.clear()
        if cookie is not None:
            client.cookies.set("storybank-draft", cookie)
        for answer in (head(client, at), send(client, at, 0, b"x"), client.delete(at, headers=TUS)):
            assert answer.status_code == 404
    client.cookies.set("storybank-draft", mine)
    assert kept()[1] == b""


def test_a_cookie_that_nothing_belongs_to_is_not_taken_over(client: TestClient) -> None:
    client.cookies.set("storybank-draft", "planted")
    answer = create(client)
    assert answer.status_code == 201
    assert answer.cookies["storybank-draft"] != "planted"


def test_a_phone_sends_for_the_worker_who_is_signed_in(
    client: TestClient, engine: Engine, desk: Desk
) -> None:
    said = {"for": "collect", "client": PHONE, "name": "story-0"}
    refused = create(client, said=said)
    assert refused.status_code == 401
    assert refused.text == "Sign in to send this."
    sign_in(client, engine, Role.EVALUATOR)
    assert create(client, said=said).status_code == 403
    first = sign_in(client, engine, Role.WORKER)
    at = begin(client, said=said)
    assert send(client, at, 0, SOUND).status_code == 204
    sign_in(client, engine, Role.WORKER)
    assert head(client, at).status_code == 404
    assert begin(client, said=said) != at
    sign_in(client, engine, None)
    assert head(client, at).status_code == 401
    assert first.person_id is not None
    with transaction(engine) as session:
        owner = Owner.for_collect(first.person_id, PHONE)
        (upload,) = uploads.uploads_of(session, desk.keyring, owner)
        assert uploads.complete(upload)
        assert uploads.content(session, desk.keyring, upload) == SOUND


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {},
], ids=str)  # fmt: skip
def test_nothing_is_taken_from_another_site(client: TestClient, headers: dict[str, str]) -> None:
    at = begin(client)
    foreign = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", **BYTES, **headers}
    for method in ("POST", "PATCH", "DELETE"):
        answer = client.request(method, at, headers=foreign, content=b"x")
        assert answer.status_code == 403
        assert answer.headers["content-type"].startswith("text/plain")
    assert head(client, at).headers["upload-offset"] == "0"


def test_a_packed_body_is_refused(client: TestClient) -> None:
    answer = send(client, begin(client), 0, b"x", Content_Encoding="gzip")
    assert answer.status_code == 415


def test_a_lost_database_is_a_short_answer(app: FastAPI, client: TestClient) -> None:
    at = begin(client)
    app.state.held.engine = make_engine("postgresql://nobody@127.0.0.1:1/none")
    answer = head(client, at)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/plain")
