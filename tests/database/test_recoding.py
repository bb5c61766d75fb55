import dataclasses
import uuid

import pytest
from sqlmodel import select

from storybank import coding, pipeline, recoding
from storybank.access import Actor, visible
from storybank.capture.own_story import ReadAs, disagree, disagreements
from storybank.capture.withdrawal import erase, withdraw
from storybank.db import reading, transaction
from storybank.errors import Conflict, NotFound, Unchecked, UnknownCode
from storybank.evidence.moved import affected, listed
from storybank.tables import Coding, Doubt, Moved, ReadBy, Story, SuggestionRow, Tag
from storybank.values import Role
from storybank.versions import draft as drafting
from storybank.versions import shelf
from storybank.versions.fates import Fate, Outcome
from storybank.versions.progress import movement_of, progress_of, reading_of
from tests.fakes import make_workshop
from tests.staff import cookie_for, tell
from tests.versions import (
    FIRST,
    VersionTagger,
    decide,
    publish,
    read_again,
    retire,
    split_adapting,
)

pytestmark = pytest.mark.database


@pytest.fixture
def ada(engine):
    actor, _ = cookie_for(engine, Role.EVALUATOR)
    return dataclasses.replace(actor, may_change_frameworks=True)


def test_a_confirmed_code_that_stays_is_carried_over_with_its_person(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, retire("learning"))
    name = read_again(engine, desk, story_id, "aim-adapting")

    with reading(engine) as session:
        old, new = session.exec(select(Coding).order_by(Coding.id)).all()
        assert (old.framework, new.framework) == (FIRST, name)
        assert (new.carried_from, new.person_id, new.quote) == (old.id, old.person_id, old.quote)
        moved = session.exec(select(Moved)).one()
        assert (moved.outcome, moved.coding_id) == (Outcome.CARRIED, old.id)
        tags = session.exec(select(Tag).order_by(Tag.framework)).all()
        assert [(tag.framework, tag.state) for tag in tags] == [
            (FIRST, "confirmed"), (name, "confirmed")]  # fmt: skip


def test_the_reading_of_the_old_version_stays_when_the_story_is_read_again(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    publish(engine, ada, retire("aim-adapting"))
    name = read_again(engine, desk, story_id, None)

    with reading(engine) as session:
        (old,) = session.exec(select(SuggestionRow)).all()
        assert old.framework == FIRST
        assert session.exec(select(Moved.outcome)).one() == Outcome.DROPPED
        assert [tag.framework for tag in session.exec(select(Tag))] == [FIRST]
        assert progress_of(session, name, visible(ada)).left == 0
        assert reading_of(session, uuid.UUID(story_id), name) == name
        assert reading_of(session, uuid.UUID(story_id), FIRST) == FIRST


def test_a_split_code_waits_for_a_person_who_chooses_and_changes_their_mind(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    name = read_again(engine, desk, story_id, None)

    with reading(engine) as session:
        moved = session.exec(select(Moved)).one()
        assert (moved.outcome, moved.became) == (Outcome.PERSON, ["buses", "buildings"])
        assert len(session.exec(select(Coding)).all()) == 1
    with pytest.raises(UnknownCode), transaction(engine) as session:
        recoding.settle(session, ada, moved.id, ["learning"])
    for chosen in (["buildings"], ["buses", "buildings"], ["buses"], []):
        with transaction(engine) as session:
            recoding.settle(session, ada, moved.id, chosen)
        with reading(engine) as session:
            tags = session.exec(select(Tag.code).where(Tag.framework == name)).all()
            assert sorted(tags) == sorted(chosen)
            assert movement_of(session, name, visible(ada)).settled == 1
        with transaction(engine) as session:
            recoding.unsettle(session, ada, moved.id)
    with reading(engine) as session:
        assert session.exec(select(Tag).where(Tag.framework == name)).all() == []
        assert movement_of(session, name, visible(ada)).settled == 0


def test_a_page_loaded_before_undoes_no_choice_that_was_made_since(engine, desk, ada):
    ben, _ = cookie_for(engine, Role.EVALUATOR, "Ben")
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    name = read_again(engine, desk, story_id, None)
    with transaction(engine) as session:
        number = session.exec(select(Moved.id)).one()
        first = recoding.settle(session, ada, number, ["buildings"]).settled_at
    for who, codes in ((ben, ["buses"]), (ben, []), (ada, ["buses"])):
        with pytest.raises(Conflict), transaction(engine) as session:
            recoding.settle(session, who, number, codes)
    with transaction(engine) as session:
        assert recoding.settle(session, ada, number, ["buildings"]).settled_at == first
        recoding.unsettle(session, ben, number, first)
        second = recoding.settle(session, ben, number, ["buses"]).settled_at
    with pytest.raises(Conflict), transaction(engine) as session:
        recoding.unsettle(session, ada, number, first)
    with reading(engine) as session:
        assert session.exec(select(Tag.code).where(Tag.framework == name)).all() == ["buses"]
    with transaction(engine) as session:
        recoding.unsettle(session, ada, number, second)


def test_nobody_chooses_for_words_that_are_not_checked_and_twice_is_once(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    name = read_again(engine, desk, story_id, None)
    with transaction(engine) as session:
        (moved,), row = session.exec(select(Moved)).all(), session.exec(select(Coding)).one()
        place = {"transcript_id": row.transcript_id, "start": row.start, "end": row.end}
        doubt = Doubt(story_id=row.story_id, marks="low-confidence", **place)
        session.add(doubt)
        session.flush()
        with pytest.raises(Unchecked):
            recoding.settle(session, ada, moved.id, ["buses"])
        recoding.settle(session, ada, moved.id, [])
        recoding.unsettle(session, ada, moved.id)
        session.delete(doubt)
        session.flush()
        recoding.settle(session, ada, moved.id, ["buses", "buses"])
    with reading(engine) as session:
        assert len(session.exec(select(Coding).where(Coding.framework == name)).all()) == 1


def test_what_is_merged_counts_for_the_other_code_but_a_rejection_does_not(engine, desk, ada):
    ben, _ = cookie_for(engine, Role.EVALUATOR, "Ben")
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    decide(engine, ben, "rejected")
    publish(engine, ada, lambda d: drafting.merged(d, "aim-adapting", "aim-enabling"))
    name = read_again(engine, desk, story_id, "aim-enabling")

    with reading(engine) as session:
        new = session.exec(select(Coding).where(Coding.framework == name)).one()
        assert (new.code, new.person_id, new.decision) == (
            "aim-enabling", ada.person_id, "confirmed")  # fmt: skip
        outcomes = sorted(session.exec(select(Moved.outcome)).all())
        assert outcomes == [Outcome.CARRIED, Outcome.DROPPED]


def test_who_found_what_was_merged_into_a_code_did_not_reject_that_code(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    with transaction(engine) as session:  # the same words, under the code that stays: rejected
        one = session.exec(select(Coding)).one()
        values = one.model_dump(exclude={"id", "created_at"})
        session.add(Coding(**(values | {"code": "aim-enabling", "decision": "rejected"})))
    publish(engine, ada, lambda d: drafting.merged(d, "aim-adapting", "aim-enabling"))
    name = read_again(engine, desk, story_id, None)

    with reading(engine) as session:
        tags = session.exec(select(Tag).where(Tag.framework == name)).all()
        assert [(tag.code, tag.state) for tag in tags] == [("aim-enabling", "confirmed")]
        new = session.exec(select(Coding).where(Coding.framework == name)).one()
        assert new.decision == "confirmed"
        outcomes = session.exec(select(Moved.outcome).order_by(Moved.coding_id)).all()
        assert outcomes == [Outcome.CARRIED, Outcome.DROPPED]


def test_what_waits_for_a_person_waits_on_through_the_next_version(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    read_again(engine, desk, story_id, None)
    third = publish(engine, ada, retire("buildings"))
    read_again(engine, desk, story_id, None)

    with reading(engine) as session:
        first, last = session.exec(select(Moved).order_by(Moved.id)).all()
        assert (last.framework, last.outcome, last.became) == (third.name, "person", ["buses"])
        became = shelf.what_became(session, FIRST, third.name)["aim-adapting"]
        assert (became.fate, became.to) == (Fate.SPLIT, ("buses",))
    with pytest.raises(Conflict), transaction(engine) as session:
        recoding.settle(session, ada, first.id, ["buildings"])


def test_reading_a_story_twice_moves_nothing_twice(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, retire("learning"))
    name = read_again(engine, desk, story_id, "aim-adapting")
    shop = make_workshop(engine, desk)
    shop = dataclasses.replace(shop, tagger=VersionTagger(name, "aim-adapting"))
    pipeline.understand(shop, uuid.UUID(story_id))

    with reading(engine) as session:
        assert len(session.exec(select(Moved)).all()) == 1
        assert len(session.exec(select(Coding)).all()) == 2
        assert len(session.exec(select(SuggestionRow)).all()) == 2


def test_what_a_teller_takes_back_is_not_said_again_by_the_next_reading(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")

    def say(name, *, wrong):
        with transaction(engine) as session:
            story = session.get_one(Story, uuid.UUID(story_id))
            about = ReadAs(shelf.named(session, name), "aim-adapting", "-")
            disagree(session, story, about, wrong=wrong)

    say(FIRST, wrong=True)
    publish(engine, ada, retire("learning"))
    name = read_again(engine, desk, story_id, "aim-adapting")
    with reading(engine) as session:
        said = disagreements(session, uuid.UUID(story_id))
        assert [row.framework for row in said] == [FIRST, name]
    say(name, wrong=False)
    shop = make_workshop(engine, desk)
    shop = dataclasses.replace(shop, tagger=VersionTagger(name, "aim-adapting"))
    pipeline.understand(shop, uuid.UUID(story_id))
    with reading(engine) as session:
        said = disagreements(session, uuid.UUID(story_id))
        assert [row.framework for row in said] == [FIRST]
    publish(engine, ada, retire("strengths"))
    read_again(engine, desk, story_id, "aim-adapting")
    with reading(engine) as session:
        said = disagreements(session, uuid.UUID(story_id))
        assert [row.framework for row in said] == [FIRST]


def test_the_recoding_list_shows_only_what_its_reader_may_read(engine, desk, ada):
    story_id = tell(engine, desk, "Anna Smith took the bus away.")
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    name = read_again(engine, desk, story_id, None)
    admin = Actor(uuid.uuid4(), Role.ADMIN)
    with transaction(engine) as session:
        (row,) = listed(session, ada, name, Outcome.PERSON, 1)
        assert (row.quote, row.said_by) == ("[person 1] took the bus away.", "Ada Bright")
        assert (row.framework, row.became) == (FIRST, ("buses", "buildings"))
        assert affected(session, ada, FIRST) == {"aim-adapting": (1, 1)}
        assert listed(session, admin, name, Outcome.PERSON, 1) == []
        session.get_one(Story, uuid.UUID(story_id)).may_learn = False
        session.flush()
        assert listed(session, ada, name, Outcome.PERSON, 1) == []
        assert affected(session, ada, FIRST) == {}
    with pytest.raises(NotFound), transaction(engine) as session:
        recoding.settle(session, ada, row.id, ["buses"])


def test_a_decision_on_a_reading_that_is_kept_is_refused(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    publish(engine, ada, retire("learning"))
    read_again(engine, desk, story_id, "aim-adapting")
    with reading(engine) as session:
        old, new = session.exec(select(SuggestionRow).order_by(SuggestionRow.id)).all()
    with pytest.raises(Conflict), transaction(engine) as session:
        coding.decide(session, ada, old.id, "confirmed")
    with transaction(engine) as session:
        coding.decide(session, ada, new.id, "confirmed")


def test_a_story_taken_back_leaves_no_word_of_what_moved(engine, desk, ada):
    story_id = tell(engine, desk, "The bus never comes.")
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    read_again(engine, desk, story_id, None)
    with transaction(engine) as session:
        withdraw(session, uuid.UUID(story_id))
    assert erase(engine, desk.keyring, desk.blobs, uuid.UUID(story_id))
    with reading(engine) as session:
        for table in (Moved, ReadBy, Coding, SuggestionRow):
            assert session.exec(select(table)).all() == []
