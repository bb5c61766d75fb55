"""The last steps: check the answers, send, get the receipt code; or delete the answers."""

from datetime import timedelta

from fastapi import APIRouter
from sqlmodel import Session, select
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture import drafts, own_reading, uploads
from storybank.capture.answers import Answers
from storybank.capture.uploads import Owner
from storybank.capture.wordings import wording_named
from storybank.consent import SHIPPED
from storybank.tables import Place
from web.codes import code_picture
from web.deps import HeldDep, ReaderDep, SessionDep
from web.drafting import (
    begun,
    cookie_of,
    draft_of,
    drop_cookies,
    forget,
    next_page,
    programme_of,
)
from web.forms import FormDep
from web.language import chosen
from web.one_story import check_story
from web.receipts import let_in
from web.render import page
from web.routes.asking import RELATIONS
from web.security import cookie_name, drop_cookie, set_cookie

router = APIRouter()

CODE_SHOWN_S = 15 * 60
"""How long the page with the code can be loaded again, in seconds; then nobody can see it."""


@router.get("/tell/check", name="check")
def check(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Show all answers with a way to change each."""
    answers = begun(request, session, held)
    if not answers.complete:
        return RedirectResponse(request.app.url_path_for(next_page(answers)), 303)
    return _check_page(request, session, answers)


def _check_page(
    request: Request, session: Session, answers: Answers, *, changed: bool = False
) -> Response:
    place = session.exec(select(Place).where(Place.slug == answers.place)).one_or_none()
    programme = programme_of(session, answers.programme)
    asked = wording_named(session, answers.wording, programme.id if programme else None) or SHIPPED
    return page(
        request, "capture/check.html", answers=answers, place=place, programme=programme,
        questions=asked.in_language(chosen(request)).questions, relations=RELATIONS,
        readings=own_reading.QUESTIONS, choices_of=own_reading.choices_of,
        changed=changed, status=409 if changed else 200,
    )  # fmt: skip


@router.post("/tell/check")
def send(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Receive the story; sent twice, it is one story with one code.

    Where a question came up since the page was loaded, that comes first; where an answer was
    changed in another tab, all are shown again, for nothing is sent that was not seen.
    """
    cookie, answers = cookie_of(request) or "", draft_of(request, session, held)
    if answers is not None:
        check_story(request, form)
    if answers is not None and not answers.complete:
        return RedirectResponse(request.app.url_path_for(next_page(answers)), 303)
    if answers is not None and form.text("seen") != answers.whole_mark:
        return _check_page(request, session, answers, changed=True)
    received, stale = drafts.send(session, held.desk, cookie, chosen(request))
    uploads.drop_all(session, held.desk.keyring, Owner.for_draft(cookie))
    task = BackgroundTask(drafts.delete_blobs, held.desk.blobs, [stale])
    response = RedirectResponse(request.app.url_path_for("sent"), 303, background=task)
    drop_cookies(request, response)
    set_cookie(request, response, "sent", cookie)
    let_in(request, response, received.story_id)
    return response


@router.get("/tell/sent", name="sent")
def sent(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Show the receipt code: for a quarter of an hour, in the browser that sent the story."""
    cookie = request.cookies.get(cookie_name(request, "sent"), "")
    within = timedelta(seconds=CODE_SHOWN_S)
    received = drafts.sent_before(session, held.desk.keyring, cookie, within=within)
    return page(
        request, "capture/sent.html", code=received.receipt,
        qr=code_picture(request, received.receipt),
        address=f"{held.settings.public_url.rstrip('/')}/receipt",
    )  # fmt: skip


@router.post("/tell/finish", name="finish")
def finish(request: Request, form: FormDep) -> Response:
    """Take every trace of the teller out of this browser."""
    response = RedirectResponse(request.app.url_path_for("home"), 303)
    drop_cookies(request, response)
    for what in ("sent", "story"):
        drop_cookie(request, response, what)
    return response


@router.post("/tell/delete", name="delete_draft")
def delete_draft(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Delete the unsent answers, with their recording."""
    if draft_of(request, session, held) is not None:
        check_story(request, form)
    stale = forget(session, held, cookie_of(request))
    task = BackgroundTask(drafts.delete_blobs, held.desk.blobs, [stale])
    response = RedirectResponse(request.app.url_path_for("home"), 303, background=task)
    drop_cookies(request, response)
    return response
