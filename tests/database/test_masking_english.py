"""The machine English has masks of its own: a name may stand there in another form."""

import uuid

import pytest
from sqlmodel import select

from storybank import masking, pipeline
from storybank.capture import corrections
from storybank.db import reading, transaction
from storybank.evidence.masks import cards, runs
from storybank.tables import PassageRow, Redaction, Story, TranscriptRow
from storybank.values import Channel, Role, Span
from tests.clips import recording, tone
from tests.database.test_masking import act, someone
from tests.fakes import CannedTranscriber, make_workshop
from tests.staff import tell

pytestmark = pytest.mark.database

POLISH = "Autobus nigdy nie przyjeżdża. Wozi nas Kasia. Pytaj Annę."
ENGLISH = "The bus never comes. Catherine drives us. Ask Anna Smith about the bus."


@pytest.fixture
def shop(engine, desk):
    return make_workshop(engine, desk)


@pytest.fixture
def officer(engine):
    return someone(engine, Role.GOVERNANCE)


@pytest.fixture
def polish(engine, desk, shop):
    """A Polish story and its English: names stand in other forms there."""
    object.__setattr__(
        shop, "transcriber", CannedTranscriber(POLISH, language="pl", english=ENGLISH)
    )
    told = {"channel": Channel.WORKER, "recording": recording(tone(9), "wav")}
    return uuid.UUID(tell(engine, desk, "", workshop=shop, **told))


def english_of(engine):
    with reading(engine) as session:
        row = session.exec(select(TranscriptRow).where(TranscriptRow.translates.is_not(None))).one()
        query = select(PassageRow).where(PassageRow.transcript_id == row.id)
        return " ".join(p.text for p in session.exec(query.order_by(PassageRow.ordinal)))


def test_a_name_that_stands_in_the_english_only_is_masked_and_stays_so(
    engine, desk, shop, polish, officer
):
    assert "Catherine drives us. Ask [person 1] about" in english_of(engine)

    count = act(engine, desk, masking.mask_words, officer, polish, "catherine", "person")

    assert count == 1
    assert "[person 1] drives us. Ask [person 2] about" in english_of(engine)
    pipeline.understand(shop, polish)
    assert "[person 1] drives us. Ask [person 2] about" in english_of(engine)

    at = Span(ENGLISH.index("Catherine"), ENGLISH.index("Catherine") + len("Catherine"))
    act(engine, desk, masking.undo, officer, polish, at, side="english")
    pipeline.understand(shop, polish)
    assert "Catherine drives us. Ask [person 1] about" in english_of(engine)


def test_masks_of_the_english_are_shown_hidden_and_accepted_by_themselves(
    engine, desk, shop, polish, officer
):
    at = Span(ENGLISH.index("Anna"), ENGLISH.index("Anna") + len("Anna Smith"))

    act(engine, desk, masking.take_off, officer, polish, at, side="english")
    pipeline.understand(shop, polish)
    assert "Ask Anna Smith about" in english_of(engine)

    act(engine, desk, masking.undo, officer, polish, at, side="english")
    assert "Ask [person 1] about" in english_of(engine)
    pipeline.understand(shop, polish)

    act(engine, desk, masking.finish, officer, polish)
    with reading(engine) as session:
        assert [r.sure for r in session.exec(select(Redaction))] == [1.0]
    opened = act(engine, desk, masking.open_story, officer, polish)
    assert [(c.words, c.state, c.side) for c in cards(opened)] == [
        ("Anna Smith", "accepted", "english")
    ]
    shown = "".join(run.words for run in runs(opened.english, cards(opened)))
    assert shown == ENGLISH


def test_a_word_masked_in_the_told_words_is_one_card_for_both_texts(
    engine, desk, shop, polish, officer
):
    with transaction(engine) as session:
        story = session.get_one(Story, polish)
        corrections.append(session, desk, story, "Anna Smith Wilma.")
    pipeline.understand(shop, polish)
    act(engine, desk, masking.accept, officer, polish, "Anna Smith")

    opened = act(engine, desk, masking.open_story, officer, polish)
    assert [(c.words, c.state, c.side) for c in cards(opened)] == [
        ("Anna Smith", "accepted", "told")
    ]
    assert [r.card for r in runs(opened.english, cards(opened)) if r.state] == [0]
    act(engine, desk, masking.undo, officer, polish, cards(opened)[0].span)
    again = act(engine, desk, masking.open_story, officer, polish)
    assert [c.state for c in cards(again)] == ["sure"]
    assert again.english.decisions == ()
