"""Governance and admins go through masks, with a reason that is noted; nobody else sees names."""

import uuid

import pytest
from sqlmodel import select

from storybank import pipeline
from storybank.capture import corrections
from storybank.db import reading, transaction
from storybank.tables import AuditEntry, MaskDecision, MaskReview, Note, PassageRow, Story
from storybank.values import Channel, Role
from tests.clips import recording, tone
from tests.fakes import CannedTranscriber, make_workshop
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

TOLD = "The bus never comes. Anna Smith waits with me. Wilma <b>Stark</b> left. Anna Smith waves."
WHY = {"reason": "Checking masks before staff read new stories"}


@pytest.fixture
def story_id(engine, desk):
    return tell(engine, desk, TOLD)


@pytest.fixture
def officer(client, engine):
    return sign_in(client, engine, Role.GOVERNANCE)


def passages_of(session):
    """Give what staff read of all stories, as one text."""
    query = select(PassageRow).order_by(PassageRow.id)
    return " ".join(passage.text for passage in session.exec(query))


def press(pages, address, values, **more):
    """Post what somebody decides who has the page of a story open."""
    version = pages.get(address).all("input", name="version")[0]["value"]
    return pages.post(address, values | {"version": version}, **more)


def rows(engine, table):
    with reading(engine) as session:
        return session.exec(select(table).order_by(table.id)).all()


def test_an_empty_queue_says_so(pages, officer):
    assert "Nothing waits for you" in pages.get("/masks").words()


def test_a_reason_comes_before_the_words_and_each_opening_is_noted(
    pages, client, engine, officer, story_id
):
    first = client.get(f"/masks/{story_id}", follow_redirects=False)
    assert first.headers["location"] == f"/masks?story={story_id}"
    assert "Anna" not in pages.get("/masks").source
    pages.post("/masks", {"reason": ""}, status=422)

    page = pages.post("/masks", WHY | {"story": story_id})
    pages.get(f"/masks/{story_id}")

    assert page.one("div", id="told").text.startswith("The bus never comes. Anna Smith")
    assert "<b>Stark" not in page.source
    noted = [(a.act, a.object_id, a.purpose) for a in rows(engine, AuditEntry) if a.purpose]
    assert noted == [
        ("begin-mask-review", str(officer.person_id), WHY["reason"]),
        ("open-original", story_id, WHY["reason"]),
    ]


def test_masks_are_kept_shown_undone_and_added_without_a_script(pages, engine, officer, story_id):
    pages.post("/masks", WHY)
    address = f"/masks/{story_id}"
    card = {"words": "Anna Smith", "start": "21", "end": "31"}

    page = press(pages, address, card | {"act": "keep"})
    assert "all decided" in page.words()
    assert "The bus never comes. Anna Smith waits with me" in page.one("li", id="card-0").text
    page = press(pages, address, card | {"act": "undo"})
    assert "1 to decide" in page.words()
    page = press(pages, address, card | {"act": "show"})
    assert "Shown" in page.one("li", id="card-0").text
    page = press(pages, address, {"act": "mask", "words": "Wilma", "kind": "person"})

    texts = " ".join(p.text for p in rows(engine, PassageRow))
    assert "Anna Smith waits with me. [person 1] <b>Stark</b> left. Anna Smith" in texts
    standing = [d.decision for d in rows(engine, MaskDecision) if d.undone_at is None]
    assert standing == ["shown", "shown", "masked"]


def test_nothing_is_said_of_details_and_keys_where_nothing_is_masked(pages, engine, desk, officer):
    pages.post("/masks", WHY)
    page = pages.get(f"/masks/{tell(engine, desk, 'The bus never comes.')}")
    assert "The machine found nothing to mask." in page.words()
    assert "come first" not in page.words()
    assert not page.all("kbd")


def test_words_that_are_not_in_the_story_are_said_beside_the_field(pages, officer, story_id):
    pages.post("/masks", WHY)

    page = press(pages, f"/masks/{story_id}", {"act": "mask", "words": "Zora", "kind": "person"},
                 status=422)  # fmt: skip

    assert "exactly as they stand" in page.one("p", id="words-error").text
    assert page.one("input", id="words")["value"] == "Zora"


def test_done_leads_to_the_next_story_and_the_queue_runs_empty(
    pages, engine, desk, officer, story_id
):
    other = tell(engine, desk, "Anna Smith came on the bus.")
    pages.post("/masks", WHY)

    page = press(pages, f"/masks/{story_id}", {"act": "done"})
    assert "came on the bus" in page.one("div", id="told").text
    page = press(pages, f"/masks/{other}", {"act": "done"})

    assert "Nothing waits for you" in page.words()
    assert len(rows(engine, MaskReview)) == 2


def test_what_was_changed_since_the_page_was_loaded_is_shown_and_nothing_is_decided(
    pages, engine, desk, officer, story_id
):
    pages.post("/masks", WHY)
    address = f"/masks/{story_id}"
    seen = pages.get(address).all("input", name="version")[0]["value"]
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(story_id))
        corrections.append(session, desk, story, "My neighbour Kasia came.")
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))

    card = {"words": "Anna Smith", "start": "21", "end": "31", "kind": "person"}
    for act in ("keep", "show", "undo", "mask", "done"):
        for version in (seen, "", "1-0"):
            page = pages.post(address, card | {"act": act, "version": version}, status=409)
            assert "The story was changed meanwhile. Look at it again." in page.words()
            assert "My neighbour Kasia came." in page.one("div", id="told").text

    assert rows(engine, MaskDecision) == []
    assert rows(engine, MaskReview) == []
    assert press(pages, address, {"act": "done"}).one("h1").text == "Stories to review"


def test_a_name_that_stands_in_the_english_only_is_seen_and_decided_about(
    pages, engine, desk, officer
):
    shop = make_workshop(engine, desk)
    english = "Catherine drives us. Ask Anna Smith."
    object.__setattr__(
        shop, "transcriber", CannedTranscriber("Wozi nas Kasia.", language="pl", english=english)
    )
    story_id = tell(engine, desk, "", workshop=shop, recording=recording(tone(4), "wav"))
    pages.post("/masks", WHY)
    address = f"/masks/{story_id}"

    page = pages.get(address)
    assert page.one("div", id="told")["lang"] == "pl"
    assert page.one("div", id="english").text == (
        "Catherine drives us. Ask Anna Smith (masked, sure)."
    )
    page = press(pages, address, {"act": "mask", "words": "Catherine", "kind": "person"})
    assert "in the English only" in page.one("li", id="card-1").text
    assert "[person 1] drives us. Ask [person 2]." in " ".join(
        p.text for p in rows(engine, PassageRow)
    )
    card = {"words": "Anna Smith", "start": "25", "end": "35", "side": "english"}
    page = press(pages, address, card | {"act": "show"})
    assert "Ask Anna Smith (shown)." in page.one("div", id="english").text
    page = press(pages, address, card | {"act": "undo"})
    assert "Ask Anna Smith (masked, sure)." in page.one("div", id="english").text


def test_a_name_that_stands_in_a_workers_note_only_is_hidden_and_brought_back(
    pages, client, engine, desk, officer
):
    mine = client.cookies.get("storybank-staff")
    worker = sign_in(client, engine, Role.WORKER, "Wren")
    more = {"note": "Zora let <b>us</b> in.", "sent_by": str(worker.person_id)}
    story_id = tell(engine, desk, "Anna Smith drives us.", channel=Channel.WORKER, **more)
    client.cookies.set("storybank-staff", mine)
    pages.post("/masks", WHY)
    address = f"/masks/{story_id}"
    page = pages.get(address)
    note = rows(engine, Note)[0]
    assert page.one("div", id=f"note-{note.id}").text == "Zora let <b>us</b> in."

    page = press(pages, address, {"act": "mask", "words": "zora", "kind": "person"})

    assert "in a worker’s note" in page.one("li", id="card-1").text
    card = {"words": "Zora", "start": "0", "end": "4", "side": f"note-{note.id}"}
    press(pages, address, {"act": "done"})
    sign_in(client, engine, Role.EVALUATOR, "Eve")
    read = pages.get(f"/stories/{story_id}")
    assert read.one("p", class_="sb-note__words").text == "[person 1] let <b>us</b> in."
    assert "Zora" not in read.source
    client.cookies.set("storybank-staff", mine)
    press(pages, address, card | {"act": "undo"})
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))
    assert rows(engine, Note)[0].masked == "Zora let <b>us</b> in."


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.WORKER])
def test_others_never_come_to_the_words_as_told(client, engine, story_id, role):
    sign_in(client, engine, role)
    for method, path in (("GET", "/masks"), ("GET", f"/masks/{story_id}"),
                         ("POST", f"/masks/{story_id}")):  # fmt: skip
        answer = client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 403
        assert "Anna" not in answer.text


def test_a_story_that_may_not_be_read_is_not_in_the_queue(pages, client, engine, desk, officer):
    hidden = tell(engine, desk, "Anna Smith hides.", learn=False)
    pages.post("/masks", WHY)

    assert "Nothing waits for you" in pages.get("/masks").words()
    assert client.get(f"/masks/{hidden}").status_code == 404
