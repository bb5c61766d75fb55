"""Fixtures: a database cloned from one migrated template, keys, blobs, settings."""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import Engine

from storybank import db
from storybank.capture import audio
from storybank.capture.blobs import Blobs, open_blobs
from storybank.capture.intake import Desk
from storybank.cli import MORE_AT_ONCE
from storybank.keys import Keyring, load_keyring
from storybank.settings import Settings
from tests.decoders import Decoders, decoders

FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
"""Tests may lose their databases when the power goes."""

MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 (a folder of our own is made in it)
"""A folder in memory, and how much of it the databases of a whole run may need, in bytes."""


def pytest_configure() -> None:
    """Look for rubbish as seldom as the program does."""
    gc.set_threshold(*MORE_AT_ONCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that at the end no processor waits for it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def in_memory() -> Path | None:
    """Give a place in memory for what need not outlive the run, or None: the machine's own choice.

    A database is hundreds of files. Cloning one took 400 ms on a disk and 20 ms here.
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        return None
    return MEMORY


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A running server: STORYBANK_TEST_DATABASE_URL where set, else a built-in one of our own."""
    given = os.environ.get("STORYBANK_TEST_DATABASE_URL")
    if given:
        yield db.dialect(given)
        return
    # Not under pytest's own folder: any pytest that starts closes that to other users, and as root
    # the server runs as one.
    with tempfile.TemporaryDirectory(prefix="storybank-tests-", dir=in_memory()) as folder:
        Path(folder).chmod(0o755)
        with db.embedded_server(Path(folder) / "pg", FAST) as server:
            yield db.dialect(server.get_uri(database="postgres"))


@pytest.fixture(scope="session")
def databases(server_url: str) -> Iterator[sa.Connection]:
    """A connection that makes databases and drops them."""
    engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def template(server_url: str, databases: sa.Connection) -> Iterator[str]:
    """Name of one database built by the real migrations."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    databases.execute(sa.text(f'create database "{name}"'))
    engine = db.make_engine(_with_name(server_url, name))
    db.upgrade(engine)
    engine.dispose()
    with engine.connect():  # PostgreSQL keeps what it knows of the tables, for the clones as well
        pass
    engine.dispose()
    yield name
    databases.execute(sa.text(f'drop database "{name}" with (force)'))


@pytest.fixture
def database_url(server_url: str, template: str, databases: sa.Connection) -> Iterator[str]:
    """Address of a fresh database, cloned from the template in a few milliseconds."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    # In memory, copying files takes half the processor time; on a disk it would be waited for.
    how = "file_copy" if in_memory() else "wal_log"
    databases.execute(sa.text(f'create database "{name}" template "{template}" strategy {how}'))
    yield _with_name(server_url, name)
    databases.execute(sa.text(f'drop database "{name}" with (force)'))


@pytest.fixture(scope="session")
def one_engine(server_url: str) -> Engine:
    """The engine of all tests: what it turned into SQL once is the same in every database."""
    engine = db.make_engine(server_url)

    @sa.event.listens_for(engine, "do_connect")
    def to_the_test_database(_: Any, __: Any, ___: Any, where: dict[str, Any]) -> None:
        where["dbname"] = engine.url.database

    return engine


@pytest.fixture
def engine(database_url: str, one_engine: Engine) -> Iterator[Engine]:
    """An engine on a fresh migrated database."""
    one_engine.url = sa.make_url(database_url)
    yield one_engine
    one_engine.dispose()


@pytest.fixture(scope="session")
def forked_decoders() -> Iterator[Decoders]:
    """Decoders that start at once."""
    with decoders() as forks:
        yield forks


@pytest.fixture(autouse=True)
def _decoders_start_at_once(
    request: pytest.FixtureRequest, forked_decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.path.parent.name in {"database", "web"}:
        monkeypatch.setattr(audio, "_start_child", forked_decoders)


@pytest.fixture(scope="session")
def first_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """An application that is never started: it lends its routes and its pages to the others."""
    from web.app import create_app  # not every test needs pages

    return create_app(Settings(data_dir=tmp_path_factory.mktemp("first") / "data"))


@pytest.fixture
def app(settings: Settings, engine: Engine, first_app: FastAPI) -> Iterator[FastAPI]:
    """The application over a fresh database.

    Routes and templates know nothing of one test, and working them out is a third of a short one.
    """
    from web.app import create_app

    app = create_app(settings, engine)
    app.router.routes[:] = first_app.router.routes
    app.dependency_overrides = first_app.dependency_overrides
    app.state.templates = first_app.state.templates
    yield app
    app.dependency_overrides.clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose data folder is the test's own."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    """A fresh keyring."""
    return load_keyring(settings.keys_path, create=True)


@pytest.fixture
def blobs(settings: Settings) -> Blobs:
    """An empty store of recordings."""
    return open_blobs(None, settings.blobs_dir)


@pytest.fixture
def desk(settings: Settings, keyring: Keyring, blobs: Blobs) -> Desk:
    """What intake needs."""
    return Desk(settings, keyring, blobs)


def _with_name(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
