"""Who asks: the sign-in cookie to a person and a role."""

from sqlmodel import Session
from starlette.requests import Request

from storybank.access import NOBODY, Actor
from web.security import cookie_name


def has_cookie(request: Request) -> bool:
    """Say whether the browser sent a sign-in cookie at all, so that visitors cost no query."""
    return cookie_name(request, "staff") in request.cookies


def actor_of(request: Request, session: Session) -> Actor:
    """Give the person whose cookie this is, or NOBODY."""
    return NOBODY
