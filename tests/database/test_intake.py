import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from storybank import db
from storybank.capture.intake import receive
from storybank.errors import BadInput, Conflict, EmptyRecording, EmptyStory, NotARecording
from storybank.tables import Consent, Recording, Story
from storybank.values import Channel, ConsentGiven, NewStory, Use
from tests.factories import make_place, make_programme

pytestmark = pytest.mark.database


def story(**more) -> NewStory:
    return NewStory(consent=ConsentGiven(learn=True), channel=Channel.WEB, **more)


def send(engine, desk, told):
    with db.transaction(engine) as session:
        make_programme(session)
        make_place(session)
        return receive(session, desk, told)


def test_the_same_story_sent_five_times_is_one_story_with_one_receipt(engine, desk):
    told = story(text="We got a bench.", client_id=uuid.uuid4().hex)
    receipts = {send(engine, desk, told).receipt for _ in range(5)}

    with db.reading(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
    assert len(receipts) == 1


def test_the_same_story_sent_at_the_same_moment_is_one_story(engine, desk):
    told = story(text="We got a bench.", client_id=uuid.uuid4().hex)
    with db.transaction(engine) as session:
        make_programme(session)
        make_place(session)

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda _: send(engine, desk, told).receipt, range(8)))

    with db.reading(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
    assert len(receipts) == 1


def test_other_contents_under_the_same_id_are_refused(engine, desk):
    send(engine, desk, story(text="We got a bench.", client_id="one"))

    with pytest.raises(Conflict):
        send(engine, desk, story(text="We got a swing.", client_id="one"))


def test_the_receipt_is_not_stored_in_any_readable_form(engine, desk):
    received = send(engine, desk, story(text="We got a bench."))

    with db.reading(engine) as session:
        kept = session.exec(select(Story)).one()
    assert received.receipt not in str(kept.model_dump())
    assert kept.receipt_digest == desk.keyring.digest(received.receipt)


def test_consent_place_and_programme_are_kept_as_given(engine, desk):
    given = ConsentGiven(learn=True, quote=True, wording="2026-11", how="helper")
    told = NewStory(consent=given, channel=Channel.WORKER, text="Hello there.",
                    place="blackbird-leys", programme="thriving")  # fmt: skip
    send(engine, desk, told)

    with db.reading(engine) as session:
        kept, consent = session.exec(select(Story)).one(), session.exec(select(Consent)).one()
    assert kept.place_id is not None
    assert [kept.may_learn, kept.may_quote, kept.may_voice] == [True, True, False]
    assert (consent.how, consent.wording) == ("helper", "2026-11")
    assert {use for use in Use if getattr(consent, use.value)} == {Use.LEARN, Use.QUOTE}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"text": "  "}, EmptyStory),
        ({}, EmptyStory),
        ({"recording": b""}, EmptyRecording),
        ({"recording": b"Dear diary, today"}, NotARecording),
        ({"text": "Hello.", "place": "atlantis"}, BadInput),
        ({"text": "Hello.", "programme": "nope"}, BadInput),
    ],
)
def test_what_cannot_be_used_is_refused_whole(engine, desk, more, error):
    with pytest.raises(error):
        send(engine, desk, story(**more))

    with db.reading(engine) as session:
        assert session.exec(select(Story)).all() == []
        assert session.exec(select(Recording)).all() == []
    assert not any(p.is_file() for p in desk.settings.blobs_dir.rglob("*"))
