"""A list of stories sent to the pages: kept sealed between preview, check and import.

Check and import go on slice by slice, each batch in one transaction with the number of rows done,
so that a page that was closed, or a server that was stopped, goes on where it was.
"""

import itertools
import json
import time
import uuid
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from storybank import audit
from storybank.access import Actor
from storybank.capture.columns import guess_columns
from storybank.capture.importing import (
    Import,
    Outcome,
    Problem,
    Terms,
    batches,
    consent_from,
)
from storybank.capture.intake import Desk
from storybank.capture.rows import Sheet, check_whole, columns_of, count_rows, rows_of
from storybank.db import transaction
from storybank.errors import BadImport, Conflict, NotAllowed, NotFound
from storybank.keys import Keyring, WrappedKey
from storybank.sealed import seal, unseal
from storybank.tables import ImportFile, now

KEPT = timedelta(days=1)
MOST_BYTES = 20 * 1024 * 1024
SLICE_S = 1.5
"""How long one request works on a list, in seconds; then the page shows how far it is."""


class Phase(StrEnum):
    """Where a list stands."""

    PLANNING = "planning"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"


@dataclass
class Plan:
    """What is to be done with a list, and how far it is; `at` rows of `rows` are done.

    `consent` is what counts for rows that say nothing (None: that is an error). `met` holds the
    ids that a check has met.
    """

    columns: dict[str, str]
    consent: str | None = None
    programme: str | None = None
    create: bool = False
    phase: Phase = Phase.PLANNING
    rows: int = 0
    at: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    met: dict[str, str] = field(default_factory=dict)

    @property
    def terms(self) -> Terms:
        """Give the plan as an import takes it."""
        consent = None if self.consent is None else consent_from(self.consent)
        return Terms(consent, self.programme, self.create, self.columns)

    @property
    def working(self) -> bool:
        """Whether there is more to do without anybody deciding something."""
        return self.phase in (Phase.CHECKING, Phase.IMPORTING)


@dataclass(frozen=True)
class Kept:
    """A list as it was sent, opened for who sent it: its row, the file, and the plan."""

    row: ImportFile
    key: bytes = field(repr=False)
    sheet: Sheet
    plan: Plan

    def save(self, session: Session) -> None:
        """Seal and store the plan; a list that was imported loses its file."""
        if self.plan.phase == Phase.DONE:
            self.row.sealed = b""
        content = json.dumps(asdict(self.plan), ensure_ascii=False).encode()
        self.row.plan = seal(self.key, content, f"import/{self.row.id}/plan")
        session.add(self.row)
        session.flush()


def keep_list(session: Session, keyring: Keyring, actor: Actor, content: bytes) -> uuid.UUID:
    """Keep a list that somebody sent, with a guess at its columns; gives its number.

    Raises BadImport where it cannot be read, and NotAllowed for nobody.
    """
    if actor.person_id is None:
        raise NotAllowed
    sheet = _sheet(content)
    columns = guess_columns(columns_of(sheet))
    check_whole(sheet)
    key, wrapped = keyring.new_story_key()
    row = ImportFile(
        id=uuid.uuid4(), person_id=actor.person_id, key_id=wrapped.key_id,
        wrapped_key=wrapped.wrapped, sealed=b"", plan=b"",
    )  # fmt: skip
    row.sealed = seal(key, content, f"import/{row.id}")
    Kept(row, key, sheet, Plan(columns)).save(session)
    return row.id


def open_list(
    session: Session, keyring: Keyring, actor: Actor, import_id: uuid.UUID, *, lock: bool = False
) -> Kept:
    """Open a list for who sent it; for all others there is none (NotFound)."""
    row = session.get(ImportFile, import_id, with_for_update=lock)
    if row is None or row.person_id != actor.person_id or row.created_at < now() - KEPT:
        raise NotFound(f"import {import_id}")
    key = keyring.story_key(WrappedKey(row.key_id, row.wrapped_key))
    content = unseal(key, row.sealed, f"import/{row.id}") if row.sealed else b""
    plan = _plan(json.loads(unseal(key, row.plan, f"import/{row.id}/plan")))
    return Kept(row, key, _sheet(content) if content else Sheet("The file", b""), plan)


def check_list(session: Session, kept: Kept) -> None:
    """Begin the check of a list by its plan; raises BadImport where its columns cannot be."""
    plan = kept.plan
    if plan.phase in (Phase.IMPORTING, Phase.DONE):
        raise Conflict(message="This list is being imported already. Send it again to change it.")
    plan.rows, plan.at = count_rows(kept.sheet, plan.columns), 0
    if not plan.rows:
        raise BadImport(message="The file has no rows under its first line.")
    plan.phase, plan.outcome, plan.met = Phase.CHECKING, Outcome(), {}
    kept.save(session)


def plan_again(session: Session, kept: Kept) -> None:
    """Go back to the columns of a list; raises Conflict once its import has begun."""
    if kept.plan.phase in (Phase.IMPORTING, Phase.DONE):
        raise Conflict(message="This list is being imported already. Send it again to change it.")
    kept.plan.phase = Phase.PLANNING
    kept.save(session)


def import_list(session: Session, actor: Actor, kept: Kept) -> None:
    """Begin the import of a list that was checked; raises Conflict where it was not."""
    if kept.plan.phase != Phase.CHECKED:
        raise Conflict(message="This list has not been checked since it was changed. Check it.")
    kept.plan.phase, kept.plan.at, kept.plan.outcome = Phase.IMPORTING, 0, Outcome()
    kept.plan.met = {}
    audit.note(session, actor.person_id, "import", kept.row.id, f"{kept.plan.rows} rows")
    kept.save(session)


def go_on(
    engine: Engine, desk: Desk, actor: Actor, import_id: uuid.UUID, *, seconds: float = SLICE_S
) -> Plan:
    """Work on a list for about so long; gives how far it is. Raises NotFound, DiskFull."""
    until = time.monotonic() + seconds
    while True:
        with transaction(engine) as session:
            kept = open_list(session, desk.keyring, actor, import_id, lock=True)
            plan = kept.plan
            if plan.working:
                _one_batch(session, desk, kept)
        if not plan.working or time.monotonic() > until:
            return plan


def drop_list(session: Session, kept: Kept) -> None:
    """Delete a list; what was imported from it stays."""
    session.delete(kept.row)


def drop_old_imports(session: Session) -> None:
    """Delete the lists of more than a day."""
    session.exec(delete(ImportFile).where(col(ImportFile.created_at) < now() - KEPT))


def lists_of(session: Session, keyring: Keyring, actor: Actor) -> list[Kept]:
    """Give the lists that somebody sent in the last day, the newest first."""
    query = select(ImportFile.id).where(
        ImportFile.person_id == actor.person_id, col(ImportFile.created_at) > now() - KEPT
    )
    ids = session.exec(query.order_by(col(ImportFile.created_at).desc())).all()
    return [open_list(session, keyring, actor, import_id) for import_id in ids]


def _one_batch(session: Session, desk: Desk, kept: Kept) -> None:
    plan = kept.plan
    checking = plan.phase == Phase.CHECKING
    work = Import(desk, plan.terms, rehearsed=plan.met if checking else None, outcome=plan.outcome)
    rows = itertools.islice(rows_of(kept.sheet, plan.columns), plan.at, None)
    batch = next(batches(rows), [])
    work.take(session, batch)
    plan.at += len(batch)
    if not batch or plan.at >= plan.rows:
        plan.phase = Phase.CHECKED if checking else Phase.DONE
    kept.save(session)


def _sheet(content: bytes) -> Sheet:
    """Give the list with its kind, which its first character tells."""
    if len(content) > MOST_BYTES:
        raise BadImport(message="The file is larger than 20 MB. Send it in parts.")
    if content[:2] == b"PK":
        raise BadImport(message='This is a spreadsheet. Save it as "CSV UTF-8" and send that.')
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return Sheet("The file", content, ".jsonl" if start[:1] == b"{" else ".csv")


def _plan(stored: dict[str, Any]) -> Plan:
    outcome = stored.pop("outcome")
    problems = [Problem(*problem) for problem in outcome.pop("problems")]
    phase = Phase(stored.pop("phase"))
    return Plan(**stored, phase=phase, outcome=Outcome(**outcome, problems=problems))
