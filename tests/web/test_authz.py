"""Who gets what: every route for every role, one expected status each."""

import uuid
from dataclasses import dataclass

import pytest
from sqlmodel import select

from storybank import accounts, coding
from storybank.access import Actor
from storybank.accounts import Newcomer
from storybank.capture.import_files import keep_list
from storybank.db import transaction
from storybank.tables import Story, SuggestionRow
from storybank.values import Role
from tests.factories import make_person
from tests.staff import cookie_for, tell, use_hash_embedder
from web.routes import all_routers

pytestmark = pytest.mark.database

WHO = (None, Role.WORKER, Role.EVALUATOR, Role.GOVERNANCE, Role.ADMIN)

OPEN = (200, 200, 200, 200, 200)
"""For everybody, signed in or not."""
DRAFTS = (303, 303, 303, 303, 303)
TELLER = (404, 404, 404, 404, 404)
UNSENT = (422, 422, 422, 422, 422)
SAID = (204, 204, 204, 204, 204)
NOT_TUS = (412, 412, 412, 412, 412)
NO_KEY = (401, 401, 401, 401, 401)

DRAFTED = {
    "": ("GET", "POST"),
    "/new": ("GET", "POST"),
    "/codes/{code}": ("GET", "POST"),
    "/codes/{code}/{act}": ("GET", "POST"),
    "/publish": ("GET", "POST"),
    "/discard": ("GET", "POST"),
}
"""The pages of a framework's draft."""

ADMINS = (
    "", "/lists", "/phones", "/known-places", "/wording", "/programmes/{slug}/poster",
    "/programmes/{slug}/prompt", "/programmes/{slug}/wording", "/programmes/{slug}/words",
)  # fmt: skip
"""What admins alone open."""

EXPECTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/"): OPEN,
    ("GET", "/about"): OPEN,
    ("GET", "/accessibility"): OPEN,
    ("GET", "/cookies"): OPEN,
    # The recorder's shell is the same for everybody, and holds nothing.
    ("GET", "/collect"): DRAFTS,
    ("GET", "/collect/"): OPEN,
    ("GET", "/collect/manifest.webmanifest"): OPEN,
    ("GET", "/collect/sw.js"): OPEN,
    ("GET", "/health"): OPEN,
    ("GET", "/how-stories-are-read"): OPEN,
    ("GET", "/how-stories-are-read/{name}"): OPEN,
    ("GET", "/privacy"): OPEN,
    ("GET", "/invitation/{code}"): OPEN,
    ("POST", "/invitation/{code}"): UNSENT,
    ("GET", "/sign-in"): (200, 303, 303, 303, 303),
    ("POST", "/sign-in"): UNSENT,
    ("POST", "/sign-out"): DRAFTS,
    # Tellers: what they may open hangs on their own cookie, never on a role.
    ("GET", "/receipt"): OPEN,
    ("POST", "/receipt"): DRAFTS,
    ("GET", "/receipt/correct"): DRAFTS,
    ("POST", "/receipt/check"): DRAFTS,
    ("POST", "/receipt/correct"): DRAFTS,
    ("POST", "/receipt/disagree"): DRAFTS,
    ("GET", "/receipt/gone"): DRAFTS,
    ("GET", "/receipt/more"): DRAFTS,
    ("POST", "/receipt/more"): DRAFTS,
    ("GET", "/receipt/voices"): DRAFTS,
    ("POST", "/receipt/voices"): DRAFTS,
    ("GET", "/receipt/story"): DRAFTS,
    ("GET", "/receipt/take-back"): DRAFTS,
    ("POST", "/receipt/take-back"): DRAFTS,
    ("GET", "/receipt/uses"): DRAFTS,
    ("POST", "/receipt/uses"): DRAFTS,
    ("GET", "/receipt/your-reading"): DRAFTS,
    ("POST", "/receipt/your-reading"): DRAFTS,
    ("GET", "/receipt/status"): DRAFTS,
    ("GET", "/receipt/audio/{copy}"): TELLER,
    ("GET", "/receipt/spoken-consent"): TELLER,
    ("GET", "/leave"): DRAFTS,
    ("GET", "/p/{slug}"): DRAFTS,
    ("GET", "/safety"): OPEN,
    ("GET", "/tell/before/{way}"): OPEN,
    ("POST", "/tell/before/{way}"): DRAFTS,
    ("GET", "/tell/check"): TELLER,
    ("POST", "/tell/check"): TELLER,
    ("POST", "/tell/delete"): DRAFTS,
    ("POST", "/tell/finish"): DRAFTS,
    ("GET", "/tell/for-somebody"): OPEN,
    ("GET", "/tell/record"): OPEN,
    ("GET", "/tell/recording"): TELLER,
    ("POST", "/tell/recording"): UNSENT,
    ("POST", "/tell/recording/begin"): SAID,
    ("GET", "/tell/recording/begun"): TELLER,
    ("POST", "/tell/recording/kept"): TELLER,
    ("GET", "/tell/sent"): TELLER,
    ("GET", "/tell/them"): TELLER,
    ("POST", "/tell/them"): TELLER,
    ("GET", "/tell/upload"): OPEN,
    ("POST", "/tell/upload"): UNSENT,
    ("GET", "/tell/uses"): TELLER,
    ("POST", "/tell/uses"): TELLER,
    ("GET", "/tell/when"): TELLER,
    ("POST", "/tell/when"): TELLER,
    ("GET", "/tell/where"): TELLER,
    ("POST", "/tell/where"): TELLER,
    ("GET", "/tell/which"): TELLER,
    ("POST", "/tell/which"): TELLER,
    ("GET", "/tell/who"): TELLER,
    ("POST", "/tell/who"): TELLER,
    ("GET", "/tell/write"): OPEN,
    ("POST", "/tell/write"): UNSENT,
    ("GET", "/tell/your-reading"): TELLER,
    ("POST", "/tell/your-reading"): TELLER,
    # Scripts: these requests speak no tus. Who may go on with an upload: see test_uploads.
    ("OPTIONS", "/uploads"): SAID,
    ("OPTIONS", "/uploads/{upload_id}"): SAID,
    ("POST", "/uploads"): NOT_TUS,
    ("POST", "/uploads/{upload_id}"): NOT_TUS,
    ("PATCH", "/uploads/{upload_id}"): NOT_TUS,
    ("DELETE", "/uploads/{upload_id}"): NOT_TUS,
    # Survey apps: the key in the address counts, and nothing else.
    ("GET", "/key/{token}/formList"): NO_KEY,
    ("GET", "/key/{token}/forms/{form_id}"): NO_KEY,
    ("GET", "/key/{token}/forms/{form_id}/manifest"): NO_KEY,
    ("POST", "/key/{token}/submission"): NO_KEY,
    # Evaluators and governance read; only evaluators decide about codes.
    ("GET", "/search"): (303, 403, 200, 200, 403),
    ("GET", "/stories"): (303, 403, 200, 200, 403),
    ("GET", "/stories/{story_id}"): (303, 403, 200, 200, 403),
    ("GET", "/stories/{story_id}/audio"): (404, 404, 404, 404, 404),
    ("POST", "/stories/{story_id}/again"): (303, 403, 409, 409, 403),
    ("POST", "/stories/{story_id}/checks/{doubt_id}"): (303, 403, 404, 403, 403),
    ("POST", "/stories/{story_id}/codings"): (303, 403, 422, 403, 403),
    ("POST", "/stories/{story_id}/suggestions/{suggestion_id}"): (303, 403, 422, 403, 403),
    ("POST", "/stories/{story_id}/codings/{coding_id}/drop"): (303, 403, 409, 403, 403),
    ("POST", "/stories/{story_id}/codings/{coding_id}/move"): (303, 403, 409, 403, 403),
    ("POST", "/stories/{story_id}/codings/{coding_id}/undo"): (303, 403, 403, 403, 403),
    # Only evaluators with a right of their own write versions: see test_framework_draft.
    ("GET", "/framework-versions"): (303, 403, 200, 200, 403),
    ("POST", "/framework-versions/again"): (303, 403, 403, 403, 403),
    ("GET", "/framework-versions/{name}/moved"): (303, 403, 404, 404, 403),
    ("POST", "/framework-versions/{name}/moved/{moved_id}"): (303, 403, 404, 403, 403),
    ("POST", "/admin/people/{person_id}/frameworks"): (303, 403, 403, 403, 303),
    **{
        (method, f"/framework-draft{path}"): (303, 403, 403, 403, 403)
        for path, methods in DRAFTED.items()
        for method in methods
    },
    # The recorder on phones: it reads JSON, and cannot follow to the page for signing in.
    ("GET", "/collect/me"): (401, 200, 403, 403, 403),
    ("GET", "/collect/sent"): (401, 200, 403, 403, 403),
    ("POST", "/collect/stories"): (401, 422, 403, 403, 403),
    ("POST", "/collect/stories/{client_id}/finish"): (401, 404, 403, 403, 403),
    ("DELETE", "/collect/stories/{client_id}"): (401, 204, 403, 403, 403),
    ("GET", "/worker"): (303, 200, 403, 403, 403),
    ("GET", "/worker/new"): (303, 200, 403, 403, 403),
    ("POST", "/worker/new"): (303, 422, 403, 403, 403),
    ("GET", "/worker/saved"): (303, 200, 403, 403, 403),
    ("POST", "/worker/saved"): (303, 422, 403, 403, 403),
    ("GET", "/worker/stories/{story_id}"): (303, 404, 403, 403, 403),
    ("POST", "/worker/stories/{story_id}"): (303, 404, 403, 403, 403),
    ("GET", "/worker/stories/{story_id}/audio"): (303, 404, 403, 403, 403),
    ("GET", "/worker/stories/{story_id}/voices"): (303, 404, 403, 403, 403),
    ("POST", "/worker/stories/{story_id}/voices"): (303, 404, 403, 403, 403),
    ("GET", "/worker/stories/{story_id}/spoken-consent"): (303, 404, 403, 403, 403),
    ("POST", "/worker/stories/{story_id}/again"): (303, 404, 403, 403, 403),
    **{("GET", f"/admin{path}"): (303, 403, 403, 403, 200) for path in ADMINS},
    ("POST", "/admin/invitations"): (303, 403, 403, 403, 422),
    ("POST", "/admin/people/{person_id}/disable"): (303, 403, 403, 403, 303),
    ("POST", "/admin/people/{person_id}/enable"): (303, 403, 403, 403, 303),
    ("POST", "/admin/places"): (303, 403, 403, 403, 422),
    ("POST", "/admin/programmes"): (303, 403, 403, 403, 422),
    ("POST", "/admin/programmes/{slug}/prompt"): (303, 403, 403, 403, 303),
    ("POST", "/admin/programmes/{slug}/words"): (303, 403, 403, 403, 422),
    ("POST", "/admin/programmes/{slug}/words/{word_id}/remove"): (303, 403, 403, 403, 404),
    ("POST", "/admin/programmes/{slug}/wording"): (303, 403, 403, 403, 422),
    ("POST", "/admin/programmes/{slug}/wording/use"): (303, 403, 403, 403, 303),
    ("POST", "/admin/wording"): (303, 403, 403, 403, 422),
    ("POST", "/admin/wording/use"): (303, 403, 403, 403, 303),
    # Advice on words: for those who write, and nothing of it is kept.
    ("POST", "/words"): (303, 200, 403, 403, 200),
    ("GET", "/strengths"): (303, 403, 200, 200, 403),
    ("GET", "/worker/paper"): (303, 200, 403, 403, 403),
    ("POST", "/worker/paper"): (303, 422, 403, 403, 403),
    ("GET", "/admin/programmes/{slug}/paper.pdf"): (303, 200, 200, 200, 200),
    # A list of somebody else's is there for nobody.
    ("GET", "/import"): (303, 403, 200, 403, 200),
    ("POST", "/import"): (303, 403, 422, 403, 422),
    ("GET", "/import/{import_id}"): (303, 403, 404, 403, 404),
    ("GET", "/import/{import_id}/mistakes.csv"): (303, 403, 404, 403, 404),
    ("POST", "/import/{import_id}/columns"): (303, 403, 404, 403, 404),
    ("POST", "/import/{import_id}/start"): (303, 403, 404, 403, 404),
    ("POST", "/import/{import_id}/go"): (303, 403, 404, 403, 404),
    ("POST", "/import/{import_id}/change"): (303, 403, 404, 403, 404),
    ("POST", "/import/{import_id}/delete"): (303, 403, 404, 403, 404),
    ("POST", "/admin/phones"): (303, 403, 403, 403, 422),
    # Words as told: governance and admins, after a reason; evaluators never.
    ("GET", "/masks"): (303, 403, 403, 200, 200),
    ("POST", "/masks"): (303, 403, 403, 422, 422),
    ("GET", "/masks/{story_id}"): (303, 403, 403, 303, 303),
    ("POST", "/masks/{story_id}"): (303, 403, 403, 303, 303),
    ("POST", "/admin/known-places"): (303, 403, 403, 403, 422),
    ("POST", "/admin/known-places/{place_id}/remove"): (303, 403, 403, 403, 404),
    ("POST", "/admin/phones/{key_id}/revoke"): (303, 403, 403, 403, 404),
}


def _routes() -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for router in all_routers()
        for route in router.routes
        for method in route.methods - {"HEAD"}
    }


@dataclass
class Ground:
    """What stands in the addresses: a typed story of nobody here, with one coding."""

    values: dict[str, str]

    def address(self, path: str) -> str:
        return path.format(**self.values)


@pytest.fixture
def ground(app, client, engine, desk):
    use_hash_embedder(app)
    story_id = tell(engine, desk, "The bus never comes.")
    with transaction(engine) as session:
        someone = make_person(session)
        suggestion = session.exec(select(SuggestionRow)).one()
        made = coding.decide(session, Actor(someone.id, Role.EVALUATOR), suggestion.id, "confirmed")
        code = accounts.invite(session, Newcomer("a@b.org", "A", Role.WORKER), by=None)
        other = make_person(session)
        owner = Actor(other.id, Role.EVALUATOR)
        import_id = keep_list(session, desk.keyring, owner, b"id,text\na,The bus never comes.")
        return Ground({
            "story_id": story_id, "suggestion_id": suggestion.id, "coding_id": made.id,
            "doubt_id": 1, "word_id": 1, "person_id": other.id, "code": code,
            "name": "good-life@1", "copy": "told", "token": "x", "form_id": "storybank-thriving",
            "key_id": 1, "place_id": 1, "import_id": import_id,
            "slug": "thriving", "way": "write", "moved_id": 1, "act": "retire",
            "upload_id": "0" * 32, "client_id": str(uuid.uuid4()),
        })  # fmt: skip


def test_every_route_has_a_row_and_every_row_a_route():
    assert _routes() == set(EXPECTED)


@pytest.mark.parametrize("number", range(len(WHO)), ids=[str(role) for role in WHO])
def test_every_route_answers_each_role_as_it_should(client, engine, ground, number):
    role = WHO[number]
    wrong = []
    cookie = None
    for (method, path), expected in sorted(EXPECTED.items()):
        client.cookies.clear()
        if role is not None:
            # A page that changes something may end a sign-in.
            cookie = cookie_for(engine, role)[1] if method != "GET" or not cookie else cookie
            client.cookies.set("storybank-staff", cookie)
        answer = client.request(
            method, ground.address(path), headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=False,
        )  # fmt: skip
        if answer.status_code != expected[number]:
            wrong.append(f"{method} {path}: {answer.status_code}, not {expected[number]}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_kept_by_caches(client, engine, ground):
    client.cookies.set("storybank-staff", cookie_for(engine, Role.EVALUATOR)[1])
    for path in sorted(path for method, path in EXPECTED if method == "GET"):
        answer = client.get(ground.address(path), follow_redirects=False)
        assert answer.headers["cache-control"] == "no-store", path


def test_a_withdrawn_story_is_gone_for_everybody(client, engine, ground):
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(ground.values["story_id"]))
        story.withdrawn_at, story.wrapped_key = story.created_at, None
        session.add(story)
    for role in (Role.EVALUATOR, Role.GOVERNANCE):
        client.cookies.clear()
        client.cookies.set("storybank-staff", cookie_for(engine, role)[1])
        assert client.get(ground.address("/stories/{story_id}")).status_code == 404
        assert "bus never" not in client.get("/search?q=bus").text
