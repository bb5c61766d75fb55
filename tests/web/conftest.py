"""The application on a test's own database, and clients for it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.settings import Settings
from tests.pages import PageClient
from web.app import create_app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _built_assets() -> None:
    """The pages' styles and scripts; a moment's work where they are built already."""
    subprocess.run([sys.executable, ROOT / "scripts" / "build_assets.py"], check=True)


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    """The application over a fresh database."""
    return create_app(settings, engine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A bare client; it sends what a test tells it to and checks nothing."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def pages(client: TestClient) -> PageClient:
    """A client that checks every page it fetches."""
    return PageClient(client)
