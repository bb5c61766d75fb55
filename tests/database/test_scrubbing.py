"""When the database's files are rewritten after a withdrawal, and when that has to wait."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import SQLModel

from storybank import pipeline
from storybank.capture import scrubbing
from storybank.capture.intake import Desk
from storybank.capture.withdrawal import erase
from storybank.tables import now
from tests.database.test_withdrawal import take_back, tell
from tests.fakes import make_workshop

pytestmark = pytest.mark.database


def test_the_files_are_rewritten_at_once_where_it_is_quick_and_else_by_night(
    engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = [now() + timedelta(hours=h) for h in range(1, 25)]  # every hour of a day, at any time
    noon = next(at for at in coming if at.astimezone().hour == 12)
    night = next(at for at in coming if at.astimezone().hour == 3)
    assert not scrubbing.due(engine, night), "nothing was taken back"
    story_id = tell(engine, desk).story_id
    take_back(engine, story_id)
    erase(engine, desk.keyring, desk.blobs, story_id)
    assert scrubbing.due(engine, noon)
    other = tell(engine, desk, client_id="c-2").story_id
    pipeline.understand(make_workshop(engine, desk), other)
    monkeypatch.setattr(scrubbing, "SMALL", 0)
    assert [scrubbing.due(engine, at) for at in (noon, night, noon + timedelta(hours=24))] == [
        False, True, True,
    ]  # fmt: skip
    assert scrubbing.rewrite(engine)
    assert not scrubbing.due(engine, now() + timedelta(hours=25))


def test_files_are_not_called_rewritten_while_an_old_transaction_may_read(
    engine: Engine, desk: Desk
) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("select 1"))
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as alone:
            assert not scrubbing._others_done(alone, patience_s=0.3)
        connection.rollback()
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as alone:
            assert scrubbing._others_done(alone, patience_s=0.3)


def test_every_table_that_hangs_on_a_story_is_rewritten() -> None:
    hanging = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if any(key.column.table.name in ("story", "transcript") for key in table.foreign_keys)
    }
    assert hanging <= {*scrubbing.WORDED, *scrubbing.HANGING}
