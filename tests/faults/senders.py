"""Those who send over a bad line: a recorder in the page, a worker's phone, and tus-js-client."""

import asyncio
import base64
import hashlib
import json
import random
import subprocess
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.phone import Story
from tests.tus import find_node

CHUNK = 512 * 1024
BUSY = 429
MOST_ODD = 5
CLIENT = Path(__file__).with_name("tus_client.mjs")
TUS = {"Tus-Resumable": "1.0.0", "Sec-Fetch-Site": "same-origin"}


def metadata(said: dict[str, str]) -> str:
    """Write what tus says about an upload."""
    values = {key: base64.b64encode(value.encode()).decode() for key, value in said.items()}
    return ",".join(f"{key} {value}" for key, value in values.items())


async def in_blocks(chunk: bytes) -> AsyncIterator[bytes]:
    """Give a body as a radio would take it, not all at once."""
    for start in range(0, len(chunk), 4096):
        yield chunk[start : start + 4096]


@dataclass
class Page:
    """A recorder in the page: asks how much has arrived and sends the rest, until all is there."""

    port: int
    body: bytes
    said: dict[str, str] = field(default_factory=lambda: {"for": "draft", "name": "voice"})
    cookies: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)

    async def send(self) -> None:
        """Send until it is safe."""
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers=TUS, timeout=120, cookies=self.cookies
        ) as web:
            await self.send_all(web)
            self.cookies = dict(web.cookies)

    async def send_all(self, web: httpx2.AsyncClient) -> None:
        """Send what there is to send."""
        made = await self.ask(web, "POST", "/uploads", headers={
            "Upload-Length": str(len(self.body)), "Upload-Metadata": metadata(self.said),
        })  # fmt: skip
        address, offset = made.headers["location"], int(made.headers["upload-offset"])
        while offset < len(self.body):
            offset = await self.send_from(web, address, offset)

    async def send_from(self, web: httpx2.AsyncClient, address: str, offset: int) -> int:
        """Send the next chunk; gives how much has arrived, whatever became of it."""
        chunk = self.body[offset : offset + CHUNK]
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
        return int((await self.ask(web, "HEAD", address)).headers["upload-offset"])

    async def ask(
        self, web: httpx2.AsyncClient, method: str, address: str, **more: Any
    ) -> httpx2.Response:
        """Ask until there is an answer."""
        while True:
            try:
                answer = await web.request(method, address, **more)
            except httpx2.TransportError:
                await asyncio.sleep(random.uniform(0.2, 0.8))  # noqa: S311
                continue
            if answer.is_success:
                return answer
            if answer.status_code != BUSY:
                self.odd.append(f"{method} {address} {answer.status_code} {answer.text[:200]}")
                assert len(self.odd) < MOST_ODD, self.odd
            await asyncio.sleep(1)


@dataclass
class Phone(Page):
    """A worker's phone with one story: announces it, sends its sealed sound, has it finished."""

    story: Story | None = None
    told: str = ""
    reference: str = ""

    @classmethod
    def with_story(cls, port: int, cookie: str, story: Story, told: bytes) -> "Phone":
        """Give a phone of the worker with `cookie`, whose story holds the recording `told`."""
        said = {"for": "collect", "client": story.client_id, "name": "story-0"}
        cookies = {"storybank-staff": cookie}
        digest = hashlib.sha256(told).hexdigest()
        return cls(port, story.sealed["story-0"], said, cookies, story=story, told=digest)

    async def send_all(self, web: httpx2.AsyncClient) -> None:
        """Announce, send and finish; the phone keeps everything until it is told a reference."""
        assert self.story is not None
        await self.ask(web, "POST", "/collect/stories", json=self.story.body)
        await super().send_all(web)
        finish = f"/collect/stories/{self.story.client_id}/finish"
        self.reference = (await self.ask(web, "POST", finish)).json()["reference"]


@dataclass
class NodeSender:
    """The real tus-js-client with its defaults, started anew whenever it gives up."""

    port: int
    cookie: str
    folder: Path
    body: bytes
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: list[dict[str, object]] = field(default_factory=list)

    def send(self) -> None:
        """Send until the client says that it is done."""
        file = self.folder / "told.webm"
        file.write_bytes(self.body)
        said = {"for": "collect", "client": self.client_id, "name": "story-0"}
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"storybank-staff={self.cookie}"}
        command = [
            find_node(), str(CLIENT), f"http://127.0.0.1:{self.port}/uploads", str(file),
            str(self.folder / "urls.json"), json.dumps(headers), json.dumps(said), str(64 * 1024),
        ]  # fmt: skip
        while not self.answers or not self.answers[-1]["done"]:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
            assert ended.stdout, ended.stderr
            self.answers.append(json.loads(ended.stdout.splitlines()[-1]))
            assert len(self.answers) < 30, self.answers
