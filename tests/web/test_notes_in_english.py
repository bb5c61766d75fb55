"""A worker's note in another language is put into English by a person, and stays a note."""

import uuid

import pytest
from sqlmodel import col, select

from storybank import pipeline, worker
from storybank.capture.intake import receive
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.evidence.notes import exported_notes
from storybank.tables import AuditEntry, Note, PassageRow, Redaction, Story, SuggestionRow
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.factories import make_programme
from tests.fakes import make_workshop
from tests.staff import sign_in, tell, use_hash_embedder
from tests.told import Told
from tests.web.test_own_story import enter

pytestmark = pytest.mark.database

POLISH = "Sąsiadka Anna Smith gotuje. Autobus nie jeździ."
ENGLISH = "Anna Smith cooks for zebras. The bus never comes."
MASKED = "[person 1] cooks for zebras. The bus never comes."
WHY = {"reason": "Putting a story into English"}


@pytest.fixture
def wren(client, engine):
    return sign_in(client, engine, Role.WORKER, "Wren")


@pytest.fixture
def sent(engine, desk, wren):
    """A story told in English, with a note that its worker wrote in Polish."""
    beside = {"note": POLISH, "sent_by": str(wren.person_id), "channel": Channel.WORKER}
    return tell(engine, desk, "The lift is mended.", **beside)


def rows(engine, table):
    with reading(engine) as session:
        return session.exec(select(table).order_by(col(table.id))).all()


def put(pages, address, english=ENGLISH, *, fields=None, **more):
    """Write the English of the note on the page of its story, and give the page that answers."""
    page = pages.get(address)
    forms = [form["action"] for form in page.all("form")]
    (action,) = [action for action in forms if "#translate-note-" in action]
    given = page.form(action) | {"act": "note", "note-english": english}
    return pages.post(address, given | (fields or {}), **more)


def read(engine, desk, story_id):
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))


def as_staff(pages, client, engine, story_id):
    sign_in(client, engine, Role.EVALUATOR, "Eve")
    return pages.get(f"/stories/{story_id}")


def test_the_worker_puts_their_note_into_english_and_staff_read_it_masked(
    app, pages, client, engine, desk, sent
):
    address = f"/worker/stories/{sent}"
    assert "This note is in Polish, so staff do not read it" in pages.get(address).words()
    page = put(pages, address)
    assert "Your changes are saved" in page.words()
    note = page.one("div", class_="sb-note")
    assert [p.text for p in page.all("p", class_="sb-note__words")] == [POLISH, ENGLISH]
    assert "In English, by a person: Wren, outreach worker, on" in note.text
    assert page.one("textarea", name="note-english").text.strip() == ENGLISH
    before = as_staff(pages, client, engine, sent)
    assert "zebras" not in before.source, "not before it is masked"

    read(engine, desk, sent)

    page = as_staff(pages, client, engine, sent)
    note = page.one("div", class_="sb-note")
    assert page.all("p", class_="sb-note__words")[1].text == MASKED
    assert "In English, by a person: Wren, outreach worker" in note.text
    assert not any(word in page.source for word in ("Smith", "gotuje"))
    use_hash_embedder(app)
    assert "zebras." not in pages.get("/search?q=zebras").one("main").text, "a note is no story"
    assert [(p.text,) for p in rows(engine, PassageRow)] == [("The lift is mended.",)]
    assert rows(engine, SuggestionRow) == [], "the bus of the note is not the teller's"
    with reading(engine) as session:
        handed_on = exported_notes(session, [uuid.UUID(sent)])[uuid.UUID(sent)]
        acts = session.exec(select(AuditEntry.act)).all()
    heading = "What the worker wrote in another language, put into English by a person:"
    assert handed_on == f"{heading}\n\n{MASKED}"
    assert acts.count("translate-note") == 1


def test_the_teller_reads_both(pages, client, app, engine, desk, wren):
    with transaction(engine) as session:
        make_programme(session)
        told = NewStory(ConsentGiven(learn=True), Channel.WORKER, text="The lift is mended.",
                        note=POLISH, sent_by=str(wren.person_id))  # fmt: skip
        received = receive(session, desk, told)
    read(engine, desk, str(received.story_id))
    put(pages, f"/worker/stories/{received.story_id}")
    client.cookies.clear()
    page = enter(pages, Told(received.story_id, received.receipt))
    assert [p.text for p in page.all("p", class_="sb-note__words")] == [POLISH, ENGLISH]
    assert "The same in English, by a person" in page.one("div", class_="sb-note").text


def test_who_goes_through_masks_writes_it_too_and_masks_what_the_machine_missed(
    pages, client, engine, desk, sent
):
    sign_in(client, engine, Role.GOVERNANCE, "Grace")
    pages.post("/masks", WHY | {"story": sent})
    address = f"/masks/{sent}"
    page = pages.get(address)
    pages.post(address, {"act": "done", "version": page.all("input", name="version")[0]["value"]})
    assert "0 stories wait" in pages.get(address).words()
    page = put(pages, address)
    assert "The English of the note is kept" in page.words()
    assert "1 story waits" in page.words(), "what is new is gone through"
    read(engine, desk, sent)

    page = pages.get(address)
    made = rows(engine, Note)[-1]
    assert page.one("div", id=f"note-{made.id}").text.startswith("Anna Smith")
    assert "Put into English by Grace, information-governance officer" in page.words()
    mark = page.all("input", name="version")[0]["value"]
    pages.post(address, {"act": "mask", "words": "zebras", "kind": "person", "version": mark})
    shown = as_staff(pages, client, engine, sent).one("div", class_="sb-note").text
    assert "zebras" not in shown
    assert "cooks for [person" in shown


def test_writing_it_anew_keeps_each_and_shows_the_last_only(pages, client, engine, desk, sent):
    address = f"/worker/stories/{sent}"
    put(pages, address)
    read(engine, desk, sent)
    put(pages, address)
    assert len(rows(engine, Note)) == 2, "the same words are kept once"
    put(pages, address, "Anna Smith cooks for lions.")
    first = rows(engine, Note)[1]
    assert (first.masked, first.rules_id) == (None, None), "nothing of it is left in clear"
    read(engine, desk, sent)

    assert len(rows(engine, Note)) == 3
    assert rows(engine, Note)[1].masked is None
    assert {r.note_id for r in rows(engine, Redaction)} == {rows(engine, Note)[2].id}
    shown = as_staff(pages, client, engine, sent).one("div", class_="sb-note").text
    assert "[person 1] cooks for lions." in shown
    assert "zebras" not in shown


def test_what_was_written_anew_while_it_was_read_is_not_shown(
    pages, engine, desk, sent, monkeypatch
):
    address = f"/worker/stories/{sent}"
    put(pages, address)
    really = pipeline.read_strengths

    def slowly(*given):
        if len(rows(engine, Note)) == 2:
            put(pages, address, "Anna Smith cooks for lions.")
        return really(*given)

    monkeypatch.setattr(pipeline, "read_strengths", slowly)
    read(engine, desk, sent)
    assert [note.masked for note in rows(engine, Note)] == ["", None, None]
    assert rows(engine, Redaction) == []
    read(engine, desk, sent)
    assert rows(engine, Note)[2].masked == "[person 1] cooks for lions."


@pytest.mark.parametrize(
    ("english", "fields", "status", "said"),
    [
        (" . ", {}, 422, "Write the note in English first."),
        (ENGLISH, {"seen": "7"}, 409, "Somebody else put this note into English meanwhile."),
    ],
)
def test_what_cannot_be_kept_is_given_back(pages, engine, sent, english, fields, status, said):
    page = put(pages, f"/worker/stories/{sent}", english, fields=fields, status=status)
    assert said in page.words()
    assert page.one("textarea", name="note-english").text.strip() == english.strip()
    assert len(rows(engine, Note)) == 1


def test_what_is_no_english_is_shown_to_nobody_else(pages, client, engine, desk, sent):
    put(pages, f"/worker/stories/{sent}", "Sąsiadka zebras gotuje.")
    read(engine, desk, sent)
    page = pages.get(f"/worker/stories/{sent}")
    assert "What was kept here is taken for Polish, not for English" in page.words()
    assert "zebras" not in as_staff(pages, client, engine, sent).source
    with reading(engine) as session:
        assert exported_notes(session, [uuid.UUID(sent)]) == {}


def test_the_tellers_words_before_a_recording_stay_theirs_in_english(
    pages, client, engine, desk, sent
):
    with transaction(engine) as session:
        session.exec(select(Note)).one().tellers = True
    put(pages, f"/worker/stories/{sent}")
    read(engine, desk, sent)
    assert [note.tellers for note in rows(engine, Note)] == [True, True]
    note = as_staff(pages, client, engine, sent).one("div", class_="sb-note").text
    assert "What the teller said, as the worker wrote it down" in note
    assert MASKED in note
    with reading(engine) as session:
        handed_on = exported_notes(session, [uuid.UUID(sent)])[uuid.UUID(sent)]
    assert handed_on.startswith("What the teller said in another language, as the worker wrote it")


def test_nobody_writes_the_english_of_what_they_may_not_see(client, pages, engine, desk, sent):
    note = rows(engine, Note)[0]
    form = {"act": "note", "beside": str(note.id), "seen": "0", "note-english": ENGLISH}
    ours = {"Sec-Fetch-Site": "same-origin"}
    mine = tell(engine, desk, "Mine.", sent_by=str(
        sign_in(client, engine, Role.WORKER, "Another").person_id))  # fmt: skip
    for address, status in (
        (f"/worker/stories/{sent}", 404), (f"/worker/stories/{mine}", 404), (f"/masks/{sent}", 403),
    ):  # fmt: skip
        assert client.post(address, data=form, headers=ours).status_code == status
    sign_in(client, engine, Role.EVALUATOR)
    for address in (f"/worker/stories/{sent}", f"/masks/{sent}"):
        assert client.post(address, data=form, headers=ours).status_code == 403
    assert rows(engine, Note) == [note]


def test_a_story_that_may_not_be_learnt_from_has_nothing_put_into_english(
    client, engine, wren, sent
):
    note = rows(engine, Note)[0]
    with transaction(engine) as session:
        session.get_one(Story, uuid.UUID(sent)).may_learn = False
    form = {"act": "note", "beside": str(note.id), "seen": "0", "note-english": ENGLISH}
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert client.post(f"/worker/stories/{sent}", data=form, headers=ours).status_code == 404
    sign_in(client, engine, Role.GOVERNANCE)
    client.post("/masks", data=WHY, headers=ours)
    assert client.post(f"/masks/{sent}", data=form, headers=ours).status_code == 404
    assert rows(engine, Note) == [note]


def test_a_note_of_another_story_a_read_one_or_a_number_that_is_none_is_refused(
    client, engine, desk, wren, sent
):
    beside = {"note": "It rained all day.", "sent_by": str(wren.person_id)}
    tell(engine, desk, "Another.", **beside)
    mine, other = rows(engine, Note)
    ours = {"Sec-Fetch-Site": "same-origin"}
    for number, status in ((other.id, 404), (99, 404), ("x", 422), ("", 422)):
        form = {"act": "note", "beside": str(number), "note-english": ENGLISH}
        answer = client.post(f"/worker/stories/{sent}", data=form, headers=ours)
        assert answer.status_code in (status, 400), answer.text
        assert "rained" not in answer.text
    with transaction(engine) as session:
        session.get_one(Note, mine.id).language = "en"
    form = {"act": "note", "beside": str(mine.id), "note-english": ENGLISH}
    answer = client.post(f"/worker/stories/{sent}", data=form, headers=ours)
    assert (answer.status_code, len(rows(engine, Note))) == (409, 2)


def test_it_goes_with_the_story(pages, client, engine, desk, sent):
    put(pages, f"/worker/stories/{sent}")
    read(engine, desk, sent)
    shop = make_workshop(engine, desk)
    with transaction(engine) as session:
        withdraw(session, uuid.UUID(sent))
    worker.run(shop, until_idle=True)

    assert (rows(engine, Note), rows(engine, Redaction)) == ([], [])
    page = as_staff_gone(pages, client, engine, sent)
    assert "zebras" not in page.source


def as_staff_gone(pages, client, engine, story_id):
    sign_in(client, engine, Role.EVALUATOR, "Eva")
    return pages.get(f"/stories/{story_id}", status=404)
