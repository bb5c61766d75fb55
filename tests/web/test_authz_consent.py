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

RARE = {
    None: "Zanzibarese",
    Use.LEARN: "Quechuan",
    Use.QUOTE: "Ladakhian",
    Use.VOICE: "Samoyedic",
    Use.PUBLISH: "Galician",
    Use.NAMED: "Karelian",
}
"""The use that a teller refuses (None: nothing is refused), and a word of that story alone."""
STAFF = (None, Role.WORKER, Role.EVALUATOR, Role.GOVERNANCE, Role.ADMIN)
READERS = {Role.EVALUATOR, Role.GOVERNANCE}
MASKERS = {Role.GOVERNANCE, Role.ADMIN}
"""They see words as told while they go through masks, once they gave a reason."""
OURS = {"Sec-Fetch-Site": "same-origin"}
CHANGING = ("/search", "/stories", "/worker")
"""Pages of which htmx asks for parts."""
QUERIES = ("", "?q={word}", "?q=bus&code=aim-adapting&direction=-", "?place=blackbird-leys")

PERSON = "00000000-0000-4000-8000-000000000001"

Met = set[tuple[Role | None, str]]
"""Who met a story's words, and on which page; a sound counts as the page "sound"."""


@pytest.fixture
def told(app, client, engine, desk):
    """Tell one story with a use refused, spoken or typed; gives its id."""
    use_hash_embedder(app)

    def tell_without(use: Use | None, *, spoken: bool = True) -> str:
        refused = {} if use is None else {use.value: False}
        if spoken:
            refused["recording"] = recording(tone(2), "ogg")
        return tell(engine, desk, f"The {RARE[use]} bus never comes.", **refused)

    return tell_without


def _walk(client, engine, paths, stories) -> dict[Use | None, Met]:
    """Fetch pages as everybody; gives who met the rare word of each story where."""
    met = {use: set() for use in stories}
    others = {use: set(stories.values()) - {story_id} for use, story_id in stories.items()}
    for role in STAFF:
        client.cookies.clear()
        if role is not None:
            client.cookies.set("storybank-staff", cookie_for(engine, role)[1])
            client.post("/masks", data={"reason": "checking"}, headers=OURS)
        for path in paths:
            parts = [{"HX-Request-Type": "partial"}] if path.startswith(CHANGING) else []
            for headers in [{}, *parts]:
                answer = client.get(path, headers=headers)
                is_sound = answer.headers.get("content-type", "").startswith("audio/")
                for use, word in ((use, RARE[use]) for use in stories):
                    # A search page repeats what was typed; the word counts only in its sentence.
                    if f"{word}</mark> bus" in answer.text or f"The {word} bus" in answer.text:
                        met[use].add((role, answer.url.path))
                    if is_sound and not any(other in path for other in others[use]):
                        met[use].add((role, "sound"))
    return met


def _paths(engine, stories) -> list[str]:
    """Give the address of every page; those of a story once for each story."""
    paths = {}
    with reading(engine) as session:
        for use, story_id in stories.items():
            of_story = SuggestionRow.story_id == uuid.UUID(story_id)
            suggestion = session.exec(select(SuggestionRow.id).where(of_story)).one()
            ids = {"story_id": story_id, "suggestion_id": suggestion, "coding_id": 1,
                   "doubt_id": 1, "person_id": PERSON,
                   "code": "x", "name": "good-life@1", "copy": "told",
                   "token": "x", "form_id": "x", "import_id": PERSON, "way": "type",
                   "slug": "thriving", "act": "retire", "moved_id": 1}  # fmt: skip
            found = [r.path.format(**ids) for router in all_routers() for r in router.routes
                     if "GET" in r.methods]  # fmt: skip
            found += [f"/search{query.format(word=RARE[use])}" for query in QUERIES]
            paths |= dict.fromkeys(found)
    return list(paths)


def _forms_of(story_id) -> list[str]:
    """Give every address that a form about a story is sent to."""
    ids = {"story_id": story_id, "suggestion_id": 1, "coding_id": 1, "doubt_id": 1}
    return [r.path.format(**ids) for router in all_routers() for r in router.routes
            if "POST" in r.methods and "{story_id}" in r.path]  # fmt: skip


def test_refused_words_come_up_on_no_page(client, engine, told):
    stories = {use: told(use) for use in RARE}
    met = _walk(client, engine, _paths(engine, stories), stories)

    for use, story_id in stories.items():
        pages = {"/search", f"/stories/{story_id}"}
        may = set()
        if use != Use.LEARN:
            may |= set(itertools.product(READERS, pages))
            may |= set(itertools.product(MASKERS, {f"/masks/{story_id}"}))
        if use not in (Use.LEARN, Use.VOICE):
            may |= {(role, "sound") for role in READERS}
        assert met[use] == may, use


def test_nothing_can_be_done_to_a_story_that_nobody_may_read(client, engine, told):
    stories = {use: told(use) for use in (None, Use.LEARN)}
    done = dict.fromkeys(stories, 0)
    for role, (use, story_id) in itertools.product(STAFF, stories.items()):
        client.cookies.clear()
        if role is not None:
            client.cookies.set("storybank-staff", cookie_for(engine, role)[1])
            client.post("/masks", data={"reason": "checking"}, headers=OURS)
        for path in _forms_of(story_id):
            filled = {"decision": "confirm", "act": "keep", "words": "bus", "version": "1"}
            answer = client.post(path, data=filled, headers=OURS, follow_redirects=False)
            to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
            done[use] += not (answer.status_code in {403, 404, 409} or to_sign_in)
    assert done[Use.LEARN] == 0
    assert done[None] > 0, "nothing to refuse"


@pytest.mark.parametrize("use", [None, *Use], ids=str)
def test_refused_words_are_in_no_search_and_no_export(engine, told, use):
    told(use, spoken=False)
    allowed = {u for u in Use if u != use and use != Use.LEARN}
    for role in STAFF:
        actor = Actor(role=role)
        reads = role in (Role.EVALUATOR, Role.GOVERNANCE) and use != Use.LEARN
        with transaction(engine) as session:
            found = search(session, actor, HashEmbedder(), RARE[use], Filters())
            assert (found.total == 1) is reads
            assert bool(found.facets) is reads
            for wanted in Use:
                stories = session.exec(readable_stories(actor, wanted)).all()
                assert (len(stories) == 1) is (reads and wanted in allowed)
                for write in (write_csv, write_jsonl):
                    out = io.StringIO()
                    write(exportable(session, actor, wanted), out)
                    assert (RARE[use] in out.getvalue()) is (reads and wanted in allowed)


def test_a_story_taken_back_comes_up_nowhere_before_any_job_has_run(client, engine, told):
    story_id = told(None)
    paths = _paths(engine, {None: story_id})
    found = _walk(client, engine, [f"/search?q={RARE[None]}"], {None: story_id})
    assert found[None], "nothing to lose"
    with transaction(engine) as session:
        withdraw(session, uuid.UUID(story_id))
    assert _walk(client, engine, paths, {None: story_id}) == {None: set()}
    for role in STAFF:
        actor = Actor(role=role)
        with transaction(engine) as session:
            found = search(session, actor, HashEmbedder(), RARE[None], Filters())
            assert (found.total, found.facets) == (0, ())
            for wanted in Use:
                assert session.exec(readable_stories(actor, wanted)).all() == []
                assert list(exportable(session, actor, wanted)) == []


def test_the_word_is_there_to_be_found(engine, told):
    told(Use.LEARN, spoken=False)
    with reading(engine) as session:
        assert RARE[Use.LEARN] in session.exec(select(PassageRow.text)).one()
