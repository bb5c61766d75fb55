"""Only so many recordings are held at once; who comes too many is told so in a sentence."""

import asyncio
import threading
import time
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message

from storybank.errors import Crowded
from tests.web.test_tell import tone
from web.crowd import Crowd, holds_much, steady
from web.forms import MOST_TYPED
from web.security import BodyBroken, counted


@pytest.mark.parametrize(
    ("method", "path", "headers", "much"),
    [
        ("POST", "/tell/upload", {"content-length": str(MOST_TYPED + 1)}, True),
        ("POST", "/tell/upload", {"transfer-encoding": "chunked"}, True),
        ("POST", "/tell/upload", {"transfer-encoding": "Chunked"}, True),
        ("POST", "/tell/recording/kept", {"content-length": "0"}, True),
        ("POST", "/tell/upload", {"content-length": "4000"}, False),
        ("PATCH", "/uploads/abc", {"content-length": str(MOST_TYPED + 1)}, False),
        ("GET", "/tell/check", {}, False),
    ],
)
def test_what_holds_a_recording_is_counted(
    method: str, path: str, headers: dict[str, str], much: bool
) -> None:
    raw = [(k.encode(), v.encode()) for k, v in headers.items()]
    scope: Any = {"type": "http", "method": method, "path": path, "headers": raw}
    assert holds_much(scope) is much


def crowded_app(wait_s: float) -> tuple[FastAPI, threading.Event, list[int]]:
    """An app that holds requests until it is let go, in a crowd of at most two."""
    app, go, inside = FastAPI(), threading.Event(), [0]

    @app.post("/tell/check")
    def hold(request: Request) -> Response:
        inside[0] += 1
        go.wait(10)
        inside[0] -= 1
        return Response()

    app.add_middleware(Crowd, taken_out=2, wait_s=wait_s)
    return app, go, inside


def test_who_comes_too_many_waits_for_room() -> None:
    app, go, inside = crowded_app(wait_s=10)
    answers: list[int] = []
    with TestClient(app) as client:
        come = [
            threading.Thread(target=lambda: answers.append(client.post("/tell/check").status_code))
            for _ in range(3)
        ]
        for one in come:
            one.start()
        time.sleep(0.5)
        assert inside == [2], "the third one was let in"
        go.set()
        for one in come:
            one.join()
    assert answers == [200, 200, 200]


@pytest.mark.database
def test_who_waited_too_long_is_told_kindly(app: FastAPI) -> None:
    crowd = next(m for m in app.user_middleware if m.cls is Crowd)
    crowd.kwargs["taken_out"], crowd.kwargs["wait_s"] = 0, 0.1
    with TestClient(app) as client:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain"}
        answer = client.post("/tell/check", headers=headers)
        assert answer.status_code == 503
        assert "Yours is not lost" in answer.text
        small = client.post("/tell/recording", content=tone(), headers=headers)
        assert small.status_code == 201, "a short one needs no room"
        for site, back in (("same-origin", True), ("cross-site", False)):
            typed, headers = {"note": "Zanzibar"}, {"Sec-Fetch-Site": site}
            answer = client.post("/tell/check", data=typed, headers=headers)
            assert (answer.status_code, "Zanzibar" in answer.text) == (503, back)


async def _steadily(*gaps_and_sizes: tuple[float, int], whole: bool = True) -> int:
    """Read a body whose blocks come after these waits, at 1000 bytes a second or more."""
    line: asyncio.Queue[Message] = asyncio.Queue()

    async def bring() -> None:
        for number, (gap, size) in enumerate(gaps_and_sizes, 1):
            await asyncio.sleep(gap)
            more = number < len(gaps_and_sizes) or not whole
            line.put_nowait({"type": "http.request", "body": b"x" * size, "more_body": more})

    bringing = asyncio.ensure_future(bring())
    read, came = steady(line.get, least=1000, looked_at_s=0.2), 0
    try:
        while True:
            message = await read()
            came += len(message["body"])
            if not message["more_body"]:
                return came
    finally:
        bringing.cancel()


def test_a_body_that_trickles_gives_its_place_up_and_a_slow_one_does_not() -> None:
    assert asyncio.run(_steadily(*[(0.05, 150)] * 6)) == 900
    for trickle in ([(0.01, 1)] * 40, [(0.01, 100)]):
        with pytest.raises(BodyBroken):
            asyncio.run(_steadily(*trickle, whole=False))


LARGE = {"content-length": str(MOST_TYPED + 1)}


def test_forms_and_recordings_that_never_come_keep_nobody_from_sending() -> None:
    asyncio.run(_while_nothing_comes())


async def _while_nothing_comes() -> None:
    served: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        served.append(scope["path"])

    async def never() -> Any:
        await asyncio.Event().wait()

    async def at_once() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    crowd = Crowd(app, at_once=2, taken_out=2, wait_s=0.2)
    silent = [
        asyncio.create_task(crowd(_scope(path, headers), never, never))
        for path, headers in (("/tell/check", {}), ("/tell/upload", LARGE)) * 2
    ]
    await asyncio.sleep(0.05)
    await crowd(_scope("/tell/check", {}), at_once, never)
    assert served == ["/tell/check"]
    with pytest.raises(Crowded):
        await crowd(_scope("/tell/upload", LARGE), at_once, never)
    for one in silent:
        one.cancel()
    await asyncio.gather(*silent, return_exceptions=True)


def test_a_body_that_stops_coming_is_ended_and_gives_its_room_back() -> None:
    asyncio.run(_silence())


async def _silence() -> None:
    messages = [{"type": "http.request", "body": b"half", "more_body": True}]

    async def then_silence() -> Any:
        return messages.pop() if messages else await asyncio.Event().wait()

    receive = counted(then_silence, 100, 0.05)
    assert (await receive())["body"] == b"half"
    with pytest.raises(BodyBroken):
        await receive()
    messages.append({"type": "http.request", "body": b"all", "more_body": False})
    receive = counted(then_silence, 100, 0.05)
    await receive()
    with pytest.raises(TimeoutError):  # after the body, nobody hurries who waits
        await asyncio.wait_for(receive(), 0.2)


def _scope(path: str, headers: dict[str, str]) -> Any:
    raw = [(k.encode(), v.encode()) for k, v in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "headers": raw}
