"""A backup brings every story back with its words and recording, and gives nothing away."""

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import select

from storybank import db
from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk, receive
from storybank.commands.keeping import back_up, bring_back
from storybank.db import reading, transaction
from storybank.errors import BackupProblem, KeysMissing
from storybank.installed import folder_of, in_use
from storybank.settings import Settings
from storybank.tables import Recording, Story, TranscriptRow
from storybank.values import Channel, ConsentGiven, NewStory
from storybank.vault import open_transcript, recording_context, story_key
from tests.clips import recording, tone
from tests.factories import make_programme

pytestmark = pytest.mark.database

WORDS = "The zanzibar marrow won."
SOUND = recording(tone(1.0), "wav")


@pytest.fixture
def kept(engine: Engine, desk: Desk, tmp_path: Path) -> Path:
    """A backup of one typed and one spoken story, and of what was learnt."""
    learnt = folder_of(desk.settings)
    learnt.mkdir(parents=True)
    (learnt / "in-use.json").write_text('["learnt-1"]')
    with transaction(engine) as session:
        make_programme(session)
        for told in (NewStory(ConsentGiven(learn=True), Channel.WEB, text=WORDS),
                     NewStory(ConsentGiven(learn=True), Channel.WEB, recording=SOUND)):  # fmt: skip
            receive(session, desk, told)
    assert back_up(desk.settings, engine, tmp_path / "kept") == 2
    return tmp_path / "kept"


@pytest.fixture
def elsewhere(server_url: str) -> Engine:
    """An engine on another database, with nothing in it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'create database "{name}"'))
    admin.dispose()
    return db.make_engine(
        sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    )


def test_stories_come_back_with_words_recordings_and_work(
    kept: Path, elsewhere: Engine, desk: Desk, tmp_path: Path
) -> None:
    other = Settings(data_dir=tmp_path / "other", keys_file=desk.settings.keys_path)

    assert bring_back(other, elsewhere, kept) == 2
    assert in_use(other) == folder_of(other) / "learnt-1"

    with reading(elsewhere) as session:
        typed = session.exec(select(Story).where(Story.mode == "typed")).one()
        row = session.exec(select(TranscriptRow).where(TranscriptRow.story_id == typed.id)).one()
        assert open_transcript(story_key(desk.keyring, typed), row).text == WORDS
        sound = session.exec(select(Recording)).one()
        key = story_key(desk.keyring, session.get_one(Story, sound.story_id))
        waiting = session.execute(sa.text("select count(*) from procrastinate_jobs")).scalar_one()
    blobs = open_blobs(None, other.blobs_dir)
    assert blobs.get(key, sound.blob, recording_context(sound.id, "told")) == SOUND
    assert waiting == 2
    elsewhere.dispose()


def test_a_backup_holds_no_words_and_no_keys(kept: Path, desk: Desk) -> None:
    keys = desk.settings.keys_path.read_bytes()
    for path in kept.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"zanzibar" not in content
            assert keys not in content
            assert path.name != "keys.json"
    assert kept.stat().st_mode & 0o077 == 0


def test_nothing_is_written_over(kept: Path, engine: Engine, desk: Desk) -> None:
    with pytest.raises(BackupProblem) as error:
        back_up(desk.settings, engine, kept)
    assert "not empty" in error.value.message
    with pytest.raises(BackupProblem) as error:
        bring_back(desk.settings, engine, kept)
    assert "already" in error.value.message
    with reading(engine) as session:
        assert len(session.exec(select(Story)).all()) == 2


def test_a_backup_that_was_cut_off_or_has_no_key_is_refused(
    kept: Path, elsewhere: Engine, desk: Desk, tmp_path: Path
) -> None:
    with pytest.raises(KeysMissing):
        bring_back(Settings(data_dir=tmp_path / "other"), elsewhere, kept)
    (kept / "backup.json").unlink()
    with pytest.raises(BackupProblem):
        bring_back(desk.settings, elsewhere, kept)
    elsewhere.dispose()
