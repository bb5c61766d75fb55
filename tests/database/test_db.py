import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg.errors import FeatureNotSupported, UndefinedFile
from pydantic import SecretStr
from sqlmodel import SQLModel, col, delete, select

from storybank import db, jobs
from storybank.commands.checking import _inside
from storybank.errors import DatabaseForbids, DatabaseNewer, DatabaseUnreachable, PgvectorMissing
from storybank.settings import Settings
from storybank.tables import (
    AuditEntry,
    Coding,
    MaskDecision,
    Note,
    PassageRow,
    Person,
    ReadBy,
    Recording,
    Redaction,
    Story,
    SuggestionRow,
    TranscriptRow,
    now,
)
from tests.conftest import _with_name
from tests.factories import make_story

pytestmark = pytest.mark.database


def test_the_migrations_make_exactly_the_tables_of_the_code(engine):
    def ours(item, name, kind, reflected, other):
        return not str(name).startswith("procrastinate")

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(engine):
    db.upgrade(engine)

    with engine.connect() as connection:
        revision = connection.scalar(sa.text("select version_num from alembic_version"))
    assert revision == db.newest_revision()


def test_a_transaction_that_fails_leaves_nothing(engine):
    with pytest.raises(ZeroDivisionError), db.transaction(engine) as session:
        make_story(session, "gone")
        raise ZeroDivisionError

    with db.reading(engine) as session:
        assert session.exec(select(Story)).all() == []


def test_a_reader_can_change_nothing(engine):
    with pytest.raises(sa.exc.InternalError, match="read-only"), db.reading(engine) as session:
        session.exec(delete(Story))


def test_a_story_and_its_job_are_stored_together_or_not_at_all(engine):
    count = sa.text("select count(*) from procrastinate_jobs")
    with pytest.raises(ZeroDivisionError), db.transaction(engine) as session:
        jobs.enqueue(session, jobs.UNDERSTAND, make_story(session).id)
        raise ZeroDivisionError
    with engine.connect() as connection:
        assert connection.scalar(count) == 0

    with db.transaction(engine) as session:
        story_id = make_story(session).id
        jobs.enqueue(session, jobs.UNDERSTAND, story_id)
    with engine.connect() as connection:
        row = connection.execute(sa.text("select args, queue_name from procrastinate_jobs")).one()
    assert row == ({"story_id": str(story_id)}, "reading")


def test_what_is_derived_goes_with_its_story(engine):
    with db.transaction(engine) as session:
        story = make_story(session, "A story with a passage.")
        session.delete(story)
        session.flush()
        assert session.exec(select(PassageRow)).all() == []


def test_rows_of_the_audit_are_only_ever_added(engine):
    with db.transaction(engine) as session:
        session.add(AuditEntry(act="opened", object_id=str(uuid.uuid4())))

    for statement in ("delete from audit", "update audit set act = 'x'"):
        with pytest.raises(sa.exc.DBAPIError, match="only ever added"), engine.begin() as c:
            c.execute(sa.text(statement))


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path):
    url = SecretStr("postgresql://someone:hunter2@127.0.0.1:9/none")
    settings = Settings(data_dir=tmp_path, database_url=url)

    with db.running_database(settings) as address:
        engine = db.make_engine(address)
        with pytest.raises(DatabaseUnreachable) as caught:
            db.upgrade(engine)

    assert "STORYBANK_DATABASE_URL" in caught.value.message
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(settings)


def test_an_account_that_may_not_make_pgvector_or_tables_is_named(server_url, databases):
    name = f"weak_{uuid.uuid4().hex[:8]}"
    databases.execute(sa.text(f'create database "{name}"'))
    databases.execute(sa.text(f'create role "{name}" login'))
    strong = db.make_engine(_with_name(server_url, name))
    weak = db.make_engine(strong.url.set(username=name).render_as_string(hide_password=False))
    try:
        with pytest.raises(DatabaseForbids):
            db.upgrade(weak)
        assert looked_at(weak)["migrations"] == DatabaseForbids.message

        with strong.begin() as connection:
            connection.execute(sa.text(f'grant create on schema public to "{name}"'))
        with pytest.raises(PgvectorMissing):
            db.upgrade(weak)
        found = looked_at(weak)
        assert found["pgvector"] == PgvectorMissing.message
        assert "migrations" not in found  # it would not be filled

        with strong.begin() as connection:
            connection.execute(sa.text("create extension vector"))
        assert looked_at(weak)["pgvector"] == ""
    finally:
        weak.dispose()
        strong.dispose()
        databases.execute(sa.text(f'drop database "{name}" with (force)'))
        databases.execute(sa.text(f'drop role "{name}"'))


@pytest.mark.parametrize("cause", [FeatureNotSupported, UndefinedFile])
def test_a_server_without_pgvector_is_named(cause):
    with pytest.raises(PgvectorMissing), db.cannot_migrate():
        raise sa.exc.DBAPIError("create extension if not exists vector", {}, cause())


def test_a_database_newer_than_the_program_is_named(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseNewer):
        db.upgrade(engine)
    assert looked_at(engine)["migrations"] == DatabaseNewer.message


def looked_at(engine):
    """What `storybank doctor` would have mended in a database; nothing where it is well."""
    return {found.what: found.mend for found in _inside(Settings(data_dir=Path("nowhere")), engine)}


def test_errors_of_the_database_hold_no_words_of_a_story(engine):
    with pytest.raises(sa.exc.IntegrityError) as caught, db.transaction(engine) as session:
        make_story(session, title="Zanzibar marrow", external_id="a")
        make_story(session, title="Zanzibar marrow", external_id="a")

    assert "Zanzibar" not in str(caught.value)
    assert col(Story.title)  # the column is there, its content is not


def test_a_filled_database_of_the_last_release_is_brought_up_to_date(server_url, databases):
    name = f"old_{uuid.uuid4().hex[:8]}"
    databases.execute(sa.text(f'create database "{name}"'))
    engine = db.make_engine(_with_name(server_url, name))
    try:
        db.upgrade(engine, "0002")
        story, person = uuid.uuid4(), uuid.uuid4()
        at = {"transcript_id": 1, "start": 0, "end": 3}
        read = at | {"story_id": story, "framework": "f@1", "code": "c", "direction": "-",
                     "quote": "bus"}  # fmt: skip
        _fill(engine, "programme", id=1, slug="p", name="P", prompt="?", about="")
        _fill(engine, "person", id=person, email="a@example.org", name="Ada", role="evaluator",
              password_hash="x")  # fmt: skip
        _fill(engine, "story", id=story, told_on="2026-11-01", programme_id=1, channel="web",
              mode="spoken", content_digest=b"c", receipt_digest=b"r", key_id="k", state="ready",
              progress=1.0, title="The bus", words=1, seconds=1.0, may_learn=True, may_quote=True,
              may_voice=True, may_publish=False, may_named=False, invented=False)  # fmt: skip
        _fill(engine, "transcript", id=1, story_id=story, version=1, source="machine", sealed=b"-",
              language="en", masked="bus", rules_id="masking-1")  # fmt: skip
        _fill(engine, "redaction", id=1, kind="person", placeholder="[p]", rules_id="m-1", **at)
        _fill(engine, "suggestion", id=1, score=0.9, model_id="head-1", **read)
        _fill(engine, "coding", id=1, decision="confirmed", person_id=person, **read)
        _fill(engine, "recording", id=uuid.uuid4(), story_id=story, blob="b", bytes=1,
              container="wav", seconds=1.0, muted="m")  # fmt: skip
        _fill(engine, "note", id=1, story_id=story, person_id=person, sealed=b"-", masked="[p]",
              rules_id="m-1", read_back=False)  # fmt: skip
        db.upgrade(engine, "0007")
        _fill(engine, "mask_decision", id=1, story_id=story, decision="shown", kind="person",
              person_id=person, **at)  # fmt: skip
        db.upgrade(engine, "0010")
        _fill(engine, "transcript", id=2, story_id=story, version=2, source="corrected",
              sealed=b"-", language="pl", masked="autobus", rules_id="masking-2")  # fmt: skip
        pl = read | {"transcript_id": 2, "quote": "autobus"}
        _fill(engine, "suggestion", id=2, score=0.9, model_id="head-1", offered=False, **pl)
        _fill(engine, "passage", story_id=story, transcript_id=2, ordinal=0, start=0, end=7,
              text="autobus", model_id="e-1", embedding=[0.0] * 384)  # fmt: skip
        _fill(engine, "transcript", id=3, story_id=story, version=-2, source="translated",
              sealed=b"-", language="en", masked="the bus", translates=2, rules_id="masking-2",
              model_id="w/translation")  # fmt: skip
        _fill(engine, "passage", story_id=story, transcript_id=3, ordinal=0, start=0, end=7,
              text="the bus", model_id="e-1", embedding=[0.0] * 384)  # fmt: skip

        db.upgrade(engine)

        with db.reading(engine) as session:
            assert session.exec(select(ReadBy.framework, ReadBy.model_id)).all() == [
                ("f@1", "head-1")
            ]
            assert session.exec(select(Redaction.sure)).all() == [1.0]
            assert session.exec(select(SuggestionRow.offered)).all() == [False, False]
            assert session.exec(select(Recording.held)).all() == [False]
            assert session.exec(select(Person.may_change_frameworks)).all() == [False]
            assert set(session.exec(select(TranscriptRow.translates))) == {None, 2}
            told = select(TranscriptRow.withheld, TranscriptRow.masked, TranscriptRow.rules_id)
            assert session.exec(told.order_by(col(TranscriptRow.id))).all() == [
                (False, "bus", ""), (True, "", ""), (False, "the bus", "")
            ], "what is in another language is withheld, and all is to be read again"  # fmt: skip
            assert session.exec(select(PassageRow.text)).all() == ["the bus"]
            quotes = select(SuggestionRow.quote).order_by(col(SuggestionRow.id))
            assert session.exec(quotes).all() == ["bus", "[not in English]"]
            assert session.exec(select(Story.title)).all() == ["the bus"]
            assert session.exec(select(Coding.carried_from)).all() == [None]
            note = select(Note.masked, Note.rules_id, Note.tellers, Note.language)
            assert session.exec(note).all() == [("[p]", None, False, "en")]
            kept = session.exec(select(MaskDecision)).one()
            assert (kept.transcript_id, kept.note_id, kept.decision) == (1, None, "shown")
        with pytest.raises(sa.exc.IntegrityError, match="one_text"), db.transaction(engine) as c:
            c.exec(sa.update(Redaction).values(note_id=1))
    finally:
        engine.dispose()
        databases.execute(sa.text(f'drop database "{name}" with (force)'))


def _fill(engine, kind_of, /, **values):
    """Add a row to a table as the database has it; moments are now where none is given."""
    with engine.begin() as connection:
        table = sa.Table(kind_of, sa.MetaData(), autoload_with=connection)
        moments = {c.name: now() for c in table.c if isinstance(c.type, sa.DateTime)
                   and not c.nullable}  # fmt: skip
        connection.execute(table.insert().values(moments | values))
