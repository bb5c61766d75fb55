"""The application on a port of its own, and the system's Chromium to look at it with."""

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from sqlalchemy import Engine

from storybank.capture.intake import Desk
from storybank.settings import Settings
from web.wordcheck import WordCheck

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Site:
    """A running site: its address, and what it stands on."""

    url: str
    app: FastAPI
    engine: Engine

    @property
    def desk(self) -> Desk:
        """The desk that the site receives stories at."""
        desk: Desk = self.app.state.held.desk
        return desk


@pytest.fixture(scope="session", autouse=True)
def _built_assets() -> None:
    """The pages' styles and scripts; a moment's work where they are built already."""
    subprocess.run([sys.executable, ROOT / "scripts" / "build_assets.py"], check=True)


@pytest.fixture(scope="session")
def one_word_check(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordCheck]:
    """The real language check, in one process for the whole run: it takes four seconds to begin."""
    check = WordCheck(Settings(data_dir=tmp_path_factory.mktemp("words")))
    yield check
    check.close()


@pytest.fixture
def site(app: FastAPI, engine: Engine, one_word_check: WordCheck) -> Iterator[Site]:
    """The application over a fresh database, on a free port; there is no worker."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="on")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the site did not start"
        assert time.monotonic() < deadline, "the site took more than a minute to start"
        time.sleep(0.02)
    app.state.words = one_word_check  # its own was not begun
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", app, engine)
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    """Playwright itself."""
    with sync_playwright() as playwright:
        yield playwright


def find_chromium(*, windowless: bool = False) -> str:
    """Give the path of the system's Chromium; skips the test where there is none.

    `windowless`: the build without windows, where it is at hand. It draws the same pages with the
    same engine for half of the processor's time.
    """
    names = ("chromium-headless-shell",) if windowless else ()
    for name in (*names, "chromium", "google-chrome"):
        if program := shutil.which(name):
            return program
    pytest.skip("there is no Chromium on this machine")


def launch(playwright: Playwright, *arguments: str, windowless: bool = False) -> Browser:
    """Start the system's Chromium."""
    return playwright.chromium.launch(
        executable_path=find_chromium(windowless=windowless),
        args=["--no-sandbox", "--disable-gpu", *arguments],
    )


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    """A browser for the whole run, to look at pages with.

    Recorders, phones and the whole road are tried in the browser that people have.
    """
    browser = launch(playwright_, windowless=True)
    yield browser
    browser.close()


@dataclass
class Visit:
    """One tab on the site; `problems` gathers what the browser complained about."""

    page: Page
    site: Site
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def check(self) -> None:
        """Hold the page in its present state to WCAG 2.2 AA, as far as axe can see."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(
            # Passes are neither gathered nor sent here: they are most of what axe has to tell. No
            # style sheet is fetched again: none of these rules reads them.
            """async tags => {
                const runOnly = {type: "tag", values: tags};
                const found = await axe.run(
                    document, {runOnly, resultTypes: ["violations"], preload: {assets: ["media"]}});
                return found.violations.map(({id, help, nodes}) =>
                    ({id, help, parts: nodes.slice(0, 3).map((node) => node.html.slice(0, 200))}));
            }""",
            WCAG,
        )
        said = [f"{v['id']}: {v['help']}: {v['parts']}" for v in found]
        assert said == [], f"{self.page.url}: {said}"
        assert self.problems == []

    def fits(self) -> bool:
        """Say whether the page, once it is all there, needs no scrolling sideways."""
        self.page.wait_for_load_state()
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )
        )


def clock_past(seconds: int) -> re.Pattern[str]:
    """What the recorder's clock may show from this second on; a busy machine skips some."""
    return re.compile("|".join(f"^0:{second:02d}$" for second in range(seconds, 60)))


def until(page: Page, expression: str, *, seconds: float = 20) -> None:
    """Wait until an expression is true in the page.

    Playwright's own `wait_for_function` evaluates strings in the page; our policy forbids it.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"not true within {seconds} s: {expression}"
        page.wait_for_timeout(50)


def open_visit(context: BrowserContext, site: Site) -> Visit:
    """Open a tab that notes every violation of the policy and every error of a script."""
    page = context.new_page()
    visit = Visit(page, site)
    page.on("pageerror", lambda error: visit.problems.append(str(error)))
    page.on(
        "console",
        lambda m: (
            visit.problems.append(m.text)
            if m.type == "error" and "Failed to load resource" not in m.text
            else None
        ),
    )
    return visit


@pytest.fixture
def visiting(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """Open a tab of a given width, with scripts or without."""
    contexts: list[BrowserContext] = []

    def visit(size: dict[str, int] = PHONE, **options: Any) -> Visit:
        # axe has to be put into the page past the policy under test; violations of the policy by
        # our own pages are looked for in test_resident_policy, where it is not bypassed.
        context = browser.new_context(viewport=size, **({"bypass_csp": True} | options))
        contexts.append(context)
        return open_visit(context, site)

    yield visit
    for context in contexts:
        context.close()
