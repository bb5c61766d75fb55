"""Strangers may not fill the disk to its end: workers' phones and typed stories still come in."""

import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.capture.room import KEPT_BYTES, RESERVE_BYTES, leave_reserve
from storybank.errors import DiskFull
from storybank.settings import Settings
from storybank.values import Role
from tests.pages import PageClient
from tests.staff import sign_in
from tests.tus import PHONE, SOUND, begin, head, send
from tests.web.test_tell import tell, tone

pytestmark = pytest.mark.database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain"}


def leave(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """Let the disk have so many bytes left."""
    disk = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk)


def test_strangers_sound_stops_before_the_disk_is_full(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = begin(client)
    assert send(client, at, 0, SOUND[:40_000]).status_code == 204
    leave(monkeypatch, KEPT_BYTES - 1)
    answer = send(client, at, 40_000, SOUND[40_000:])
    assert answer.status_code == 507
    assert "What was sent before is safe" in answer.text
    assert head(client, at).headers["upload-offset"] == "40000"
    assert client.post("/tell/recording", content=tone(1), headers=OURS).status_code == 507
    leave(monkeypatch, KEPT_BYTES)
    assert send(client, at, 40_000, SOUND[40_000:]).status_code == 204


@pytest.mark.usefixtures("places")
def test_typed_stories_and_workers_phones_have_what_is_left(
    pages: PageClient, client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(monkeypatch, KEPT_BYTES - 1)
    tell(pages)
    sign_in(client, engine, Role.WORKER)
    at = begin(client, said={"for": "collect", "client": PHONE, "name": "story-0"})
    assert send(client, at, 0, SOUND).status_code == 204


@pytest.mark.usefixtures("places")
def test_words_are_refused_and_given_back_before_the_database_would_stop(
    pages: PageClient, client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(monkeypatch, RESERVE_BYTES)
    check = tell(pages, "The bus never comes.")
    leave(monkeypatch, RESERVE_BYTES - 1)
    refused = pages.post("/tell/check", check.form("/tell/check"), status=507)
    assert "no room left" in refused.words()
    assert "The bus never comes." in pages.get("/tell/check").words(), "it can be sent later"
    write = pages.get("/tell/write").form("/tell/write")
    page = pages.post("/tell/write", write | {"text": "And the lift?"}, status=507)
    assert page.form("/tell/write")["text"] == "And the lift?"
    sign_in(client, engine, Role.WORKER)
    at = begin(client, said={"for": "collect", "client": PHONE, "name": "story-0"})
    assert send(client, at, 0, SOUND).status_code == 507


def test_another_database_server_minds_its_own_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(monkeypatch, 0)
    leave_reserve(Settings(data_dir=tmp_path, database_url=SecretStr("postgresql://db/storybank")))
    with pytest.raises(DiskFull):
        leave_reserve(Settings(data_dir=tmp_path))
