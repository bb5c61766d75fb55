"""Tell a story: which is sent, where there are words and a recording."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.answers import Answers
from storybank.capture.drafts import drop_recording
from web.deps import HeldDep, ReaderDep, SessionDep
from web.drafting import begun, go_on, keep, next_page
from web.forms import FormDep, Problems
from web.language import only_speaks
from web.one_story import begun_on_page
from web.render import page

router = APIRouter()

RECORDING, WORDS = "recording", "words"
"""What a teller may choose to send."""


@router.get("/tell/which", name="which")
def which(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Show the words and the recording, and ask which of them is sent; nothing is chosen before."""
    answers = begun(request, session, held)
    if not answers.both:
        return RedirectResponse(request.app.url_path_for(next_page(answers)), 303)
    return _which_page(request, answers, "")


@router.post("/tell/which")
def choose(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep what was chosen, and delete the other; where one is gone already, delete nothing."""
    answers = begun_on_page(request, session, held, form)
    if not answers.both:
        return RedirectResponse(request.app.url_path_for(next_page(answers)), 303)
    chosen, stale = form.text("which"), None
    if only_speaks(form):
        return _which_page(request, answers, chosen)
    if chosen == RECORDING:
        answers = replace(answers, text=None)
    elif chosen == WORDS:
        answers = replace(answers, recorded=None, container=None)
    else:
        problems = Problems({"which": "Choose which of the two to send"})
        return _which_page(request, answers, chosen, problems=problems, status=422)
    cookie = keep(request, session, held, answers)
    if chosen == WORDS:
        stale = drop_recording(session, held.desk.keyring, cookie)
    return go_on(request, held, cookie, answers, stale)


def _which_page(
    request: Request,
    answers: Answers,
    chosen: str,
    *,
    problems: Problems | None = None,
    status: int = 200,
) -> Response:
    return page(
        request, "capture/which.html", answers=answers, chosen=chosen,
        problems=problems or Problems(), status=status,
    )  # fmt: skip
