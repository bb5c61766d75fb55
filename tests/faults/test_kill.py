"""Nothing told is lost, and nothing is done twice, however often the processes are killed.

STORYBANK_TEST_KILLS sets how many kills (20); the seed is printed, STORYBANK_TEST_SEED sets it.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storybank.db import reading
from storybank.keys import Keyring, load_keyring, tidy_receipt
from storybank.tables import PassageRow, Story, SuggestionRow, TranscriptRow
from storybank.values import Mode, StoryState
from storybank.vault import open_transcript, story_key
from tests.clips import recording, tone
from tests.faults.forks import forks
from tests.faults.ledger import sha256, told_equals_stored
from tests.faults.processes import (
    SERVE,
    SERVING,
    WORK,
    Process,
    browser,
    environment,
    free_port,
    until,
)
from tests.faults.worker_of_fakes import HEARD
from tests.pages import Page

pytestmark = [pytest.mark.database, pytest.mark.slow]

KILLS = int(os.environ.get("STORYBANK_TEST_KILLS", "20"))
SEED = int(os.environ.get("STORYBANK_TEST_SEED", "0")) or random.randrange(10**6)  # noqa: S311
SETTLED_WITHIN_S = 120
ABOUT = (
    ("/tell/where", {"place": "rather-not-say"}),
    ("/tell/when", {"month": "", "year": ""}),
    ("/tell/who", {"teller": "about-me"}),
    ("/tell/your-reading", {"overall": "both"}),
)
USES = {"learn": "yes", "quote": "yes", "voice": "no", "publish": "no", "named": "no"}


@dataclass
class Teller(threading.Thread):
    """Somebody who tells story after story, and keeps every receipt that a page showed them.

    When the line goes dead they do what people do: load the page again and press the button.
    """

    port: int
    begun: int = 0
    receipts: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """The sha256 of each story whose receipt was shown."""
    unsure: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Tell until asked to stop."""
        while not self.stopping.is_set():
            self.begun += 1
            words = f"Story {self.begun}. The bus never comes. We walked home."
            quieter = 1 - self.begun / 1000  # so that no two recordings are the same
            spoken = recording(tone(1.0) * quieter, "wav") if self.begun % 4 == 0 else None
            with browser(self.port) as web:
                receipt = self.tell(web, spoken or words)
            if receipt:
                self.receipts[receipt] = words
            (self.told if receipt else self.unsure).append(sha256(spoken or words))

    def tell(self, web: httpx2.Client, told: str | bytes) -> str | None:
        """Tell one story; gives the code on the receipt page, or None where it never came."""
        if isinstance(told, bytes):
            self.send(web, "/tell/recording", content=told)
        else:
            self.send(web, "/tell/write", data={"text": told})
        shown = self.until_answered(web, "GET", "/tell/where")
        if shown is None or shown.status_code != 200:
            return None
        story = {"story": Page(shown.text).form("/tell/where")["story"]}
        for address, answers in (*ABOUT, ("/tell/uses", USES)):
            shown = self.send(web, address, data=answers | story)
        if shown is None or shown.status_code != 200:
            return None
        answer = self.send(web, "/tell/check", data=Page(shown.text).form("/tell/check"))
        if answer is None or answer.status_code != 200:
            return None
        return tidy_receipt(Page(answer.text).one("p", id="code").text)

    def send(self, web: httpx2.Client, path: str, **body: object) -> httpx2.Response | None:
        """Send a form and load the page that it leads to; gives that, or None when stopped."""
        answer = self.until_answered(web, "POST", path, **body)
        if answer is not None and answer.is_redirect:
            answer = self.until_answered(web, "GET", answer.headers["Location"])
        return answer

    def until_answered(
        self, web: httpx2.Client, method: str, path: str, **body: object
    ) -> httpx2.Response | None:
        """Ask until somebody answers; what is no foreseen answer is kept as odd."""
        while not self.stopping.is_set():
            try:
                answer = web.request(method, path, **body)  # type: ignore[arg-type]
            except httpx2.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code >= 400:
                self.odd.append(f"{method} {path}: {answer.status_code}")
            return answer
        return None


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    load_keyring(folder / "keys.json", create=True)
    return folder


@pytest.fixture
def keyring(data: Path) -> Keyring:
    return load_keyring(data / "keys.json")


@pytest.fixture
def processes(database_url: str, data: Path, tmp_path: Path) -> Iterator[tuple[Process, Process]]:
    """The pages and a worker, both running."""
    env = environment(database_url, data)
    port = free_port()
    with forks(*SERVING, "storybank.worker", "tests.fakes") as here:
        serve = (*SERVE, "--port", str(port))
        web = Process(serve, env, tmp_path / "web.log", '"serving"', here)
        worker = Process(WORK, env, tmp_path / "worker.log", '"worker started"', here)
        web.port = port  # type: ignore[attr-defined]
        web.begin()
        worker.begin()
        web.await_ready()
        worker.await_ready()
        yield web, worker


def test_every_receipt_that_was_shown_has_its_story_read_once(
    processes: tuple[Process, Process], engine: Engine, keyring: Keyring, data: Path
) -> None:
    web, worker = processes
    chance = random.Random(SEED)  # noqa: S311
    print(f"seed {SEED}, {KILLS} kills")  # noqa: T201 (shown where the test fails)
    teller = Teller(web.port)  # type: ignore[attr-defined]
    teller.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.2, 3.0))
        process = chance.choice([web, worker])
        process.end(signal.SIGKILL)
        process.start()
    until(lambda: len(teller.receipts) >= KILLS / 2)  # on a busy machine a story takes a while
    teller.stopping.set()
    teller.join(60)

    assert teller.odd == []
    assert len(teller.receipts) >= KILLS / 2
    _settle(engine)
    with reading(engine) as session:
        for receipt, words in teller.receipts.items():
            _check_story(session, keyring, receipt, words)
        stalled = sa.text("select count(*) from procrastinate_jobs where status <> 'succeeded'")
        assert session.execute(stalled).scalar_one() == 0
    told_equals_stored(teller.told, engine, keyring, data / "blobs", unsure=teller.unsure)


def test_a_worker_told_to_stop_ends_in_order(processes: tuple[Process, Process]) -> None:
    web, worker = processes
    assert worker.end(signal.SIGTERM) == 0
    assert web.end(signal.SIGTERM) == 0
    assert "Traceback" not in web.said() + worker.said()


def _settle(engine: Engine) -> None:
    """Wait until every story is read; jobs of the dead are taken up after twenty seconds."""
    end = time.monotonic() + SETTLED_WITHIN_S
    states: list[StoryState] = []
    while time.monotonic() < end:
        with reading(engine) as session:
            states = [s for s in session.exec(select(Story.state)) if s != StoryState.READY]
            jobs = sa.text("select count(*) from procrastinate_jobs where status <> 'succeeded'")
            left = session.execute(jobs).scalar_one()
        if not states and not left:
            return
        time.sleep(0.5)
    raise AssertionError(f"not settled: {left} jobs, stories {states}")


def _check_story(session: Session, keyring: Keyring, receipt: str, words: str) -> None:
    story = session.exec(
        select(Story).where(Story.receipt_digest == keyring.digest(receipt))
    ).one_or_none()
    assert story is not None, "a receipt was shown, and its story is lost"
    assert story.state == StoryState.READY
    versions = session.exec(select(TranscriptRow).where(TranscriptRow.story_id == story.id)).all()
    assert len(versions) == 1
    told = open_transcript(story_key(keyring, story), versions[0]).text
    assert told == (HEARD if story.mode == Mode.SPOKEN else words)
    passages = session.exec(
        select(PassageRow.ordinal)
        .where(PassageRow.story_id == story.id)
        .order_by(col(PassageRow.ordinal))
    ).all()
    assert passages == list(range(len(passages)))
    assert passages
    tags = session.exec(
        select(SuggestionRow.start, SuggestionRow.end).where(SuggestionRow.story_id == story.id)
    ).all()
    assert len(tags) == len(set(tags)) == 1
