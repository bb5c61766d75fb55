"""The page before the first word: how to leave, whose phone it is, what becomes of an unsent story.

No unsent story is deleted unless somebody says so. Who may have sat here before is not shown to
who comes next (decision 29): of theirs it is only said that there is one.
"""

from dataclasses import replace
from typing import Literal

from fastapi import APIRouter
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.answers import Answers
from storybank.capture.drafts import delete_blobs, hold_draft, new_cookie, save_draft
from web.deps import HeldDep, ReaderDep, SessionDep
from web.drafting import (
    asked,
    begun_by_same_person,
    begun_page,
    changed,
    cookie_of,
    draft_of,
    drop_cookies,
    forget,
    hand_cookie,
    keep,
)
from web.forms import Form, FormDep
from web.one_story import is_of_open_story
from web.render import page
from web.state import Held

router = APIRouter()

Way = Literal["record", "write", "upload"]
"""The routes by which a story is told."""
CARRY_ON, DELETE = "carry-on", "delete"
"""What somebody says of an unsent story; no page gives an answer unless it has asked."""


@router.get("/tell/before/{way}", name="before")
def before(request: Request, session: ReaderDep, held: HeldDep, way: Way) -> Response:
    """Say, before the first word, how to leave in a hurry; ask whose phone or computer it is.

    Where a story is unsent, ask first what becomes of it.
    """
    answers = draft_of(request, session, held)
    if answers is not None and begun_page(request, session, held, answers):
        return _unsent_page(request, way, answers, theirs=begun_by_same_person(request, answers))
    own = answers is not None and answers.own
    return page(request, "capture/before.html", way=way, what=asked(request), own=own)


@router.post("/tell/before/{way}")
def set_out(
    request: Request, session: SessionDep, held: HeldDep, way: Way, form: FormDep
) -> Response:
    """Go to the first word; or carry on with the unsent story, or delete it, as they say.

    A page that did not ask, or asked about another one, is older than the story: it is this
    browser's own history, so who sends it may carry on.
    """
    hold_draft(session, held.desk.keyring, cookie_of(request))
    said, answers = form.text("unsent"), draft_of(request, session, held)
    goes_on = begun_page(request, session, held, answers)
    if answers is None or goes_on is None:
        return _first_word(request, session, held, way, form)
    asked_of_it = is_of_open_story(request, form)
    if said == DELETE and asked_of_it:
        return _begin_again(request, session, held, way, form)
    if said != CARRY_ON or not asked_of_it:
        return _unsent_page(request, way, answers, theirs=True, form=form, status=409)
    answers = replace(answers, own=form.text("own") == "yes")
    response = RedirectResponse(request.app.url_path_for(goes_on), 303)
    hand_cookie(request, response, keep(request, session, held, answers), answers)
    return response


def _unsent_page(
    request: Request,
    way: Way,
    answers: Answers,
    *,
    theirs: bool,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    """Ask what becomes of an unsent story; `theirs` is whether who asks told it."""
    return page(
        request, "capture/unsent.html", way=way, what=asked(request, form), own=answers.own,
        theirs=theirs, status=status,
    )  # fmt: skip


def _begin_again(request: Request, session: Session, held: Held, way: Way, form: Form) -> Response:
    """Delete the unsent story, and show the page before the first word as to anybody new."""
    stale = forget(session, held, cookie_of(request))
    address = f"{request.app.url_path_for('before', way=way)}{asked(request, form).query}"
    task = BackgroundTask(delete_blobs, held.desk.blobs, [stale])
    response = RedirectResponse(address, 303, background=task)
    drop_cookies(request, response)
    return response


def _first_word(request: Request, session: Session, held: Held, way: Way, form: Form) -> Response:
    """Go to the first word, with nothing of whoever may have sat at this computer before.

    The cookie is there from now on: two tabs whose first words leave at the same moment tell one
    story, and the second is told of the first.
    """
    what = asked(request, form)
    stale = forget(session, held, cookie_of(request))
    task = BackgroundTask(delete_blobs, held.desk.blobs, [stale])
    response = RedirectResponse(
        f"{request.app.url_path_for(way)}{what.query}", 303, background=task
    )
    cookie, answers = new_cookie(), changed(session, None, what, own=form.text("own") == "yes")
    save_draft(session, held.desk.keyring, cookie, answers)
    hand_cookie(request, response, cookie, answers, name="begun")
    return response
