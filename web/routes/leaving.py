"""Leave in a hurry: take every trace that can be taken out of this browser, and go elsewhere."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.render import page
from web.security import drop_cookie

router = APIRouter()

ELSEWHERE = "https://www.bbc.co.uk/weather"
"""What the next person sees: a page that anybody may have been looking at."""


@router.get("/leave", name="leave")
def leave(request: Request) -> Response:
    """Close the teller's story in this browser and go to the weather.

    A link on another site must not make somebody's answers go, so then the cookies stay.
    """
    response = RedirectResponse(ELSEWHERE, 303, headers={"Referrer-Policy": "no-referrer"})
    if request.headers.get("sec-fetch-site") != "cross-site":
        for what in ("sent", "story", "draft", "lang"):
            drop_cookie(request, response, what)
    return response


@router.get("/safety", name="safety")
def safety(request: Request) -> Response:
    """Say what leaving in a hurry does and does not do, and who helps."""
    return page(request, "pages/safety.html")
