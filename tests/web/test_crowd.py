"""Only so many recordings are held at once; who comes too many is told so in a sentence."""

import threading
import time
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from tests.web.test_tell import tone
from web.crowd import Crowd, holds_much
from web.security import MOST_TYPED


@pytest.mark.parametrize(
    ("method", "path", "headers", "much"),
    [
        ("POST", "/tell/upload", {"content-length": str(MOST_TYPED + 1)}, True),
        ("POST", "/tell/upload", {"transfer-encoding": "chunked"}, True),
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

    app.add_middleware(Crowd, at_once=2, wait_s=wait_s)
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
    crowd.kwargs["at_once"], crowd.kwargs["wait_s"] = 0, 0.1
    with TestClient(app) as client:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain"}
        answer = client.post("/tell/check", headers=headers)
        assert answer.status_code == 503
        assert "Yours is not lost" in answer.text
        small = client.post("/tell/recording", content=tone(), headers=headers)
        assert small.status_code == 201, "a short one needs no room"
