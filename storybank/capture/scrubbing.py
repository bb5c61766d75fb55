"""Rewrite the database's files, so that no page or log of it keeps words that were deleted.

PostgreSQL deletes a row by marking it: its words stay in the page, in the index, in the planner's
samples and in the write-ahead log until each is written anew. `sweep` follows each withdrawal and
frees the pages; `rewrite` is the night's work that leaves nothing to read. What was measured, and
what no program can reach, stands in docs/decisions/0012.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlmodel import func, select

from storybank import audit
from storybank.capture.withdrawal import ERASED
from storybank.db import reading, transaction
from storybank.tables import AuditEntry

log = logging.getLogger(__name__)

REWRITTEN = "rewrite-files"
"""The act as the audit names it."""

WORDED = ("story", "transcript", "passage", "suggestion", "coding", "note")
"""Tables in which words of a story stand in clear, masked ones mostly."""

HANGING = (
    "tag", "redaction", "teller_answer", "disagreement", "recording", "consent", "waiting",
    "upload", "upload_piece",
)  # fmt: skip
"""Tables that say something of a story, or hold it sealed."""

PATIENCE = "5s"
"""How long one rewriting waits for a table in use, since others wait behind it; it tries again."""

NIGHT = range(1, 5)
"""Hours of the place's own clock in which tables may be locked for a while."""

LONGEST = timedelta(hours=24)
"""After so long it is done by day: some machines are off at night."""


def sweep(engine: Engine) -> None:
    """Let deleted rows go from the tables and from the planner's samples of them."""
    with _alone(engine) as connection:
        for table in (*WORDED, *HANGING):
            connection.execute(sa.text(f"vacuum (analyze) {table}"))


def due(engine: Engine, at: datetime) -> bool:
    """Say whether it is time to rewrite: at night, or a day after a story was erased."""
    with reading(engine) as session:
        rewritten = session.exec(_of(REWRITTEN, func.max)).one()
        query = _of(ERASED, func.min)
        if rewritten is not None:
            query = query.where(AuditEntry.at > rewritten)
        waiting = session.exec(query).one()
    if waiting is None:
        return False
    return at.astimezone().hour in NIGHT or waiting < at - LONGEST


def rewrite(engine: Engine) -> bool:
    """Write the tables, their indexes, the samples and the log anew; gives False where it cannot.

    Each table is locked while it is copied: a second for a hundred thousand passages, and their
    vector index is built again. It needs the rights of the database's owner, and a superuser's for
    the samples and the log; an operator of a server of their own is told what was left.
    """
    with _alone(engine) as connection:
        connection.execute(sa.text(f"set lock_timeout = '{PATIENCE}'"))
        steps = [f"vacuum (full, analyze) {table}" for table in (*WORDED, *HANGING)]
        # An analysis leaves its last samples behind as dead rows; twice writes the log past them.
        steps += ["vacuum full pg_statistic", "vacuum full pg_statistic_ext_data"]
        steps += ["checkpoint", "select pg_switch_wal()", "checkpoint"]
        left = [step for step in steps if not _done(connection, step)]
        connection.execute(sa.text("reset lock_timeout"))
    if left:
        log.warning("files not rewritten", extra={"steps": left})
        return False
    with transaction(engine) as session:
        audit.note(session, None, REWRITTEN, "database", "after withdrawals")
    log.info("files rewritten")
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
