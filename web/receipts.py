"""A teller's way back to their story: from the receipt code to a short-lived signed cookie."""

import hmac
import uuid
from datetime import date, timedelta

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from storybank import throttle
from storybank.keys import RECEIPT_DIGITS, Keyring, tidy_receipt
from storybank.tables import Story, now
from web.security import cookie_name, set_cookie

LASTS = timedelta(minutes=30)
"""How long a story stays open in a browser; opening a page of it starts the time anew."""

FROM_ONE = throttle.Limit("receipt", free=20, most=60)
"""Wrong codes from one address; generous, since everybody in a library shares one."""

FROM_ALL = throttle.Limit("receipt-all", free=3000, most=3000)
"""Wrong codes from everywhere; without it, many machines could guess together."""


def find_story(request: Request, session: Session, typed: str) -> Story | None:
    """Give the story whose code was typed, or None, and then count the try.

    Raises TooManyTries. The caller must let the session commit, or the try is not counted.
    """
    keyring: Keyring = request.app.state.held.desk.keyring
    client = request.client.host if request.client else ""
    one = keyring.digest(f"address|{client}|{date.today()}")  # noqa: DTZ011 (any day will do)
    everyone = keyring.digest("address|all")
    throttle.check(session, FROM_ONE, one)
    throttle.check(session, FROM_ALL, everyone)
    code = tidy_receipt(typed)
    if len(code) == RECEIPT_DIGITS:
        query = select(Story).where(Story.receipt_digest == keyring.digest(code))
        story = session.exec(query.where(col(Story.withdrawn_at).is_(None))).one_or_none()
        if story is not None:
            return story
    throttle.count(session, FROM_ONE, one)
    throttle.count(session, FROM_ALL, everyone)
    return None


def let_in(request: Request, response: Response, story_id: uuid.UUID) -> None:
    """Give the browser a cookie that opens one story for half an hour."""
    until = int((now() + LASTS).timestamp())
    value = f"{story_id}.{until}.{_mark(request, story_id, until)}"
    set_cookie(request, response, "story", value, seconds=int(LASTS.total_seconds()))


def opened_story(request: Request, session: Session) -> Story | None:
    """Give the story that this browser opened with its code, or None."""
    value = request.cookies.get(cookie_name(request, "story"), "")
    try:
        name, until, mark = value.split(".")
        story_id, ends = uuid.UUID(name), int(until)
    except ValueError:
        return None
    genuine = hmac.compare_digest(mark.encode(), _mark(request, story_id, ends).encode())
    if not genuine or ends < now().timestamp():
        return None
    query = select(Story).where(Story.id == story_id, col(Story.withdrawn_at).is_(None))
    return session.exec(query).one_or_none()


def _mark(request: Request, story_id: uuid.UUID, until: int) -> str:
    keyring: Keyring = request.app.state.held.desk.keyring
    return keyring.digest(f"open story|{story_id}|{until}").hex()
