"""A full disk: a plain sentence, nothing stored by halves, and what was told before is safe.

The disk is a small one in memory, which only root can mount; elsewhere these tests are skipped.
"""

import json
import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk, receive
from storybank.db import reading, transaction
from storybank.errors import DiskFull
from storybank.tables import Story
from storybank.values import Channel, ConsentGiven, NewStory
from tests.clips import recording, tone
from tests.factories import make_programme
from tests.faults.processes import environment
from tests.faults.test_wrong_settings import run, sentence_of

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


def fill(disk: Path, *, leave: int) -> Path:
    """Fill the disk with one file until about `leave` bytes are free."""
    filler = disk / "filler"
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


@pytest.mark.slow
def test_a_full_database_says_so_and_loses_nothing(disk: Path, tmp_path: Path) -> None:
    env = environment("", disk / "data")
    del env["STORYBANK_DATABASE_URL"]
    first, many = tmp_path / "first.jsonl", tmp_path / "many.jsonl"
    write_stories(first, "first", 3, words=20)
    write_stories(many, "many", 60, words=20_000)
    assert run("import", str(first), "--consent", "learn", env=env).returncode == 0

    filler = fill(disk, leave=22 * 1024 * 1024)
    said = sentence_of(run("import", str(many), "--consent", "learn", env=env))
    assert "no room left" in said or "database does not answer" in said

    filler.unlink()
    many.unlink()
    write_stories(many, "many", 60, words=40)
    write_stories(first, "first", 3, words=20)
    again = run("import", str(first), "--consent", "learn", "--json", env=env)
    assert json.loads(again.stdout) == {"stored": 0, "already": 3, "problems": []}
    after = run("import", str(many), "--consent", "learn", "--json", env=env)
    assert json.loads(after.stdout)["stored"] == 60  # so none had been stored by halves


def write_stories(path: Path, name: str, count: int, *, words: int) -> None:
    """Write stories of words that do not pack well; the same arguments give the same words."""
    chance = random.Random(name)  # noqa: S311
    with path.open("w") as file:
        for number in range(count):
            text = " ".join(f"{chance.getrandbits(40):x}" for _ in range(words))
            file.write(json.dumps({"id": f"{name}-{number}", "text": text}) + "\n")
