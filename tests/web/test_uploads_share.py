"""Sound from strangers on one network stops at its share of an hour; others go on."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from storybank.capture.room import note_sound
from storybank.db import transaction
from storybank.errors import NetworkFull
from storybank.settings import MEGABYTE, Settings
from storybank.tables import NetworkSound
from storybank.values import Role
from tests.pages import PageClient
from tests.staff import sign_in
from tests.tus import PHONE, SOUND, begin, head, send
from tests.web.test_tell import tone
from web.metering import Meter

pytestmark = pytest.mark.database

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain"}
SAYS = "A lot of sound has come from your network"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Two megabytes an hour."""
    return settings.model_copy(update={"max_network_mb": 2})


def counted(engine: Engine) -> int:
    with Session(engine) as session:
        return sum(row.bytes for row in session.exec(select(NetworkSound)))


def fill_up(engine: Engine, left: int, **earlier: Any) -> None:
    """Let this network have so many bytes left; `earlier` is how long ago the others came."""
    with transaction(engine) as session:
        row = session.exec(select(NetworkSound)).one()
        note_sound(session, row.digest, 2 * MEGABYTE - left - row.bytes)
        session.expire_all()
        if earlier:
            row.since -= timedelta(**earlier)


def test_a_network_that_sent_its_share_is_told_when_to_go_on(
    client: TestClient, engine: Engine
) -> None:
    at = begin(client)
    assert send(client, at, 0, SOUND[:40_000]).status_code == 204
    assert counted(engine) == 40_000, "what is under a megabyte is counted at the end, too"
    fill_up(engine, left=0)
    answer = send(client, at, 40_000, SOUND[40_000:])
    assert answer.status_code == 429
    assert SAYS in answer.text
    assert "What was sent is kept" in answer.text
    assert head(client, at).headers["upload-offset"] == "40000"
    assert client.post("/tell/recording", content=tone(1), headers=OURS).status_code == 429
    assert counted(engine) == 2 * MEGABYTE, "what is refused is not counted"


def test_a_long_body_is_stopped_while_it_comes(
    app: FastAPI, client: TestClient, engine: Engine
) -> None:
    meter = Meter(app.state.held, b"one network")
    for _ in range(3):
        meter.add(MEGABYTE // 2)
    assert counted(engine) == MEGABYTE, "written down at each megabyte"
    with pytest.raises(NetworkFull):
        meter.add(MEGABYTE // 2)
    assert counted(engine) == 2 * MEGABYTE
    Meter(app.state.held, b"another network").check()


def test_a_file_that_came_too_soon_is_asked_for_again_on_its_page(
    pages: PageClient, client: TestClient, engine: Engine
) -> None:
    pages.post("/tell/upload", {}, files={"recording": ("a.wav", tone(1), "audio/wav")})
    fill_up(engine, left=0)
    page = pages.post(
        "/tell/upload", {}, files={"recording": ("b.wav", tone(1), "audio/wav")}, status=429
    )
    assert SAYS in page.one("div", class_="govuk-error-summary").text


def test_an_hour_later_and_for_signed_in_workers_there_is_room(
    app: FastAPI, client: TestClient, engine: Engine
) -> None:
    at = begin(client)
    send(client, at, 0, SOUND[:40_000])
    fill_up(engine, left=0, minutes=75)
    assert send(client, at, 40_000, SOUND[40_000:]).status_code == 204
    fill_up_now = counted(engine)
    sign_in(client, engine, Role.WORKER)
    at = begin(client, said={"for": "collect", "client": PHONE, "name": "story-0"})
    assert send(client, at, 0, SOUND).status_code == 204
    assert counted(engine) == fill_up_now, "who is signed in is known, and not counted"
