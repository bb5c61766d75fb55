"""A teller's unsent answers between two pages: the cookie, the draft, and what comes next."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlmodel import Session, col, select
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.answers import ABOUT_ANOTHER, Answers
from storybank.capture.drafts import (
    KEPT,
    delete_blobs,
    drop_draft,
    new_cookie,
    open_draft,
    save_draft,
)
from storybank.capture.uploads import Owner, drop_all, uploads_of
from storybank.errors import DraftGone
from storybank.tables import Place, Programme
from web.forms import Form
from web.security import cookie_name, drop_cookie, set_cookie
from web.state import Held

COOKIES = ("draft", "begun")
"""Names of the cookies of what was told so far, and of a story before its first word."""
STEPS = ("where", "when", "who", "them", "own_reading", "uses", "check")
"""The questions after the story itself, in order, by the names of their routes."""


@dataclass(frozen=True)
class Asked:
    """What a link or a hidden field says before the first answer: programme, place, who types."""

    programme: str | None = None
    place: str | None = None
    helper: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """The same for hidden fields: names and values, where there is something to say."""
        whom = "another" if self.helper else ""
        said = {"programme": self.programme or "", "place": self.place or "", "for": whom}
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> str:
        """The same for a link, with its question mark; empty where there is nothing to say."""
        return f"?{urlencode(self.fields)}" if self.fields else ""


def asked(request: Request, form: Form | None = None, answers: Answers | None = None) -> Asked:
    """Give what is known before the first answer; what was answered already comes first."""
    if answers is not None:
        return Asked(answers.programme, answers.place, answers.helper)

    def of(name: str) -> str:
        value = request.query_params.get(name) or (form.text(name) if form else "")
        return value.replace("\0", "")[:100]

    return Asked(of("programme") or None, of("place") or None, of("for") == "another")


def cookie_of(request: Request) -> str | None:
    """Give the cookie of what this browser told so far, else the one that it set out with.

    They have two names: a second tab that sets out, and is answered late, takes no words away.
    """
    told, set_out = (request.cookies.get(cookie_name(request, name)) for name in COOKIES)
    return told or set_out


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
    """Name the route of the first question that is still open, or of the page to check.

    Where there are words and a recording, that is which of them is sent.
    """
    if not answers.told:
        return "write"
    if answers.both:
        return "which"
    open_still = {
        "where": answers.place is None,
        "when": answers.happened is None,
        "who": answers.teller is None,
        "them": answers.whose_is_open,
        "own_reading": answers.own_reading is None,
        "uses": not answers.uses,
    }
    return next((step for step, is_open in open_still.items() if is_open), "check")


def kept_so_far(answers: Answers | None) -> dict[str, Any]:
    """Give what the pages of words and recordings need to say what is kept already, if anything."""
    kept = answers if answers is not None and answers.told else None
    return {"kept": kept, "goes_on": next_page(kept) if kept else None}


def begun_page(
    request: Request, session: Session, held: Held, answers: Answers | None
) -> str | None:
    """Name the route where a story that was begun goes on; None where nothing was told yet.

    Of a story that was being spoken when its page was closed, what was sent is still here.
    """
    if answers is None:
        return None
    if answers.told:
        return next_page(answers)
    owner = Owner.for_draft(cookie_of(request) or "")
    begun_uploads = uploads_of(session, held.desk.keyring, owner)
    return "record" if any(upload.received for upload in begun_uploads) else None


def begun_by_same_person(request: Request, answers: Answers) -> bool:
    """Say whether who asks for this page told what was begun, as far as can be known.

    That is so in a browser of their own, and where they come from a question of the form itself,
    or from what it says where nothing was deleted.
    """
    told = ("record", "write", "upload", "which", "delete_draft")
    questions = {request.app.url_path_for(name) for name in (*told, *STEPS)}
    return answers.own or urlsplit(request.headers.get("referer", "")).path in questions


def page_before(answers: Answers, step: str) -> str:
    """Name the route of the question before `step`, for its link back."""
    first = "record" if answers.recorded is not None else "write"
    steps = [s for s in STEPS if s != "them" or answers.teller == ABOUT_ANOTHER or s == step]
    at = steps.index(step)
    return steps[at - 1] if at else first


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
    hand_cookie(request, response, cookie, answers)
    return response


def hand_cookie(
    request: Request, response: Response, cookie: str, answers: Answers, *, name: str = "draft"
) -> None:
    """Give the browser its cookie: for seven days where it is the teller's own."""
    seconds = int(KEPT.total_seconds()) if answers.own else None
    set_cookie(request, response, name, cookie, seconds=seconds)
    other = next(one for one in COOKIES if one != name)
    if cookie_name(request, other) in request.cookies:
        drop_cookie(request, response, other)


def drop_cookies(request: Request, response: Response) -> None:
    """Take the cookies of an unsent story away."""
    for name in COOKIES:
        drop_cookie(request, response, name)


def forget(session: Session, held: Held, cookie: str | None) -> str | None:
    """Delete the answers of this cookie and what was spoken; gives the blob to delete, if any."""
    if cookie is None:
        return None
    stale = drop_draft(session, held.desk.keyring, cookie)
    drop_all(session, held.desk.keyring, Owner.for_draft(cookie))
    return stale


def changed(session: Session, answers: Answers | None, what: Asked, **changes: Any) -> Answers:
    """Give the answers with `changes`; first ones take what is known from `what`.

    A programme or place that does not exist (a link can be mistyped) is passed over, so that the
    story can be sent all the same.
    """
    if answers is None:
        programme = session.exec(select(Programme.slug).where(Programme.slug == what.programme))
        place = session.exec(select(Place.slug).where(Place.slug == what.place))
        answers = Answers(
            programme=programme.one_or_none(), place=place.one_or_none(), helper=what.helper
        )
    return replace(answers, **changes)
