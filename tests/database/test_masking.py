"""What a person says of a mask is followed at once, and when the story is read again."""

import uuid

import numpy as np
import pytest
from sqlmodel import select

from storybank import coding, masking, pipeline
from storybank.access import Actor
from storybank.capture import corrections
from storybank.capture.audio import decode
from storybank.db import reading, transaction
from storybank.errors import BadSelection, Conflict, NotAllowed, NotFound
from storybank.tables import (
    Coding,
    MaskDecision,
    PassageRow,
    Recording,
    Redaction,
    Story,
    StrengthRow,
    SuggestionRow,
    TranscriptRow,
)
from storybank.values import Channel, Role, Span
from storybank.vault import recording_context, story_key
from tests.clips import recording, tone
from tests.factories import make_person
from tests.fakes import make_workshop
from tests.staff import tell

pytestmark = pytest.mark.database

HEARD = "The bus never comes. Why is the bus late? Anna Smith drives us. Ask Wilma about the bus."
"""The canned engine hears a word each half second: "Anna" from 4.5 s, "Wilma" from 7.0 s."""
ANNA, WILMA = Span(42, 52), Span(68, 73)


@pytest.fixture
def shop(engine, desk):
    return make_workshop(engine, desk, heard=HEARD)


@pytest.fixture
def story_id(engine, desk):
    told = {"channel": Channel.WORKER, "recording": recording(tone(9), "wav")}
    return uuid.UUID(tell(engine, desk, HEARD, **told))


@pytest.fixture
def officer(engine):
    return someone(engine, Role.GOVERNANCE)


def someone(engine, role):
    with transaction(engine) as session:
        return Actor(make_person(session, role).id, role)


def act(engine, desk, what, *args, **more):
    with transaction(engine) as session:
        return what(session, desk.keyring, *args, **more)


def passages(engine):
    with reading(engine) as session:
        query = select(PassageRow).order_by(PassageRow.ordinal)
        return " ".join(p.text for p in session.exec(query))


def muted(engine, desk, story_id):
    with reading(engine) as session:
        story = session.get_one(Story, story_id)
        row = session.exec(select(Recording).where(Recording.story_id == story_id)).one()
        context = recording_context(row.id, "muted")
        sound = desk.blobs.get(story_key(desk.keyring, story), row.muted, context)
    return decode(sound, max_seconds=60), row.held


def loud(audio, start, end):
    return float(np.abs(audio[int(start * 16000) : int(end * 16000)]).max()) > 0.05


def test_added_words_are_masked_at_once_in_all_that_is_shown(engine, desk, story_id, officer):
    evaluator = someone(engine, Role.EVALUATOR)
    with transaction(engine) as session:
        found = next(s for s in session.exec(select(SuggestionRow)) if "Wilma" in s.quote)
        coding.decide(session, evaluator, found.id, "confirmed")

    count = act(engine, desk, masking.mask_words, officer, story_id, "wilma,", "person")

    assert count == 1
    assert "Wilma" not in passages(engine)
    assert "Ask [person 2] about the bus." in passages(engine)
    with reading(engine) as session:
        assert "Wilma" not in session.exec(select(TranscriptRow)).one().masked
        for table in (SuggestionRow, Coding):
            assert not any("Wilma" in row.quote for row in session.exec(select(table)))
        assert session.exec(select(Coding)).one().decision == "confirmed"


def test_decisions_hold_when_the_story_is_read_again(engine, desk, shop, story_id, officer):
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    act(engine, desk, masking.take_off, officer, story_id, ANNA)

    pipeline.understand(shop, story_id)

    assert "Anna Smith drives us. Ask [person 1] about" in passages(engine)
    with reading(engine) as session:
        assert [(r.kind, r.sure) for r in session.exec(select(Redaction))] == [("person", 1.0)]


def test_decisions_follow_their_words_into_a_corrected_version(
    engine, desk, shop, story_id, officer
):
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    act(engine, desk, masking.take_off, officer, story_id, ANNA)
    with transaction(engine) as session:
        edits = {0: "A tram came, said Wilma. The bus never comes."}
        corrections.apply(session, desk, session.get_one(Story, story_id), edits, {})

    pipeline.understand(shop, story_id)

    shown = passages(engine)
    assert "said [person 1]." in shown
    assert "Anna Smith drives us. Ask [person 1]" in shown


def test_what_was_coded_in_an_earlier_version_is_masked_too(engine, desk, shop, story_id, officer):
    evaluator = someone(engine, Role.EVALUATOR)
    with transaction(engine) as session:
        found = next(s for s in session.exec(select(SuggestionRow)) if "Wilma" in s.quote)
        coding.decide(session, evaluator, found.id, "confirmed")
        edits = {0: "A tram came. The bus never comes."}
        corrections.apply(session, desk, session.get_one(Story, story_id), edits, {})
    pipeline.understand(shop, story_id)

    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")

    with reading(engine) as session:
        assert "Wilma" not in session.exec(select(Coding)).one().quote
        assert not any("Wilma" in row.masked for row in session.exec(select(TranscriptRow)))


def test_the_sound_for_staff_is_held_back_and_then_follows(engine, desk, shop, story_id, officer):
    before, held = muted(engine, desk, story_id)
    assert not held
    assert not loud(before, 4.6, 5.3)
    assert loud(before, 7.05, 7.35)

    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    act(engine, desk, masking.take_off, officer, story_id, ANNA)
    assert muted(engine, desk, story_id)[1]

    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)
    after, held = muted(engine, desk, story_id)
    assert not held
    assert loud(after, 4.6, 5.3)
    assert not loud(after, 7.05, 7.35)


def test_undone_decisions_stay_as_rows_and_hide_the_words_again(
    engine, desk, shop, story_id, officer
):
    act(engine, desk, masking.take_off, officer, story_id, ANNA)
    assert "Anna Smith" in passages(engine)

    act(engine, desk, masking.undo, officer, story_id, ANNA)

    assert "Anna Smith" not in passages(engine)
    pipeline.understand(shop, story_id)
    assert "[person 1] drives us." in passages(engine)
    with reading(engine) as session:
        row = session.exec(select(MaskDecision)).one()
    assert (row.decision, row.person_id) == ("shown", officer.person_id)
    assert row.undone_at is not None


def test_evaluators_and_workers_never_open_the_words_as_told(engine, desk, story_id):
    for role in (Role.EVALUATOR, Role.WORKER):
        with pytest.raises(NotAllowed):
            act(engine, desk, masking.open_story, someone(engine, role), story_id)


def test_a_story_that_may_not_be_read_is_not_opened(engine, desk, story_id, officer):
    with transaction(engine) as session:
        session.get_one(Story, story_id).may_learn = False
    with pytest.raises(NotFound):
        act(engine, desk, masking.open_story, officer, story_id)


def test_words_that_are_not_there_are_refused(engine, desk, story_id, officer):
    for words in ("Zebra", " . ", "bu"):
        with pytest.raises(BadSelection):
            act(engine, desk, masking.mask_words, officer, story_id, words, "person")


def test_what_was_read_while_somebody_decided_is_not_shown(
    engine, desk, shop, story_id, officer, monkeypatch
):
    find = shop.redactor.find

    def find_late(text, doubtful=()):
        act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
        return find(text)

    monkeypatch.setattr(shop.redactor, "find", find_late)
    pipeline.understand(shop, story_id)

    assert "Wilma" not in passages(engine)


def test_finishing_accepts_what_is_left_and_is_noted(engine, desk, story_id, officer):
    made = act(engine, desk, masking.finish, officer, story_id)

    assert made.rules_id == "named-1"
    with reading(engine) as session:
        decision = session.exec(select(MaskDecision)).one()
        assert (decision.decision, Span(decision.start, decision.end)) == ("masked", ANNA)
        assert session.exec(select(Redaction)).one().sure == 1.0


def test_what_a_story_names_as_good_goes_only_where_its_words_are_masked_otherwise(
    engine, desk, story_id, officer
):
    with transaction(engine) as session:
        row = session.exec(select(PassageRow).order_by(PassageRow.ordinal)).first()
        session.add(
            StrengthRow(
                story_id=story_id, transcript_id=row.transcript_id, kind="help", name="lifts",
                quote="drives us", start=row.start, end=row.end, rules_id="strengths-1",
            )
        )  # fmt: skip

    act(engine, desk, masking.accept, officer, story_id, "Anna Smith")
    act(engine, desk, masking.finish, officer, story_id)

    with reading(engine) as session:
        assert len(session.exec(select(StrengthRow)).all()) == 1
    assert not muted(engine, desk, story_id)[1]
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    with reading(engine) as session:
        assert session.exec(select(StrengthRow)).all() == []
    assert muted(engine, desk, story_id)[1]


def test_nothing_is_decided_about_words_that_changed_since_they_were_seen(
    engine, desk, shop, story_id, officer
):
    def seen():
        return act(engine, desk, masking.open_story, officer, story_id).mark

    before = seen()
    act(engine, desk, masking.refuse_changed, officer, story_id, before)
    with transaction(engine) as session:
        corrections.append(session, desk, session.get_one(Story, story_id), "Ask Kasia, too.")
    pipeline.understand(shop, story_id)

    with pytest.raises(Conflict):
        act(engine, desk, masking.refuse_changed, officer, story_id, before)

    before = seen()
    shop.redactor.rules_id = "named-2"
    pipeline.understand(shop, story_id)
    with pytest.raises(Conflict):
        act(engine, desk, masking.refuse_changed, officer, story_id, before)
