"""The real tus-js-client, as anybody may use it, against a real server: a table of what happens."""

import hashlib
import json
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import Session

from storybank.capture import uploads
from storybank.capture.uploads import Owner
from storybank.db import transaction
from storybank.tables import Upload
from storybank.values import Role
from tests.browser.conftest import Site, one_word_check, site
from tests.staff import cookie_for
from tests.tus import TUS, find_node, metadata

pytestmark = pytest.mark.database
__all__ = ["one_word_check", "site"]

SCRIPT = Path(__file__).with_name("tus_rows.mjs")
FIRST, REST = "PATCH 0: 204", ["PATCH 40000: 204", "PATCH 80000: 204"]
WHOLE = ["POST: 201", FIRST, *REST]
ROWS = {
    "a file in three pieces": ("done", WHOLE),
    "another beside it": ("done", WHOLE),
    "a third beside them": ("done", WHOLE),
    "bytes with the creation": ("done", ["POST: 201", *REST]),
    "a length said at the end": ("done", WHOLE),
    "the line cut in a piece": ("done", ["POST: 201", "HEAD: 200", "PATCH 40000: 204"]),
    "somebody else sent this piece": (
        "done", ["POST: 201", "PATCH 0: 409", "HEAD: 200", *REST],
    ),
    "an upload that expired": ("done", ["HEAD: 404", *WHOLE]),
    "one that is taken back": ("taken back", ["POST: 201", FIRST, "DELETE: 204"]),
    "a piece that was damaged": (
        "done", ["POST: 201", "PATCH 0: 460", "HEAD: 200", FIRST, *REST],
    ),
    "one file in two uploads at once": ("gave up at 400", ["POST: 400", "POST: 400"]),
}  # fmt: skip
"""How each row ends, and what it asked, from which byte on, and was answered until then."""


def test_the_tus_client_meets_what_its_protocol_promises(site: Site) -> None:
    worker, cookie = cookie_for(site.engine, Role.WORKER)
    assert worker.person_id is not None
    headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"storybank-staff={cookie}"}
    gone, client = expired(site, headers)
    command = [find_node(), str(SCRIPT), f"{site.url}/uploads", json.dumps(headers), gone, client]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    rows: dict[str, Any] = json.loads(ended.stdout)
    assert {name: (row["ended"], row["events"]) for name, row in rows.items()} == ROWS
    with transaction(site.engine) as session:
        for name, row in rows.items():
            owner = Owner.for_collect(worker.person_id, row["client"])
            told = [row["told"]] if row["ended"] == "done" else []
            assert stored(session, site, owner) == told, name


def expired(site: Site, headers: dict[str, str]) -> tuple[str, str]:
    """Give the address of an upload whose time is over, and the phone's id of its story."""
    client = str(uuid.uuid4())
    said = {"for": "collect", "client": client, "name": "story-8"}
    begun = {"Upload-Length": "100000", "Upload-Metadata": metadata(**said)}
    made = httpx2.post(f"{site.url}/uploads", headers=TUS | headers | begun)
    address = made.headers["location"]
    with transaction(site.engine) as session:
        upload = session.get(Upload, address.removeprefix("/uploads/").partition("?")[0])
        assert upload is not None
        upload.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        session.add(upload)
    return f"{site.url}{address}", client


def stored(session: Session, site: Site, owner: Owner) -> list[str]:
    """Give the sha256 of every upload of this owner that is whole."""
    keyring, found = site.desk.keyring, []
    for upload in uploads.uploads_of(session, keyring, owner):
        assert uploads.complete(upload)
        key = uploads.key_of(keyring, owner, upload)
        content = uploads.content(session, keyring, upload, key=key)
        found.append(hashlib.sha256(content).hexdigest())
    return found
