"""For each use that a teller refuses: their words come up nowhere that it forbids."""

import io
import itertools
import uuid

import pytest
from sqlmodel import select

from storybank.access import Actor, readable_stories
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.evidence.export import exportable, write_csv, write_jsonl
from storybank.search.retrieve import search
from storybank.tables import PassageRow, SuggestionRow
from storybank.values import Filters, Role, Use
from tests.clips import recording, tone
from tests.fakes import HashEmbedder
from tests.staff import cookie_for, tell, use_hash_embedder
from web.routes import all_routers

pytestmark = pytest.mark.database

RARE = "Zanzibarese"
TEXT = f"The {RARE} bus never comes."
STAFF = (None, Role.WORKER, Role.EVALUATOR, Role.GOVERNANCE, Role.ADMIN)
CHANGING = ("/search", "/stories", "/worker")
"""Pages of which htmx asks for parts."""
QUERIES = ("", f"?q={RARE}", "?q=bus&code=aim-adapting&direction=-", "?place=blackbird-leys")


@pytest.fixture
def told(app, client, engine, desk):
    """Tell one spoken story with a use refused (None: nothing is refused); gives its id."""
    use_hash_embedder(app)

    def tell_without(use: Use | None) -> str:
        refused = {} if use is None else {use.value: False}
        return tell(engine, desk, TEXT, recording=recording(tone(2), "ogg"), **refused)

    return tell_without


def _walk(client, engine, story_id):
    """Fetch every page there is, as everybody; gives who met the rare word where."""
    with reading(engine) as session:
        suggestion = session.exec(select(SuggestionRow.id)).one()
    ids = {"story_id": story_id, "suggestion_id": suggestion, "coding_id": 1, "doubt_id": 1,
           "person_id": story_id,
           "code": "x", "name": "good-life@1", "copy": "told",
           "token": "x", "form_id": "x", "import_id": story_id, "way": "type",
           "slug": "thriving", "act": "retire", "moved_id": 1}  # fmt: skip
    paths = [r.path.format(**ids) for router in all_routers() for r in router.routes
             if "GET" in r.methods]  # fmt: skip
    paths += [f"/search{query}" for query in QUERIES]
    met = set()
    for role, path in itertools.product(STAFF, paths):
        client.cookies.clear()
        if role is not None:
            client.cookies.set("storybank-staff", cookie_for(engine, role)[1])
        parts = [{"HX-Request-Type": "partial"}] if path.startswith(CHANGING) else []
        for headers in [{}, *parts]:
            answer = client.get(path, headers=headers)
            # A search page repeats what was typed; the word counts only beside its sentence.
            if f"{RARE}</mark> bus" in answer.text or f"The {RARE} bus" in answer.text:
                met.add((role, answer.url.path))
            if answer.headers.get("content-type", "").startswith("audio/"):
                met.add((role, "sound"))
    return met


@pytest.mark.parametrize("use", [None, *Use], ids=str)
def test_refused_words_come_up_on_no_page(client, engine, told, use):
    story_id = told(use)
    met = _walk(client, engine, story_id)

    readers = {Role.EVALUATOR, Role.GOVERNANCE}
    pages = {"/search", f"/stories/{story_id}"}
    may = set() if use == Use.LEARN else set(itertools.product(readers, pages))
    if use not in (Use.LEARN, Use.VOICE):
        may |= {(role, "sound") for role in readers}
    assert met == may


@pytest.mark.parametrize("use", [None, *Use], ids=str)
def test_refused_words_are_in_no_search_and_no_export(engine, told, use):
    told(use)
    allowed = {u for u in Use if u != use and use != Use.LEARN}
    for role in STAFF:
        actor = Actor(role=role)
        reads = role in (Role.EVALUATOR, Role.GOVERNANCE) and use != Use.LEARN
        with transaction(engine) as session:
            found = search(session, actor, HashEmbedder(), RARE, Filters())
            assert (found.total == 1) is reads
            assert bool(found.facets) is reads
            for wanted in Use:
                stories = session.exec(readable_stories(actor, wanted)).all()
                assert (len(stories) == 1) is (reads and wanted in allowed)
                for write in (write_csv, write_jsonl):
                    out = io.StringIO()
                    write(exportable(session, actor, wanted), out)
                    assert (RARE in out.getvalue()) is (reads and wanted in allowed)


def test_a_story_taken_back_comes_up_nowhere_before_any_job_has_run(client, engine, told):
    story_id = told(None)
    assert _walk(client, engine, story_id), "nothing to lose"
    with transaction(engine) as session:
        withdraw(session, uuid.UUID(story_id))
    assert _walk(client, engine, story_id) == set()
    for role in STAFF:
        actor = Actor(role=role)
        with transaction(engine) as session:
            found = search(session, actor, HashEmbedder(), RARE, Filters())
            assert (found.total, found.facets) == (0, ())
            for wanted in Use:
                assert session.exec(readable_stories(actor, wanted)).all() == []
                assert list(exportable(session, actor, wanted)) == []


def test_the_word_is_there_to_be_found(engine, told):
    told(Use.LEARN)
    with reading(engine) as session:
        assert RARE in session.exec(select(PassageRow.text)).one()
