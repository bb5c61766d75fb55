"""Words that only look English, once a correction took the English away that stood beside them."""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from storybank import db, rereading
from storybank.capture import corrections
from storybank.migrations.versions import m0015_notes_in_english
from storybank.tables import PassageRow, Story, SuggestionRow
from tests.database.test_typed_languages import Bank, put

pytestmark = pytest.mark.database


@pytest.fixture
def bank(engine, desk):
    return Bank(engine, desk)


def test_words_that_look_english_are_none_once_their_english_stood_beside_them(bank):
    """Bengali in Latin letters passes for English: nobody said what would be read in it."""
    bank.tell()
    put(bank)
    with db.transaction(bank.engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {0: "Amar bus nam Abdul."}, {})
    bank.read()

    assert (bank.rows(PassageRow), bank.rows(SuggestionRow)) == ([], [])
    assert (bank.left(), bank.view().withheld) == ({"by-hand": None}, True)


def test_what_was_read_as_english_after_a_correction_goes_with_reindex_masks(bank, monkeypatch):
    bank.tell()
    put(bank)
    with db.transaction(bank.engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {0: "Amar bus nam Abdul."}, {})
    with monkeypatch.context() as before:
        before.setattr("storybank.pipeline.has_english", lambda *given: False)
        bank.read()
    assert [p.text for p in bank.rows(PassageRow)] == ["Amar bus nam Abdul."]
    with bank.engine.begin() as c, Operations.context(MigrationContext.configure(c)):
        m0015_notes_in_english.have_read_again()

    assert rereading.read_again(bank.engine, bank.shop.redactor.rules_id) == 1
    bank.read()
    assert (bank.rows(PassageRow), bank.left()) == ([], {"by-hand": None})
