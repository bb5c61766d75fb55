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
from tests.factories import make_place, make_programme
from tests.pages import PageClient

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _built_assets() -> None:
    """The pages' styles and scripts; a moment's work where they are built already."""
    subprocess.run([sys.executable, ROOT / "scripts" / "build_assets.py"], check=True)


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
