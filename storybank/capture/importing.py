"""Import stories from files: each row becomes a story, a bad one is reported and the rest go on.

A row's fields: `id` (kept as the story's external id; importing it again changes nothing), `text`
or `file` (a recording beside the list), and, where known: `place`, `programme` (name or short
name), `told_on` (2026-05-31), `happened` (2026, 2026-05), `teller` (about-me,
about-someone-else, about-a-child, worker; others are left out), `channel`, `language` (en),
`invented`, `consent_learn`, `consent_quote`, `consent_voice`, `consent_publish`, `consent_named`
(yes or no). Where a row says anything about consent, what it does not say is a no.
"""

import csv
import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, TextIO

from obstore.store import MemoryStore
from sqlalchemy import Engine
from sqlmodel import Session

from storybank.capture.blobs import Blobs
from storybank.capture.intake import Desk, receive, sent_as
from storybank.capture.row_story import BadCell, Names, Reader, Terms, consent_from
from storybank.capture.rows import Row, Source, rows_of
from storybank.db import transaction
from storybank.errors import BadInput, Conflict, ConsentWithdrawn
from storybank.tables import Story
from storybank.values import NewStory

__all__ = ["Import", "Outcome", "Problem", "Terms", "consent_from", "import_rows"]

BATCH = 64
"""Rows a transaction: enough that commits cost little, few enough that little is lost."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Problem(NamedTuple):
    """Why a row was not imported: its line, the column (empty: the whole row), one sentence.

    `file` names the recording that it is about, if any; a file that was passed over has no line.
    """

    line: int
    column: str
    sentence: str
    file: str = ""


@dataclass
class Outcome:
    """What came of an import: how many stories are new, how many were there, what failed why.

    `passed` are the files of a folder that are no rows.
    """

    stored: int = 0
    already: int = 0
    problems: list[Problem] = field(default_factory=list)
    passed: list[Problem] = field(default_factory=list)


@dataclass
class Import:
    """One import under way: on what terms, and what has come of it so far.

    With `rehearsed` (the ids met so far, each with a digest of its row), everything is done as in
    an import and nothing is kept. `folder` is where recordings lie beside the list, if anywhere.
    """

    desk: Desk
    terms: Terms
    folder: Path | None = None
    rehearsed: dict[str, str] | None = None
    outcome: Outcome = field(default_factory=Outcome)

    def take(self, session: Session, rows: Sequence[Row]) -> None:
        """Store the good ones of these rows; bad ones are in the outcome. Raises DiskFull."""
        names = Names(session, create=self.terms.create)
        reader = Reader(self.folder, self.terms, names)
        for row in rows:
            if row.passed:
                self.outcome.passed.append(Problem(0, "", row.passed, _file_of(row)))
            else:
                self._take(session, reader, row)

    def _take(self, session: Session, reader: Reader, row: Row) -> None:
        try:
            if row.problem:
                raise BadCell("", row.problem)
            new = self._receive(session, reader, row)
        except Conflict:
            self._problem(row, "id", "A story with this id and other contents is stored.")
        except (BadInput, ConsentWithdrawn) as error:
            name = "file" if row.fields.get("file") else "text"
            self._problem(row, getattr(error, "name", name), error.message)
            reader.names.read()
        else:
            self.outcome.stored += new
            self.outcome.already += not new

    def _receive(self, session: Session, reader: Reader, row: Row) -> bool:
        with session.begin_nested() as trial:  # a row that fails takes nothing of the batch along
            told = reader.story(row.fields, self.desk)
            if row.by_file:
                told = replace(told, external_id=self._id_of_file(session, told.external_id or ""))
            if self.rehearsed is None:
                return receive(session, self.desk, told).new
            aside = replace(self.desk, blobs=Blobs(MemoryStore()))
            new = receive(session, aside, told).new
            trial.rollback()
        if self.terms.create:
            reader.names.read()
        return self._not_met(told) and new

    def _id_of_file(self, session: Session, name: str) -> str:
        """Give an id in place of a file's name: that may be a teller's, and ids are shown.

        What an earlier version stored under the name keeps it, and does not come in again.
        """
        keyring = self.desk.keyring
        if sent_as(session, keyring, name, Story.external_id) is not None:
            return name
        return f"file-{keyring.digest(f'file|{name}').hex()[:32]}"

    def _not_met(self, told: NewStory) -> bool:
        """Say whether no row of this file had this id before; raises BadCell for another story."""
        if self.rehearsed is None or told.external_id is None:
            return True
        sound = hashlib.sha256(told.recording or b"").hexdigest()
        digest = hashlib.sha256(repr((told.text, sound, told.consent)).encode()).hexdigest()
        if self.rehearsed.setdefault(told.external_id, digest) is digest:
            return True
        if self.rehearsed[told.external_id] != digest:
            raise BadCell("id", "Another row of this file has the same id and other contents.")
        return False

    def _problem(self, row: Row, name: str, sentence: str) -> None:
        column = self.terms.column(name) if name else ""
        self.outcome.problems.append(Problem(row.number, column, sentence, _file_of(row)))


def import_rows(
    engine: Engine,
    desk: Desk,
    source: Source,
    terms: Terms,
    on_row: Callable[[], None] = lambda: None,
    *,
    rehearse: bool = False,
) -> Outcome:
    """Store every good row of `source`; bad ones are in the outcome with line and column.

    To `rehearse` is to do the same and keep nothing. Raises BadImport where nothing can be read,
    and DiskFull; batches stored before that stay.
    """
    work = Import(desk, terms, rehearsed={} if rehearse else None)
    if isinstance(source, Path):
        work.folder = source if source.is_dir() else source.parent
    for batch in batches(rows_of(source, terms.columns)):
        with transaction(engine) as session:
            work.take(session, batch)
        for _ in batch:
            on_row()
    return work.outcome


def batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Cut rows into as many as one transaction takes."""
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


def write_problems(problems: Sequence[Problem], out: TextIO) -> None:
    """Write a CSV of line, column, sentence and file; no cell of it starts a formula."""
    table = csv.writer(out)
    table.writerow(["line", "column", "problem", "file"])
    for line, column, sentence, file in problems:
        table.writerow([line or "", *(_harmless(cell) for cell in (column, sentence, file))])


def _file_of(row: Row) -> str:
    """Give the name of a row's recording as it can be shown: with no bytes that steer a screen."""
    name = str(row.fields.get("file") or "")
    return name if name.isprintable() else ascii(name)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
