"""The page for a story that was saved from a phone: sent, refused, sent again."""

import base64

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.tables import Consent, Story
from storybank.values import Role
from tests import phone
from tests.clips import recording, tone
from tests.factories import make_place, make_programme
from tests.staff import sign_in

pytestmark = pytest.mark.database

PATH = "/worker/saved"


@pytest.fixture
def worker(client, engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return sign_in(client, engine, Role.WORKER, "Wren")


@pytest.fixture
def story(client, worker):
    point = base64.b64decode(client.get("/collect/me").json()["key"])
    said = phone.details(
        mode="spoken", text=None, worker=str(worker.person_id),
        teller="about-a-child", relation="parent",
    )  # fmt: skip
    return phone.Story(point, said, story_0=phone.sliced(recording(tone(2), "webm")))


def send(pages, content, status=200):
    form = pages.get(PATH).form(PATH)
    files = {"saved": ("story-2026-11-01.storybank", content)}
    return pages.post(PATH, form, files=files, status=status)


def stories(engine):
    with transaction(engine) as session:
        return session.exec(select(Story)).all()


def test_a_saved_story_is_safe_with_reference_and_receipt(pages, client, engine, worker, story):
    page = send(pages, story.saved(worker.person_id))

    listed = {row["client_id"]: row["reference"] for row in client.get("/collect/sent").json()}
    assert f"Its reference is {listed[story.client_id]}." in page.words()
    assert page.one("h1").text == "The story is safe"
    # The phone that asks afterwards is told the same, and can let go of its copy.
    said = client.post("/collect/stories", json=story.body)
    assert said.status_code == 200
    code = page.one("p", class_="sb-code").text
    assert "".join(filter(str.isalnum, code)) == said.json()["receipt"]
    [kept] = stories(engine)
    assert kept.teller == "about-a-child"

    again = send(pages, story.saved(worker.person_id))
    assert again.one("h1").text == "The story was here already"
    assert again.one("p", class_="sb-code").text == code
    assert len(stories(engine)) == 1


def test_what_cannot_be_sent_is_said_beside_the_field(pages, engine, worker, story):
    file = story.saved(worker.person_id)
    for content, status, said in (
        (b"", 422, "Choose the file"),
        (b"{}\n", 422, "not a whole story"),
        (file[:-1], 422, "not a whole story"),
        (file[:-9] + b"x" + file[-8:], 422, "not a whole story"),
    ):
        page = send(pages, content, status)
        assert said in page.one("p", id="saved-error").text
        assert page.all("a", href="#saved")
    assert stories(engine) == []


def test_a_saved_story_whose_yes_cannot_be_played_comes_in_with_the_ticks(
    pages, client, engine, worker
):
    point = base64.b64decode(client.get("/collect/me").json()["key"])
    said = phone.details(consent={"how": "spoken"}, worker=str(worker.person_id))
    story = phone.Story(point, said, consent=[b"no sound"])
    page = send(pages, story.saved(worker.person_id), 422)
    form = page.form(PATH)
    files = {"saved": ("story.storybank", story.saved(worker.person_id))}
    safe = pages.post(PATH, form | {"ticked": "yes"}, files=files)
    assert safe.one("h1").text == "The story is safe"
    with transaction(engine) as session:
        consent = session.exec(select(Consent)).one()
    assert (consent.how, consent.clip) == ("helper", None)
    assert not pages.get(PATH).all("input", name="ticked")


def test_another_worker_cannot_send_it(pages, client, engine, worker, story):
    other = sign_in(client, engine, Role.WORKER, "Robin")
    for named in (worker, other):
        page = send(pages, story.saved(named.person_id), 403)
        assert "Another worker recorded this story" in page.one("p", id="saved-error").text
    # Nor can their phone claim it.
    assert client.post("/collect/stories", json=story.body).status_code == 403
    assert stories(engine) == []


def test_the_list_of_what_was_sent_leads_there(pages, worker):
    pages.get("/worker").one("a", href=PATH)


def test_a_long_recording_fits(client, worker):
    """Over five megabytes are read, as a recording's are, and not refused by their size."""
    files = {"saved": ("x.storybank", b"x" * 6_000_000)}
    assert client.post(PATH, files=files).status_code == 422
