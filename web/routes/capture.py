"""Tell a story: the start page, the words, where and when, and what it may be used for."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from storybank.capture.drafts import ABOUT_ANOTHER, ABOUT_ME, Answers, drop_recording
from storybank.capture.text import clean
from storybank.consent import QUESTIONS
from storybank.errors import BadInput
from storybank.tables import Place
from web.deps import ActorDep, HeldDep, ReaderDep, SessionDep
from web.drafting import (
    Asked,
    asked,
    begun,
    changed,
    draft_of,
    go_on,
    keep,
    next_page,
    programme_of,
)
from web.forms import Form, FormDep, Problems
from web.render import page

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
        unsent=next_page(answers) if answers is not None and answers.told else None,
    )  # fmt: skip


@router.get("/tell/for-somebody", name="helper")
def helper(request: Request, session: ReaderDep) -> Response:
    """Say how to tell a story for somebody else, and offer the ways again."""
    what = Asked(asked(request).programme, helper=True)
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
    """Keep the words; a lost or outdated draft is begun anew, so that none are lost."""
    answers = draft_of(request, session, held)
    what = asked(request, form, answers)
    try:
        text = clean(form.raw("text"), max_words=held.settings.max_story_words)
    except BadInput as error:
        problems = Problems({"text": error.message})
        return _write_page(
            request, session, answers, what,
            problems=problems, typed=form.raw("text"), status=422,
        )  # fmt: skip
    answers = changed(answers, what, text=text, recorded=None)
    cookie = keep(request, session, held, answers)
    return go_on(request, held, cookie, answers, drop_recording(session, held.desk.keyring, cookie))


def _write_page(
    request: Request, session: Session, answers: Answers | None, what: Asked, **more: Any
) -> Response:
    typed = answers.text if answers is not None and answers.text else ""
    programme = programme_of(session, what.programme)
    values: dict[str, Any] = {"typed": typed, "what": what, "programme": programme} | more
    return page(request, "capture/write.html", **values)


@router.get("/tell/about", name="about_story")
def about_story(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask where and when it happened, and to whom."""
    answers = begun(request, session, held)
    year, _, month = (answers.happened or "").partition("-")
    place = UNSAID if answers.place == "" else answers.place
    filled = {"place": place, "month": month, "year": year, "teller": answers.teller}
    return _about_page(request, session, answers, filled)


@router.post("/tell/about")
def save_about(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep where and when it happened, and to whom."""
    answers = begun(request, session, held)
    problems = Problems()
    place, happened = _place(session, form, problems), happened_in(form, problems)
    teller = form.text("teller")
    if teller not in {ABOUT_ME, ABOUT_ANOTHER}:
        problems.add("teller", "Choose whether the story is about you or somebody else")
    if problems:
        filled = {name: form.text(name) for name in ("place", "month", "year", "teller")}
        return _about_page(request, session, answers, filled, problems=problems, status=422)
    answers = changed(answers, Asked(), place=place, happened=happened, teller=teller)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _about_page(
    request: Request, session: Session, answers: Answers, filled: dict[str, Any], **more: Any
) -> Response:
    places = session.exec(select(Place).order_by(col(Place.name))).all()
    return page(
        request, "capture/about.html", places=places, unsaid=UNSAID, filled=filled,
        answers=answers, **more,
    )  # fmt: skip


def _place(session: Session, form: Form, problems: Problems) -> str:
    chosen = form.text("place")
    if chosen == UNSAID:
        return ""
    if session.exec(select(Place.id).where(Place.slug == chosen)).first() is None:
        problems.add("place", "Choose a place, or choose that you would rather not say")
    return chosen


def happened_in(form: Form, problems: Problems, today: date | None = None) -> str:
    """Give `2026-05`, `2026` or an empty text from the fields `month` and `year`."""
    today = today or date.today()  # noqa: DTZ011 (a month as the teller means it)
    month, year = form.text("month")[:9], form.text("year")[:9]
    if not month and not year:
        return ""
    if not (year.isascii() and year.isdigit() and _EARLIEST_YEAR <= int(year) <= today.year):
        problems.add("year", f"Write the year as 4 digits, like {today.year}, or leave it out")
    elif month and not (month.isascii() and month.isdigit() and 1 <= int(month) <= 12):
        problems.add("month", "Write the month as a number from 1 to 12, or leave it out")
    elif month and (int(year), int(month)) > (today.year, today.month):
        problems.add("month", "Write a month that is not in the future")
    elif month:
        return f"{int(year)}-{int(month):02}"
    return year


@router.get("/tell/uses", name="uses")
def uses(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask what the story may be used for; no answer is chosen beforehand."""
    answers = begun(request, session, held)
    said = {use: "yes" if yes else "no" for use, yes in answers.uses.items()}
    return page(request, "capture/uses.html", questions=QUESTIONS, said=said, answers=answers)


@router.post("/tell/uses")
def save_uses(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep what the story may be used for."""
    answers = begun(request, session, held)
    said = {question.use.value: form.text(question.use.value) for question in QUESTIONS}
    problems = Problems()
    for question in QUESTIONS:
        if said[question.use.value] not in {"yes", "no"}:
            problems.add(question.use.value, f"Choose yes or no: {question.ask}")
    if problems:
        return page(
            request, "capture/uses.html", questions=QUESTIONS, said=said, answers=answers,
            problems=problems, status=422,
        )  # fmt: skip
    answers = changed(answers, Asked(), uses={use: yes == "yes" for use, yes in said.items()})
    return go_on(request, held, keep(request, session, held, answers), answers)
