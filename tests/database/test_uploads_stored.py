"""Uploads in the database: pieces join, nothing is lost or doubled, nothing lies there in clear."""

import threading
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from storybank.capture import uploads
from storybank.capture.intake import Desk
from storybank.capture.uploads import Owner
from storybank.db import reading, transaction
from storybank.errors import BadInput, Busy, Conflict, NotFound, Unsealable, UploadMoved
from storybank.keys import Keyring
from storybank.tables import Upload, UploadPiece, now
from storybank.worker import tidy
from tests.fakes import make_workshop

pytestmark = pytest.mark.database

ODK = Owner.for_odk("uuid:1")
WORDS = b"The bus to Zanzibar never comes. " * 400


def begin(engine: Engine, keyring: Keyring, owner: Owner = ODK, **more: Any) -> Upload:
    """Make an upload, and keep `WORDS` up to `here` in it."""
    length, here = more.pop("length", len(WORDS)), more.pop("here", 0)
    with transaction(engine) as session:
        upload = uploads.create(session, keyring, owner, more.pop("name", "voice"), length)
        key = uploads.key_of(keyring, owner, upload)
        for start in range(0, here, 5_000):
            piece = WORDS[start : min(start + 5_000, here)]
            uploads.append(session, keyring, upload, start, piece, key=key)
    return upload


def here(engine: Engine, keyring: Keyring, upload: Upload, owner: Owner = ODK) -> bytes:
    with reading(engine) as session:
        found = uploads.find(session, keyring, owner, upload.id)
        key = uploads.key_of(keyring, owner, found)
        return uploads.content(session, keyring, found, key=key)


def test_pieces_join_and_the_last_one_completes(engine: Engine, keyring: Keyring) -> None:
    upload = begin(engine, keyring, here=len(WORDS))
    assert uploads.complete(upload)
    assert here(engine, keyring, upload) == WORDS


@pytest.mark.parametrize("start", [0, 9_999, 10_001])
def test_a_piece_that_does_not_join_changes_nothing(
    engine: Engine, keyring: Keyring, start: int
) -> None:
    upload = begin(engine, keyring, here=10_000)
    with pytest.raises(UploadMoved), transaction(engine) as session:
        uploads.append(session, keyring, session.merge(upload), start, b"x")
    assert here(engine, keyring, upload) == WORDS[:10_000]


def test_a_piece_over_the_end_is_refused(engine: Engine, keyring: Keyring) -> None:
    upload = begin(engine, keyring, length=3)
    with pytest.raises(BadInput), transaction(engine) as session:
        uploads.append(session, keyring, session.merge(upload), 0, b"four")


def test_of_two_at_once_one_is_kept(engine: Engine, keyring: Keyring) -> None:
    upload = begin(engine, keyring)
    both_are_ready, outcomes = threading.Barrier(2), []

    def send(piece: bytes) -> None:
        try:
            with transaction(engine) as session:
                found = uploads.find(session, keyring, ODK, upload.id)
                both_are_ready.wait()
                uploads.append(session, keyring, found, 0, piece)
            outcomes.append(piece)
        except UploadMoved:
            outcomes.append(None)

    senders = [threading.Thread(target=send, args=(piece,)) for piece in (b"one", b"two")]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    (kept,) = [outcome for outcome in outcomes if outcome]
    assert len(outcomes) == 2
    assert here(engine, keyring, upload) == kept


def test_of_two_creations_at_once_there_is_one_upload(engine: Engine, keyring: Keyring) -> None:
    made = []
    both_are_ready = threading.Barrier(2)

    def create() -> None:
        with transaction(engine) as session:
            both_are_ready.wait()
            made.append(uploads.create(session, keyring, ODK, "voice", None).id)

    creators = [threading.Thread(target=create) for _ in range(2)]
    for creator in creators:
        creator.start()
    for creator in creators:
        creator.join()
    assert len(made) == 2
    assert len(set(made)) == 1


def test_one_draft_cannot_fill_the_disk_with_names(engine: Engine, keyring: Keyring) -> None:
    owner = Owner.for_draft("cookie")
    for name in "abcde":
        begin(engine, keyring, owner, name=name)
    begin(engine, keyring, owner, name="a")
    with pytest.raises(Busy):
        begin(engine, keyring, owner, name="f")


def test_an_unknown_length_is_said_later(engine: Engine, keyring: Keyring) -> None:
    upload = begin(engine, keyring, length=None, here=10_000)
    with transaction(engine) as session:
        upload = session.merge(upload)
        with pytest.raises(Conflict):
            uploads.set_length(session, upload, 9_999)
        assert not uploads.complete(upload)
        uploads.set_length(session, upload, 10_000)
        uploads.set_length(session, upload, 10_000)
        assert uploads.complete(upload)
        with pytest.raises(Conflict):
            uploads.set_length(session, upload, 10_001)


@pytest.mark.parametrize(("to", "left"), [
    (0, 0), (1, 0), (5_000, 5_000), (7_000, 5_000), (11_999, 10_000), (12_000, 12_000),
])  # fmt: skip
def test_rewinding_drops_whole_pieces_and_sending_goes_on(
    engine: Engine, keyring: Keyring, to: int, left: int
) -> None:
    upload = begin(engine, keyring, here=12_000)
    with transaction(engine) as session:
        upload = session.merge(upload)
        uploads.rewind(session, upload, to)
        assert upload.received == left
        uploads.append(session, keyring, upload, left, WORDS[left:])
        assert uploads.complete(upload)
    assert here(engine, keyring, upload) == WORDS


def test_an_owner_sees_their_own_uploads_only(engine: Engine, keyring: Keyring) -> None:
    person = uuid.uuid4()
    owners = [
        ODK, Owner.for_odk("uuid:2"), Owner.for_draft("uuid:1"), Owner.for_draft("other"),
        Owner.for_collect(person, "a"), Owner.for_collect(person, "b"),
        Owner.for_collect(uuid.uuid4(), "a"),
    ]  # fmt: skip
    made = [begin(engine, keyring, owner, here=10) for owner in owners]
    with transaction(engine) as session:
        for owner, upload in zip(owners, made, strict=True):
            assert [u.id for u in uploads.uploads_of(session, keyring, owner)] == [upload.id]
            assert uploads.find(session, keyring, owner, upload.id).id == upload.id
            for other in made:
                if other is not upload:
                    with pytest.raises(NotFound):
                        uploads.find(session, keyring, owner, other.id)


def test_pieces_open_only_with_their_own_key_in_their_own_place(
    engine: Engine, keyring: Keyring
) -> None:
    upload = begin(engine, keyring, here=10_000)
    with transaction(engine) as session, pytest.raises(Unsealable):
        uploads.content(session, keyring, session.merge(upload), key=bytes(32))
    with transaction(engine) as session:
        first, second = session.exec(select(UploadPiece).order_by(UploadPiece.start))  # type: ignore[arg-type]
        first.sealed, second.sealed = second.sealed, first.sealed
        session.add_all([first, second])
    with pytest.raises(Unsealable):
        here(engine, keyring, upload)


def test_a_lost_piece_is_noticed(engine: Engine, keyring: Keyring) -> None:
    for start in (0, 5_000):
        upload = begin(engine, keyring, name=str(start), here=10_000)
        with transaction(engine) as session:
            session.delete(session.get_one(UploadPiece, (upload.id, start)))
        with pytest.raises(Unsealable):
            here(engine, keyring, upload)


@pytest.mark.parametrize("owner", [ODK, Owner.for_draft("cookie")], ids=["own key", "draft's key"])
def test_nothing_lies_in_clear_in_the_database_or_on_the_disk(
    engine: Engine, desk: Desk, owner: Owner
) -> None:
    upload = begin(engine, desk.keyring, owner, here=len(WORDS))
    dump = b"".join(_dump(session, table) for session in _session(engine)
                    for table in SQLModel.metadata.tables)  # fmt: skip
    assert upload.id.encode() in dump
    assert b"Zanzibar" not in dump
    assert owner.named.encode() not in dump
    files = [p for p in Path(desk.settings.data_dir).rglob("*") if p.is_file()]
    assert [p.name for p in files] == ["keys.json"]


def _session(engine: Engine) -> Any:
    with reading(engine) as session:
        yield session


def _dump(session: Session, table: str) -> bytes:
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f'copy "{table}" to stdout binary') as rows:
        return b"".join(bytes(block) for block in rows)


def test_what_waited_too_long_goes_and_the_rest_stays(engine: Engine, desk: Desk) -> None:
    old, young, done = (
        begin(engine, desk.keyring, name=name, here=10, length=length)
        for name, length in (("old", None), ("young", None), ("done", 10))
    )
    assert done.expires_at - now() > timedelta(days=6)
    with transaction(engine) as session:
        found = session.get_one(Upload, old.id)
        found.expires_at = now() - timedelta(seconds=1)
        session.add(found)
    with transaction(engine) as session:
        left = uploads.uploads_of(session, desk.keyring, ODK)
        assert {upload.id for upload in left} == {young.id, done.id}
    tidy(make_workshop(engine, desk, heard=""))
    with transaction(engine) as session:
        assert set(session.exec(select(Upload.id))) == {young.id, done.id}
        pieces = session.exec(select(sa.func.count()).select_from(UploadPiece)).one()
        assert pieces == 2
        assert uploads.drop_expired(session) == 0


def test_dropping_takes_one_or_all(engine: Engine, keyring: Keyring) -> None:
    first, second, other = (
        begin(engine, keyring, owner, name=name, here=10)
        for owner, name in ((ODK, "a"), (ODK, "b"), (Owner.for_odk("other"), "a"))
    )
    with transaction(engine) as session:
        uploads.drop(session, first)
        uploads.drop(session, first)
    with transaction(engine) as session:
        (left,) = uploads.uploads_of(session, keyring, ODK)
        assert left.id == second.id
        with transaction(engine) as another:
            uploads.drop_all(another, keyring, ODK)
        with pytest.raises(NotFound):
            uploads.append(session, keyring, left, 10, b"x")
    with transaction(engine) as session:
        assert session.exec(select(Upload.id)).all() == [other.id]
