"""Stories typed in another language are kept, withheld, and read once a person translated them."""

from dataclasses import replace

import pytest
from sqlmodel import select

from storybank import coding, db, jobs, masking, pipeline
from storybank.access import Actor
from storybank.capture import corrections, side_steps
from storybank.capture.by_hand import english_so_far, put_into_english
from storybank.capture.intake import receive
from storybank.errors import NotToTranslate
from storybank.evidence.export import exportable
from storybank.evidence.story import view_story
from storybank.index.notes import WRITTEN_BEFORE
from storybank.index.texts import masks_of
from storybank.tables import Coding, Note, PassageRow, SideStep, Story, SuggestionRow, TranscriptRow
from storybank.values import Channel, ConsentGiven, Mask, NewStory, Role, Span, StoryState, Use
from storybank.vault import story_key
from storybank.versions.progress import progress_of
from tests.factories import make_person, make_programme
from tests.fakes import NamedRedactor, make_workshop

pytestmark = pytest.mark.database

POLISH = "Sąsiadka Anna Smith gotuje. Autobus (bus) nie jeździ. OX4 6LB"
CONSENT = ConsentGiven(learn=True, quote=True)


class Rules(NamedRedactor):
    """Masks a postcode besides names."""

    def find(self, text, doubtful=()):
        at = text.find("OX4")
        code = [Mask(Span(at, at + 7), "postcode", "[postcode]")] if at >= 0 else []
        return (*super().find(text), *code)


class Bank:
    """One typed story, and a worker's hands to work on it."""

    def __init__(self, engine, desk):
        self.engine, self.desk = engine, desk
        self.shop = replace(make_workshop(engine, desk), redactor=Rules())

    def tell(self, text=POLISH, **more):
        with db.transaction(self.engine) as session:
            make_programme(session)
            self.reader = make_person(session, Role.EVALUATOR).id
            by = {"sent_by": str(self.reader)} if "note" in more else {}
            told = NewStory(CONSENT, Channel.WEB, text=text, **by, **more)
            self.id = receive(session, self.desk, told).story_id
        self.read()

    def read(self):
        pipeline.understand(self.shop, self.id)

    def rows(self, table):
        with db.reading(self.engine) as session:
            return session.exec(select(table).where(table.story_id == self.id)).all()

    def story(self):
        with db.reading(self.engine) as session:
            return session.get_one(Story, self.id)

    def view(self):
        with db.reading(self.engine) as session:
            actor = Actor(self.reader, Role.EVALUATOR)
            return view_story(session, self.desk.keyring, actor, self.id)

    def exported(self):
        with db.reading(self.engine) as session:
            return list(exportable(session, Actor(self.reader, Role.EVALUATOR), Use.LEARN))

    def left(self):
        return {row.step: row.problem for row in self.rows(SideStep)}


@pytest.fixture
def bank(engine, desk):
    return Bank(engine, desk)


def test_words_in_another_language_are_in_no_passage_tag_title_or_file(bank):
    bank.tell()

    row = bank.rows(TranscriptRow)[0]
    assert (row.language, row.withheld, row.masked) == ("pl", True, "")
    assert (bank.story().language, bank.story().state) == ("pl", StoryState.READY)
    assert (bank.rows(PassageRow), bank.rows(SuggestionRow)) == ([], [])
    assert bank.left() == {"by-hand": None}
    shown = str((bank.view(), bank.exported()))
    assert not any(word in shown for word in ("Smith", "gotuje", "Autobus"))
    assert (bank.view().withheld, bank.exported()) == (True, []), "there is nothing to hand on"


def test_numbers_are_masked_by_rule_and_names_are_not_guessed_at(bank):
    bank.tell()

    with db.reading(bank.engine) as session:
        row = corrections.newest(session, bank.id)
        assert [mask.kind for mask in masks_of(session, row)] == ["postcode"]


def test_a_story_that_waits_for_its_english_is_not_among_those_to_be_read(bank):
    bank.tell()
    with db.reading(bank.engine) as session:
        found = progress_of(session, "thriving-communities@1", Story.id == bank.id)
    assert (found.stories, found.read) == (0, 0)


class Asked:
    """Finds what it was told to find; keeps what it was asked."""

    def __init__(self, **found):
        self.found, self.asked = found, []

    def find(self, text, expected):
        self.asked.append((text, expected))
        return next((code for code, words in self.found.items() if words in text), "en")


@pytest.mark.parametrize("headed", [True, False])
def test_a_note_is_asked_for_its_language_without_the_heading_of_an_earlier_version(bank, headed):
    bank.shop = replace(bank.shop, written=Asked(pl="Dom"))
    note = f"{WRITTEN_BEFORE}\n\nDom jest zimny." if headed else "Dom jest zimny."
    bank.tell(language="pl", note=note)

    assert ("Dom jest zimny.", "pl" if headed else "en") in bank.shop.written.asked
    kept = bank.rows(Note)[0]
    assert (kept.language, kept.withheld, kept.masked) == ("pl", True, "")


@pytest.mark.parametrize(
    ("found", "note", "shown"),
    [
        ({"pl": "Anna Smith"}, "No change. Anna Smith.", "No change. [person 1]."),
        ({"pl": "Anna Smith"}, "Anna Smith", "[person 1]"),
        ({"pl": "Smith", "cs": "Bez zmian"}, "Bez zmian. Anna Smith.", ""),
    ],
)
def test_names_alone_are_no_other_language(bank, found, note, shown):
    bank.shop = replace(bank.shop, written=Asked(**found))
    bank.tell("The bus never comes.", note=note)
    kept = bank.rows(Note)[0]
    assert (kept.masked, kept.withheld) == (shown, not shown)


def test_the_form_does_not_say_what_a_story_is_written_in(bank):
    bank.tell("The bus never comes.", language="pl")

    row = bank.rows(TranscriptRow)[0]
    assert (row.language, row.withheld, bank.story().language) == ("en", False, "en")
    assert [found.quote for found in bank.rows(SuggestionRow)] == ["The bus never comes."]
    assert bank.left() == {}


def test_a_story_told_in_english_after_all_is_read(bank):
    bank.tell()
    with db.transaction(bank.engine) as session:
        story = session.get_one(Story, bank.id)
        corrections.apply(session, bank.desk, story, {0: "The bus never comes."}, {})
    bank.read()

    assert [row.text for row in bank.rows(PassageRow)] == ["The bus never comes."]
    assert (bank.left(), bank.story().language) == ({}, "en")


ENGLISH = "My neighbour Anna Smith cooks. The bus never comes."


def put(bank, words=ENGLISH):
    with db.transaction(bank.engine) as session:
        by = make_person(session, Role.GOVERNANCE, name="Grace").id
        story = session.get_one(Story, bank.id)
        row = put_into_english(session, bank.desk, story, words, by)
        assert jobs.waits(session, jobs.UNDERSTAND, bank.id)
    bank.read()
    return row


def test_what_a_person_put_into_english_is_masked_read_and_found(bank):
    bank.tell()
    put(bank)

    assert [p.text for p in bank.rows(PassageRow)] == [
        "My neighbour [person 1] cooks. The bus never comes."
    ]
    assert [found.quote for found in bank.rows(SuggestionRow)] == ["The bus never comes."]
    assert (bank.left(), bank.story().language) == ({}, "pl")
    assert bank.story().title.startswith("My neighbour [person 1]")
    view, exported = bank.view(), bank.exported()[0]
    assert (view.withheld, view.english_by, view.english_on is not None) == (True, "Grace", True)
    assert (exported.text, exported.english_by) == ("", "Grace")
    assert exported.read_by
    assert "Smith" not in str((view, exported))


def test_each_translation_is_kept_and_the_last_one_counts(bank):
    bank.tell()
    first, same = put(bank), put(bank)
    put(bank, "The tram never comes.")

    assert first.id == same.id
    kept = [row.version for row in bank.rows(TranscriptRow)]
    assert sorted(kept) == [-2, -1, 1]
    assert [p.text for p in bank.rows(PassageRow)] == ["The tram never comes."]
    assert bank.rows(SuggestionRow) == []


def test_a_corrected_story_waits_again_and_its_earlier_english_is_only_to_look_at(bank):
    bank.tell()
    put(bank)
    with db.transaction(bank.engine) as session:
        corrections.append(session, bank.desk, session.get_one(Story, bank.id), "Już jeździ.")
    bank.read()

    assert (bank.rows(PassageRow), bank.left()) == ([], {"by-hand": None})
    assert bank.view().english == ()
    with db.reading(bank.engine) as session:
        key = story_key(bank.desk.keyring, bank.story())
        row = corrections.newest(session, bank.id)
        found = english_so_far(session, key, row)
        assert (found.words, found.earlier) == ("", ENGLISH)
        assert found.changed_on == row.created_at


def test_a_mask_in_the_english_reaches_the_title_and_never_the_withheld_words(bank):
    bank.tell()
    put(bank)
    with db.transaction(bank.engine) as session:
        actor = Actor(make_person(session, Role.ADMIN).id, Role.ADMIN)
        masking.mask_words(session, bank.desk.keyring, actor, bank.id, "neighbour", "person")

    assert "neighbour" not in bank.story().title
    told = next(row for row in bank.rows(TranscriptRow) if row.version == 1)
    assert (told.withheld, told.masked) == (True, "")


def test_what_was_read_as_english_before_goes_when_it_is_read_again(bank):
    class English:
        def find(self, text, expected):
            return "en"

    before, bank.shop = bank.shop, replace(bank.shop, written=English())
    bank.tell()
    suggested = bank.rows(SuggestionRow)[0]
    assert "Autobus" in suggested.quote
    with db.transaction(bank.engine) as session:
        coding.decide(session, Actor(bank.reader, Role.EVALUATOR), suggested.id, "confirmed")
    bank.shop = before
    bank.read()

    shown = str((bank.view(), bank.exported(), bank.rows(Coding), bank.rows(PassageRow)))
    assert not any(word in shown for word in ("gotuje", "Autobus"))
    assert "[not in English]" in shown


def test_what_a_person_kept_as_english_and_is_polish_waits_for_english_still(bank):
    bank.tell()
    put(bank, POLISH)

    assert (bank.rows(PassageRow), bank.left()) == ([], {"by-hand": None})
    assert (bank.view().english, bank.exported(), bank.story().title) == ((), [], "")
    assert {row.masked for row in bank.rows(TranscriptRow)} == {""}
    with db.reading(bank.engine) as session:
        key = story_key(bank.desk.keyring, bank.story())
        so_far = english_so_far(session, key, corrections.newest(session, bank.id))
        assert (so_far.words, so_far.language) == (POLISH, "pl"), "they mend it, and read why"
    put(bank)
    assert (bank.left(), len(bank.rows(PassageRow))) == ({}, 1)


def test_a_story_in_english_is_not_put_into_english(bank):
    bank.tell("The bus never comes.")
    with pytest.raises(NotToTranslate):
        put(bank)


def test_no_job_is_waiting_for_a_translation_that_only_a_person_makes(bank):
    bank.tell()
    with db.transaction(bank.engine) as session:
        assert not jobs.waits(session, jobs.TRANSLATE, bank.id)
        assert not side_steps.try_again(session, bank.id)
