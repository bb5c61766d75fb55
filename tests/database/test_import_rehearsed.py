"""An import rehearsed: the same sentences as the import, and nothing kept."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, select
from typer.testing import CliRunner

from storybank.capture.importing import (
    Outcome,
    Problem,
    Terms,
    consent_from,
    import_rows,
    write_problems,
)
from storybank.capture.intake import Desk
from storybank.capture.rows import Sheet
from storybank.cli import app
from storybank.db import reading, transaction
from storybank.tables import Place, Story
from tests.factories import make_place, make_programme

pytestmark = pytest.mark.database

ROWS = b"""Ref,Story,Day,Area
1,The lift is mended,31/05/2026,Blackbird Leys
2,The lift is broken,31.05.2026,Blackbird Leys
3,A bench,2026-05-31,Atlantis
4,,2026-05-31,Blackbird Leys
1,The lift is mended,31/05/2026,Blackbird Leys
1,Other words,31/05/2026,Blackbird Leys
"""
COLUMNS = {"id": "Ref", "text": "Story", "told_on": "Day", "place": "Area"}
TERMS = Terms(consent_from("learn"), columns=COLUMNS)


@pytest.fixture(autouse=True)
def lists(engine: Engine) -> None:
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)


def counted(engine: Engine) -> tuple[int, int, int]:
    with Session(engine) as session:
        jobs = session.execute(sa.text("select count(*) from procrastinate_jobs")).scalar_one()
        stories = len(session.exec(select(Story.id)).all())
        return stories, len(session.exec(select(Place.id)).all()), jobs


def bring(engine: Engine, desk: Desk, *, rehearse: bool, terms: Terms = TERMS) -> Outcome:
    return import_rows(engine, desk, Sheet("a.csv", ROWS), terms, rehearse=rehearse)


def test_a_rehearsal_says_what_the_import_would_and_keeps_nothing(
    engine: Engine, desk: Desk
) -> None:
    before = counted(engine)
    rehearsed = bring(engine, desk, rehearse=True)
    assert counted(engine) == before
    done = bring(engine, desk, rehearse=False)
    assert (rehearsed.stored, rehearsed.already) == (done.stored, done.already) == (1, 1)
    assert [p[:2] for p in rehearsed.problems] == [p[:2] for p in done.problems]
    assert [p[:2] for p in done.problems] == [(3, "Day"), (4, "Area"), (5, "Story"), (7, "Ref")]
    assert bring(engine, desk, rehearse=True).already == 2


def test_a_rehearsal_adds_no_places_and_counts_every_row_that_needs_one(
    engine: Engine, desk: Desk
) -> None:
    terms = Terms(consent_from("learn"), create=True, columns=COLUMNS)
    before = counted(engine)
    assert bring(engine, desk, rehearse=True, terms=terms).stored == 2
    assert counted(engine) == before


def test_a_rehearsed_recording_leaves_no_file(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    from tests.clips import recording, tone

    (tmp_path / "talk.wav").write_bytes(recording(tone(2), "wav"))
    terms = Terms(consent_from("learn"))
    assert import_rows(engine, desk, tmp_path, terms, rehearse=True).stored == 1
    assert not [p for p in desk.settings.blobs_dir.rglob("*") if p.is_file()]


def test_rows_without_ids_get_them_from_their_contents(engine: Engine, desk: Desk) -> None:
    terms = Terms(consent_from("learn"), columns={"id": "", "text": "Story"})
    first = import_rows(engine, desk, Sheet("a.csv", b"Story\nOne\nTwo\nOne\n"), terms)
    again = import_rows(engine, desk, Sheet("b.csv", b"Story\nTwo\nThree\n"), terms)
    assert (first.stored, first.already) == (2, 1)
    assert (again.stored, again.already) == (1, 1)
    with reading(engine) as session:
        ids = session.exec(select(Story.external_id)).all()
    assert all(found and found.startswith("row-") for found in ids)


def test_a_report_holds_no_formulas() -> None:
    out = io.StringIO()
    found = [Problem(2, "=cmd()", "No words."), Problem(0, "", "Odd.", "=one.wav")]
    write_problems(found, out)
    assert out.getvalue().splitlines() == [
        "line,column,problem,file", "2,'=cmd(),No words.,", ",,Odd.,'=one.wav",
    ]  # fmt: skip


def test_the_command_maps_rehearses_and_reports(
    engine: Engine, desk: Desk, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYBANK_DATABASE_URL", database_url)
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(desk.settings.data_dir))
    (tmp_path / "a.csv").write_bytes(ROWS)
    maps = [part for name, column in COLUMNS.items() for part in ("--map", f"{name}={column}")]
    command = ["import", str(tmp_path / "a.csv"), "--consent", "learn", *maps]
    report = tmp_path / "report.csv"

    tried = CliRunner().invoke(app, [*command, "--dry-run", "--report", str(report)])
    assert tried.exit_code == 1
    assert "Row 3, column Day" in tried.stderr
    assert "1 story is new, 1 is there already." in tried.stderr
    assert "4 rows could not be imported. Mend them and import again." in tried.stderr
    assert "Nothing was stored" in tried.stderr
    assert report.read_text().splitlines()[1].startswith("3,Day,")
    (tmp_path / "sounds" / "day").mkdir(parents=True)
    (tmp_path / "sounds" / "day" / "one.wav").write_bytes(b"")
    (tmp_path / "sounds" / "notes.txt").write_text("Not a recording.")
    folder = ["import", str(tmp_path / "sounds"), "--consent", "learn", "--report", str(report)]
    tried = CliRunner().invoke(app, folder)
    assert "Row 1, column file, day/one.wav: " in tried.stderr
    assert "1 row was not imported. Mend it and import again." in tried.stderr
    assert "notes.txt was passed over. It is not" in tried.stderr
    assert [line.rpartition(",")[2] for line in report.read_text().splitlines()] == [
        "file", "day/one.wav", "notes.txt",
    ]  # fmt: skip
    assert counted(engine)[0] == 0

    assert "1 story imported, 1 was there already" in CliRunner().invoke(app, command).stderr
    (tmp_path / "a.csv").write_bytes(b"\n".join(ROWS.splitlines()[:2]))
    again = CliRunner().invoke(app, command)
    assert again.exit_code == 0
    assert "nothing changes" in again.stderr
