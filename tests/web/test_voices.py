"""A person says who speaks, once for each voice; before that, nothing of a recording is read."""

import uuid
from dataclasses import replace

import pytest
from sqlmodel import col, select

from storybank import jobs, listening, pipeline
from storybank import worker as worker_of_jobs
from storybank.access import Actor
from storybank.capture.voices import name_voices, voices_of_story
from storybank.db import reading, transaction
from storybank.errors import BadInput, ModelDamaged
from storybank.evidence import story as of_story
from storybank.search.retrieve import search
from storybank.tables import AuditEntry, PassageRow, Story, SuggestionRow, TranscriptRow
from storybank.transcribe.voices.turns import Turn
from storybank.values import UNTOLD, Channel, Filters, Role
from storybank.vault import open_transcript, story_key
from tests import told
from tests.clips import recording, tone
from tests.fakes import CannedVoices, HashEmbedder, make_workshop
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

GOVERNANCE = Actor(role=Role.GOVERNANCE)
SAID = (
    "Is the bus so late? The bus never comes. Anna Smith drives us into town. And the Zanzibar bus?"
)
TURNS = (Turn(0.0, 2.45, 1), Turn(2.45, 7.3, 2), Turn(7.3, 9.5, 1))


@pytest.fixture
def worker(client, engine):
    return sign_in(client, engine, Role.WORKER, "Wren")


@pytest.fixture
def sent(engine, desk, worker):
    """A worker's recording in which two voices are heard."""
    sound = recording(tone(10), "wav")
    return tell(engine, desk, SAID, recording=sound, sent_by=str(worker.person_id), turns=TURNS)


def read_of(engine, story_id):
    """Everything that was read of a story: its passages and the quotes of its tags."""
    with reading(engine) as session:
        of = uuid.UUID(story_id)
        passages = select(PassageRow.text).where(PassageRow.story_id == of)
        quotes = select(SuggestionRow.quote).where(SuggestionRow.story_id == of)
        return [*session.exec(passages), *session.exec(quotes)]


def newest(engine, desk, story_id):
    with reading(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, uuid.UUID(str(story_id))))
        rows = session.exec(select(TranscriptRow).order_by(col(TranscriptRow.version).desc()))
        return open_transcript(key, rows.first())


def understand(engine, desk, story_id):
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(str(story_id)))


def test_before_anybody_named_the_voices_nothing_is_read_and_the_pages_say_so(
    pages, client, engine, sent
):
    assert read_of(engine, sent) == []
    page = pages.get(f"/worker/stories/{sent}")
    assert "2 voices are heard." in page.one("div", id="who-speaks").text
    sign_in(client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{sent}")
    assert "nobody has said yet who tells the story" in page.one("main").text
    assert "Voice 2, not named yet:" in page.one("main").text
    assert "Anna" not in page.one("main").text


def test_one_answer_for_each_voice_names_all_that_it_says(pages, engine, desk, sent):
    page = pages.get(f"/worker/stories/{sent}/voices")
    assert "Is the bus so late?" in " ".join(page.one("main").text.split())
    assert "this is the worker, because this voice asks the questions" in page.one("main").text
    form = page.form(f"/worker/stories/{sent}/voices")
    pages.post(f"/worker/stories/{sent}/voices", form | {"voice-1": "worker", "voice-2": "teller"})
    assert [(s.voice, s.speaker) for s in newest(engine, desk, sent).segments] == [
        (1, "worker"), (2, "teller"), (2, "teller"), (1, "worker"),
    ]  # fmt: skip
    understand(engine, desk, sent)
    read = read_of(engine, sent)
    assert [words for words in read if words.endswith("drives us into town.")]
    assert "The bus never comes." in read
    assert not [words for words in read if "?" in words]
    with reading(engine) as session:
        assert "name-voices" in session.exec(select(AuditEntry.act)).all()
        for asked, stories in (("Zanzibar", 0), ("never", 1)):
            assert search(session, GOVERNANCE, HashEmbedder(), asked, Filters()).total == stories
    page = pages.get(f"/worker/stories/{sent}")
    assert "Change who speaks" in page.one("main").text
    form = pages.get(f"/worker/stories/{sent}/voices").form(f"/worker/stories/{sent}/voices")
    assert (form["voice-1"], form["voice-2"]) == ("worker", "teller")


def test_a_single_sentence_given_to_somebody_else_stays_theirs(pages, engine, desk, sent):
    address = f"/worker/stories/{sent}"
    pages.post(address, pages.get(address).form(address) | {"speaker-2": "other"})
    form = pages.get(f"{address}/voices").form(f"{address}/voices")
    pages.post(f"{address}/voices", form | {"voice-1": "worker", "voice-2": "teller"})
    speakers = [s.speaker for s in newest(engine, desk, sent).segments]
    assert speakers == ["worker", "teller", "other", "worker"]
    form = pages.get(f"{address}/voices").form(f"{address}/voices")
    pages.post(f"{address}/voices", form | {"voice-1": "teller 2", "voice-2": "teller"})
    speakers = [s.speaker for s in newest(engine, desk, sent).segments]
    assert speakers == ["teller 2", "teller", "other", "teller 2"]
    understand(engine, desk, sent)
    assert "Is the bus so late?" in read_of(engine, sent)
    assert "Is the bus so late? The bus never comes." not in read_of(engine, sent)


def test_a_voice_left_out_or_words_changed_meanwhile_store_nothing(pages, engine, desk, sent):
    address = f"/worker/stories/{sent}/voices"
    form = pages.get(address).form(address)
    page = pages.post(address, form | {"voice-1": "worker", "voice-2": "a stranger"}, status=422)
    assert "Say who this is" in page.one("div", class_="govuk-error-summary").text
    assert page.form(address)["voice-1"] == "worker"
    both = {"voice-1": "worker", "voice-2": "teller"}
    page = pages.post(address, form | both | {"version": "1-0"}, status=409)
    assert "Somebody changed the words meanwhile" in page.one("main").text
    assert {s.speaker for s in newest(engine, desk, sent).segments} == {None}
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(sent))
        mark = voices_of_story(session, desk, story).mark
        for names in ({}, {3: "teller"}, {1: "me"}):
            with pytest.raises(BadInput):
                name_voices(session, desk, story, names, mark)


def test_one_voice_asks_nobody_anything(pages, engine, desk, worker):
    sound = recording(tone(10), "wav")
    story = tell(engine, desk, SAID, recording=sound, sent_by=str(worker.person_id))
    assert "who-speaks" not in str(pages.get(f"/worker/stories/{story}").one("main"))
    pages.get(f"/worker/stories/{story}/voices", status=404)


def test_one_voice_or_two_asks_who_speaks_and_staff_read_why_nothing_was_read(
    pages, client, engine, desk, worker
):
    sound = recording(tone(10), "wav")
    turns = (Turn(0.0, 10.0, UNTOLD),)
    story = tell(engine, desk, SAID, recording=sound, sent_by=str(worker.person_id), turns=turns)
    assert read_of(engine, story) == []
    said = pages.get(f"/worker/stories/{story}").one("div", id="who-speaks").text
    assert "A computer could not tell who speaks." in said
    page = pages.get(f"/worker/stories/{story}/voices")
    assert "If one person says all of it, choose who." in page.words()
    sign_in(client, engine, Role.EVALUATOR)
    seen = pages.get(f"/stories/{story}")
    assert "More than one voice may be heard" in seen.one("p", id="unsure-voices").text
    assert "Anna" not in seen.one("main").text
    with transaction(engine) as session:
        told_by = session.get_one(Story, uuid.UUID(story))
        mark = voices_of_story(session, desk, told_by).mark
        name_voices(session, desk, told_by, {UNTOLD: "teller"}, mark)
    understand(engine, desk, story)
    assert [words for words in read_of(engine, story) if "The bus never comes." in words]
    assert "unsure-voices" not in str(pages.get(f"/stories/{story}").one("main"))


def test_two_people_are_expected_only_where_a_worker_made_the_recording(engine, desk, worker):
    for channel, expected in ((Channel.WORKER, True), (Channel.WEB, False)):
        sound = recording(tone(3 + expected), "wav")
        story = tell(engine, desk, "One. Two.", recording=sound, channel=channel)
        with transaction(engine) as session:
            for row in session.exec(select(TranscriptRow)):
                session.delete(row)
        ears = CannedVoices()
        shop = make_workshop(engine, desk, heard="One. Two.")
        listening.transcribe(shop, uuid.UUID(story))
        listening.tell_voices(replace(shop, voices=ears), uuid.UUID(story))
        assert ears.expected is expected


def test_the_teller_names_the_voices_too(pages, engine, app):
    desk = app.state.held.desk
    story = told.tell(engine, desk, recording=recording(tone(6), "wav"))
    shop = make_workshop(engine, desk, heard=SAID, turns=TURNS)
    listening.transcribe(shop, story.story_id)
    listening.tell_voices(shop, story.story_id)
    pipeline.understand(shop, story.story_id)
    form = pages.get("/receipt").form("/receipt")
    page = pages.post("/receipt", form | {"code": story.code})
    assert "2 voices are heard." in page.one("div", id="who-speaks").text
    form = pages.get("/receipt/voices").form("/receipt/voices")
    page = pages.post("/receipt/voices", form | {"voice-1": "worker", "speak": "pl"})
    assert page.form("/receipt/voices")["voice-1"] == "worker"
    both = {"voice-1": "worker", "voice-2": "teller"}
    page = pages.post("/receipt/voices", form | both)
    assert "Zapisano, kto mówi" in page.one("main").text  # the language that was asked for
    assert {s.speaker for s in newest(engine, desk, story.story_id).segments} == {
        "worker", "teller",
    }  # fmt: skip


class Lost(CannedVoices):
    def turns(self, audio, *, expected=False):
        raise ModelDamaged


def lost(engine, desk, channel, **more):
    """A recording in which no machine can tell voices apart."""
    sound = recording(tone(5), "wav")
    shop = replace(make_workshop(engine, desk, heard=SAID), voices=Lost())
    story = told.tell(engine, desk, recording=sound, channel=channel, **more)
    listening.transcribe(shop, story.story_id)
    worker_of_jobs.run_step(shop, jobs.VOICES, story.story_id, attempts=99)
    pipeline.understand(shop, story.story_id)
    return story


def test_where_voices_cannot_be_told_apart_staff_read_the_words_and_can_try_again(
    pages, client, engine, desk, worker
):
    story = lost(engine, desk, Channel.WORKER, sent_by=str(worker.person_id)).story_id
    words = pages.get(f"/worker/stories/{story}").words()
    assert "A computer could not tell who speaks." in words
    assert "Who says all of this?" in pages.get(f"/worker/stories/{story}/voices").words()
    sign_in(client, engine, Role.EVALUATOR)
    assert "file is damaged" in pages.get("/stories").words()
    page = pages.get(f"/stories/{story}")
    assert "[person 1] drives us into town." in page.words()
    assert "until it can, or the worker" in page.one("div", id="missing").text
    assert "Nothing has been read from this story yet." in page.words()
    assert read_of(engine, str(story)) == []
    page = pages.post(f"/stories/{story}/again", {})
    assert "It goes on by itself." in page.one("div", id="missing").text
    pages.post(f"/stories/{story}/again", {}, status=409)


def test_where_voices_cannot_be_told_apart_tellers_are_told_what_that_means(pages, engine, app):
    desk = app.state.held.desk
    for channel, says in (
        (Channel.WEB, "All of it is read as your words."),
        (Channel.PAPER, "Until a person says who speaks"),
    ):
        story = lost(engine, desk, channel)
        form = pages.get("/receipt").form("/receipt")
        page = pages.post("/receipt", form | {"code": story.code})
        assert says in page.words()
        assert ("Not read yet." in page.words()) == (channel == Channel.PAPER)
        assert ("somebody has to look at it" in page.words()) == (channel == Channel.PAPER)
        pages.client.cookies.clear()


def test_a_story_that_is_read_all_the_same_needs_no_help_and_is_listed_last(
    pages, client, engine, desk, monkeypatch
):
    sign_in(client, engine, Role.EVALUATOR)
    read = lost(engine, desk, Channel.WEB).story_id
    assert "needs help" not in pages.get("/search").words()
    stuck = lost(engine, desk, Channel.PAPER).story_id
    assert "1 story needs help" in pages.get("/search").words()
    listed = pages.get("/stories").source
    assert listed.index(f"/stories/{stuck}") < listed.index(f"/stories/{read}")
    assert "stories are shown" not in listed
    monkeypatch.setattr(of_story, "MOST_WAITING", 1)
    words = pages.get("/stories").words()
    assert "The first 1 of 2 stories are shown" in words
