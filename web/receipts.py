"""A teller's way back to their story: from the receipt code to a short-lived signed cookie."""

import hmac
import uuid
from datetime import date, timedelta

from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import throttle
from storybank.keys import RECEIPT_DIGITS, Keyring, tidy_receipt
from storybank.tables import Story, now
from web.security import cookie_name, set_cookie

LASTS = timedelta(minutes=30)
"""How long a story stays open in a browser; opening a page of it starts the time anew."""

TRIES = throttle.Slowing("receipt", free=20)
"""How wrong codes are slowed; generous, since everybody in a library shares one address.

There are 10^16 codes. Past its free tries one network gets at most 20 answers in 4 seconds, 5 a
second: in a year 1.6 * 10^8 guesses. Against a bank of 100,000 stories each guess is right once in
10^11, so a year of it finds a story with a chance of 1 in 600. Many networks together find no more
than the machine can answer: at 300 pages a second, without a pause for a year, 10^10 guesses, a
chance of 1 in 10, and everybody would have noticed. So nobody has to be locked out.
"""


def note_try(session: Session, request: Request) -> float:
    """Count one try at a code; gives how many seconds it waits. Raises TooManyTries."""
    return throttle.slow(session, TRIES, network_digest(request))


def find_story(session: Session, request: Request, typed: str) -> Story | None:
    """Give the story whose code was typed, withdrawn or not, or None.

    A right code takes its try back: coming home is no guessing.
    """
    code = tidy_receipt(typed)
    if len(code) != RECEIPT_DIGITS:
        return None
    digest = _keyring(request).digest(code)
    story = session.exec(select(Story).where(Story.receipt_digest == digest)).one_or_none()
    if story is not None:
        throttle.take_back(session, throttle.Limit(TRIES.kind, 0, 0), network_digest(request))
    return story


def let_in(request: Request, response: Response, story_id: uuid.UUID) -> None:
    """Give the browser a cookie that opens one story for half an hour, or until it is closed."""
    until = int((now() + LASTS).timestamp())
    value = f"{story_id}.{until}.{_mark(request, story_id, until)}"
    set_cookie(request, response, "story", value)


def opened_story(request: Request, session: Session) -> Story | None:
    """Give the story that this browser opened with its code, or None; never a withdrawn one."""
    story = opened(request, session)
    return story if story is not None and story.withdrawn_at is None else None


def opened(request: Request, session: Session) -> Story | None:
    """Give what this browser opened with its code, also where it was taken back since."""
    value = request.cookies.get(cookie_name(request, "story"), "")
    try:
        name, until, mark = value.split(".")
        story_id, ends = uuid.UUID(name), int(until)
    except ValueError:
        return None
    genuine = hmac.compare_digest(mark.encode(), _mark(request, story_id, ends).encode())
    if not genuine or ends < now().timestamp():
        return None
    return session.get(Story, story_id)


def way_back(request: Request, session: Session) -> Response:
    """Lead whoever has no open story on: to the page for the code, or to what became of it."""
    gone = opened(request, session) is not None
    return RedirectResponse(request.app.url_path_for("gone" if gone else "receipt"), 303)


def network_digest(request: Request) -> bytes:
    """Give a keyed digest of the network that asks, another one each day; never its address."""
    network = throttle.network_of(request.client.host if request.client else "")
    return _keyring(request).digest(f"address|{network}|{date.today()}")  # noqa: DTZ011 (any day)


def _mark(request: Request, story_id: uuid.UUID, until: int) -> str:
    return _keyring(request).digest(f"open story|{story_id}|{until}").hex()


def _keyring(request: Request) -> Keyring:
    keyring: Keyring = request.app.state.held.desk.keyring
    return keyring
