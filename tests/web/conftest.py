"""The application on a test's own database, and clients for it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.db import transaction
from storybank.settings import Settings
from tests.factories import make_place, make_programme
from tests.pages import PageClient
from web.app import create_app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _built_assets() -> None:
    """The pages' styles and scripts; a moment's work where they are built already."""
    subprocess.run([sys.executable, ROOT / "scripts" / "build_assets.py"], check=True)


@pytest.fixture(scope="session")
def first_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """An application that is never started: it lends its routes and its pages to the others."""
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("first") / "data"))


@pytest.fixture
def app(settings: Settings, engine: Engine, first_app: FastAPI) -> Iterator[FastAPI]:
    """The application over a fresh database.

    Routes and templates know nothing of one test, and working them out is a third of a short one.
    """
    app = create_app(settings, engine)
    app.router.routes[:] = first_app.router.routes
    app.dependency_overrides = first_app.dependency_overrides
    app.state.templates = first_app.state.templates
    yield app
    app.dependency_overrides.clear()


@pytest.fixture
def places(engine: Engine) -> None:
    """Two programmes and a place, for forms that offer them."""
    with transaction(engine) as session:
        make_programme(session)
        make_programme(session, "warm-rooms")
        make_place(session)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A bare client; it sends what a test tells it to and checks nothing."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def pages(client: TestClient) -> PageClient:
    """A client that checks every page it fetches."""
    return PageClient(client)
