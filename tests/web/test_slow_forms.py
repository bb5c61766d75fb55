"""A form that comes slowly, or never, holds no connection to the database: there are few."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.capture.intake import Desk
from storybank.values import Role
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database


@pytest.mark.parametrize("address", ["/tell/uses", "/receipt/take-back", "/receipt/correct"])
def test_a_strangers_slow_form_holds_nothing(
    app: FastAPI, client: TestClient, engine: Engine, address: str
) -> None:
    assert held_while_slow(app, engine, address, "") == 0


def test_a_workers_slow_correction_holds_nothing(
    app: FastAPI, client: TestClient, engine: Engine, desk: Desk
) -> None:
    worker = sign_in(client, engine, Role.WORKER)
    story_id = tell(engine, desk, "The bus never comes.", sent_by=str(worker.person_id))
    cookie = f"storybank-staff={client.cookies['storybank-staff']}"
    address = f"/worker/stories/{story_id}"
    assert client.get(address).status_code == 200
    assert held_while_slow(app, engine, address, cookie) == 0


def held_while_slow(app: FastAPI, engine: Engine, address: str, cookie: str) -> int:
    """Give how many connections are held while a body begins and does not go on."""
    headers = {
        "host": "testserver", "sec-fetch-site": "same-origin", "cookie": cookie,
        "content-type": "application/x-www-form-urlencoded", "content-length": "100",
    }  # fmt: skip
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": address, "raw_path": address.encode(),
        "query_string": b"", "http_version": "1.1", "scheme": "http", "root_path": "",
        "client": ("testclient", 1), "server": ("testserver", 80), "asgi": {"version": "3.0"},
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip

    async def begin() -> int:
        asked = asyncio.Event()
        parts = [{"type": "http.request", "body": b"a=", "more_body": True}]

        async def receive() -> Any:
            if parts:
                return parts.pop()
            asked.set()
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            raise AssertionError(f"answered before the form was here: {message}")

        request = asyncio.create_task(app(scope, receive, send))  # type: ignore[arg-type]
        await asyncio.wait_for(asked.wait(), 10)
        held = engine.pool.checkedout()  # type: ignore[attr-defined]
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        return int(held)

    return asyncio.run(begin())
