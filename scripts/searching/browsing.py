"""The page of search as a browser asks for it: signed in, over a line that stays open."""

import contextlib
import http.client
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from storybank import accounts
from storybank.accounts import Newcomer
from storybank.db import transaction
from storybank.settings import Settings
from storybank.values import Role
from web.app import create_app

EMAIL = "evaluator@example.org"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
MODE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


@dataclass
class Browser:
    """A signed-in evaluator's browser, and the site that it looks at."""

    site: FastAPI
    line: http.client.HTTPConnection
    cookie: str

    def search(self, typed: str, *filters: tuple[str, str]) -> str:
        """Give the whole page that answers what was typed into the box."""
        said = [("q", typed), *filters]
        headers = MODE | {"Cookie": self.cookie}
        self.line.request("GET", f"/search?{urlencode(said)}", headers=headers)
        answer = self.line.getresponse()
        page = answer.read().decode()
        if answer.status != http.HTTPStatus.OK or 'id="found"' not in page:
            raise RuntimeError(f"the search answered {answer.status}")
        return page


@contextlib.contextmanager
def browsing(engine: Engine) -> Iterator[Browser]:
    """Give a signed-in browser on a site over this database, on a free port of this machine."""
    with tempfile.TemporaryDirectory(prefix="storybank-measure-") as folder:
        site = create_app(Settings(data_dir=Path(folder)), engine)
        with _served(site) as port:
            line = http.client.HTTPConnection("127.0.0.1", port)
            yield Browser(site, line, _signed_in(site, engine, line))
            line.close()


@contextlib.contextmanager
def _served(site: FastAPI) -> Iterator[int]:
    server = uvicorn.Server(
        uvicorn.Config(site, port=0, log_config=None, access_log=False, lifespan="on")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the site did not start")
            time.sleep(0.02)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def _signed_in(site: FastAPI, engine: Engine, line: http.client.HTTPConnection) -> str:
    """Invite an evaluator, accept, and sign in as on the page; gives the cookie."""
    password = secrets.token_urlsafe(18)
    with transaction(engine) as session:
        code = accounts.invite(session, Newcomer(EMAIL, "Measurer", Role.EVALUATOR), by=None)
    with transaction(engine) as session:
        accounts.accept(session, site.state.held.passwords, code, password)
    line.request("POST", "/sign-in", urlencode({"email": EMAIL, "password": password}), FORM)
    answer = line.getresponse()
    answer.read()
    cookie = answer.headers["Set-Cookie"]
    if not cookie:
        raise RuntimeError(f"the sign-in answered {answer.status}")
    return str(cookie.partition(";")[0])
