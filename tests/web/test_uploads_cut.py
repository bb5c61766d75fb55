"""Bodies that come late, stop in the middle, or come twice at once; spoken to the app as ASGI."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from starlette.types import Message

from storybank.capture import uploads
from storybank.capture.intake import Desk
from tests.tus import BYTES, SOUND, TUS, begin, head, kept_by, send, sum_of

pytestmark = pytest.mark.database

CUT: Message = {"type": "http.disconnect"}
Body = Callable[[], AsyncIterator[Message]]


def block(body: bytes, *, more: bool = True) -> Message:
    """Give a message with some of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.fixture
def kept(client: TestClient, engine: Engine, desk: Desk) -> Any:
    """Give what is stored of the one upload of this client."""
    return lambda: kept_by(client, engine, desk)


@pytest.fixture
def patch(app: FastAPI, client: TestClient) -> Callable[..., Awaitable[int]]:
    """Send a PATCH whose body comes as a test wants; gives the status."""

    async def ask(at: str, start: int, body: Body, **headers: str) -> int:
        said = TUS | BYTES | {"Upload-Offset": str(start)}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        said["Cookie"] = f"storybank-draft={client.cookies['storybank-draft']}"
        coming = body()
        answers: list[Message] = []

        async def note(message: Message) -> None:
            answers.append(message)

        await app(
            {
                "type": "http", "method": "PATCH", "path": at, "query_string": b"",
                "headers": [(k.lower().encode(), v.encode()) for k, v in said.items()],
                "scheme": "http", "server": ("testserver", 80), "client": None, "root_path": "",
                "http_version": "1.1", "raw_path": at.encode(), "asgi": {"version": "3.0"},
            },
            lambda: anext(coming), note,
        )  # fmt: skip
        return int(answers[0]["status"])

    return ask


@pytest.mark.parametrize("checksum", [None, sum_of(SOUND)])
def test_what_came_before_the_cut_is_kept(
    client: TestClient, patch: Any, kept: Any, checksum: str | None
) -> None:
    at = begin(client)

    async def body() -> AsyncIterator[Message]:
        yield block(SOUND[:40_000])
        yield block(SOUND[40_000:40_007])
        yield CUT

    asyncio.run(patch(at, 0, body, **({"Upload-Checksum": checksum} if checksum else {})))
    assert head(client, at).headers["upload-offset"] == "40007"
    assert kept()[1] == SOUND[:40_007]
    assert send(client, at, 40_007, SOUND[40_007:]).status_code == 204
    assert kept()[1] == SOUND


def test_a_slow_body_is_kept_while_it_comes(client: TestClient, patch: Any, kept: Any) -> None:
    at = begin(client)
    before_the_end = []

    async def body() -> AsyncIterator[Message]:
        yield block(SOUND[:100])
        await asyncio.sleep(1.5)
        before_the_end.append(await asyncio.to_thread(kept))
        yield block(SOUND[100:], more=False)

    assert asyncio.run(patch(at, 0, body)) == 204
    assert [content for _, content in before_the_end] == [SOUND[:100]]
    assert kept()[1] == SOUND


@pytest.mark.parametrize("checksum", [None, sum_of(b"other")])
def test_of_two_at_once_the_one_that_asked_last_goes_on(
    client: TestClient, patch: Any, kept: Any, checksum: str | None
) -> None:
    """A phone that lost its line goes on at once, while the old connection seems alive to us."""
    at = begin(client)

    async def newer() -> AsyncIterator[Message]:
        yield block(SOUND[40_000:], more=False)

    async def older() -> AsyncIterator[Message]:
        yield block(SOUND[:40_000])
        while (await asyncio.to_thread(kept))[0].received < 40_000:
            await asyncio.sleep(0.02)
        assert await patch(at, 40_000, newer) == 204
        yield block(b"x" * 40_000, more=False)

    headers = {"Upload-Checksum": checksum} if checksum else {}
    assert asyncio.run(patch(at, 0, older, **headers)) == (460 if checksum else 409)
    upload, content = kept()
    assert content == SOUND
    assert uploads.complete(upload)
