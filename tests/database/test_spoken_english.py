"""The English of what was said in another language: whose words it is, and that it is English."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from storybank import db, jobs, pipeline, rereading, worker
from storybank.capture import corrections, side_steps
from storybank.capture.by_hand import WHO_SPEAKS
from storybank.capture.recordings import heard_by_staff
from storybank.errors import NotToTranslate
from storybank.migrations.versions import m0011_spoken_languages, m0014_sound_held
from storybank.tables import Coding, PassageRow, Story, TranscriptRow
from tests.database.test_side_steps import Ears
from tests.database.test_spoken_languages import POLISH, TOLD, Spoken
from tests.fakes import CannedVoices, NamedRedactor

pytestmark = pytest.mark.database


@pytest.fixture
def bank(engine, desk):
    return Spoken(engine, desk)


def test_what_a_machine_wrote_in_polish_is_no_english(bank, engine):
    bank.hear_all(english=POLISH)

    assert bank.left() == {"by-hand": None}
    assert not any(word in bank.shown() for word in TOLD)
    assert (bank.view().english, bank.stories(), bank.begun().words) == ((), [], "")
    assert {row.masked for row in bank.rows(TranscriptRow)} == {""}
    with db.reading(engine) as session:
        assert heard_by_staff(session, bank.id) is None, "nobody knows when names are said"
    assert bank.view().names_unheard
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {1: "Ktoś gotuje."}, {})
    bank.run(jobs.UNDERSTAND)
    assert (bank.view().english, bank.left()) == ((), {"by-hand": None}), "nor what is left of it"


def test_no_sound_is_played_before_what_a_machine_wrote_is_known_to_be_english(bank, engine):
    bank.hear(english=POLISH)
    steps = (jobs.UNDERSTAND, jobs.TRANSLATE, jobs.COPY, jobs.UNDERSTAND, jobs.COPY)
    bank.run(jobs.VOICES)
    for step in steps:
        bank.run(step)
        with db.reading(engine) as session:
            assert heard_by_staff(session, bank.id) is None
        assert bank.view().names_unheard


ASKED = ("Czy autobus się spóźnia? Autobus nigdy nie jeździ.", "Is the bus late? It never comes.")


def test_a_person_writes_english_once_it_is_known_who_speaks_and_only_what_the_teller_says(bank):
    bank.ask(Ears(ASKED[0], language="pl", english=ASKED[1]))
    bank.run(jobs.VOICES, jobs.TRANSLATE, jobs.UNDERSTAND)
    assert (bank.begun().words, bank.begun().waits) == ("", WHO_SPEAKS)
    with pytest.raises(NotToTranslate) as refused:
        bank.put(ASKED[1])
    assert refused.value.message == WHO_SPEAKS

    bank.name(first="worker", second="teller")
    bank.run(jobs.UNDERSTAND)
    assert (bank.begun().words, bank.begun().waits) == ("It never comes.", "")
    bank.put("It never comes.")
    assert bank.view().english_by == "canned/translation", "nothing was changed in it"
    bank.put("The bus never comes.")
    assert [p.text for p in bank.rows(PassageRow)] == ["The bus never comes."]


def test_english_that_a_person_wrote_is_not_read_where_voices_turn_up_in_what_was_told(bank):
    bank.ask(Ears(ASKED[0], language="pl"))
    voices, bank.voices = bank.voices, CannedVoices()
    bank.shop = replace(bank.shop, voices=bank.voices)
    bank.run(jobs.VOICES, jobs.TRANSLATE, jobs.UNDERSTAND)
    bank.put(ASKED[1])
    assert [p.text for p in bank.rows(PassageRow)] == [ASKED[1]]

    with db.transaction(bank.engine) as session:
        side_steps.begin(session, bank.id, side_steps.VOICES)
    bank.shop = replace(bank.shop, voices=voices)
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    assert (bank.rows(PassageRow), bank.read(), bank.view().english) == ([], [], ())
    assert (bank.left(), bank.stories(), bank.story().title) == ({"by-hand": None}, [], "")
    assert {row.masked for row in bank.rows(TranscriptRow)} == {""}


@pytest.mark.parametrize("meanwhile", ["a person", "another reading"])
def test_what_is_left_of_a_translation_replaces_none_that_came_meanwhile(
    bank, engine, monkeypatch, meanwhile
):
    bank.hear(mended=False)
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {1: "Ktoś śpi."}, {})
    bank.run(jobs.UNDERSTAND)
    bank.ears.mended = True
    bank.run(jobs.TRANSLATE)
    really, done = pipeline.read_strengths, []

    def slowly(*given):
        if not done:
            done.append(meanwhile)
            if meanwhile == "a person":
                bank.write("The bus is rare. Somebody is asleep.")
            else:
                bank.run(jobs.UNDERSTAND)
        return really(*given)

    monkeypatch.setattr(pipeline, "read_strengths", slowly)
    bank.run(jobs.UNDERSTAND)
    with db.transaction(engine) as session:
        assert jobs.waits(session, jobs.UNDERSTAND, bank.id), "what came is read"
    bank.run(jobs.UNDERSTAND)

    of_the_newest = [row for row in bank.rows(TranscriptRow) if row.translates == bank.row().id]
    assert len(of_the_newest) == 1
    assert bank.view().english_by == ("Grace" if meanwhile == "a person" else "canned/translation")


def test_sound_that_an_earlier_version_played_is_held_with_its_words(bank, engine, monkeypatch):
    bank.hear(english=None)
    with monkeypatch.context() as before:
        before.setattr("storybank.pipeline.told_in", lambda *given, **more: "en")
        bank.run(jobs.VOICES, jobs.TRANSLATE, jobs.UNDERSTAND, jobs.COPY)
    with engine.begin() as connection:
        connection.execute(sa.text("update transcript set language = 'pl'"))
        played = []
        with Operations.context(MigrationContext.configure(connection)):
            for step in (m0011_spoken_languages, m0014_sound_held):
                step.upgrade()
                played.append(
                    not connection.execute(sa.text("select held from recording")).scalar()
                )
    assert played == [True, False]
    assert bank.row().withheld
    bank.run(jobs.UNDERSTAND)
    bank.put("The bus never comes.")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        m0014_sound_held.upgrade()
    assert rereading.read_again(engine, bank.shop.redactor.rules_id, dry_run=True) == 1


def test_words_that_look_english_stay_withheld_under_newer_rules(bank, engine):
    told = "Amar nam Anna Smith. The bus never comes."
    english = "My name is Catherine. The bus never comes."
    bank.hear_all(ears=Ears(told, language="bn", english=english))
    first = bank.row()
    assert (first.language, first.withheld) == ("bn", True), "the ear says so"
    with db.transaction(engine) as session:
        place = {"transcript_id": first.id, "start": 0, "end": 20, "quote": "[not in English]"}
        what = {"code": "aim-adapting", "direction": "+", "decision": "added"}
        by = {"framework": "thriving-communities@1", "person_id": bank.reader.person_id}
        session.add(Coding(story_id=bank.id, **place, **what, **by))
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {1: "The bus seldom comes."}, {})
    bank.run(jobs.UNDERSTAND)

    newer = NamedRedactor("Anna Smith", "Catherine")
    newer.rules_id = "named-2"
    bank.shop = replace(bank.shop, redactor=newer)
    rereading.read_again(engine, newer.rules_id)
    worker.run(bank.shop, until_idle=True)
    withheld = [(row.rules_id, row.withheld) for row in bank.rows(TranscriptRow) if row.version > 0]
    assert withheld == [("named-2", True)] * 2
    assert [coded.quote for coded in bank.rows(Coding)] == ["[not in English]"]
