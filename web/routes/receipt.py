"""Come back to a story with its receipt code: type it, or find it typed in from a QR code."""

import asyncio
import base64
import json
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.db import transaction
from storybank.errors import Unsealable
from storybank.keys import RECEIPT_DIGITS, tidy_receipt
from storybank.sealed import seal, unseal
from storybank.sentences import sentence
from storybank.tables import Story, now
from web.deps import HeldDep
from web.forms import FormDep, Problems
from web.language import SPEAK, only_speaks
from web.receipts import find_story, let_in, note_try
from web.render import page

router = APIRouter()

NO_SUCH_CODE = "There is no story with this code. Check each digit and try again."
WRONG_LENGTH = (
    "There is no story with this code. A code has %(digits)s digits. You typed %(typed)s."
)


SHOWN_AGAIN_S = 60
"""How long a code that was typed wrongly stands in its box again, to be mended."""
_AGAIN = "typed code"


@router.get("/receipt", name="receipt")
def enter(request: Request, again: str = "") -> Response:
    """Ask for the receipt code; the page's script takes it out of the address's fragment.

    `again` is what was typed before, sealed: a form with a code in it is never answered with a
    page, since browsers keep on their disk what a page was the answer to.
    """
    typed, digits = _typed_before(request, again)
    if digits is None:
        return page(request, "receipt/enter.html", typed=typed)
    says: str = NO_SUCH_CODE
    if digits != RECEIPT_DIGITS:
        says = sentence(WRONG_LENGTH, digits=RECEIPT_DIGITS, typed=digits)
    problems = Problems({"code": says})
    return page(request, "receipt/enter.html", problems=problems, typed=typed, status=422)


@router.post("/receipt")
async def open_with_code(request: Request, held: HeldDep, form: FormDep) -> Response:
    """Open the story whose code was typed; the code itself goes into no address and no cookie.

    Whoever guesses waits here, where a wait holds neither a thread nor a database session.
    """
    if only_speaks(form):
        return _ask_again(request, form.text("code"), None, lang=form.text(SPEAK))
    wait = await run_in_threadpool(_note_try, held.engine, request)
    await asyncio.sleep(wait)
    return await run_in_threadpool(_open, held.engine, request, form.text("code"))


def _note_try(engine: Engine, request: Request) -> float:
    with transaction(engine) as session:
        return note_try(session, request)


def _open(engine: Engine, request: Request, typed: str) -> Response:
    with transaction(engine) as session:
        story = find_story(session, request, typed)
    if story is None:
        return _ask_again(request, typed, len(tidy_receipt(typed)))
    return _lead_to(request, story)


def _lead_to(request: Request, story: Story) -> Response:
    name = "gone" if story.withdrawn_at else "own_story"
    response = RedirectResponse(request.app.url_path_for(name), 303)
    let_in(request, response, story.id)
    return response


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
