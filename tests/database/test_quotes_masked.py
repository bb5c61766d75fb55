"""What rules or people mask later goes from quotes and notes too, also of earlier versions."""

import pytest
from sqlmodel import select

from storybank import coding, masking, pipeline
from storybank.access import Actor
from storybank.capture import corrections
from storybank.capture.intake import receive
from storybank.db import reading, transaction
from storybank.errors import BadInput
from storybank.sealed import seal
from storybank.tables import Coding, MaskDecision, Note, Story, SuggestionRow, Tag, TranscriptRow
from storybank.values import Channel, ConsentGiven, NewStory, Role, Span
from storybank.vault import note_context, story_key
from tests.factories import make_person, make_programme
from tests.fakes import NamedRedactor, make_workshop

pytestmark = pytest.mark.database

TOLD = "The tram came. Ask Wilma about the bus."


@pytest.fixture
def shop(engine, desk):
    return make_workshop(engine, desk)


@pytest.fixture
def story_id(engine, desk, shop):
    """A story that is read, with a code confirmed on the words that name Wilma."""
    with transaction(engine) as session:
        make_programme(session)
        told = NewStory(consent=ConsentGiven(learn=True), channel=Channel.WEB, text=TOLD)
        found = receive(session, desk, told).story_id
    pipeline.understand(shop, found)
    with transaction(engine) as session:
        actor = Actor(make_person(session).id, Role.EVALUATOR)
        suggestion = session.exec(select(SuggestionRow)).one()
        assert "Wilma" in coding.decide(session, actor, suggestion.id, "confirmed").quote
    return found


def stricter(shop):
    redactor = NamedRedactor("Wilma")
    redactor.rules_id = "named-2"
    object.__setattr__(shop, "redactor", redactor)
    return shop


WILMA = Span(TOLD.index("Wilma"), TOLD.index("Wilma") + 5)


def longer(engine, desk, shop, story_id):
    """Let the teller add a sentence: what is coded stands on an earlier version then."""
    with transaction(engine) as session:
        corrections.append(session, desk, session.get_one(Story, story_id), "It was late.")
    pipeline.understand(shop, story_id)


def officer_of(engine):
    with transaction(engine) as session:
        person = make_person(session, Role.GOVERNANCE, email="g@example.org")
        return Actor(person.id, Role.GOVERNANCE)


def act(engine, desk, what, *args):
    with transaction(engine) as session:
        return what(session, desk.keyring, *args)


def tags(engine):
    with reading(engine) as session:
        return [tag.state for tag in session.exec(select(Tag))]


def quote(engine):
    with reading(engine) as session:
        return session.exec(select(Coding)).one().quote


def note(engine):
    with reading(engine) as session:
        return session.exec(select(Note)).one().masked


def test_new_rules_mask_what_people_coded(engine, shop, story_id):
    pipeline.understand(stricter(shop), story_id)
    assert quote(engine) == "Ask [person 1] about the bus."


def test_new_rules_mask_what_people_coded_in_an_earlier_version(engine, desk, shop, story_id):
    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        corrections.append(session, desk, story, "It was late.")
    pipeline.understand(shop, story_id)
    assert "Wilma" in quote(engine)
    pipeline.understand(stricter(shop), story_id)
    assert quote(engine) == "Ask [person 1] about the bus."
    with reading(engine) as session:
        assert not any("Wilma" in row.masked for row in session.exec(select(TranscriptRow)))


def test_what_people_masked_in_a_story_is_masked_in_notes_beside_it(engine, desk, shop, story_id):
    with transaction(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, story_id))
        sealed = seal(key, b"Met wilma at home.", note_context(story_id))
        person = make_person(session, Role.GOVERNANCE, email="g@example.org").id
        session.add(Note(story_id=story_id, person_id=person, sealed=sealed))
        row = session.exec(select(TranscriptRow.id)).one()
        at = TOLD.index("Wilma")
        session.add(
            MaskDecision(
                story_id=story_id, transcript_id=row, start=at, end=at + 5, decision="masked",
                kind="person", person_id=person,
            )
        )  # fmt: skip
    pipeline.understand(shop, story_id)
    assert note(engine) == "Met [person 1] at home."


def test_notes_follow_at_once_and_a_word_that_is_everywhere_is_refused(
    engine, desk, story_id, monkeypatch
):
    with transaction(engine) as session:
        officer = Actor(make_person(session, Role.GOVERNANCE).id, Role.GOVERNANCE)
        key = story_key(desk.keyring, session.get_one(Story, story_id))
        sealed = seal(key, b"Met wilma at home.", note_context(story_id))
        at_home = {"sealed": sealed, "masked": "Met wilma at home."}
        session.add(Note(story_id=story_id, person_id=officer.person_id, **at_home))
    with transaction(engine) as session:
        masking.mask_words(session, desk.keyring, officer, story_id, "Wilma", "person")
    assert note(engine) == "Met [person 1] at home."
    monkeypatch.setattr(masking, "MOST_PLACES", 1)
    with transaction(engine) as session, pytest.raises(BadInput):
        masking.mask_words(session, desk.keyring, officer, story_id, "the", "person")


def test_a_name_shown_and_hidden_again_goes_from_quotes_of_earlier_versions_too(
    engine, desk, shop, story_id
):
    pipeline.understand(stricter(shop), story_id)
    longer(engine, desk, shop, story_id)
    officer = officer_of(engine)
    act(engine, desk, masking.take_off, officer, story_id, WILMA)
    assert "Wilma" in quote(engine)

    act(engine, desk, masking.undo, officer, story_id, WILMA)

    assert quote(engine) == "Ask [person 1] about the bus."
    pipeline.understand(shop, story_id)
    assert quote(engine) == "Ask [person 1] about the bus."
    assert tags(engine) == ["confirmed"]
    with reading(engine) as session:
        assert not any("Wilma" in row.masked for row in session.exec(select(TranscriptRow)))


def test_a_name_masked_and_shown_again_stands_in_quotes_of_earlier_versions_too(
    engine, desk, shop, story_id
):
    longer(engine, desk, shop, story_id)
    officer = officer_of(engine)
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    assert quote(engine) == "Ask [person 1] about the bus."

    act(engine, desk, masking.undo, officer, story_id, WILMA)
    pipeline.understand(shop, story_id)

    assert quote(engine) == "Ask Wilma about the bus."
    assert tags(engine) == ["confirmed"]
