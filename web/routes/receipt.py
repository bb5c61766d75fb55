"""Come back to a story with its receipt code: type it, or find it typed in from a QR code."""

import asyncio
import base64
import json
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.unsaved import FORMS, open_unsaved
from storybank.db import transaction
from storybank.errors import Unsealable
from storybank.keys import RECEIPT_DIGITS, tidy_receipt
from storybank.sealed import seal, unseal
from storybank.sentences import sentence
from storybank.tables import Story, now
from web.deps import HeldDep
from web.forms import FormDep, Problems
from web.language import SPEAK, only_speaks
from web.receipts import NOTHING_CHANGED, find_story, let_in, note_try
from web.render import page
from web.retyping import AGAIN

router = APIRouter()

NO_SUCH_CODE = "There is no story with this code. Check each digit and try again."
WRONG_LENGTH = (
    "There is no story with this code. A code has %(digits)s digits. You typed %(typed)s."
)


SHOWN_AGAIN_S = 60
"""How long a code that was typed wrongly stands in its box again, to be mended."""
_AGAIN = "typed code"


@router.get("/receipt", name="receipt")
def enter(request: Request, again: str = "", late: str = "") -> Response:
    """Ask for the receipt code; the page's script takes it out of the address's fragment.

    `again` is what was typed before, sealed: a form with a code in it is never answered with a
    page, since browsers keep on their disk what a page was the answer to. `late` is what became of
    a form whose story was not open any more.
    """
    typed, digits = _typed_before(request, again)
    late = late if late in (NOTHING_CHANGED, *FORMS) else ""
    if digits is None:
        return page(request, "receipt/enter.html", typed=typed, late=late)
    says: str = NO_SUCH_CODE
    if digits != RECEIPT_DIGITS:
        says = sentence(WRONG_LENGTH, digits=RECEIPT_DIGITS, typed=digits)
    problems = Problems({"code": says})
    return page(
        request, "receipt/enter.html", problems=problems, typed=typed, late=late, status=422
    )


@router.post("/receipt")
async def open_with_code(request: Request, held: HeldDep, form: FormDep) -> Response:
    """Open the story whose code was typed; the code itself goes into no address and no cookie.

    Whoever guesses waits here, where a wait holds neither a thread nor a database session.
    """
    late = {"late": form.text("late")} if form.text("late") else {}
    if only_speaks(form):
        return _ask_again(request, form.text("code"), None, lang=form.text(SPEAK), **late)
    wait = await run_in_threadpool(_note_try, held.engine, request)
    await asyncio.sleep(wait)
    return await run_in_threadpool(_open, held.engine, request, form.text("code"), late)


def _note_try(engine: Engine, request: Request) -> float:
    with transaction(engine) as session:
        return note_try(session, request)


def _open(engine: Engine, request: Request, typed: str, late: dict[str, str]) -> Response:
    with transaction(engine) as session:
        story = find_story(session, request, typed)
        if story is None:
            return _ask_again(request, typed, len(tidy_receipt(typed)), **late)
        response = RedirectResponse(_way_in(request, session, story, late.get("late", "")), 303)
        let_in(request, response, story.id)
        return response


def _way_in(request: Request, session: Session, story: Story, late: str) -> str:
    """Give the address of the story, or of the form into which something was typed before."""
    path = request.app.url_path_for
    if story.withdrawn_at is not None:
        return str(path("gone"))
    keyring = request.app.state.held.desk.keyring
    if late in FORMS and open_unsaved(session, keyring, story, late) is not None:
        return f"{path(late)}?{urlencode({AGAIN: '1'})}"
    return str(path("own_story"))


def _ask_again(request: Request, typed: str, digits: int | None, **query: str) -> Response:
    """Lead back to the question; `digits` is how many a wrong code has, None for one not tried."""
    said = json.dumps([typed[:100], digits, now().timestamp()]).encode()
    key = request.app.state.held.desk.keyring.digest(_AGAIN)
    query["again"] = base64.urlsafe_b64encode(seal(key, said, _AGAIN)).decode()
    address = f"{request.app.url_path_for('receipt')}?{urlencode(query)}"
    return RedirectResponse(address, 303)


def _typed_before(request: Request, again: str) -> tuple[str, int | None]:
    """Give what was typed and how many digits it had; nothing where that is too long ago."""
    key = request.app.state.held.desk.keyring.digest(_AGAIN)
    try:
        said = unseal(key, base64.urlsafe_b64decode(again.encode()), _AGAIN)
    except (Unsealable, ValueError):
        return "", None
    typed, digits, at = json.loads(said)
    return (typed, digits) if now().timestamp() - at < SHOWN_AGAIN_S else ("", None)
