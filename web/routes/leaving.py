"""Leave in a hurry: take every trace that can be taken out of this browser, and go elsewhere."""

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.drafts import delete_blobs
from storybank.db import transaction
from web.deps import HeldDep
from web.drafting import cookie_of, drop_cookies, forget
from web.render import page
from web.security import drop_cookie
from web.state import Held

router = APIRouter()

ELSEWHERE = "https://www.bbc.co.uk/weather"
"""What the next person sees: a page that anybody may have been looking at."""


@router.get("/leave", name="leave")
def leave(request: Request, held: HeldDep) -> Response:
    """Delete the teller's unsent answers, close their story in this browser, go to the weather.

    A link on another site must not make somebody's answers go, so then all stays. A browser that
    keeps whole pages in memory for Back forgets them when a cookie changes: each page with a form
    has that of forms, also before the first word is sent.
    """
    response = RedirectResponse(ELSEWHERE, 303, headers={"Referrer-Policy": "no-referrer"})
    if request.headers.get("sec-fetch-site") != "cross-site":
        drop_cookies(request, response)
        for what in ("sent", "story", "lang", "form"):
            drop_cookie(request, response, what)
        # Afterwards: whoever is in a hurry waits for no database, not even for one that is down.
        response.background = BackgroundTask(_forget, held, cookie_of(request))
    return response


def _forget(held: Held, cookie: str | None) -> None:
    with transaction(held.engine) as session:
        stale = forget(session, held, cookie)
    delete_blobs(held.desk.blobs, [stale])


@router.get("/safety", name="safety")
def safety(request: Request) -> Response:
    """Say what leaving in a hurry does and does not do, and who helps."""
    return page(request, "pages/safety.html")
