"""A teller's unsent answers between two pages: the cookie, the draft, and what comes next."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session, col, select
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.drafts import KEPT, Answers, delete_blobs, new_cookie, open_draft, save_draft
from storybank.errors import DraftGone
from storybank.tables import Programme
from web.forms import Form
from web.security import cookie_name, set_cookie
from web.state import Held


@dataclass(frozen=True)
class Asked:
    """What a link or a hidden field says before the first answer: programme, and who types."""

    programme: str | None = None
    helper: bool = False

    @property
    def query(self) -> str:
        """The same for a link, with its question mark; empty where there is nothing to say."""
        said = {"programme": self.programme or "", "for": "another" if self.helper else ""}
        kept = {name: value for name, value in said.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def asked(request: Request, form: Form | None = None, answers: Answers | None = None) -> Asked:
    """Give what is known before the first answer; what was answered already comes first."""
    if answers is not None:
        return Asked(answers.programme, answers.helper)
    programme = request.query_params.get("programme") or (form.text("programme") if form else "")
    for_whom = request.query_params.get("for") or (form.text("for") if form else "")
    return Asked(programme.replace("\0", "")[:100] or None, for_whom == "another")


def cookie_of(request: Request) -> str | None:
    """Give the draft cookie that the browser sent."""
    return request.cookies.get(cookie_name(request, "draft"))


def draft_of(request: Request, session: Session, held: Held) -> Answers | None:
    """Give the answers so far, or None where nothing was begun."""
    return open_draft(session, held.desk.keyring, cookie_of(request))


def begun(request: Request, session: Session, held: Held) -> Answers:
    """Give the answers so far; raises DraftGone where there is no story yet."""
    answers = draft_of(request, session, held)
    if answers is None or not answers.told:
        raise DraftGone
    return answers


def programme_of(session: Session, slug: str | None) -> Programme | None:
    """Give the programme named by `slug`, else the first one; None where there is none at all."""
    found = select(Programme).where(Programme.slug == slug)
    first = select(Programme).order_by(col(Programme.id)).limit(1)
    return session.exec(found).one_or_none() or session.exec(first).one_or_none()


def next_page(answers: Answers) -> str:
    """Name the route of the first question that is still open, or of the page to check."""
    if not answers.told:
        return "write"
    if answers.place is None or answers.happened is None or answers.teller is None:
        return "about_story"
    return "check" if answers.complete else "uses"


def keep(request: Request, session: Session, held: Held, answers: Answers) -> str:
    """Store the answers under the browser's cookie, or a new one; gives the cookie."""
    cookie = cookie_for(request, session, held)
    save_draft(session, held.desk.keyring, cookie, answers)
    return cookie


def cookie_for(request: Request, session: Session, held: Held) -> str:
    """Give the browser's cookie where a draft belongs to it, else a new one.

    The cookie of a story that was sent already would make the next one look like a repeat of it,
    and a cookie that somebody planted in this browser would let them read along.
    """
    cookie = cookie_of(request)
    known = cookie if open_draft(session, held.desk.keyring, cookie) is not None else None
    return known or new_cookie()


def go_on(
    request: Request, held: Held, cookie: str, answers: Answers, *stale: str | None
) -> Response:
    """Send the browser to the next question; recordings in `stale` go once all is stored."""
    address = request.app.url_path_for(next_page(answers))
    task = BackgroundTask(delete_blobs, held.desk.blobs, stale)
    response = RedirectResponse(address, 303, background=task)
    set_cookie(request, response, "draft", cookie, seconds=int(KEPT.total_seconds()))
    return response


def changed(answers: Answers | None, what: Asked, **changes: Any) -> Answers:
    """Give the answers with `changes`; a first answer takes programme and helper from `what`."""
    start = answers or Answers(programme=what.programme, helper=what.helper)
    return replace(start, **changes)
