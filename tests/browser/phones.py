"""A worker's phone: a browser with a profile of its own that outlives it, and a microphone."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import Engine

from storybank.db import transaction
from storybank.values import Role
from tests.browser.conftest import Site, Visit, find_chromium, open_visit
from tests.clips import recording, tone
from tests.factories import make_place, make_programme
from tests.staff import cookie_for

SAFE = re.compile(r"^Safe, reference [A-Z]{4}-\d{4}$")
READY = "Ready to work without a connection."
NOTHING = {"slices": 0, "details": 0}
SMALL = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}


@dataclass
class Phone:
    """One phone: its profile stays when the browser is closed or killed.

    `windowless`: with the build without windows, for half of the processor's time.
    """

    playwright: Playwright
    profile: Path
    sound: Path
    windowless: bool = False

    @contextmanager
    def open(self, **options: Any) -> Iterator[BrowserContext]:
        """Start the browser on this phone's profile; it is closed at the end, if it still runs."""
        context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=find_chromium(windowless=self.windowless),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={self.sound}",
            ],
            **({"viewport": PHONE} | options),
        )
        try:
            yield context
        finally:
            if self.processes():
                context.close()

    def holds(self, words: str) -> bool:
        """Say whether these words stand readable in any file of the phone."""
        forms = (words.encode(), words.encode("utf-16-le"))
        files = [path for path in self.profile.rglob("*") if path.is_file()]
        return any(form in path.read_bytes() for path in files for form in forms)

    def processes(self) -> list[int]:
        """The numbers of this browser's processes, found by the profile they were started with."""
        mark = f"--user-data-dir={self.profile}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:  # it ended meanwhile
                continue
        return found

    def kill(self) -> None:
        """End the browser as an empty battery would."""
        for number in self.processes():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + 10
        while self.processes():
            assert time.monotonic() < deadline, "the browser lives on"
            time.sleep(0.05)
        for left in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / left).unlink(missing_ok=True)


def make_phone(
    playwright: Playwright, engine: Engine, folder: Path, *, windowless: bool = False
) -> Phone:
    """A phone whose microphone hears a tone that is nowhere silent, and a programme to tell in.

    The tone begins anew after 40 seconds.
    """
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
    sound = folder / "said.wav"
    sound.write_bytes(recording(tone(40), "wav"))
    return Phone(playwright, folder / "profile", sound, windowless)


@pytest.fixture
def phone(playwright_: Playwright, site: Site, tmp_path: Path) -> Phone:
    """A phone that hears a tone for as long as it listens."""
    return make_phone(playwright_, site.engine, tmp_path, windowless=True)


@pytest.fixture
def peoples_phone(playwright_: Playwright, site: Site, tmp_path: Path) -> Phone:
    """The same with the browser that people have."""
    return make_phone(playwright_, site.engine, tmp_path)


@pytest.fixture
def context(phone: Phone) -> Iterator[BrowserContext]:
    """The phone's browser, with axe allowed in."""
    with phone.open(bypass_csp=True) as context:
        yield context


@pytest.fixture
def peoples_context(peoples_phone: Phone) -> Iterator[BrowserContext]:
    """The same with the browser that people have."""
    with peoples_phone.open(bypass_csp=True) as context:
        yield context


def sign_in(context: BrowserContext, site: Site, name: str = "Wren Hill") -> str:
    """Sign a new outreach worker in on this phone; gives their id."""
    actor, cookie = cookie_for(site.engine, Role.WORKER, name)
    put_cookie(context, site.url, cookie)
    return str(actor.person_id)


def put_cookie(context: BrowserContext, url: str, cookie: str) -> None:
    """Give the phone a sign-in; it is kept by the profile, also through a kill."""
    till = time.time() + 8 * 3600
    context.add_cookies([
        {"name": "storybank-staff", "value": cookie, "url": url, "httpOnly": True, "expires": till}
    ])  # fmt: skip


def open_app(context: BrowserContext, site: Site, before: str = "") -> Visit:
    """Open the recorder in a new tab, and wait for its first page; `before` it runs a script."""
    visit = open_visit(context, site)
    if before:
        visit.page.add_init_script(before)
    visit.go("/collect/")
    expect(visit.page.locator("h1")).not_to_have_text("Record stories")
    return visit


def wait_ready(page: Page) -> None:
    """Wait until the list says that the recorder opens without a connection."""
    expect(page.get_by_text(READY, exact=True)).to_be_visible(timeout=30_000)


def cut_off(page: Page) -> None:
    """Take the connection away, once the phone is ready for that; the list has to be shown."""
    wait_ready(page)
    page.context.set_offline(True)


def agree(page: Page, *, spoken: bool = False) -> None:
    """Go from the list to the page about the story, with consent."""
    page.get_by_role("button", name="New story").click()
    if spoken:
        page.get_by_label("They say it aloud").check()
        page.get_by_role("button", name="Record their answer").click()
        expect(page.get_by_text("Recording started.")).to_be_visible()
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Stopped. It is kept on this phone.")).to_be_visible()
    else:
        page.get_by_label("They told me").check()
    page.get_by_label("Can people at the council read your story").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("About the story")


def begin_recording(page: Page) -> None:
    """Go from the page about the story to a running recording."""
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Recording started.")).to_be_visible()


def write(page: Page, words: str) -> None:
    """Write a story in their words, from the page about it, and keep it."""
    page.get_by_role("button", name="Write it instead").click()
    page.get_by_label("In their words").fill(words)
    page.get_by_label("I read it back to them").check()
    page.get_by_role("button", name="Keep this story").click()


def left_on_phone(page: Page) -> dict[str, int]:
    """Count what of stories is on the phone: slices of sound, and sealed details."""
    counted: dict[str, int] = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("storybank-collect");
            opening.onerror = reject;
            opening.onsuccess = () => {
                const stores = opening.result.transaction(["slices", "items"]);
                const slices = stores.objectStore("slices").count();
                const items = stores.objectStore("items").getAll();
                stores.oncomplete = () => {
                    opening.result.close();
                    const details = items.result.filter((item) => item.details).length;
                    resolve({slices: slices.result, details});
                };
            };
        })"""
    )
    return counted


def clients_on_phone(page: Page) -> dict[str, str]:
    """Give the ids that the phone made for its stories, by how each is told."""
    found: dict[str, str] = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("storybank-collect");
            opening.onerror = reject;
            opening.onsuccess = () => {
                const items = opening.result.transaction("items").objectStore("items").getAll();
                items.onsuccess = () => {
                    opening.result.close();
                    resolve(Object.fromEntries(items.result.map((i) => [i.mode, i.client])));
                };
            };
        })"""
    )
    return found


def press_until(page: Page, words: str, key: str) -> None:
    """Go on with the Tab key until what has the focus is called `words`, then press `key`."""
    for _ in range(40):
        page.keyboard.press("Tab")
        called = page.evaluate(
            """() => {
                const here = document.activeElement;
                const label = here.labels?.[0] ?? here;
                return label.textContent.trim();
            }"""
        )
        if called.startswith(words):
            break
    else:
        raise AssertionError(f"the Tab key does not reach {words!r}")
    if key:
        page.keyboard.press(key)
