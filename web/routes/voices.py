"""Who speaks in a recording: the worker who sent it, or its teller, names the voices."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit
from storybank.capture.own_story import take_hold
from storybank.capture.recordings import recording_of
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import FormDep
from web.language import only_speaks
from web.naming import WHO, Naming, answered, asked, refilled
from web.receipts import let_in, opened_story, story_on_page, way_back
from web.render import page
from web.routes.own_story import back_to_story, sound_of
from web.routes.worker_story import Bench, BenchDep

router = APIRouter()

ACT = "name-voices"


@router.get("/worker/stories/{story_id}/voices", name="worker_voices")
def worker_asks(bench: BenchDep) -> Response:
    """Show the voices of a story to the worker who sent it; that it was opened is noted."""
    audit.note(bench.session, bench.actor.person_id, "open-sent-story", bench.story.id)
    return _worker_page(bench, asked(bench.session, bench.held.desk, bench.story))


@router.post("/worker/stories/{story_id}/voices")
def worker_says(form: FormDep, bench: BenchDep) -> Response:
    """Keep whose voices they are, as a new version that is read again."""
    made = answered(bench.session, bench.held.desk, bench.story, form)
    if isinstance(made, Naming):
        return _worker_page(bench, made)
    version = f"version {made.version}"
    audit.note(bench.session, bench.actor.person_id, ACT, bench.story.id, version)
    return RedirectResponse(f"{bench.address}?saved=1", status_code=303)


@router.get("/receipt/voices", name="own_voices")
def teller_asks(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Show the voices of a recording to its teller."""
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    naming = asked(session, held.desk, story)
    sound = sound_of(request, recording_of(session, story.id))
    response = _page(request, "receipt/voices.html", naming, sound)
    let_in(request, response, story.id)
    return response


@router.post("/receipt/voices")
def teller_says(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep what the teller says about who speaks, as a new version that is read again."""
    story = story_on_page(request, session, form)
    if story is None:
        return way_back(request, session)
    sound = sound_of(request, recording_of(session, story.id))
    if only_speaks(form):
        naming = refilled(asked(session, held.desk, story), form)
        return _page(request, "receipt/voices.html", naming, sound)
    take_hold(session, story)
    made = answered(session, held.desk, story, form)
    if isinstance(made, Naming):
        response = _page(request, "receipt/voices.html", made, sound)
        let_in(request, response, story.id)
        return response
    audit.note(session, None, "teller-names-voices", story.id, f"version {made.version}")
    return back_to_story(request, "voices")


def _worker_page(bench: Bench, naming: Naming) -> Response:
    return _page(bench.request, "worker/voices.html", naming, bench.sound, story=bench.story)


def _page(
    request: Request, template: str, naming: Naming, sound: str | None, **more: Any
) -> Response:
    return page(
        request,
        template,
        naming=naming,
        who=WHO,
        sound=sound,
        problems=naming.problems,
        status=naming.status,
        **more,
    )
