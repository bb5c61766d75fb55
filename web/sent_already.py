"""Who comes back to the form after sending is led to the code, not told to start again."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.drafts import sent_before
from storybank.db import reading
from storybank.errors import DraftGone
from web import errors
from web.drafting import draft_of
from web.routes.sending import CODE_SHOWN_S
from web.security import cookie_name


async def show_gone(request: Request, error: Exception) -> Response:
    """Lead to the page with the code where this browser sent its story a moment ago.

    With the phone's Back, or in a second tab, the answers are gone because they arrived. Somebody
    who reads "start again" would tell it twice.
    """
    if errors.asked_by_script(request) or not await run_in_threadpool(_arrived, request):
        return await errors.show(request, error)
    return RedirectResponse(request.app.url_path_for("sent"), 303)


def _arrived(request: Request) -> bool:
    """Say whether a story of this browser arrived, and none was begun since."""
    held = request.app.state.held
    cookie = request.cookies.get(cookie_name(request, "sent"), "")
    with reading(held.engine) as session:
        if not cookie or draft_of(request, session, held) is not None:
            return False
        try:
            sent_before(session, held.desk.keyring, cookie, within=timedelta(seconds=CODE_SHOWN_S))
        except DraftGone:
            return False
    return True
