"""The recorder when the phone dies in mid-sentence, or the server in mid-upload."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Playwright, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture.audio import decode
from storybank.keys import load_keyring
from storybank.tables import Story
from tests.browser.conftest import Site
from tests.browser.microphone import listen_in, whole
from tests.browser.phones import (
    NOTHING,
    SAFE,
    Phone,
    agree,
    begin_recording,
    left_on_phone,
    make_phone,
    open_app,
    sign_in,
)
from tests.faults.ledger import sha256, stored, told_equals_stored
from tests.faults.line import Line
from tests.faults.processes import SERVE, Process, environment, free_port

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

DIES_AT = "0:28"
KEPT_S = 26
SLOW_BYTES_A_SECOND = 5000


@pytest.fixture
def phone(playwright_: Playwright, engine: Engine, tmp_path: Path) -> Phone:
    """A phone that hears a tone that is nowhere silent."""
    return make_phone(playwright_, engine, tmp_path, windowless=True)


@pytest.fixture
def peoples_phone(playwright_: Playwright, engine: Engine, tmp_path: Path) -> Phone:
    """The same with the browser that people have."""
    return make_phone(playwright_, engine, tmp_path)


def test_a_phone_that_dies_at_second_28_loses_no_more_than_two_seconds(
    site: Site, peoples_phone: Phone
) -> None:
    phone = peoples_phone
    with phone.open() as context:
        sign_in(context, site)  # the sign-in is on the disk when the browser is closed
    with phone.open() as context:
        heard = listen_in(context)
        page = open_app(context, site).page
        agree(page)
        begin_recording(page)
        expect(page.locator(".sb-recorder__time span").last).to_have_text(DIES_AT, timeout=40_000)
        phone.kill()
    with phone.open() as context:
        visit = open_app(context, site)
        expect(visit.page.get_by_text("Recording was cut off.")).to_be_visible()
        expect(visit.page.locator(".sb-item__state")).to_have_text(SAFE, timeout=30_000)
        assert left_on_phone(visit.page) == NOTHING
        assert visit.problems == []
    (arrived,) = stored(site.engine, site.desk.keyring, site.desk.settings.blobs_dir)
    assert isinstance(arrived, bytes)
    told = whole(heard)
    both = min(len(told), len(arrived))  # the phone may have kept one slice that nobody noted
    assert sha256(arrived[:both]) == sha256(told[:both])
    assert len(decode(arrived, max_seconds=120)) / 16_000 >= KEPT_S


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[tuple[Process, int]]:
    """Pages as an operator runs them, in a process that can be killed."""
    port = free_port()
    command = (*SERVE, "--port", str(port))
    env = environment(database_url, tmp_path / "data")
    process = Process(command, env, tmp_path / "serve.log", f":{port}")
    process.start()
    yield process, port
    process.end()


def test_a_server_killed_in_mid_upload_goes_on_where_it_was(
    server: tuple[Process, int], engine: Engine, phone: Phone, tmp_path: Path
) -> None:
    process, port = server
    from_bytes: list[int] = []
    line = Line(port, delay_s=0, bytes_per_s=10_000_000, cut_every_s=None)
    with line, phone.open() as context:
        heard = listen_in(context)
        site = Site(f"http://127.0.0.1:{line.port}", FastAPI(), engine)
        sign_in(context, site)
        page = open_app(context, site).page
        page.on(
            "request",
            lambda r: (
                from_bytes.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None
            ),
        )
        agree(page)
        begin_recording(page)
        page.wait_for_timeout(8000)
        page.get_by_role("button", name="Stop").click()
        line.bytes_per_s = SLOW_BYTES_A_SECOND
        page.get_by_role("button", name="Keep this story").click()
        expect(page.get_by_text("Sending ")).to_be_visible()
        expect(page.get_by_role("button", name="Save to phone")).to_be_visible()
        page.wait_for_timeout(4000)
        process.end(signal.SIGKILL)
        line.bytes_per_s = 10_000_000
        process.start()
        expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=90_000)
    assert from_bytes[0] == 0
    assert max(from_bytes) > 0, "it began again from nothing"
    with Session(engine) as session:
        assert session.exec(select(Story)).one().seconds >= 7
    keyring = load_keyring(tmp_path / "data" / "keys.json")
    told_equals_stored([sha256(whole(heard))], engine, keyring, tmp_path / "data" / "blobs")
