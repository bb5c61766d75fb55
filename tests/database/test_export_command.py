"""`storybank export`: a bar that ends full, and a reader who leaves before the end."""

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine
from sqlmodel import col, select
from typer.testing import CliRunner

from storybank.capture.intake import Desk
from storybank.cli import app
from storybank.commands import exporting
from storybank.db import reading, transaction
from storybank.tables import AuditEntry
from storybank.values import StoryState
from tests.factories import make_story

pytestmark = pytest.mark.database

MORE_THAN_A_PIPE_HOLDS = "The lift is mended. " * 10_000


@pytest.fixture(autouse=True)
def at_the_command_line(desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBANK_DATABASE_URL", database_url)
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(desk.settings.data_dir))


def acts(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        found = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        return [(entry.act, entry.object_id) for entry in found]


def test_an_exports_bar_ends_full_where_a_story_has_no_words_yet(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = Progress(console=Console(file=io.StringIO()))
    monkeypatch.setattr(exporting, "progress", lambda: bars)
    with transaction(engine) as session:
        make_story(session, "The lift is mended")
        make_story(session, state=StoryState.RECEIVED)

    done = CliRunner().invoke(app, ["export", str(tmp_path / "out.jsonl"), "--use", "learn"])

    assert "1 story exported" in done.stderr
    assert [(bar.completed, bar.total) for bar in bars.tasks] == [(1, 1)]


def test_what_a_reader_who_leaves_may_have_read_stands_in_the_record(
    engine: Engine, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        story = str(make_story(session, MORE_THAN_A_PIPE_HOLDS).id)
        make_story(session, "Never written")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: pipe.open("rb").close(), daemon=True)
    reader.start()

    done = CliRunner().invoke(app, ["export", str(pipe), "--use", "learn"])

    said = " ".join(done.stderr.split())
    assert done.exit_code == 1
    assert f"{pipe} did not take all of it. At most 1 story went out. Export again." in said
    assert acts(engine) == [("export-story", story), ("export-learn", "1 stories")]


def test_standard_output_that_nobody_reads_is_one_sentence_and_not_success(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        make_story(session, "The lift is mended")
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "storybank", "export", "-"],
            stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(theirs)

    assert done.returncode == 1
    ends = "did not take all of it. At most 1 story went out. Export again."
    assert " ".join(done.stderr.split()) == f"Error: The output {ends}"
    assert acts(engine)[-1] == ("export-quote", "1 stories")


def test_what_went_out_before_a_device_was_full_or_ctrl_c_stands_in_the_record(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(engine) as session:
        make_story(session, "The lift is mended")

    done = CliRunner().invoke(app, ["export", "/dev/full", "--use", "learn"])
    assert done.exit_code == 1
    assert "/dev/full did not take all of it." in " ".join(done.stderr.split())
    assert acts(engine)[-1] == ("export-learn", "1 stories")

    def pressed(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("storybank.evidence.export._object", pressed)
    done = CliRunner().invoke(app, ["export", "/dev/null", "--use", "quote"])
    assert done.exit_code == 1
    assert acts(engine)[-1] == ("export-quote", "1 stories")


def test_a_standard_output_that_is_closed_is_said(engine: Engine) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m storybank export - >&-"],
        stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    ends = "There is no standard output to write to. Name a file."
    assert " ".join(done.stderr.split()) == f"Error: {ends}"
    assert acts(engine) == []
