"""Voices and translation fail by themselves: what was heard stays, and is not heard again."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import select

from storybank import db, jobs, listening, worker
from storybank.access import Actor
from storybank.capture import corrections, side_steps
from storybank.capture.again import count_given_up
from storybank.capture.intake import receive
from storybank.capture.recordings import heard_by_staff
from storybank.capture.voices import name_voices, voices_of_story
from storybank.capture.withdrawal import withdraw
from storybank.errors import ModelDamaged
from storybank.evidence.export import exportable
from storybank.evidence.story import help_needed, waiting
from storybank.tables import PassageRow, Recording, SideStep, Story, SuggestionRow, TranscriptRow
from storybank.transcribe.voices.turns import Turn
from storybank.values import UNTOLD, Channel, ConsentGiven, NewStory, Role, StoryState, Use
from storybank.vault import open_transcript, story_key
from tests.clips import recording, tone
from tests.factories import make_person, make_programme
from tests.fakes import CannedTranscriber, CannedVoices, make_workshop

pytestmark = pytest.mark.database

EVALUATOR = Actor(role=Role.EVALUATOR)
HEARD = "Is the bus late? The bus never comes."
POLISH = "Autobus nigdy nie przyjeżdża. Anna Smith gotuje."
TWO = (Turn(0.0, 1.95, 1), Turn(1.95, 4.0, 2))


class Ears(CannedTranscriber):
    """Counts how often it listens; breaks where it should translate, until it is mended."""

    listened, mended = 0, False

    def transcribe(self, audio, **more):
        self.listened += 1
        return super().transcribe(audio, **more)

    def translate(self, audio, **more):
        if not self.mended:
            raise MemoryError
        return super().translate(audio, **more)


class Voices(CannedVoices):
    """Cannot tell voices apart until it is mended."""

    mended = False

    def turns(self, audio, *, expected=False):
        if not self.mended:
            raise ModelDamaged
        return super().turns(audio, expected=expected)


class Bank:
    """One spoken story, told by whichever way in, and a worker's hands to work on it."""

    def __init__(self, engine, desk):
        self.engine, self.desk = engine, desk

    def tell(self, channel, ears=None, turns=TWO):
        with db.transaction(self.engine) as session:
            make_programme(session)
            consent = ConsentGiven(learn=True, quote=True, voice=True)
            by = str(make_person(session).id) if channel == Channel.WORKER else None
            told = NewStory(consent, channel, recording=recording(tone(4), "wav"), sent_by=by)
            self.id = receive(session, self.desk, told).story_id
        self.ears, self.voices = ears or Ears(HEARD), Voices(*turns)
        shop = make_workshop(self.engine, self.desk)
        self.shop = replace(shop, transcriber=self.ears, voices=self.voices)
        listening.transcribe(self.shop, self.id)

    def fail(self, name):
        """The last try of a step, which fails."""
        worker.run_step(self.shop, name, self.id, attempts=worker.MOST_ATTEMPTS)

    def run(self, *steps):
        for step in steps:
            worker.run_step(self.shop, step, self.id, attempts=0)

    def again(self):
        self.ears.mended = self.voices.mended = True
        with db.transaction(self.engine) as session:
            return side_steps.try_again(session, self.id)

    def rows(self, table):
        with db.reading(self.engine) as session:
            return session.exec(select(table).where(table.story_id == self.id)).all()

    def story(self):
        with db.reading(self.engine) as session:
            return session.get_one(Story, self.id)

    def words(self):
        with db.reading(self.engine) as session:
            row = corrections.newest(session, self.id)
            return open_transcript(story_key(self.desk.keyring, self.story()), row)

    def read(self):
        return [row.quote for row in self.rows(SuggestionRow)]

    def exported(self):
        with db.reading(self.engine) as session:
            return [row.text for row in exportable(session, EVALUATOR, Use.LEARN)]

    def left(self):
        return {row.step: row.problem for row in self.rows(SideStep)}


@pytest.fixture
def bank(engine, desk):
    return Bank(engine, desk)


def test_what_was_heard_stays_where_voices_fail_and_a_workers_questions_are_not_read(bank):
    bank.tell(Channel.WORKER)
    assert bank.words().text == HEARD, "the teller reads it before anybody looks for voices"
    with pytest.raises(ModelDamaged):
        worker.run_step(bank.shop, jobs.VOICES, bank.id, attempts=0)
    bank.run(jobs.UNDERSTAND)
    assert (bank.story().state, bank.left()) == (StoryState.READY, {"voices": None})
    bank.fail(jobs.VOICES)

    assert (bank.story().state, bank.story().problem) == (StoryState.READY, None)
    assert bank.left() == {"voices": "ModelDamaged"}
    assert {s.voice for s in bank.words().segments} == {UNTOLD}
    assert (bank.rows(PassageRow), bank.read()) == ([], [])

    assert bank.exported() == [], "there is nothing to hand on"

    assert bank.again()
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    assert ({s.voice for s in bank.words().segments}, bank.left()) == ({1, 2}, {})
    assert bank.rows(PassageRow) == [], "two voices that nobody has named"
    assert (bank.ears.listened, len(bank.rows(TranscriptRow))) == (1, 1)
    assert not bank.again()


def test_a_tellers_own_recording_is_read_where_voices_fail_and_again_once_they_are_known(bank):
    bank.tell(Channel.WEB)
    bank.run(jobs.UNDERSTAND)
    assert bank.read() == [], "voices may still be told apart"
    bank.fail(jobs.VOICES)
    bank.run(jobs.UNDERSTAND)
    assert bank.read() == ["Is the bus late?", "The bus never comes."]

    bank.again()
    assert bank.left() == {"voices": None}
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    assert (bank.read(), bank.left()) == ([], {})


def test_one_voice_is_read_and_nothing_is_left_to_say(bank):
    bank.tell(Channel.WORKER, turns=())
    bank.voices.mended = True
    bank.run(jobs.VOICES, jobs.VOICES, jobs.UNDERSTAND)
    assert (bank.read(), bank.left()) == (["Is the bus late?", "The bus never comes."], {})
    assert {s.voice for s in bank.words().segments} == {None}


def test_a_person_who_says_who_speaks_needs_no_machine_for_it(bank, engine, desk):
    bank.tell(Channel.WORKER)
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        assert voices_of_story(session, desk, story) is None, "it may still be told apart"
    bank.fail(jobs.VOICES)
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        found = voices_of_story(session, desk, story)
        assert [voice.number for voice in found.voices] == [UNTOLD]
        name_voices(session, desk, story, {UNTOLD: "teller"}, found.mark)
    bank.run(jobs.UNDERSTAND)
    assert (len(bank.read()), bank.left()) == (2, {})
    assert bank.exported() == [HEARD]
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, desk, story, {}, {0: "worker", 1: "worker"})
    bank.run(jobs.UNDERSTAND)
    assert bank.exported() == [], "nor what an older version still has"


def test_voices_are_put_on_words_that_somebody_corrected_meanwhile(bank, engine, desk):
    bank.tell(Channel.WORKER)
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, desk, story, {1: "The bus hardly ever comes."}, {0: "worker"})
    bank.voices.mended = True
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    heard = bank.words()
    assert heard.text == "Is the bus late? The bus hardly ever comes."
    assert [(s.voice, s.speaker) for s in heard.segments] == [(1, "worker"), (2, None)]
    assert bank.read() == []


def test_words_in_another_language_stay_where_their_translation_fails(bank, engine):
    bank.tell(Channel.WEB, Ears(POLISH, language="pl", english=HEARD), turns=())
    bank.voices.mended = True
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    assert (bank.story().state, bank.left()) == (StoryState.READY, {"translation": None})
    assert bank.rows(PassageRow) == [], "names in Polish cannot be found: it is withheld"
    bank.fail(jobs.TRANSLATE)
    bank.run(jobs.COPY)
    assert bank.left() == {"translation": "StorybankError", "by-hand": None}
    with db.reading(engine) as session:
        assert heard_by_staff(session, bank.id) is None, "its English may show another name"

    bank.again()
    bank.run(jobs.TRANSLATE, jobs.TRANSLATE, jobs.UNDERSTAND, jobs.COPY)
    assert (len(bank.read()), bank.left(), bank.ears.listened) == (2, {}, 1)
    with db.reading(engine) as session:
        assert heard_by_staff(session, bank.id) is not None


def test_newest_words_that_cannot_be_read_are_said_so_and_tried_again(bank, engine):
    bank.tell(Channel.WORKER)
    bank.run(jobs.UNDERSTAND)
    bank.voices.mended = True
    bank.run(jobs.VOICES)
    whole = bank.shop
    bank.shop = replace(whole, tagger=None)
    bank.fail(jobs.UNDERSTAND)
    assert (bank.story().state, bank.story().problem) == (StoryState.READY, None)
    assert bank.left() == {"reading": "StorybankError"}
    with db.reading(engine) as session:
        here = Story.id == bank.id
        assert [story.id for story in waiting(session, here & help_needed())] == [bank.id]
        assert count_given_up(session).in_want == 1

    bank.shop = whole
    assert bank.again()
    assert not bank.again()
    assert bank.left() == {"reading": None}
    bank.run(jobs.UNDERSTAND)
    assert bank.left() == {}


def test_a_copy_for_staff_that_fails_says_nothing_of_the_words(bank):
    bank.tell(Channel.WEB, turns=())
    bank.voices.mended = True
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    bank.shop = replace(bank.shop, blobs=None)
    bank.fail(jobs.COPY)
    assert bank.left() == {}


def test_a_side_step_that_waits_for_its_next_try_holds_up_nothing(bank, engine, monkeypatch):
    monkeypatch.setattr(worker, "FIRST_WAIT_S", 50)
    bank.tell(Channel.WORKER, Ears(POLISH, language="pl", english=HEARD))
    worker.run(bank.shop, until_idle=True)
    assert bank.story().state == StoryState.READY
    assert bank.left() == {"voices": None, "translation": None}
    query = (
        "select task_name, attempts from procrastinate_jobs"
        " where status = 'todo' and scheduled_at > now() order by task_name"
    )
    with engine.connect() as connection:
        left = [tuple(row) for row in connection.execute(sa.text(query))]
    assert left == [(jobs.TRANSLATE, 1), (jobs.VOICES, 1)]
    assert bank.rows(Recording)[0].muted


@pytest.mark.parametrize("name", [jobs.VOICES, jobs.TRANSLATE])
def test_a_story_taken_back_in_the_middle_of_a_side_step_is_left_alone(bank, engine, name):
    bank.tell(Channel.WEB, Ears(POLISH, language="pl", english=HEARD))

    def take_back():
        with db.transaction(engine) as session:
            withdraw(session, bank.id)
        worker.forget(bank.shop, bank.id)  # the job is quicker than the step

    class Leaving(Voices):
        def turns(self, audio, *, expected=False):
            take_back()
            return TWO

    class Gone(Ears):
        def translate(self, audio, *, language, on_progress=None):
            take_back()
            on_progress(0.5)
            raise AssertionError("it goes on with a story that was taken back")

    bank.shop = replace(bank.shop, voices=Leaving(), transcriber=Gone())
    bank.run(name)
    assert (bank.story().state, bank.left()) == (StoryState.WITHDRAWN, {})
    assert bank.rows(TranscriptRow) == []
    bank.fail(name)
    assert bank.left() == {}
