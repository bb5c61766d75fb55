"""What residents, workers and staff see of a story that was told aloud in another language."""

import uuid
from dataclasses import replace

import pytest

from storybank import jobs, pipeline, worker
from storybank.capture.intake import receive
from storybank.db import transaction
from storybank.transcribe.voices.turns import Turn
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.clips import recording, tone
from tests.factories import make_programme
from tests.fakes import CannedTranscriber, make_workshop
from tests.staff import ALL, sign_in, tell, use_hash_embedder

pytestmark = pytest.mark.database

POLISH = "Sąsiadka Anna Smith gotuje. Autobus nie jeździ."
ENGLISH = "My neighbour Anna Smith cooks. The bus never comes."
TOLD = ("Sąsiadka", "gotuje", "Autobus")
STEPS = (jobs.VOICES, jobs.UNDERSTAND, jobs.TRANSLATE, jobs.UNDERSTAND, jobs.COPY)


class Broken(CannedTranscriber):
    """Hears, and cannot translate."""

    def translate(self, audio, **more):
        raise MemoryError


@pytest.fixture
def hear(engine, desk):
    """Give a function that tells a story aloud in Polish; it gives the story's id."""

    def told(ears=None, **more):
        ears = ears or CannedTranscriber(POLISH, language="pl", english=ENGLISH)
        turns = more.pop("turns", ())
        shop = replace(make_workshop(engine, desk, turns=turns), transcriber=ears)
        with transaction(engine) as session:
            make_programme(session)
            sound = recording(tone(4), "wav")
            values = {"channel": Channel.WEB} | more
            story = NewStory(ConsentGiven(**ALL), recording=sound, **values)
            received = receive(session, desk, story)
        for step in (jobs.TRANSCRIBE, *STEPS):
            worker.run_step(shop, step, received.story_id, attempts=worker.MOST_ATTEMPTS)
        return str(received.story_id), received.receipt

    return told


def test_staff_read_its_english_with_times_and_none_of_its_words(app, pages, client, engine, hear):
    use_hash_embedder(app)
    story_id, _ = hear()
    sign_in(client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{story_id}")
    sources = [page.source, *(pages.get(f"/search?q={word}").one("main").text for word in TOLD)]
    assert not any(f"{word} " in source for word in TOLD for source in sources)
    assert "The words are told in Polish, and are withheld" in page.words()
    assert "quote them as a machine translation" in page.words()
    english = page.one("div", id="english")
    assert "My neighbour [person 1] cooks." in english.text
    assert 'data-at="2.50"' in page.source, "the second sentence leads to its own second"
    assert "machine translation" in pages.get("/search?q=neighbour").words()
    assert "Put it into English" not in page.words()


def test_a_worker_s_question_is_read_in_english_and_is_not_the_teller_s(
    pages, client, engine, hear
):
    turns = (Turn(0.0, 1.95, 1), Turn(1.95, 4.0, 2))
    story_id, _ = hear(turns=turns)
    sign_in(client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{story_id}")
    assert "nobody has said yet who tells the story" in page.words()
    assert "Voice 1, not named yet: My neighbour [person 1] cooks." in page.words()
    assert not any(word in page.one("main").text for word in TOLD)

    sign_in(client, engine, Role.GOVERNANCE)
    pages.post("/masks", {"reason": "Putting a story into English", "story": story_id})
    page = pages.get(f"/masks/{story_id}")
    assert "It is not known yet who speaks" in page.one("p", id="english-waits").text
    assert not page.all("textarea", id="in-english"), "nobody types what is refused"
    values = {"act": "english", "english": ENGLISH}
    values["version"] = page.all("input", name="version")[0]["value"]
    page = pages.post(f"/masks/{story_id}", values, status=409)
    assert page.one("textarea", id="in-english").text.strip() == ENGLISH


def test_where_the_translation_failed_it_says_why_and_who_can_write_it(
    pages, client, engine, desk, hear
):
    ears = Broken(POLISH, language="pl")
    story_id, receipt = hear(ears)
    sign_in(client, engine, Role.EVALUATOR)
    for address in (f"/stories/{story_id}", "/stories?waits=english", "/stories"):
        words = pages.get(address).words()
        assert "Told in Polish; not read by the machine" in words
        assert "The machine could not translate the recording." in words
    page = pages.get(f"/stories/{story_id}")
    assert any(button.text.startswith("Try again") for button in page.all("button"))
    assert "The recording is not played to staff" in page.words()
    assert not any(word in page.one("main").text for word in TOLD)

    client.cookies.clear()
    words = pages.post("/receipt", {"code": receipt}).words()
    assert "It waits for a person to put it into English." in words
    assert "Your words are not in English yet." in words
    assert "You did not write in English" not in words
    assert "Sąsiadka Anna Smith gotuje." in words

    sign_in(client, engine, Role.GOVERNANCE, "Grace Hop")
    pages.post("/masks", {"reason": "Putting a story into English", "story": story_id})
    page = pages.get(f"/masks/{story_id}")
    assert "Told in Polish. Nobody else sees these words" in page.words()
    mark = page.all("input", name="version")[0]["value"]
    values = {"act": "english", "english": ENGLISH, "version": mark}
    pages.post(f"/masks/{story_id}", values)
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))
    sign_in(client, engine, Role.EVALUATOR)
    words = pages.get(f"/stories/{story_id}").words()
    assert "Put into English by Grace Hop" in words
    assert "from what was told in Polish" in words
    assert "could not translate" not in words


def test_the_worker_who_sent_it_sees_both_and_can_mend_the_machine_s_english(
    pages, client, engine, desk, hear
):
    sender = sign_in(client, engine, Role.WORKER, "Wanda Kos")
    story_id, _ = hear(channel=Channel.WORKER, sent_by=str(sender.person_id))
    page = pages.get(f"/worker/stories/{story_id}")
    assert "Sąsiadka Anna Smith gotuje." in page.source
    assert page.one("textarea", id="in-english").text.strip() == ENGLISH
    assert "yours has none" in page.words()
    assert "Told in Polish" not in page.words(), "nothing waits"


def test_newest_words_that_could_not_be_read_are_said_with_a_way_to_try_again(
    pages, client, engine, desk
):
    story_id = tell(engine, desk, "The bus never comes.")
    broken = replace(make_workshop(engine, desk), tagger=None)
    last = {"attempts": worker.MOST_ATTEMPTS}
    worker.run_step(broken, jobs.UNDERSTAND, uuid.UUID(story_id), **last)
    sign_in(client, engine, Role.EVALUATOR)
    for address in (f"/stories/{story_id}", "/stories"):
        page = pages.get(address)
        assert "The newest words could not be read." in page.words()
        assert any(button.text.startswith("Try again") for button in page.all("button"))
    assert "1 story needs help" in pages.get("/search").words()

    pages.post(f"/stories/{story_id}/again", {})
    assert "The newest words are still to be read." in pages.get(f"/stories/{story_id}").words()
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))
    assert "newest words" not in pages.get(f"/stories/{story_id}").words()
