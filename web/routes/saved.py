"""Outreach workers: send a story that was saved from the recorder as a file."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from storybank.capture.saved_items import take_saved
from storybank.errors import BadInput, Busy, Conflict, OthersStory, StorybankError, YesNotHeard
from web.codes import code_picture
from web.deps import HeldDep
from web.errors import status_of
from web.forms import FormDep, Problems
from web.render import page
from web.routes.collect import CROWDED
from web.staff import WorkerDep

router = APIRouter()


@router.get("/worker/saved", name="worker_saved")
def choose(request: Request, actor: WorkerDep) -> Response:
    """Show how to send a story that was saved from a phone."""
    return page(request, "worker/saved.html")


@router.post("/worker/saved")
def send(request: Request, held: HeldDep, actor: WorkerDep, form: FormDep) -> Response:
    """Make the saved story safe and show its receipt; the same file again says the same."""
    content = form.file("saved")
    if not content:
        sentence = "Choose the file that you saved from the recorder"
        return _again(request, BadInput(message=sentence))
    try:
        with held.assembling.turn(Busy(message=CROWDED)):
            ticked = form.text("ticked") == "yes"
            standing = take_saved(held.engine, held.desk, actor, content, ticked=ticked)
    except (BadInput, Conflict, OthersStory) as error:
        return _again(request, error)
    code = standing.receipt
    picture = code_picture(request, code) if code else None
    return page(request, "worker/saved_safe.html", standing=standing, code=code, qr=picture)


def _again(request: Request, error: StorybankError) -> Response:
    problems = Problems()
    problems.add("saved", error.message)
    # Where the clip is what is wrong, the ticks can stand for it: only then are they offered.
    offered = isinstance(error, YesNotHeard)
    return page(
        request, "worker/saved.html", problems=problems, ticks=offered, status=status_of(error)
    )
