"""The whole road with nothing faked: spoken into the page, written down, read, and found again.

`storybank serve` runs as an operator runs it, with its own database, worker and real weights. The
worker that listens first is killed while it does; another hears the story.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank import accounts, db
from storybank.passwords import Passwords
from storybank.settings import Settings
from storybank.tables import Story
from storybank.values import Role, StoryState
from tests.browser.conftest import LAPTOP, PHONE, clock_past, launch, until
from tests.faults.processes import Process, environment, free_port
from tests.faults.processes import until as wait_until

pytestmark = [pytest.mark.browser, pytest.mark.weights, pytest.mark.slow]

SAID = (
    "Every Tuesday I go to the sewing group at the church hall. "
    "I made many new friends there. I feel much better now."
)
WARMING = "Hello there. This is my story. "
"""Said first and not compared: a busy machine drops pieces of the microphone's first second."""
ASKED = "companionship through needlework"
PASSWORD = "three wet bicycles"
SEEN_AFTER_MS = 700
"""A press is taken for a second one on the button before when it comes sooner."""
READ_WITHIN_MS = 120_000
MISSED_AT_MOST = 3
"""Words of the 22 that may come out wrong: a busy machine drops samples of the fake microphone, and
a synthetic voice with a gap in it is misheard. What the search needs must all be there."""


@dataclass(frozen=True)
class House:
    """A running Storybank and the settings it runs by."""

    url: str
    settings: Settings
    process: Process


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """Pages and a worker, started by the command that operators use."""
    env = environment(database_url, tmp_path / "data")
    port = free_port()
    command = ("-m", "storybank", "serve", "--port", str(port))
    process = Process(command, env, tmp_path / "serve.log", '"worker started"')
    process.start()
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url)
    yield House(f"http://127.0.0.1:{port}", settings, process)
    assert process.end() == 0
    said = process.said()
    assert "Traceback" not in said
    assert not [word for word in ("sewing", "friends", "companionship") if word in said]


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """The words said aloud by a synthetic voice, with a second of silence on both sides."""
    path = tmp_path / "said.wav"
    raw = subprocess.run(
        ["espeak-ng", "-v", "en-gb", "-s", "150", "--stdout", WARMING + SAID],
        check=True,
        capture_output=True,
    ).stdout
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "pipe:0", "-af", "adelay=2000,apad=pad_dur=1", str(path)],
        input=raw, check=True,
    )  # fmt: skip
    return path


def test_a_story_spoken_into_the_page_is_found_by_its_meaning(
    house: House, spoken: Path, playwright_: Playwright
) -> None:
    browser = launch(
        playwright_,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}%noloop",
    )
    page = browser.new_page(viewport=PHONE)
    page.goto(house.url)
    _tell(page)
    _kill_who_listens(house)
    _read_own_story(page)
    staff = browser.new_page(viewport=LAPTOP)
    _sign_in(house, staff)
    _find(staff)
    browser.close()


def _tell(page: Page) -> None:
    page.locator(".sb-way").filter(has_text="Record your voice").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("#recorder-clock")).to_have_text(clock_past(15), timeout=30_000)
    page.get_by_role("button", name="Stop and keep it").click()
    expect(page.locator("#recorder-status")).to_contain_text("kept safe", timeout=15_000)
    page.wait_for_timeout(SEEN_AFTER_MS)
    page.get_by_role("link", name="Use this and continue").click()
    page.get_by_label("Which part of town").select_option(index=2)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Year")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Me", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I know more people").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What may we use your story for?")
    for group in page.get_by_role("group").all():
        group.get_by_label("Yes").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send your story").click()
    expect(page.locator("#code")).to_have_text(re.compile(r"(\d{4}\s?){4}"))


def _kill_who_listens(house: House) -> None:
    own = house.process.running
    assert own is not None
    with db.running_database(house.settings) as url:
        engine = db.make_engine(url)
        assert wait_until(lambda: _state(engine) is StoryState.LISTENING)
        (worker,) = [p for p in psutil.Process(own.pid).children(True) if "--tied" in p.cmdline()]
        worker.kill()
        worker.wait(10)
        assert _state(engine) is StoryState.LISTENING, "it was killed too late"
        engine.dispose()


def _state(engine: Engine) -> StoryState:
    with Session(engine) as session:
        return session.exec(select(Story)).one().state


def _read_own_story(page: Page) -> None:
    page.locator("main a").filter(has_text="Open my story").click()
    lines = page.locator(".sb-line")  # they come without the page being loaded again
    expect(lines.first).to_be_visible(timeout=READ_WITHIN_MS)
    heard = " ".join(line.locator("span").nth(1).inner_text() for line in lines.all())
    assert _missed(heard) <= MISSED_AT_MOST, heard
    quotes = page.locator(".sb-quote")
    expect(quotes.first).to_be_visible(timeout=READ_WITHIN_MS)
    expect(page.locator("main")).to_contain_text("Taking part in local activities")
    expect(quotes.filter(has_text="sewing group").first).to_be_visible()
    for quote in quotes.all():
        words = re.search("“(.*)”", quote.inner_text(), re.DOTALL)
        assert words is not None
        assert _plain(words[1]) in _plain(heard)
    page.evaluate("document.getElementById('player').muted = true")
    lines.last.click()
    until(page, "document.getElementById('player').currentTime > 4")


def _missed(heard: str) -> int:
    said, written = _plain(SAID).split(), _plain(heard).split()
    assert "sewing group at the church hall" in _plain(heard)
    same = SequenceMatcher(a=said, b=written, autojunk=False).get_matching_blocks()
    return len(said) - sum(block.size for block in same)


def _sign_in(house: House, page: Page) -> None:
    with db.running_database(house.settings) as url:
        engine = db.make_engine(url)
        with db.transaction(engine) as session:
            newcomer = accounts.Newcomer("ada@example.org", "Ada", Role.EVALUATOR)
            code = accounts.invite(session, newcomer, by=None)
            accounts.accept(session, Passwords(), code, PASSWORD)
        engine.dispose()
    page.goto(f"{house.url}/sign-in")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _find(page: Page) -> None:
    assert not set(ASKED.split()) & set(_plain(SAID).split())
    page.get_by_label("Words or meaning to look for").fill(ASKED)
    page.get_by_label("Words or meaning to look for").press("Enter")
    expect(page.locator("main")).to_contain_text("sewing group", timeout=30_000)
    page.goto(page.url.split("?")[0] + "?q=tropical+fish+breeding")
    expect(page.locator("main")).not_to_contain_text("sewing group")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))
