"""Marked sentences on the pages: said in words, checked by tellers, workers and evaluators."""

import uuid

import pytest
from sqlmodel import select

from storybank import pipeline
from storybank.capture import corrections, so_far
from storybank.capture.intake import receive
from storybank.db import reading, transaction
from storybank.tables import (
    Checked,
    Coding,
    Doubt,
    LocalWord,
    PassageRow,
    Story,
    SuggestionRow,
    Tag,
)
from storybank.values import Channel, ConsentGiven, NewStory, Role, StoryState, Transcript
from storybank.vault import story_key
from tests.clips import recording, tone
from tests.factories import make_person, make_programme
from tests.fakes import CannedTranscriber, make_workshop
from tests.staff import listen_and_read, sign_in, use_hash_embedder

pytestmark = pytest.mark.database

HEARD = "The bus never comes. We cook together."
POLISH = "Autobus nigdy nie przyjeżdża. Gotujemy razem."


@pytest.fixture
def spoken(app, engine):
    """Tell and read a spoken story that `hearing` writes down; gives its id and code."""
    desk = app.state.held.desk

    def tell(hearing=None, **more):
        with transaction(engine) as session:
            make_programme(session)
            consent = ConsentGiven(**({"learn": True, "quote": True, "voice": True} | more.pop(
                "consent", {})))  # fmt: skip
            sound = recording(tone(1), "ogg")
            received = receive(
                session, desk, NewStory(consent, Channel.WEB, recording=sound, **more)
            )
        hearing = hearing or CannedTranscriber(HEARD, flags=("low-confidence",))
        shop = make_workshop(engine, desk)
        object.__setattr__(shop, "transcriber", hearing)
        listen_and_read(shop, received.story_id)
        return received.story_id, received.receipt

    return tell


def enter(pages, code):
    return pages.post("/receipt", pages.get("/receipt").form("/receipt") | {"code": code})


def tags(engine):
    with reading(engine) as session:
        return len(session.exec(select(Tag)).all())


def test_a_teller_sees_what_is_not_checked_and_says_that_it_is_right(pages, engine, spoken):
    _, code = spoken()
    page = enter(pages, code)

    assert "Not checked. The computer is not sure of these words." in page.words()
    assert "It does not count until somebody has checked these words." in page.words()
    page = pages.post("/receipt/check", page.form("/receipt/check"))

    assert "These words are checked now." in page.words()
    assert "Somebody has checked this. It is right." in page.words()
    assert tags(engine) == 1
    with reading(engine) as session:
        assert session.exec(select(Checked)).one().person_id is None

    page = pages.post("/receipt/check", page.form("/receipt/check"))
    assert "You took that back." in page.words()
    assert tags(engine) == 0


def test_an_old_page_or_an_unmarked_line_checks_nothing(pages, engine, spoken):
    _, code = spoken()
    form = enter(pages, code).form("/receipt/check")
    for wrong in ({"version": "9-x"}, {"line": "1"}, {"line": "99"}, {"line": "x"}):
        assert "You changed nothing" in pages.post("/receipt/check", form | wrong).words()
    with reading(engine) as session:
        assert session.exec(select(Checked)).all() == []


def test_the_form_says_why_and_takes_right_as_it_stands(pages, engine, spoken):
    _, code = spoken()
    enter(pages, code)
    page = pages.get("/receipt/correct")
    assert "The computer is not sure of these words." in page.words()
    form = page.form("/receipt/correct")

    page = pages.post("/receipt/correct", form | {"right-0": "1", "right-1": "1"})

    assert "These words are checked now." in page.words()
    with reading(engine) as session:
        assert [(c.start, c.end) for c in session.exec(select(Checked))] == [(0, 20)]


def test_an_evaluator_who_can_hear_it_checks_it_and_others_cannot(pages, engine, spoken):
    story_id, _ = spoken()
    with reading(engine) as session:
        doubt = session.exec(select(Doubt)).one().id
    address = f"/stories/{story_id}/checks/{doubt}"
    sign_in(pages.client, engine, Role.GOVERNANCE)
    assert not pages.get(f"/stories/{story_id}").all("form", action=address)

    actor = sign_in(pages.client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{story_id}")
    assert "Not checked: “The bus never comes.” The machine was not sure" in page.words()
    assert "Held back: nobody has checked these words yet." in page.words()
    page = pages.post(address, page.form(address))
    assert "Checked by Ada Bright" in page.words()
    assert "Held back" not in page.words()
    assert tags(engine) == 1
    with reading(engine) as session:
        assert session.exec(select(Checked)).one().person_id == actor.person_id

    other, _ = spoken(consent={"voice": False})
    with reading(engine) as session:
        silent = session.exec(select(Doubt.id).where(Doubt.story_id == other)).one()
    pages.post(f"/stories/{other}/checks/{silent}", {"right": "1"}, status=404)
    pages.post(f"/stories/{other}/checks/{doubt}", {"right": "1"}, status=404)
    assert tags(engine) == 1


def test_a_worker_checks_what_they_sent(pages, engine, spoken):
    with transaction(engine) as session:
        person = make_person(session, Role.WORKER)
    from storybank import accounts

    with transaction(engine) as session:
        cookie = accounts.begin(session, person)
    pages.client.cookies.set("storybank-staff", cookie)
    story_id, _ = spoken(sent_by=str(person.id))
    address = f"/worker/stories/{story_id}"
    pages.post(address, pages.get(address).form(address) | {"right-0": "1"})
    with reading(engine) as session:
        assert session.exec(select(Checked)).one().person_id == person.id


def test_another_language_is_withheld_and_its_english_is_marked(pages, app, engine, spoken):
    use_hash_embedder(app)
    story_id, code = spoken(CannedTranscriber(POLISH, language="pl", english=HEARD))
    sign_in(pages.client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{story_id}")
    words = page.words()
    assert "Autobus" not in words
    assert words.index("told in Polish") < words.index("In English: machine translation")
    assert "Made by canned/translation from the recording" in words
    assert page.one("div", id="english")["lang"] == "en"
    assert "Machine translation of what is said at 0:00." in words
    assert "machine translation" in pages.get("/search?q=bus").words()

    pages.client.cookies.clear()
    page = enter(pages, code)
    assert "This is a machine translation. It can be wrong." in page.words()
    assert "(machine translation)" in page.words()
    assert page.one("ol", class_="sb-words")["lang"] == "pl"


def test_the_first_words_are_shown_as_not_all_of_it(pages, app, engine):
    desk = app.state.held.desk
    with transaction(engine) as session:
        make_programme(session)
        sound = recording(tone(1), "ogg")
        told = receive(
            session, desk, NewStory(ConsentGiven(learn=True), Channel.WEB, recording=sound)
        )
    first = enter(pages, told.receipt)
    assert "so far" not in first.words()
    with transaction(engine) as session:
        story = session.get_one(Story, told.story_id)
        story.state, story.progress = StoryState.LISTENING, 0.1
        session.add(story)
        key = story_key(desk.keyring, story)
        so_far.keep(session, key, story.id, Transcript("Once the bus", language="en"))

    page = pages.get("/receipt/story")

    assert "The first words, so far: Once the bus … This is not all of it." in page.words()
    part = pages.part("/receipt/status?seen=received-0-0")
    assert "Once the bus" in part.source
    assert "Not all of it is written down yet." in page.words()


def test_an_admin_keeps_the_local_names_of_a_programme(pages, engine):
    with transaction(engine) as session:
        make_programme(session)
    sign_in(pages.client, engine, Role.ADMIN)
    address = "/admin/programmes/thriving/words"
    page = pages.get(address)
    assert "There are no local names yet" in page.words()
    form = page.form(address)
    page = pages.post(address, form | {"words": "Rose Hill\nthe Leys", "kind": "place"})
    assert "2 names are added." in page.words()
    assert "Rose Hill" in page.words()
    assert "Write at least one name." in pages.post(address, form, status=422).words()
    with reading(engine) as session:
        word = session.exec(select(LocalWord).where(LocalWord.word == "the Leys")).one()
    remove = f"{address}/{word.id}/remove"
    page = pages.post(remove, page.form(remove))
    assert "“the Leys” is removed." in page.words()
    assert [row.text for row in page.all("th", scope="row")] == ["Rose Hill"]
    pages.post(f"{address}/{word.id}/remove", {}, status=404)
    (back,) = page.all("form", class_="sb-put-back")
    hidden = {e["name"]: e["value"] for e in page.all("input", type="hidden") if back in e.path}
    page = pages.post(address, hidden)
    assert "1 name is added." in page.words()
    assert [row.text for row in page.all("th", scope="row")] == ["Rose Hill", "the Leys"]
    pages.get("/admin/programmes/none/words", status=404)
    assert str(uuid.UUID(int=0)) not in pages.get("/admin/lists").words()


def test_decisions_whose_words_are_gone_are_listed_and_put_elsewhere_or_dropped(
    pages, app, engine, spoken
):
    story_id, _ = spoken(CannedTranscriber(HEARD))
    sign_in(pages.client, engine, Role.EVALUATOR)
    with reading(engine) as session:
        suggestion = session.exec(select(SuggestionRow)).one().id
    decide = f"/stories/{story_id}/suggestions/{suggestion}"
    adding = pages.get(f"/stories/{story_id}").form(f"/stories/{story_id}/codings")
    pages.post(decide, {"form_token": adding["form_token"], "decision": "confirm"})
    desk = app.state.held.desk
    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        corrections.apply(session, desk, story, {0: "The night bus never ever comes."}, {})
    pipeline.understand(make_workshop(engine, desk), story_id)

    page = pages.get(f"/stories/{story_id}")
    assert "These no longer fit the words" in page.words()
    with reading(engine) as session:
        old = session.exec(select(Coding)).one().id
    move = f"/stories/{story_id}/codings/{old}/move"
    form = page.form(move)
    assert form["words"] == "The night bus never ever comes."
    with reading(engine) as session:
        last = session.exec(select(PassageRow).order_by(PassageRow.id.desc())).first()
    wrong = form | {"words": "Xylophone", "passage": str(last.id)}
    refused = pages.post(move, wrong, status=422)
    assert "could not be found" in refused.one("a", href=f"#move-words-{old}").text
    assert "could not be found" in refused.one("p", class_="govuk-error-message").text
    kept = refused.form(move)
    assert (kept["words"], kept["passage"]) == ("Xylophone", str(last.id))
    assert refused.form(f"/stories/{story_id}/codings")["words"] == ""
    page = pages.post(move, form)
    assert "These no longer fit the words" not in page.words()
    with reading(engine) as session:
        codings = session.exec(select(Coding).order_by(Coding.id)).all()
        assert [c.undone_at is None for c in codings] == [False, True]
        assert codings[1].quote == "The night bus never ever comes."
    drop = f"/stories/{story_id}/codings/{codings[1].id}/drop"
    pages.post(drop, {"form_token": form["form_token"]}, status=409)
