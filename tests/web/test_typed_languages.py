"""What residents, workers and staff see of a story that was typed in another language."""

import uuid

import pytest
from sqlmodel import select

from storybank import pipeline
from storybank.capture import corrections
from storybank.capture.intake import receive
from storybank.db import reading, transaction
from storybank.evidence import story as of_story
from storybank.tables import AuditEntry, Story, now
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.factories import make_programme
from tests.fakes import make_workshop
from tests.staff import ALL, sign_in, tell, use_hash_embedder

pytestmark = pytest.mark.database

POLISH = "Sąsiadka Anna Smith gotuje. Autobus nie jeździ."
ENGLISH = "My neighbour Anna Smith cooks. The bus never comes."
TOLD = ("Smith", "gotuje", "Autobus")


@pytest.fixture
def story_id(engine, desk):
    return tell(engine, desk, POLISH)


def translate(pages, client, engine, desk, story_id):
    """Put the story into English as governance does, and have it read."""
    officer = sign_in(client, engine, Role.GOVERNANCE, "Grace Hop")
    pages.post("/masks", {"reason": "Putting a story into English", "story": story_id})
    address = f"/masks/{story_id}"
    mark = pages.get(address).all("input", name="version")[0]["value"]
    page = pages.post(address, {"act": "english", "english": ENGLISH, "version": mark})
    assert "Your English is kept" in page.words()
    pipeline.understand(make_workshop(engine, desk), story_id)
    return officer


def test_staff_see_that_it_waits_and_none_of_its_words(app, pages, client, engine, desk, story_id):
    use_hash_embedder(app)
    sign_in(client, engine, Role.EVALUATOR)

    shown = [pages.get(f"/stories/{story_id}"), pages.get("/stories?waits=english")]
    for page in shown:
        said = "Written in Polish; not read by the machine, because it reads English."
        assert said in page.words()
    found = [pages.get(f"/search?q={word}") for word in ("", *TOLD)]
    assert not any(word in page.one("main").text for page in shown for word in TOLD)
    assert not any("gotuje." in page.source for page in found)
    assert shown[0].one("p", id="withheld").text == "Withheld, in Polish."
    assert "names in them cannot be found" in shown[0].words()


def test_a_note_in_another_language_is_read_by_who_goes_through_masks_only(
    pages, client, engine, desk
):
    sender = str(sign_in(client, engine, Role.WORKER, "Wren").person_id)
    story_id = tell(engine, desk, "The bus never comes.", note=POLISH, sent_by=sender)
    sign_in(client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{story_id}")
    assert not any(word in page.source for word in TOLD)
    assert "written in Polish, and are withheld" in page.one("p", class_="sb-note__words").text
    sign_in(client, engine, Role.GOVERNANCE, "Grace Hop")
    pages.post("/masks", {"reason": "Looking at a note", "story": story_id})
    opened = pages.get(f"/masks/{story_id}")
    assert "Written in Polish. Nobody else sees these words" in opened.words()
    assert POLISH in opened.words()


def test_lists_of_what_waits_are_empty_where_nothing_does(pages, client, engine):
    sign_in(client, engine, Role.GOVERNANCE)
    for address in ("/stories?waits=english", "/masks?waits=english"):
        assert "No story waits for English" in pages.get(address).words()


def test_lists_say_how_many_wait_where_they_show_fewer(
    pages, client, engine, desk, story_id, monkeypatch
):
    tell(engine, desk, POLISH)
    sign_in(client, engine, Role.GOVERNANCE)
    monkeypatch.setattr(of_story, "MOST_WAITING", 1)
    for address in ("/stories", "/stories?waits=english", "/masks", "/masks?waits=english"):
        page = pages.get(address)
        assert "Waiting for English: 2" in page.words()
        shown = [a for a in page.all("a") if a["href"].split("#")[0].endswith(story_id)]
        if "waits" in address:
            assert (len(page.all("tr")), len(shown) > 0) == (2, True), "the oldest, under a heading"
            assert "first 1" in page.words()


def test_governance_puts_it_into_english_and_everybody_is_told_who_did(
    app, pages, client, engine, desk, story_id
):
    use_hash_embedder(app)
    sign_in(client, engine, Role.GOVERNANCE)
    assert "Polish" in pages.get("/masks?waits=english").one("table").text
    officer = translate(pages, client, engine, desk, story_id)

    with reading(engine) as session:
        acts = session.exec(select(AuditEntry.act).where(AuditEntry.person_id == officer.person_id))
        assert "translate-story" in acts.all()
    page = pages.get(f"/masks/{story_id}")
    assert "In English, by a person" in page.words()
    mark = page.all("input", name="version")[0]["value"]
    assert "Masks to go through: 1" in pages.get("/masks").words()
    pages.post(f"/masks/{story_id}", {"act": "done", "version": mark})
    assert "Masks to go through: 0" in pages.get("/masks").words()
    assert "Reviewed on" in pages.get(f"/masks/{story_id}").words()
    again = {"act": "english", "english": ENGLISH + " Zora left.", "version": mark}
    assert "Reviewed on" not in pages.post(f"/masks/{story_id}", again).words()
    assert "Masks to go through: 1" in pages.get("/masks").words()
    pipeline.understand(make_workshop(engine, desk), story_id)
    sign_in(client, engine, Role.EVALUATOR)
    words = pages.get(f"/stories/{story_id}").words()
    assert "Put into English by Grace Hop" in words
    assert "My neighbour [person 1] cooks." in words
    assert "achine translation" not in words
    hits = pages.get("/search?q=neighbour").words()
    assert "translated by a person" in hits
    assert not any(word in words + hits for word in TOLD)


def test_an_empty_translation_is_asked_for_again(pages, client, engine, story_id):
    sign_in(client, engine, Role.ADMIN)
    pages.post("/masks", {"reason": "Putting a story into English", "story": story_id})
    mark = pages.get(f"/masks/{story_id}").all("input", name="version")[0]["value"]
    values = {"act": "english", "english": " ", "version": mark}
    page = pages.post(f"/masks/{story_id}", values, status=422)
    assert page.one("p", id="in-english-error")


def test_polish_that_was_kept_as_english_comes_back_with_the_reason(
    pages, client, engine, desk, story_id
):
    sign_in(client, engine, Role.ADMIN)
    pages.post("/masks", {"reason": "Putting a story into English", "story": story_id})
    address = f"/masks/{story_id}"
    mark = pages.get(address).all("input", name="version")[0]["value"]
    pages.post(address, {"act": "english", "english": POLISH, "version": mark})
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))
    page = pages.get(address)
    assert "taken for Polish, not for English" in page.one("p", id="no-english").text
    assert page.one("textarea", id="in-english").text.strip() == POLISH
    assert "In English, by a person" not in page.words()


def kept_in_the_box(page, problem):
    """Say whether a page names a problem that leads to the box, and holds what was typed there."""
    named = page.one("a", href="#in-english").text.startswith(problem)
    return named and page.one("textarea", id="in-english").text.strip() == ENGLISH


def test_english_that_came_too_late_is_given_back(pages, client, engine, desk, story_id):
    sign_in(client, engine, Role.ADMIN)
    pages.post("/masks", {"reason": "Putting a story into English", "story": story_id})
    address = f"/masks/{story_id}"
    values = {"act": "english", "english": ENGLISH}
    values["version"] = pages.get(address).all("input", name="version")[0]["value"]
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(story_id))
        corrections.apply(session, desk, story, {0: "The bus never comes."}, {})
    assert kept_in_the_box(pages.post(address, values, status=409), "This story is being read")
    pipeline.understand(make_workshop(engine, desk), story_id)
    page = pages.post(address, values, status=409)
    assert kept_in_the_box(page, "The story was changed")
    values["version"] = page.all("input", name="version")[0]["value"]
    page = pages.post(address, values, status=409)
    assert kept_in_the_box(page, "This story does not wait for English")


def test_the_worker_who_sent_it_can_put_it_into_english(pages, client, engine, desk):
    worker = sign_in(client, engine, Role.WORKER, "Wanda Kos")
    story_id = tell(engine, desk, POLISH, channel=Channel.WORKER, sent_by=str(worker.person_id))
    address = f"/worker/stories/{story_id}"
    page = pages.get(address)
    assert "Written in Polish" in page.words()
    assert page.one("form", id="translate")["data-typed"] == "The English that you wrote"
    assert page.one("form", id="question")["data-typed"] == "What you corrected"
    assert "unkept" in page.source
    values = {"act": "english", "english": ENGLISH, "told": page.one("input", name="told")["value"]}
    pages.post(address, page.form(address) | {"text-0": POLISH + " Dziękuję."})
    late = pages.post(address, page.form(address) | {"text-0": POLISH + " Pa."}, status=409)
    assert "data-unkept" in late.source, "words that are in no box yet are asked about, too"
    unread = pages.post(address, values, status=409)
    assert kept_in_the_box(unread, "The story was changed meanwhile.")
    assert "It was written in" not in unread.words(), "nobody knows yet"
    values["told"] = unread.one("input", name="told")["value"]
    assert kept_in_the_box(pages.post(address, values, status=409), "This story is being read")
    pipeline.understand(make_workshop(engine, desk), story_id)
    pages.post(address, values)
    pipeline.understand(make_workshop(engine, desk), story_id)

    assert "Written in Polish; not read" not in pages.get(address).words()
    sign_in(client, engine, Role.EVALUATOR)
    assert "Put into English by Wanda Kos" in pages.get(f"/stories/{story_id}").words()


def test_a_sentence_that_the_teller_took_out_is_not_offered_again_as_english(
    pages, client, engine, desk
):
    with transaction(engine) as session:
        make_programme(session)
        told = NewStory(ConsentGiven(**ALL), Channel.WEB, text=POLISH, language="pl")
        received = receive(session, desk, told)
    pipeline.understand(make_workshop(engine, desk), received.story_id)
    translate(pages, client, engine, desk, str(received.story_id))
    pages.post("/receipt", {"code": received.receipt})
    form = pages.get("/receipt/correct").form("/receipt/correct")
    pages.post("/receipt/correct", form | {"text-0": "Autobus nie jeździ."})
    pipeline.understand(make_workshop(engine, desk), received.story_id)

    page = pages.get(f"/masks/{received.story_id}")
    assert page.one("textarea", id="in-english").text.strip() == ""
    assert page.one("form", id="translate").text.strip().startswith("Put it into English")
    assert page.one("div", id="earlier").text == ENGLISH
    today = f"{now().day} {now():%B %Y}"
    said = f"Written before the words were changed on {today}. Take over only what is still said."
    assert said in page.words()
    sign_in(client, engine, Role.EVALUATOR)
    assert "neighbour" not in pages.get(f"/stories/{received.story_id}").source


def test_a_correction_that_looks_english_is_read_by_nobody_and_offers_the_form(
    pages, client, engine, desk
):
    sender = str(sign_in(client, engine, Role.WORKER, "Wren").person_id)
    story_id = tell(engine, desk, POLISH, sent_by=sender, channel=Channel.WORKER)
    wren = dict(client.cookies)
    translate(pages, client, engine, desk, story_id)
    client.cookies.clear()
    client.cookies.update(wren)
    address = f"/worker/stories/{story_id}"
    form = pages.get(address).form(address)
    boxes = {name: "" for name in form if name.startswith("text-")}
    pages.post(address, form | boxes | {"text-0": "Amar bus nam Abdul."})
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))

    page = pages.get(address)
    assert page.one("form", id="translate").tag == "form"
    assert page.one("div", id="earlier").text == ENGLISH
    sign_in(client, engine, Role.EVALUATOR)
    page = pages.get(f"/stories/{story_id}")
    assert "Withheld, in another language" in page.one("p", id="withheld").text
    assert not any(word in page.source for word in ("Abdul", "cooks"))
    assert "not read by the machine, because it reads English" in page.words()


def test_the_teller_reads_in_their_language_why_it_is_not_read_and_then_the_english(
    pages, client, engine, desk
):
    with transaction(engine) as session:
        make_programme(session)
        told = NewStory(ConsentGiven(**ALL), Channel.WEB, text=POLISH, language="pl")
        received = receive(session, desk, told)
    pipeline.understand(make_workshop(engine, desk), received.story_id)

    page = pages.post("/receipt", {"code": received.receipt})
    words = page.words()
    assert "It waits for a person to put it into English." in words
    assert "Written in: Polish." in words
    assert "found nothing to mark" not in words
    assert POLISH.split(".")[0] in words
    assert "polski" in pages.get("/receipt/story?lang=pl").words()
    with transaction(engine) as session:
        session.get_one(Story, received.story_id).may_learn = False
    words = pages.get("/receipt/story?lang=en").words()
    assert "So nobody will read it" in words
    assert not any(said in words for said in ("It waits for a person", "A person can put it"))
    with transaction(engine) as session:
        session.get_one(Story, received.story_id).may_learn = True

    translate(pages, client, engine, desk, str(received.story_id))
    client.cookies.clear()
    words = pages.post("/receipt?lang=en", {"code": received.receipt}).words()
    assert "The same in English, by a person" in words
    assert "Somebody put your story into English." in words
