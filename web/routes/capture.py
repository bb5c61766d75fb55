"""Tell a story: the start page, the words, where and when it was."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.answers import Answers
from storybank.capture.drafts import hold_draft
from storybank.capture.room import leave_reserve
from storybank.capture.text import clean
from storybank.errors import BadInput
from storybank.sentences import sentence
from storybank.tables import Place
from storybank.values import plain_figures
from web.deps import ActorDep, HeldDep, ReaderDep, SessionDep
from web.drafting import (
    Asked,
    asked,
    begun,
    begun_by_same_person,
    begun_page,
    changed,
    cookie_of,
    draft_of,
    go_on,
    hand_cookie,
    keep,
    kept_so_far,
    page_before,
    programme_of,
)
from web.forms import LONGEST_TYPED, Form, FormDep, Problems
from web.language import SPEAK, only_speaks
from web.one_story import begun_on_page
from web.render import page
from web.state import Held

router = APIRouter()

UNSAID = "rather-not-say"
"""Value of the choice that gives no place; it is stored as an empty text."""
_EARLIEST_YEAR = 1900


@router.get("/", name="home")
def home(request: Request, session: ReaderDep, held: HeldDep, actor: ActorDep) -> Response:
    """Show what this is and the ways to tell a story."""
    answers = draft_of(request, session, held)
    what = asked(request)
    return page(
        request, "capture/home.html", what=what, programme=programme_of(session, what.programme),
        unsent=_unsent(request, session, held, answers), kept=answers is not None and answers.own,
    )  # fmt: skip


def _unsent(request: Request, session: Session, held: Held, answers: Answers | None) -> str | None:
    """Name the route where a story goes on; None also where another person may have begun it."""
    if answers is None or not begun_by_same_person(request, answers):
        return None
    return begun_page(request, session, held, answers)


@router.get("/tell/for-somebody", name="helper")
def helper(request: Request, session: ReaderDep) -> Response:
    """Say how to tell a story for somebody else, and offer the ways again."""
    what = replace(asked(request), helper=True)
    return page(
        request, "capture/helper.html", what=what, programme=programme_of(session, what.programme)
    )


@router.get("/tell/write", name="write")
def write(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask for the story in writing."""
    answers = draft_of(request, session, held)
    return _write_page(request, session, answers, asked(request, answers=answers))


@router.post("/tell/write")
def save_words(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep the words; a lost or outdated draft is begun anew, so that none are lost.

    A recording stays beside them: which of the two is sent is asked next.
    """
    hold_draft(session, held.desk.keyring, cookie_of(request))
    answers = draft_of(request, session, held)
    what = asked(request, form, answers)
    speaks = form.text("instead") == "record"
    if speaks and not form.whole("text").strip():
        return RedirectResponse(f"{request.app.url_path_for('record')}{what.query}", 303)
    try:
        text = clean(form.whole("text"), max_words=held.settings.max_story_words)
        if answers is not None and _overtaken(answers, form, text):
            return _write_page(
                request, session, answers, what, typed=text, overtaken=True, status=409
            )
        if speaks or only_speaks(form):
            address = request.app.url_path_for("record" if speaks else "write")
            query = what.fields | ({} if speaks else {"lang": form.text(SPEAK)})
            return _keep_and_lead_to(
                request, session, held, (answers, what), text, f"{address}?{urlencode(query)}"
            )
    except BadInput as error:
        if only_speaks(form):
            return _write_page(request, session, answers, what, typed=form.raw("text"))
        problems = Problems({"text": error.message})
        return _write_page(
            request, session, answers, what,
            problems=problems, typed=form.raw("text"), status=422,
        )  # fmt: skip
    leave_reserve(held.settings)
    answers = changed(session, answers, what, text=text)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _overtaken(answers: Answers, form: Form, text: str) -> bool:
    """Say whether other words were kept since this page was loaded, which `text` would replace.

    Two tabs of one browser tell one story: what was written in the other is shown first.
    """
    kept = answers.text
    return kept is not None and kept not in text and form.text("before") != answers.mark


def _keep_and_lead_to(
    request: Request,
    session: Session,
    held: Held,
    before: tuple[Answers | None, Asked],
    text: str,
    address: str,
) -> Response:
    """Keep the words so far as a draft, and lead to this page in another language, or to another.

    They are not given back as the answer to the form: browsers keep on their disk what a page was
    the answer to.
    """
    answers, what = before
    answers = changed(session, answers, what, text=text)
    cookie = keep(request, session, held, answers)
    response = RedirectResponse(address, 303)
    hand_cookie(request, response, cookie, answers)
    return response


def _write_page(
    request: Request, session: Session, answers: Answers | None, what: Asked, **more: Any
) -> Response:
    typed = answers.text if answers is not None and answers.text else ""
    programme = programme_of(session, what.programme)
    values: dict[str, Any] = {"typed": typed, "what": what, "programme": programme} | more
    values |= {"longest_typed": LONGEST_TYPED} | kept_so_far(answers)
    values["mark"] = answers.mark if answers is not None else ""
    return page(request, "capture/write.html", **values)


@router.get("/tell/where", name="where")
def where(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask in which part of town it happened."""
    answers = begun(request, session, held)
    chosen = UNSAID if answers.place == "" else answers.place
    return _where_page(request, session, answers, chosen)


@router.post("/tell/where")
def save_where(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep where it happened, or that the teller would rather not say."""
    answers = begun_on_page(request, session, held, form)
    if only_speaks(form):
        return _where_page(request, session, answers, form.text("place"))
    problems = Problems()
    place = _place(session, form, problems)
    if problems:
        return _where_page(request, session, answers, place, problems=problems, status=422)
    answers = changed(session, answers, Asked(), place=place)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _where_page(
    request: Request, session: Session, answers: Answers, chosen: str | None, **more: Any
) -> Response:
    places = session.exec(select(Place).order_by(col(Place.name))).all()
    return page(
        request, "capture/where.html", places=places, unsaid=UNSAID, chosen=chosen,
        answers=answers, back=page_before(answers, "where"), **more,
    )  # fmt: skip


def _place(session: Session, form: Form, problems: Problems) -> str:
    chosen = form.text("place")
    if chosen == UNSAID:
        return ""
    if session.exec(select(Place.id).where(Place.slug == chosen)).first() is None:
        problems.add("place", "Choose a place, or choose that you would rather not say")
    return chosen


@router.get("/tell/when", name="when")
def when(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask when it happened, roughly; it may be left open."""
    answers = begun(request, session, held)
    year, _, month = (answers.happened or "").partition("-")
    return _when_page(request, answers, {"month": month, "year": year})


@router.post("/tell/when")
def save_when(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep when it happened."""
    answers = begun_on_page(request, session, held, form)
    filled = {name: form.text(name) for name in ("month", "year")}
    if only_speaks(form):
        return _when_page(request, answers, filled)
    problems = Problems()
    happened = happened_in(form, problems)
    if problems:
        return _when_page(request, answers, filled, problems=problems, status=422)
    answers = changed(session, answers, Asked(), happened=happened)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _when_page(request: Request, answers: Answers, filled: dict[str, str], **more: Any) -> Response:
    back = page_before(answers, "when")
    return page(request, "capture/when.html", filled=filled, answers=answers, back=back, **more)


def happened_in(form: Form, problems: Problems, today: date | None = None) -> str:
    """Give `2026-05`, `2026` or an empty text from the fields `month` and `year`."""
    today = today or date.today()  # noqa: DTZ011 (a month as the teller means it)
    month, year = (plain_figures(form.text(name)[:9]) for name in ("month", "year"))
    if not month and not year:
        return ""
    if not (year.isascii() and year.isdigit() and _EARLIEST_YEAR <= int(year) <= today.year):
        says = "Write the year as 4 digits, like %(year)s, or leave it out"
        problems.add("year", sentence(says, year=today.year))
    elif month and not (month.isascii() and month.isdigit() and 1 <= int(month) <= 12):
        problems.add("month", "Write the month as a number from 1 to 12, or leave it out")
    elif month and (int(year), int(month)) > (today.year, today.month):
        problems.add("month", "Write a month that is not in the future")
    elif month:
        return f"{int(year)}-{int(month):02}"
    return year
