"""What was said in another language is withheld; staff read its English, or that it waits."""

from dataclasses import replace

import pytest

from storybank import coding, db, jobs, rereading, worker
from storybank.access import Actor, originals
from storybank.capture import corrections
from storybank.capture.by_hand import english_so_far, put_into_english
from storybank.capture.recordings import heard_by_staff
from storybank.capture.voices import name_voices, voices_of_story
from storybank.evidence.export import exportable
from storybank.evidence.masks import waiting as masks_to_go_through
from storybank.evidence.story import count_for_english, help_needed, view_story, waiting_for_english
from storybank.index.texts import masks_of
from storybank.search.retrieve import search
from storybank.tables import Coding, PassageRow, Story, StrengthRow, SuggestionRow, TranscriptRow
from storybank.values import Channel, Filters, Role, StoryState, Use
from storybank.vault import story_key
from storybank.versions.progress import progress_of
from tests.database.test_side_steps import Bank, Ears
from tests.factories import make_person
from tests.fakes import HashEmbedder, NamedRedactor

pytestmark = pytest.mark.database

POLISH = "Autobus (bus) nie jeździ. Anna Smith gotuje."
ENGLISH = "The bus never comes. Catherine cooks."
TOLD = ("Autobus", "jeździ", "Smith", "gotuje")
OFFICER = Actor(role=Role.GOVERNANCE)


class Spoken(Bank):
    """A story told aloud in Polish, and who reads it."""

    def hear(self, english=ENGLISH, mended=True, ears=None, **more):
        ears = ears or Ears(POLISH, language="pl", english=english, **more)
        ears.mended = mended
        self.tell(Channel.WEB, ears, turns=())
        self.voices.mended = True
        self.shop = replace(self.shop, redactor=NamedRedactor("Anna Smith", "Catherine"))
        with db.transaction(self.engine) as session:
            self.reader = Actor(make_person(session).id, Role.EVALUATOR)

    def hear_all(self, **more):
        self.hear(**more)
        self.run(jobs.VOICES, jobs.TRANSLATE, jobs.UNDERSTAND, jobs.COPY)

    def view(self):
        with db.reading(self.engine) as session:
            return view_story(session, self.desk.keyring, self.reader, self.id)

    def stories(self):
        with db.reading(self.engine) as session:
            return list(exportable(session, self.reader, Use.LEARN))

    def row(self):
        with db.reading(self.engine) as session:
            return corrections.newest(session, self.id)

    def ask(self, ears):
        """A worker asks in the first sentence; a machine hears two voices."""
        self.tell(Channel.WORKER, ears)
        self.ears.mended = self.voices.mended = True
        with db.transaction(self.engine) as session:
            self.reader = Actor(make_person(session).id, Role.EVALUATOR)

    def name(self, **names):
        with db.transaction(self.engine) as session:
            story = session.get_one(Story, self.id)
            mark = voices_of_story(session, self.desk, story).mark
            name_voices(session, self.desk, story, {1: names["first"], 2: names["second"]}, mark)

    def begun(self):
        with db.reading(self.engine) as session:
            key = story_key(self.desk.keyring, self.story())
            return english_so_far(session, key, corrections.newest(session, self.id))

    def write(self, words):
        with db.transaction(self.engine) as session:
            by = make_person(session, Role.GOVERNANCE, name="Grace").id
            story = session.get_one(Story, self.id)
            put_into_english(session, self.desk, story, words, by)

    def put(self, words):
        self.write(words)
        self.run(jobs.TRANSLATE, jobs.UNDERSTAND, jobs.COPY)

    def shown(self):
        rows = [self.rows(table) for table in (PassageRow, SuggestionRow, Coding, StrengthRow)]
        return str((self.view(), self.stories(), rows, self.story().title))


@pytest.fixture
def bank(engine, desk):
    return Spoken(engine, desk)


def test_what_was_said_is_withheld_and_its_english_is_what_staff_read(bank):
    bank.hear_all()

    row = bank.row()
    assert (row.language, row.withheld, row.masked) == ("pl", True, "")
    assert not any(word in bank.shown() for word in TOLD)
    view, exported = bank.view(), bank.stories()[0]
    assert (view.withheld, view.passages, view.english_by) == (True, (), "canned/translation")
    assert [p.text for p in view.english] == ["The bus never comes. [person 1] cooks."]
    assert [piece.at for p in view.english for piece in p.pieces][-1] == 2.0
    assert [(t.quote, t.at, t.translated) for t in view.tags] == [
        ("The bus never comes.", 0.0, True)
    ]
    assert (exported.text, exported.withheld, exported.language) == ("", True, "pl")
    assert (exported.english, exported.english_by) == (view.english[0].text, view.english_by)
    assert bank.story().title == "The bus never comes. [person 1] cooks."
    assert bank.left() == {}
    with db.reading(bank.engine) as session:
        wanted = ('"Autobus"', '"gotuje"', '"bus never"')
        found = [search(session, bank.reader, HashEmbedder(), q, Filters()) for q in wanted]
    assert [result.total for result in found] == [0, 0, 1]


def test_english_that_is_still_to_come_needs_nobody_and_masks_are_gone_through_with_it(bank):
    bank.hear(mended=False)
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    assert (bank.story().state, bank.left()) == (StoryState.READY, {"translation": None})
    assert (bank.view().withheld, bank.view().english, bank.stories()) == (True, (), [])
    assert not any(word in bank.shown() for word in TOLD)
    with db.reading(bank.engine) as session:
        assert masks_to_go_through(session, OFFICER) == ([], 0)
    bank.again()
    bank.run(jobs.TRANSLATE, jobs.UNDERSTAND)
    with db.reading(bank.engine) as session:
        assert masks_to_go_through(session, OFFICER)[1] == 1
        assert [mask.kind for mask in masks_of(session, bank.row())] == []


@pytest.mark.parametrize("read_first", [True, False])
def test_where_the_machine_fails_a_person_writes_the_english(bank, engine, read_first):
    bank.hear(mended=False)
    bank.run(jobs.VOICES, *[jobs.UNDERSTAND] * read_first)
    bank.fail(jobs.TRANSLATE)
    bank.run(*[jobs.UNDERSTAND] * (not read_first), jobs.COPY)

    assert bank.left() == {"by-hand": None, "translation": "StorybankError"}
    with db.reading(engine) as session:
        here = Story.id == bank.id
        assert len(waiting_for_english(session, here & help_needed())) == 1
        assert count_for_english(session, here & originals(OFFICER)) == 1
        assert progress_of(session, "thriving-communities@1", here).stories == 0

    bank.ears.mended = True
    bank.put("The bus is late. Catherine cooks.")
    assert bank.left() == {}
    assert [p.text for p in bank.view().english] == ["The bus is late. [person 1] cooks."]
    assert (bank.view().english_by, bank.view().tags[0].at) == ("Grace", None)
    with db.reading(engine) as session:
        assert heard_by_staff(session, bank.id) is None, "nobody knows when a name is said"


def test_tried_again_it_waits_for_the_machine_and_not_for_a_person(bank):
    bank.hear(mended=False)
    bank.run(jobs.VOICES, jobs.UNDERSTAND)
    bank.fail(jobs.TRANSLATE)
    assert bank.again()
    assert bank.left() == {"translation": None}
    bank.run(jobs.TRANSLATE, jobs.UNDERSTAND)
    assert (bank.left(), len(bank.view().english)) == ({}, 1)


def test_what_the_machine_finds_no_english_for_waits_for_a_person_and_is_in_no_file(bank):
    bank.hear_all(english=None)
    assert bank.left() == {"by-hand": None}
    assert not any(word in bank.shown() for word in TOLD)
    assert bank.stories() == []


def test_a_person_can_write_better_english_than_the_machine(bank, engine):
    bank.hear_all()
    assert bank.begun().words == ENGLISH, "what they begin with"
    bank.put("The tram never comes. Catherine cooks.")

    assert [p.text for p in bank.view().english] == ["The tram never comes. [person 1] cooks."]
    assert bank.read() == []
    with db.reading(engine) as session:
        assert heard_by_staff(session, bank.id) is not None, "the machine's English has the times"


def test_english_all_of_which_was_corrected_away_waits_again(bank, engine):
    bank.hear_all()
    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        words = {0: "Tramwaj nie jeździ.", 1: "Ktoś śpi."}
        corrections.apply(session, bank.desk, story, words, {})
    bank.run(jobs.UNDERSTAND)
    assert (bank.view().english, bank.left()) == ((), {"by-hand": None})
    assert bank.stories() == []
    begun = bank.begun()
    assert (begun.words, begun.earlier, begun.by_machine) == ("", ENGLISH, True)

    with db.transaction(engine) as session:
        story = session.get_one(Story, bank.id)
        words = {0: "The bus never comes.", 1: "Somebody sleeps."}
        corrections.apply(session, bank.desk, story, words, {})
    bank.run(jobs.UNDERSTAND)
    assert (bank.row().language, bank.left()) == ("pl", {"by-hand": None}), "they said it in Polish"
    assert (bank.read(), bank.view().passages) == ([], ())
    bank.put("The bus never comes. Somebody sleeps.")
    assert (bank.read(), bank.left()) == (["The bus never comes."], {})


def test_in_the_sound_for_staff_all_is_silent_that_english_rules_would_mask(bank, monkeypatch):
    quiet = []

    def kept(told, silences=()):
        quiet.extend(silences)
        return told

    monkeypatch.setattr("storybank.pipeline.playable", kept)
    bank.hear_all(english="The bus never comes. Somebody cooks.")
    assert [round(start) for start, _ in quiet] == [2], "where the name is said in Polish"


def test_what_was_shown_before_goes_with_reindex_masks(bank, engine, monkeypatch):
    bank.hear()
    before = bank.shop
    monkeypatch.setattr("storybank.pipeline.told_in", lambda *given, **more: "en")
    bank.shop = replace(before, redactor=NamedRedactor("Anna Smith"))
    bank.run(jobs.VOICES, jobs.TRANSLATE, jobs.UNDERSTAND)
    told = next(s for s in bank.rows(SuggestionRow) if "Autobus" in s.quote)
    with db.transaction(engine) as session:
        coding.decide(session, bank.reader, told.id, "confirmed")
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {1: "Ktoś śpi."}, {})
    bank.run(jobs.UNDERSTAND)
    assert "Autobus" in bank.shown()
    monkeypatch.undo()

    newer = NamedRedactor("Catherine")
    newer.rules_id = "named-2"
    bank.shop = replace(before, redactor=newer)
    assert rereading.read_again(engine, newer.rules_id) == 1
    worker.run(bank.shop, until_idle=True)

    assert not any(word in bank.shown() for word in ("Autobus", "jeździ", "śpi"))
    assert "Autobus" not in str(bank.rows(SuggestionRow))
    tags = {(tag.quote, tag.fits) for tag in bank.view().tags}
    assert tags == {("The bus never comes.", True), ("[not in English]", False)}
    assert {row.masked for row in bank.rows(TranscriptRow) if row.language == "pl"} == {""}
