"""Folders of recordings come in whole, and what is passed over is named."""

import os
import wave
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from storybank.capture.importing import Outcome, Terms, consent_from, import_rows
from storybank.capture.intake import Desk
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.tables import Recording, Story
from storybank.values import Mode
from tests.factories import make_programme

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def lists(engine: Engine) -> None:
    with transaction(engine) as session:
        make_programme(session)


def bring(engine: Engine, desk: Desk, path: Path) -> Outcome:
    return import_rows(engine, desk, path, Terms(consent=consent_from("learn")))


def stories(engine: Engine) -> list[Story]:
    with reading(engine) as session:
        return list(session.exec(select(Story).order_by(col(Story.external_id))).all())


def write_tone(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(bytes(range(256)) * 125)


def test_a_folder_of_recordings_becomes_spoken_stories(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    (folder / "tuesday" / "late").mkdir(parents=True)
    write_tone(folder / "one.wav")
    write_tone(folder / "tuesday" / "late" / "one.WAV")
    (folder / "tuesday" / "two.mp3").write_bytes(b"")
    (folder / "tuesday" / "notes.txt").write_text("not a recording")
    (folder / ".hidden.wav").write_text("the computer's own")
    for trash in (".Trash-1000", "$RECYCLE.BIN"):
        (folder / trash / "files").mkdir(parents=True)
        write_tone(folder / trash / "files" / "deleted.wav")

    outcome = bring(engine, desk, folder)

    assert outcome.stored == 2
    assert [(p.line, p.file) for p in outcome.problems] == [(3, "tuesday/two.mp3")]
    assert [(p.line, p.file) for p in outcome.passed] == [
        (0, "$RECYCLE.BIN"), (0, ".Trash-1000"), (0, ".hidden.wav"), (0, "tuesday/notes.txt"),
    ]  # fmt: skip
    assert "thrown away" in outcome.passed[0].sentence
    assert "not a kind of recording" in outcome.passed[3].sentence
    told = [(story.external_id, story.mode) for story in stories(engine)]
    assert [mode for _, mode in told] == [Mode.SPOKEN, Mode.SPOKEN]
    shown = " ".join(str(name).lower() for name, _ in told)
    assert not any(word in shown for word in ("one", "wav", "tuesday")), "they may name tellers"
    with reading(engine) as session:
        assert session.exec(select(Recording.container)).all() == ["wav", "wav"]


def test_a_folder_that_is_imported_again_stores_nothing_twice(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    (folder / "tuesday").mkdir(parents=True)
    for name in ("Margaret.wav", "tuesday/Margaret.wav", "café.wav"):
        write_tone(folder / name)
    assert bring(engine, desk, folder).stored == 3
    again = bring(engine, desk, folder)
    assert (again.stored, again.already, again.problems) == (0, 3, [])
    with transaction(engine) as session:  # as an earlier version called them
        first, second, _ = session.exec(select(Story)).all()
        first.external_id = "Margaret.wav"
        withdraw(session, second.id)
    again = bring(engine, desk, folder)
    assert (again.stored, again.already, len(again.problems)) == (0, 2, 1)


def test_a_folders_list_says_which_files_it_does_not_name(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    (folder / "more").mkdir(parents=True)
    write_tone(folder / "more" / "one.wav")
    (folder / "more" / "two.wav").write_bytes(b"forgotten")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("a name that is not in UTF-8")
    (folder / "manifest.csv").write_text("id,file\na,./more/one.wav\n")

    outcome = bring(engine, desk, folder)

    assert (outcome.stored, outcome.problems) == (1, [])
    assert [p.file for p in outcome.passed] == [r"'caf\udce9.txt'", "more/two.wav"]
    assert "does not name it" in outcome.passed[1].sentence


def test_a_list_may_not_reach_outside_its_folder(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    folder.mkdir()
    write_tone(tmp_path / "secret.wav")
    (folder / "manifest.csv").write_text("id,file\na,../secret.wav\n")

    outcome = bring(engine, desk, folder)

    assert (outcome.stored, len(outcome.problems)) == (0, 1)
