"""Resumable uploads over HTTP: one test per row of the tus contract, and who may."""

import base64
import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from storybank.capture import uploads
from storybank.capture.intake import Desk
from storybank.capture.uploads import Owner
from storybank.db import transaction
from storybank.tables import Upload, now
from storybank.values import Role
from tests.staff import sign_in

pytestmark = pytest.mark.database

SOUND = bytes(range(256)) * 400
"""102,400 bytes: four pieces."""
PHONE = str(uuid.UUID(int=7))
TUS = {"Tus-Resumable": "1.0.0", "Sec-Fetch-Site": "same-origin"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def metadata(**said: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in
                    ({"for": "draft", "name": "voice"} | said).items())  # fmt: skip


def create(client: TestClient, length: int | None = len(SOUND), **more: Any) -> httpx2.Response:
    """Begin an upload; `said` adds to its metadata, other keywords are headers, with _ for -."""
    said, body = more.pop("said", {}), more.pop("body", None)
    how = {"Upload-Length": str(length)} if length is not None else {"Upload-Defer-Length": "1"}
    headers = TUS | how | {"Upload-Metadata": metadata(**said)}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return client.post("/uploads", headers=headers, content=body)  # type: ignore[return-value]


def begin(client: TestClient, length: int | None = len(SOUND), **more: Any) -> str:
    answer = create(client, length, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def send(client: TestClient, at: str, start: int, body: bytes, **more: str) -> httpx2.Response:
    headers = TUS | BYTES | {"Upload-Offset": str(start)}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return client.patch(at, headers=headers, content=body)  # type: ignore[return-value]


def head(client: TestClient, at: str) -> httpx2.Response:
    return client.head(at, headers=TUS)  # type: ignore[return-value]


def sum_of(body: bytes, name: str = "sha1") -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, body).digest()).decode()}"


@pytest.fixture
def owner(client: TestClient) -> Any:
    """Give who owns what this client began."""
    return lambda: Owner.for_draft(client.cookies["storybank-draft"])


@pytest.fixture
def kept(engine: Engine, desk: Desk, owner: Any) -> Any:
    """Give what is stored of the one upload of this client."""

    def look() -> tuple[Upload, bytes]:
        with transaction(engine) as session:
            (upload,) = uploads.uploads_of(session, desk.keyring, owner())
            key = uploads.key_of(desk.keyring, owner(), upload)
            return upload, uploads.content(session, desk.keyring, upload, key=key)

    return look


# --- core ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, "0.2.2"])
def test_another_version_is_refused_before_anything_is_done(
    client: TestClient, kept: Any, version: str | None
) -> None:
    at = begin(client)
    headers = {"Sec-Fetch-Site": "same-origin", "Upload-Offset": "0", **BYTES}
    if version is not None:
        headers["Tus-Resumable"] = version
    for method in ("HEAD", "PATCH", "DELETE", "POST"):
        answer = client.request(method, at, headers=headers, content=b"x")
        assert answer.status_code == 412
        assert answer.headers["tus-version"] == "1.0.0"
    assert kept() == (kept()[0], b"")


def test_a_server_says_what_it_can_do_to_everybody(client: TestClient) -> None:
    answer = client.options("/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(200 * 1024 * 1024 * 105 // 100)
    assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation", "creation-with-upload", "creation-defer-length", "checksum", "expiration",
        "termination",
    }  # fmt: skip


def test_head_says_how_much_is_here_even_if_nothing(client: TestClient) -> None:
    at = begin(client)
    answer = head(client, at)
    assert answer.status_code == 200
    assert answer.headers["upload-offset"] == "0"
    assert answer.headers["upload-length"] == str(len(SOUND))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["tus-resumable"] == "1.0.0"
    gone = head(client, "/uploads/unknown")
    assert gone.status_code == 404
    assert "upload-offset" not in gone.headers


def test_a_body_is_kept_and_the_offset_moves(client: TestClient, kept: Any) -> None:
    at = begin(client)
    answer = send(client, at, 0, SOUND[:70_000])
    assert answer.status_code == 204
    assert answer.headers["upload-offset"] == "70000"
    assert kept()[1] == SOUND[:70_000]
    assert not uploads.complete(kept()[0])
    assert send(client, at, 70_000, SOUND[70_000:]).headers["upload-offset"] == str(len(SOUND))
    assert kept()[1] == SOUND
    assert uploads.complete(kept()[0])


def test_a_body_of_another_kind_is_415(client: TestClient, kept: Any) -> None:
    at = begin(client)
    assert send(client, at, 0, b"x", Content_Type="audio/webm").status_code == 415
    assert kept()[1] == b""


def test_a_body_that_begins_elsewhere_is_409_and_changes_nothing(
    client: TestClient, kept: Any
) -> None:
    at = begin(client)
    send(client, at, 0, SOUND[:100])
    for start in (0, 99, 101):
        assert send(client, at, start, b"xyz").status_code == 409
    assert kept()[1] == SOUND[:100]


@pytest.mark.parametrize("offset", ["", "-1", "ten", "1e3", "9" * 30])
def test_an_offset_that_is_no_number_is_400(client: TestClient, offset: str) -> None:
    headers = TUS | BYTES | {"Upload-Offset": offset}
    assert client.patch(begin(client), headers=headers, content=b"x").status_code == 400


def test_more_than_was_announced_is_413(client: TestClient, kept: Any) -> None:
    at = begin(client, 10)
    assert send(client, at, 0, b"x" * 11).status_code == 413
    headers = TUS | BYTES | {"Upload-Offset": "0"}
    unsized = client.patch(at, headers=headers, content=iter([b"x" * 6, b"x" * 6]))
    assert unsized.status_code == 413
    assert kept()[1] == b""


def test_the_method_may_be_said_in_a_header(client: TestClient, kept: Any) -> None:
    at = begin(client)
    headers = TUS | BYTES | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert client.post(at, headers=headers, content=SOUND).status_code == 204
    assert kept()[1] == SOUND
    assert client.post(at, headers=TUS).status_code == 405
    said = client.post(at, headers=TUS | {"X-HTTP-Method-Override": "HEAD"})
    assert said.headers["upload-offset"] == str(len(SOUND))
    assert client.head(at, headers=TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 405
    assert client.post(at, headers=TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert head(client, at).status_code == 404


# --- creation -----------------------------------------------------------------------------------


def test_creation_gives_an_address(client: TestClient) -> None:
    answer = create(client)
    assert answer.status_code == 201
    assert answer.headers["location"].startswith("/uploads/")
    assert answer.headers["tus-resumable"] == "1.0.0"


def test_asked_again_it_gives_the_same_upload_unless_it_was_dropped(client: TestClient) -> None:
    at = begin(client)
    send(client, at, 0, SOUND[:500])
    again = create(client)
    assert (again.status_code, again.headers["location"]) == (200, at)
    assert again.headers["upload-offset"] == "500"
    assert create(client, 7).status_code == 409
    assert begin(client, said={"name": "other"}) != at
    client.delete(at, headers=TUS)
    assert begin(client) != at


@pytest.mark.parametrize("headers", [
    {"Upload-Length": "ten"}, {"Upload-Length": "-1"}, {"Upload-Defer-Length": "1"},
    {"Upload-Metadata": "for ZHJhZnQ=,for ZHJhZnQ=,name dg=="}, {"Upload-Metadata": "for !"},
    {"Upload-Metadata": metadata(**{"for": "moon"})}, {"Upload-Metadata": metadata(name="")},
    {"Upload-Metadata": metadata(name="x" * 101)}, {"Upload-Metadata": metadata(sha256="00")},
    {"Upload-Metadata": ""}, {"Upload-Metadata": metadata(**{"for": "collect", "client": "me"})},
    {"Upload-Concat": "partial"},
], ids=str)  # fmt: skip
def test_a_creation_that_breaks_a_rule_is_400(
    client: TestClient, engine: Engine, headers: dict[str, str]
) -> None:
    good = TUS | {"Upload-Length": "10", "Upload-Metadata": metadata()}
    answer = client.post("/uploads", headers=good | headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    with transaction(engine) as session:
        assert session.exec(select(Upload)).all() == []


def test_a_length_over_the_limit_is_413(client: TestClient) -> None:
    most = int(client.options("/uploads").headers["tus-max-size"])
    assert create(client, most + 1).status_code == 413
    assert create(client, most).status_code == 201


def test_the_first_bytes_may_come_with_the_creation(client: TestClient, kept: Any) -> None:
    answer = create(client, body=SOUND[:40_000], **BYTES)
    assert answer.status_code == 201
    assert answer.headers["upload-offset"] == "40000"
    assert kept()[1] == SOUND[:40_000]
    again = create(client, body=SOUND[:40_000], **BYTES)
    assert (again.status_code, again.headers["upload-offset"]) == (200, "40000")
    assert kept()[1] == SOUND[:40_000]


def test_a_length_may_be_said_later(client: TestClient, kept: Any) -> None:
    at = begin(client, None)
    assert head(client, at).headers["upload-defer-length"] == "1"
    assert "upload-length" not in head(client, at).headers
    send(client, at, 0, SOUND)
    assert not uploads.complete(kept()[0])
    assert send(client, at, len(SOUND), b"", Upload_Length="5").status_code == 409
    ended = send(client, at, len(SOUND), b"", Upload_Length=str(len(SOUND)))
    assert ended.status_code == 204
    assert head(client, at).headers["upload-length"] == str(len(SOUND))
    assert uploads.complete(kept()[0])


def test_nothing_at_all_is_complete_at_once(client: TestClient, kept: Any) -> None:
    begin(client, 0)
    assert uploads.complete(kept()[0])
    assert kept()[1] == b""


# --- checksum -----------------------------------------------------------------------------------


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


# --- expiration and termination -----------------------------------------------------------------


def test_every_answer_says_when_it_expires_and_then_it_is_gone(
    client: TestClient, engine: Engine, kept: Any
) -> None:
    at = begin(client)
    answer = send(client, at, 0, SOUND[:10])
    when = parsedate_to_datetime(answer.headers["upload-expires"])
    assert abs(when - datetime.now(UTC) - timedelta(hours=24)) < timedelta(minutes=1)
    assert "upload-expires" in head(client, at).headers
    with transaction(engine) as session:
        upload = session.exec(select(Upload)).one()
        upload.expires_at = now() - timedelta(seconds=1)
        session.add(upload)
    assert head(client, at).status_code == 404
    assert send(client, at, 10, b"x").status_code == 404
    assert begin(client) != at


def test_termination_frees_everything(client: TestClient, engine: Engine) -> None:
    at = begin(client)
    send(client, at, 0, SOUND)
    assert client.delete(at, headers=TUS).status_code == 204
    for answer in (head(client, at), send(client, at, 0, b"x"), client.delete(at, headers=TUS)):
        assert answer.status_code == 404
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from upload_piece").scalar() == 0


# --- who may ------------------------------------------------------------------------------------


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
    from storybank.db import make_engine

    at = begin(client)
    app.state.held.engine = make_engine("postgresql://nobody@127.0.0.1:1/none")
    answer = head(client, at)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/plain")
