"""Rewrite the database's files, so that no page or log of it keeps words that were deleted.

PostgreSQL deletes a row by marking it: its words stay in the page, in the index, in the planner's
samples and in the write-ahead log until each is written anew. `sweep` follows each withdrawal and
frees the pages; `rewrite` is the night's work that leaves nothing to read. What was measured, and
what no program can reach, stands in docs/decisions/0012.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlmodel import func, select

from storybank.capture.withdrawal import ERASED
from storybank.db import reading, transaction
from storybank.tables import AuditEntry, PassageRow, now

log = logging.getLogger(__name__)

REWRITTEN = "rewrite-files"
"""The act as the audit names it."""

WORDED = ("story", "transcript", "passage", "suggestion", "coding", "note", "strength")
"""Tables in which words of a story stand in clear, masked ones mostly."""

HANGING = (
    "tag", "redaction", "teller_answer", "disagreement", "recording", "consent", "waiting",
    "upload", "upload_piece", "read_by", "moved", "mask_decision", "mask_review", "doubt",
    "checked", "so_far", "side_step",
)  # fmt: skip
"""Tables that say something of a story, or hold it sealed."""

PATIENCE = "5s"
"""How long one rewriting waits for a table in use, since others wait behind it; it tries again."""

_FORGET_SAMPLES = (
    "delete from pg_statistic s using pg_class c "
    "where c.oid = s.starelid and c.relnamespace = 'public'::regnamespace"
)
_SERVERS_OWN = (
    "vacuum full pg_statistic",
    "checkpoint",
    "select pg_switch_wal()",
    "checkpoint",  # the log is deleted up to the checkpoint before
)

SMALL = 2_000
"""Passages up to which the tables are locked for a second or two, so it is done at once."""

NIGHT = range(1, 5)
"""Hours of the place's own clock in which larger tables may be locked for longer."""

LONGEST = timedelta(hours=24)
"""After so long it is done by day: some machines are off at night."""


def sweep(engine: Engine) -> None:
    """Let deleted rows go from the tables, and from the planner's samples of them."""
    with _alone(engine) as connection:
        for table in (*WORDED, *HANGING):
            connection.execute(sa.text(f"vacuum (analyze) {table}"))


def due(engine: Engine, at: datetime) -> bool:
    """Say whether to rewrite at `at`: a story was erased, and it is quick, or night, or late."""
    with reading(engine) as session:
        rewritten = session.exec(_of(REWRITTEN, func.max)).one()
        query = _of(ERASED, func.min)
        if rewritten is not None:
            query = query.where(AuditEntry.at > rewritten)
        waiting = session.exec(query).one()
        some = select(PassageRow.id).limit(SMALL + 1).subquery()
        passages = session.exec(select(func.count()).select_from(some)).one()
    if waiting is None:
        return False
    return passages <= SMALL or at.astimezone().hour in NIGHT or waiting < at - LONGEST


def rewrite(engine: Engine) -> bool:
    """Write the tables, their indexes, the samples and the log anew; False: try again later.

    Each table is locked while it is copied and its indexes are built. Rows that an open
    transaction may still read would be copied along, so none may be older than this. The samples
    and the log need a superuser: on a server of their own, operators find in the log what is left.
    """
    started = now()
    with _alone(engine) as connection:
        if not _others_done(connection):
            return False
        connection.execute(sa.text(f"set lock_timeout = '{PATIENCE}'"))
        try:
            # First the old samples: an analysis leaves them where a table has become empty.
            left = [step for step in (_FORGET_SAMPLES,) if not _done(connection, step)]
            tables = [f"vacuum (full, analyze) {table}" for table in (*WORDED, *HANGING)]
            if used := [step for step in tables if not _done(connection, step)]:
                log.warning("tables in use, not rewritten", extra={"count": len(used)})
                return False
            left += [step for step in _SERVERS_OWN if not _done(connection, step)]
        finally:
            connection.execute(sa.text("reset lock_timeout"))
    if left:
        log.warning("not ours to do, ask the database's operator", extra={"steps": left})
    with transaction(engine) as session:
        entry = AuditEntry(act=REWRITTEN, object_id="database", purpose="; ".join(left), at=started)
        session.add(entry)
    log.info("database files rewritten")
    return True


def _others_done(connection: Connection, patience_s: float = 10.0) -> bool:
    """Wait until every transaction that is open now has ended; False where one goes on too long."""
    query = sa.text(
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start < :at"
    )
    at = connection.scalar(sa.text("select clock_timestamp()"))
    until = time.monotonic() + patience_s
    while connection.scalar(query, {"at": at}):
        if time.monotonic() > until:
            log.warning("a transaction stays open, so files are not rewritten yet")
            return False
        time.sleep(0.1)
    return True


def _done(connection: Connection, step: str) -> bool:
    try:
        connection.execute(sa.text(step))
    except sa.exc.DBAPIError:  # in use for too long, or not ours to do
        return False
    return True


def _alone(engine: Engine) -> Any:
    """Open a connection outside any transaction, as VACUUM wants it."""
    return engine.execution_options(isolation_level="AUTOCOMMIT").connect()


def _of(act: str, which: Any) -> Any:
    return select(which(AuditEntry.at)).where(AuditEntry.act == act)
