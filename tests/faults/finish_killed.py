"""Finish one story of a phone again and again, killed one step later each time, until it is done.

    finish_killed.py DATABASE_URL DATA_DIR PERSON_ID CLIENT_ID

A step is a statement, a commit, or a connection given back. Each try is a process of its own, and
dies by SIGKILL. Writes `[kills, [reference]]`.
"""

import json
import os
import signal
import sys
import uuid
from pathlib import Path

import sqlalchemy as sa

from storybank import db
from storybank.capture import phones
from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk
from storybank.keys import load_keyring
from storybank.settings import Settings


def attempt(url: str, data: Path, item: phones.Item, most: int) -> str:
    """Finish the item, or die at step `most`."""
    left = most

    def step(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = db.make_engine(url)
    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(engine, event, step)
    sa.event.listen(engine.pool, "checkin", step)
    settings = Settings(data_dir=data)
    desk = Desk(settings, load_keyring(settings.keys_path), open_blobs(None, settings.blobs_dir))
    return str(phones.finish(engine, desk, item).reference)


def main() -> None:
    url, data, person, client = sys.argv[1:]
    item = phones.Item(uuid.UUID(person), uuid.UUID(client))
    for kills in range(200):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, attempt(url, Path(data), item, kills).encode())
            os._exit(0)
        os.close(writer)
        said = os.read(reader, 100).decode()
        os.close(reader)
        ended = os.waitpid(child, 0)[1]
        if ended == 0:
            sys.stdout.write(json.dumps([kills, [said]]))
            return
        if os.WTERMSIG(ended) != signal.SIGKILL:
            raise SystemExit(f"after {kills} kills it cannot be finished")
    raise SystemExit("never done")


if __name__ == "__main__":
    main()
