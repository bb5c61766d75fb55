"""After a story was taken back, no file of the house holds a rare word of it: we look at them all.

On a built-in server of its own, with the settings that the house runs with (`tests/conftest.py`
starts one that forgets faster).
"""

import logging
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import select

from storybank import coding, db, worker
from storybank.access import Actor
from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk, receive
from storybank.capture.withdrawal import withdraw
from storybank.keys import load_keyring
from storybank.log import start_logging
from storybank.pipeline import Workshop
from storybank.settings import Settings
from storybank.tables import Note, StrengthRow, SuggestionRow, TranscriptRow
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.factories import make_person, make_place, make_programme
from tests.fakes import make_workshop

# Not `slow`: a worker runs here, and slow tests share their process with Playwright's own loop.
pytestmark = pytest.mark.database

RARE = ("zanzibarese", "quillowby", "thrumbleton", "wobblechurch")
TOLD = (
    "The Zanzibarese bus never comes to Quillowby. Anna Smith waited. "
    "A second bus goes from Thrumbleton, and that bus is late."
)
NOTED = "They said Quillowby and Thrumbleton several times, and Zanzibarese."
IN_ENGLISH = "A note that was put into English names Wobblechurch."
SEALED_ONLY = "Anna Smith"


@pytest.fixture
def house() -> Iterator[tuple[Settings, Engine]]:
    with tempfile.TemporaryDirectory(prefix="storybank-tests-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(data_dir=Path(folder) / "data")
        with db.running_database(settings) as url:
            engine = db.make_engine(url)
            db.upgrade(engine)
            yield settings, engine
            engine.dispose()


def met(folder: Path, words: tuple[str, ...]) -> set[str]:
    """The words that stand in any file, however capitals are; a stem of each is enough."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            found |= {word for word in words if word.lower()[:9].encode() in content}
    return found


def written_down(engine: Engine) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text("analyze"))
        connection.execute(sa.text("checkpoint"))


def tell(shop: Workshop, text: str) -> uuid.UUID:
    desk = Desk(shop.settings, shop.keyring, shop.blobs)
    with db.transaction(shop.engine) as session:
        make_programme(session)
        make_place(session)
        consent = ConsentGiven(learn=True, quote=True)
        story = NewStory(consent, Channel.WEB, text=text, external_id=text[:20])
        story_id = receive(session, desk, story).story_id
    worker.STEPS["storybank.understand"](shop, story_id)
    return story_id


def decide_and_note(engine: Engine, story_id: uuid.UUID) -> None:
    """Codings by people, a worker's note, its English, a strength: each has words of its own."""
    with db.transaction(engine) as session:
        person = make_person(session)
        actor = Actor(person.id, Role.EVALUATOR)
        query = select(SuggestionRow.id).where(SuggestionRow.story_id == story_id)
        for suggestion in session.exec(query):
            assert suggestion is not None
            coding.decide(session, actor, suggestion, "confirmed")
        written = {"story_id": story_id, "person_id": person.id, "sealed": b""}
        session.add(note := Note(masked=NOTED, **written))
        session.flush()
        session.add(Note(masked=IN_ENGLISH, translates=note.id, **written))
        read = select(TranscriptRow.id).where(TranscriptRow.story_id == story_id)
        place = {"transcript_id": session.exec(read).one(), "start": 0, "end": 9}
        said = {"kind": "place", "name": "Thrumbleton", "quote": NOTED, "rules_id": "r-1"}
        session.add(StrengthRow(story_id=story_id, **said, **place))


@pytest.mark.parametrize("others", [0, 30], ids=["the only story", "one of many"])
def test_no_file_holds_a_rare_word_of_a_story_that_was_taken_back(
    house: tuple[Settings, Engine], others: int, capfd: pytest.CaptureFixture[str]
) -> None:
    settings, engine = house
    earlier = logging.getLogger().handlers
    start_logging("DEBUG")
    desk = Desk(settings, load_keyring(settings.keys_path, create=True),
                open_blobs(None, settings.blobs_dir))  # fmt: skip
    shop = make_workshop(engine, desk)
    for number in range(others):
        tell(shop, f"Number {number}. The bus never comes to number {number}.")
    story_id = tell(shop, TOLD)
    decide_and_note(engine, story_id)
    written_down(engine)
    assert met(settings.data_dir, RARE) == set(RARE), "nothing to look for"
    assert not met(settings.data_dir, (SEALED_ONLY,)), "a name was never in the clear"

    with db.transaction(engine) as session:
        withdraw(session, story_id)
    worker.run(shop, until_idle=True)

    assert met(settings.data_dir, RARE) == set()
    said = capfd.readouterr().err
    logging.getLogger().handlers = earlier
    assert "database files rewritten" in said
    assert not [word for word in (*RARE, SEALED_ONLY) if word[:9].lower() in said.lower()]
