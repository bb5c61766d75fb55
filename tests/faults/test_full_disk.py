"""A full disk: a plain sentence, nothing stored by halves, and what was told before is safe.

The disk is a small one in memory, which only root can mount; elsewhere these tests are skipped.
"""

import contextlib
import json
import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storybank import db
from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk, receive
from storybank.db import reading, transaction
from storybank.errors import DiskFull
from storybank.keys import load_keyring
from storybank.tables import Story
from storybank.values import Channel, ConsentGiven, NewStory
from tests.clips import recording, tone
from tests.factories import make_programme
from tests.faults.ledger import sha256, told_equals_stored
from tests.faults.processes import SERVE, Process, browser, environment, free_port, until
from tests.faults.test_wrong_settings import run_anew, sentence_of

pytestmark = pytest.mark.database

SIZE_MB = 220


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of SIZE_MB."""
    with tempfile.TemporaryDirectory(prefix="storybank-disk-") as folder:
        Path(folder).chmod(0o755)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", folder]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            pytest.skip("only root can mount a small disk")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, *, leave: int, name: str = "filler") -> Path:
    """Fill the disk with one file until about `leave` bytes are free."""
    filler = disk / name
    room = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, room.f_bavail * room.f_frsize - leave))
    return filler


def test_a_recording_that_does_not_fit_leaves_nothing_behind(
    disk: Path, engine: Engine, desk: Desk
) -> None:
    full = Desk(desk.settings, desk.keyring, open_blobs(None, disk / "blobs"))
    fill(disk, leave=100_000)
    sound = recording(tone(20), "wav")
    told = NewStory(ConsentGiven(learn=True), Channel.WEB, recording=sound, client_id="c" * 20)
    with transaction(engine) as session:
        make_programme(session)

    with pytest.raises(DiskFull), transaction(engine) as session:
        receive(session, full, told)

    with reading(engine) as session:
        assert session.exec(select(Story)).all() == []
    assert [p for p in (disk / "blobs").rglob("*") if p.is_file()] == []
    (disk / "filler").unlink()
    with transaction(engine) as session:
        assert receive(session, full, told).new
    told_equals_stored([sha256(sound)], engine, desk.keyring, disk / "blobs")
    for list_that_is_wrong in ([], [sha256(sound)] * 2, [sha256(sound[:-1])]):
        with pytest.raises(AssertionError, match="stored"):
            told_equals_stored(list_that_is_wrong, engine, desk.keyring, disk / "blobs")


@pytest.fixture
def serve(disk: Path, tmp_path: Path) -> Iterator[Process]:
    """Pages and the built-in database on the small disk."""
    env = environment("", disk / "data")
    del env["STORYBANK_DATABASE_URL"]
    process = Process((*SERVE, "--port", str(free_port())), env, tmp_path / "log", "is at")
    process.start()
    yield process
    if process.running is not None and process.running.poll() is None:
        process.end()


@pytest.mark.slow
def test_a_full_database_says_so_loses_nothing_and_comes_back(
    disk: Path, tmp_path: Path, serve: Process
) -> None:
    first, many = tmp_path / "first.jsonl", tmp_path / "many.jsonl"
    write_stories(first, "first", 3, words=20)
    write_stories(many, "many", 60, words=20_000)
    assert run_anew("import", str(first), "--consent", "learn", env=serve.env).returncode == 0

    filler = fill(disk, leave=22 * 1024 * 1024)
    said = sentence_of(run_anew("import", str(many), "--consent", "learn", env=serve.env))
    assert "no room left" in said
    with browser(int(serve.command[-1])) as web:
        refused = tell(web, "Nobody asked me.")
        assert refused.status_code == 507
        assert "Nobody asked me." in refused.text  # given back on the page
        assert web.get("/health").status_code == 200, "the database goes on"
    fill(disk, leave=1024 * 1024, name="rest")
    write_until_it_stops(disk / "data" / "postgres")
    with browser(int(serve.command[-1])) as web:
        refused = tell(web, "Nobody asked us.")
        assert refused.status_code in (503, 507)
        assert "Nobody asked us." in refused.text  # given back on the page
        assert until(lambda: "the disk is full" in serve.said())

        (disk / "rest").unlink()
        filler.unlink()
        assert until(lambda: tell(web, "Now somebody does.").status_code == 303)
    assert serve.said().count("the disk is full") == 1

    many.unlink()
    told = write_stories(many, "many", 60, words=40)
    told += write_stories(first, "first", 3, words=20)
    again = run_anew("import", str(first), "--consent", "learn", "--json", env=serve.env)
    nothing: dict[str, object] = {"stored": 0, "already": 3, "problems": [], "passed": []}
    assert json.loads(again.stdout) == nothing
    after = run_anew("import", str(many), "--consent", "learn", "--json", env=serve.env)
    assert json.loads(after.stdout)["stored"] == 60  # so none had been stored by halves
    data, keyring = disk / "data", load_keyring(disk / "data" / "keys.json")
    engine = db.make_engine(f"postgresql+psycopg://postgres@/{db.NAME}?host={data / 'postgres'}")
    told_equals_stored(told, engine, keyring, data / "blobs")
    engine.dispose()


def write_until_it_stops(folder: Path) -> None:
    """Ask the database for piece after piece of its log, until one does not fit on the disk."""
    with contextlib.suppress(psycopg.OperationalError):
        while True:
            with psycopg.connect(f"host={folder} user=postgres", autocommit=True) as connection:
                connection.execute("select pg_logical_emit_message(true, '', 'x')")
                connection.execute("select pg_switch_wal()")


def tell(web: httpx2.Client, text: str) -> httpx2.Response:
    """Send the words of a story as the form does."""
    return web.post("/tell/write", data={"text": text})


def write_stories(path: Path, name: str, count: int, *, words: int) -> list[str]:
    """Write stories of words that do not pack well; gives the sha256 of each.

    The same arguments give the same words.
    """
    chance, told = random.Random(name), []  # noqa: S311
    with path.open("w") as file:
        for number in range(count):
            text = " ".join(f"{chance.getrandbits(40):x}" for _ in range(words))
            file.write(json.dumps({"id": f"{name}-{number}", "text": text}) + "\n")
            told.append(sha256(text))
    return told
