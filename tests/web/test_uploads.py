"""Resumable uploads over HTTP: one test per rule of how bytes are taken."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from storybank.capture import uploads
from storybank.capture.intake import Desk
from storybank.db import transaction
from storybank.tables import Upload
from tests.tus import BYTES, SOUND, TUS, begin, create, head, kept_by, metadata, send

pytestmark = pytest.mark.database


@pytest.fixture
def kept(client: TestClient, engine: Engine, desk: Desk) -> Any:
    """Give what is stored of the one upload of this client."""
    return lambda: kept_by(client, engine, desk)


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


@pytest.mark.parametrize("version", [None, "0.2.2"])
@pytest.mark.parametrize("body", [b"", SOUND])
def test_a_creation_in_another_version_is_refused_before_anything_is_made(
    client: TestClient, engine: Engine, version: str | None, body: bytes
) -> None:
    said = {"Upload-Length": str(len(SOUND)), "Upload-Metadata": metadata(), **BYTES}
    spoken = {} if version is None else {"Tus-Resumable": version}
    headers = {"Sec-Fetch-Site": "same-origin"} | said
    answer = client.post("/uploads", headers=headers | spoken, content=body)
    assert answer.status_code == 412
    assert answer.headers["tus-version"] == "1.0.0"
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    with transaction(engine) as session:
        assert session.exec(select(Upload)).all() == []
    good = client.post("/uploads", headers=headers | {"Tus-Resumable": "1.0.0"}, content=body)
    assert good.status_code == 201, "refused for something else than its version"


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
