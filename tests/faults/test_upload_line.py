"""Recordings arrive whole over a bad line, while the server is killed again and again.

Fifty of 1 MB. The line is 300 ms late, carries 64 kbit/s a connection and is cut every 20 s; the
pages are killed every 15 s. STORYBANK_TEST_UPLOADS sets another number of uploads.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture import uploads
from storybank.capture.uploads import Owner
from storybank.db import reading
from storybank.keys import Keyring, load_keyring
from storybank.tables import Upload, Waiting
from storybank.values import Role
from tests import phone
from tests.clips import recording
from tests.faults.forks import forks
from tests.faults.ledger import told_equals_stored
from tests.faults.line import Line
from tests.faults.processes import SERVE, SERVING, Process, environment, free_port
from tests.faults.senders import NodeSender, Page, Phone
from tests.staff import cookie_for

pytestmark = [pytest.mark.database, pytest.mark.slow]

UPLOADS, BYTES = int(os.environ.get("STORYBANK_TEST_UPLOADS", "50")), 1_000_000
PAGES = UPLOADS // 4
"""How many of them are recorders in the page; the others are workers' phones."""
KILL_EVERY_S = 15.0
MOST_TIMES_SENT = 1.2
WAV_BYTES_PER_S = 32_000


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return load_keyring(tmp_path / "data" / "keys.json", create=True)


@pytest.fixture
def web(database_url: str, tmp_path: Path, keyring: Keyring) -> Iterator[Process]:
    """The pages, running."""
    port = free_port()
    env = environment(database_url, tmp_path / "data")
    with forks(*SERVING) as here:
        serve = (*SERVE, "--port", str(port))
        web = Process(serve, env, tmp_path / "web.log", '"serving"', here)
        web.port = port  # type: ignore[attr-defined]
        web.start()
        yield web


def phones(count: int, port: int, cookie: str, keyring: Keyring) -> list[Phone]:
    """Give phones of one worker, each with a story of its own and its list of what was told."""
    chance, made = np.random.default_rng(), []
    for _ in range(count):
        noise = chance.uniform(-0.5, 0.5, 16_000 * BYTES // WAV_BYTES_PER_S).astype(np.float32)
        told = recording(noise, "wav")
        said = phone.details(mode="spoken", place=None, text=None)
        story = phone.Story(keyring.phone_public(), said, story_0=phone.sliced(told, 16_000))
        made.append(Phone.with_story(port, cookie, story, told))
    return made


async def send_all(senders: Sequence[Page]) -> None:
    await asyncio.gather(*(sender.send() for sender in senders))


def kill_until(web: Process, done: "list[Future[None]]") -> int:
    """Kill and restart the pages every so often until all in `done` is done; gives the kills."""
    kills, due = 0, time.monotonic() + KILL_EVERY_S
    while not all(future.done() for future in done):
        if time.monotonic() >= due:
            web.end(signal.SIGKILL)
            kills += 1
            web.start()
            due = time.monotonic() + KILL_EVERY_S
        time.sleep(0.1)
    return kills


def uploaded(session: Session, keyring: Keyring, owner: Owner) -> bytes:
    """Give the one upload of this owner, which must be complete."""
    (upload,) = uploads.uploads_of(session, keyring, owner)
    assert uploads.complete(upload)
    key = uploads.key_of(keyring, owner, upload)
    return uploads.content(session, keyring, upload, key=key)


def test_everything_arrives_whole_and_hardly_anything_is_sent_twice(
    web: Process, engine: Engine, keyring: Keyring, tmp_path: Path
) -> None:
    worker, cookie = cookie_for(engine, Role.WORKER)
    assert worker.person_id is not None
    begun = time.monotonic()
    with Line(web.port) as line, ThreadPoolExecutor(2) as threads:  # type: ignore[attr-defined]
        pages = [Page(line.port, os.urandom(BYTES)) for _ in range(PAGES)]
        carried = phones(UPLOADS - PAGES, line.port, cookie, keyring)
        senders = [*pages, *carried]
        node = NodeSender(line.port, cookie, tmp_path, os.urandom(min(BYTES, 150_000)))
        done = [threads.submit(asyncio.run, send_all(senders)), threads.submit(node.send)]
        kills = kill_until(web, done)
        for future in done:
            future.result()
    told = sum(len(sender.body) for sender in [*senders, node])
    print(  # noqa: T201 (the figures of the run)
        f"{len(senders) + 1} uploads, {told} bytes in {time.monotonic() - begun:.0f} s: "
        f"{kills} kills, {line.cuts} cuts, {line.connections} connections, "
        f"each byte sent {line.sent / told:.3f} times; node answered {node.answers}"
    )
    assert kills > 0
    assert line.cuts > 0
    assert [odd for sender in senders for odd in sender.odd] == []
    with reading(engine) as session:
        for page in pages:
            owner = Owner.for_draft(page.cookies["storybank-draft"])
            assert uploaded(session, keyring, owner) == page.body
        owner = Owner.for_collect(worker.person_id, node.client_id)
        assert uploaded(session, keyring, owner) == node.body
        assert len({sender.reference for sender in carried}) == len(carried)
        assert len(session.exec(select(Upload.id)).all()) == len(pages) + 1
        assert session.exec(select(Waiting)).all() == []
    blobs = tmp_path / "data" / "blobs"
    told_equals_stored([sender.told for sender in carried], engine, keyring, blobs)
    assert line.sent <= MOST_TIMES_SENT * told
