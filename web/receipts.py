"""A teller's way back to their story: from the receipt code to a short-lived signed cookie."""

import hmac
import uuid
from datetime import date, timedelta
from urllib.parse import urlencode

from markupsafe import Markup
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import throttle
from storybank.keys import RECEIPT_DIGITS, Keyring, tidy_receipt
from storybank.tables import Story, now
from web.forms import Form
from web.security import cookie_name, set_cookie

OWN_FIELD = "own_story"
"""Name of the hidden field that says for which story a page was shown."""
NOTHING_CHANGED = "nothing"
"""What the page for the code is told where a form was not done; or the route of what was typed."""
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
    story_id = _opened_id(request)
    return session.get(Story, story_id) if story_id is not None else None


def own_field(request: Request) -> Markup:
    """Give the hidden field for the forms of a story that this browser opened; empty for none."""
    story_id = _opened_id(request)
    if story_id is None:
        return Markup("")
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(OWN_FIELD, _page_mark(request, story_id))


def story_on_page(request: Request, session: Session, form: Form) -> Story | None:
    """Give the open story where it is the one that a form was shown for, else None.

    Two tabs share a cookie: what is answered in one must not count for the story of the other.
    """
    story = opened_story(request, session)
    return story if story is not None and story == story_of_page(request, session, form) else None


def story_of_page(request: Request, session: Session, form: Form) -> Story | None:
    """Give the story that a form was shown for, open or not; never a withdrawn one."""
    mark = form.text(OWN_FIELD)
    try:
        story_id = uuid.UUID(mark.partition(".")[0])
    except ValueError:
        return None
    if not hmac.compare_digest(mark.encode(), _page_mark(request, story_id).encode()):
        return None
    story = session.get(Story, story_id)
    return story if story is not None and story.withdrawn_at is None else None


def way_back(request: Request, session: Session, *, kept: str = NOTHING_CHANGED) -> Response:
    """Lead whoever has no open story on: to the page for the code, or to what became of it.

    Who sent a form reads there that nothing was changed, or, where `kept` names the form, that
    what was typed into it is kept.
    """
    story = opened(request, session)
    if story is not None and story.withdrawn_at is not None:
        return RedirectResponse(request.app.url_path_for("gone"), 303)
    said = f"?{urlencode({'late': kept})}" if request.method == "POST" else ""
    return RedirectResponse(f"{request.app.url_path_for('receipt')}{said}", 303)


def network_digest(request: Request) -> bytes:
    """Give a keyed digest of the network that asks, another one each day; never its address."""
    network = throttle.network_of(request.client.host if request.client else "")
    return _keyring(request).digest(f"address|{network}|{date.today()}")  # noqa: DTZ011 (any day)


def _opened_id(request: Request) -> uuid.UUID | None:
    value = request.cookies.get(cookie_name(request, "story"), "")
    try:
        name, until, mark = value.split(".")
        story_id, ends = uuid.UUID(name), int(until)
    except ValueError:
        return None
    genuine = hmac.compare_digest(mark.encode(), _mark(request, story_id, ends).encode())
    return story_id if genuine and ends >= now().timestamp() else None


def _page_mark(request: Request, story_id: uuid.UUID) -> str:
    return f"{story_id}.{_keyring(request).digest(f'page of story|{story_id}').hex()}"


def _mark(request: Request, story_id: uuid.UUID, until: int) -> str:
    return _keyring(request).digest(f"open story|{story_id}|{until}").hex()


def _keyring(request: Request) -> Keyring:
    keyring: Keyring = request.app.state.held.desk.keyring
    return keyring
