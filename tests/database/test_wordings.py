"""The words of consent: whose are asked, what happens to earlier ones, and what is refused."""

from dataclasses import replace

import pytest

from storybank.capture import wordings
from storybank.capture.intake import receive
from storybank.consent import QUESTIONS, SHIPPED, shown_as, versions_in
from storybank.db import transaction
from storybank.errors import UnknownWording
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.factories import make_person, make_programme

pytestmark = pytest.mark.database

OURS = (replace(QUESTIONS[0], ask="May the club read your story?", hint=""), *QUESTIONS[1:])


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture
def sport(session):
    return make_programme(session, "sport")


@pytest.fixture
def by(session):
    return make_person(session, Role.ADMIN).id


@pytest.mark.parametrize("version", ["2026-11", "sport/2", "pl/2", "council.1"])
def test_a_name_as_shown_leads_back_to_its_version(version):
    for language in ("en", "pl"):
        for easy in (False, True):
            assert version in versions_in(shown_as(version, language, easy=easy))
    assert shown_as("sport/2", "pl", easy=True) == "sport/2/pl/easy"


def test_a_programmes_words_come_before_the_councils_and_those_before_ours(session, sport, by):
    other = make_programme(session, "warm-rooms")
    assert wordings.wording_for(session, sport.id) == SHIPPED
    council = wordings.write(session, None, OURS, "The council asks.", by=by)
    own = wordings.write(session, sport, OURS, "The club asks.", by=by)
    assert (council.version, own.version) == ("council.1", "sport/1")
    assert wordings.wording_for(session, sport.id) == own
    assert wordings.wording_for(session, other.id) == council
    assert wordings.wordings_now(session) == {None: council, sport.id: own, other.id: council}
    wordings.use(session, sport.id, None, by=by)
    assert wordings.wording_for(session, sport.id) == council


def test_writing_makes_a_new_version_and_the_one_before_stays_as_it_was(session, sport, by):
    first = wordings.write(session, sport, OURS, "One.", by=by)
    wordings.write(session, sport, QUESTIONS, "Two.", by=by)
    assert wordings.wording_for(session, sport.id).version == "sport/2"
    assert wordings.wording_named(session, "sport/1/ur/easy", sport.id) == first
    assert [row.active for row in wordings.written(session, sport.id)] == [True, False]
    wordings.use(session, sport.id, "sport/1", by=by)
    assert wordings.wording_for(session, sport.id) == first
    with pytest.raises(UnknownWording):
        wordings.use(session, sport.id, "sport/9", by=by)
    assert wordings.wording_for(session, sport.id) == first, "nothing is switched off by a mistake"


def test_a_story_keeps_the_words_that_were_shown_and_made_up_ones_are_refused(
    session, desk, sport, by
):
    make_programme(session, "warm-rooms")
    wordings.write(session, sport, OURS, "One.", by=by)

    def told(wording, programme="sport"):
        given = ConsentGiven(learn=True, wording=wording)
        story = NewStory(consent=given, channel=Channel.WEB, text="They came.", programme=programme)
        return receive(session, desk, story).story_id

    story = told("sport/1/pl")
    wordings.write(session, sport, QUESTIONS, "Two.", by=by)
    assert wordings.given_in(session, story, sport.id).questions == OURS
    assert wordings.answers_in(session, "sport/1") == 1
    assert wordings.answers_in(session, "sport/2") == 0
    told("2026-11/easy")
    for made_up, programme in (
        ("sport/3", "sport"),
        ("2025-01", "sport"),
        ("sport/1", "warm-rooms"),
    ):
        with pytest.raises(UnknownWording):
            told(made_up, programme)
