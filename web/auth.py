"""Who asks: the sign-in cookie to a person and a role, and where each role starts."""

from urllib.parse import quote, urlsplit

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import accounts
from storybank.access import NOBODY, Actor
from storybank.accounts import Tries
from storybank.errors import NotAllowed
from storybank.values import Role
from web.security import cookie_name, drop_cookie, set_cookie

COOKIE = "staff"
LANDING = {
    Role.WORKER: "/worker",
    Role.EVALUATOR: "/search",
    Role.GOVERNANCE: "/search",
    Role.ADMIN: "/admin",
}


class SignInNeeded(NotAllowed):
    """Nobody is signed in, or the sign-in has run out."""

    message = "Sign in to open this page."


def has_cookie(request: Request) -> bool:
    """Say whether the browser sent a sign-in cookie at all, so that visitors cost no query."""
    return cookie_name(request, COOKIE) in request.cookies


def actor_of(request: Request, session: Session) -> Actor:
    """Give the person whose cookie this is, or NOBODY."""
    cookie = request.cookies.get(cookie_name(request, COOKIE), "")
    return accounts.actor_for(session, cookie) if cookie else NOBODY


def tries_of(request: Request, email: str) -> Tries:
    """Give the digests under which tries from this browser's address are counted."""
    client = request.client.host if request.client else ""
    return Tries.of(request.app.state.held.desk.keyring, email, client)


def keep(request: Request, response: Response, cookie: str) -> None:
    """Give the browser its sign-in; it goes with the browser, or after eight hours."""
    seconds = int(accounts.LONGEST.total_seconds())
    set_cookie(request, response, COOKIE, cookie, seconds=seconds, strict=True)


def forget(request: Request, response: Response) -> None:
    """Take the sign-in cookie away."""
    drop_cookie(request, response, COOKIE)


def cookie_of(request: Request) -> str:
    """Give the sign-in cookie as it came; empty where there is none."""
    return request.cookies.get(cookie_name(request, COOKIE), "")


def ask_again(request: Request, response: Response) -> Response:
    """Let somebody who followed a link from elsewhere ask once more, from here.

    The sign-in is not sent along with such a link, and is with what our own page asks for.
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        response.headers["Refresh"] = f"0; url={request.url.path}?{request.url.query}"
    return response


def safe_next(address: str, role: Role) -> str:
    """Give where to go after signing in: a page of ours, or the start page of the role.

    Anything that a browser might read as another site's address is refused.
    """
    odd = not address.startswith("/") or address.startswith("//") or "\\" in address
    if odd or not address.isprintable():
        return LANDING[role]
    parts = urlsplit(address)
    return LANDING[role] if parts.scheme or parts.netloc else address


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError:  # no address at all, such as "http://["
        return "/"


def sign_in_address(request: Request) -> str:
    """Give the address of the sign-in page that leads back here after."""
    wanted = request.url.path
    if request.url.query:
        wanted += f"?{request.url.query}"
    if request.method != "GET" or "HX-Request" in request.headers:
        wanted = _path_of(request.headers.get("referer", ""))
    return f"/sign-in?next={quote(wanted)}" if wanted != "/" else "/sign-in"


def to_sign_in(request: Request) -> Response:
    """Send somebody who is not signed in to the sign-in page, and back here after.

    What htmx asked for cannot be swapped in: the whole page goes there.
    """
    target = sign_in_address(request)
    if "HX-Request" in request.headers:
        return Response(status_code=200, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)
