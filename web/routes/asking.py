"""Tell a story: whose it is, the teller's own reading of it, and what it may be used for."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from storybank.capture import own_reading as reading
from storybank.capture.answers import ABOUT_ANOTHER, ABOUT_ME, ADULT, CHILD, Answers
from storybank.capture.wordings import wording_for, wording_named
from storybank.consent import SHIPPED, Wording, shown_as
from storybank.sentences import sentence
from storybank.values import Use
from web.deps import HeldDep, ReaderDep, SessionDep
from web.drafting import Asked, begun, changed, go_on, keep, page_before, programme_of
from web.forms import FormDep, Problems
from web.language import english, only_speaks, speech_for
from web.one_story import begun_on_page
from web.render import page

router = APIRouter()

RELATIONS = {
    "parent": "Their parent, or I look after them",
    "carer": "Their carer",
    "family": "Somebody else in their family",
    "friend": "A friend or neighbour",
    "worker": "I work with them",
    "other": "Somebody else",
}
"""Who the teller is to somebody else, in the words of the page."""


@router.get("/tell/who", name="who")
def who(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask whose story it is."""
    answers = begun(request, session, held)
    return _who_page(request, answers, answers.teller)


@router.post("/tell/who")
def save_who(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep whose story it is."""
    answers = begun_on_page(request, session, held, form)
    teller = form.text("teller")
    if only_speaks(form):
        return _who_page(request, answers, teller)
    if teller not in {ABOUT_ME, ABOUT_ANOTHER}:
        problems = Problems({"teller": "Choose whether the story is about you or somebody else"})
        return _who_page(request, answers, teller, problems=problems, status=422)
    nobody_else = {"them": None, "relation": None} if teller == ABOUT_ME else {}
    answers = changed(session, answers, Asked(), teller=teller, **nobody_else)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _who_page(request: Request, answers: Answers, teller: str | None, **more: Any) -> Response:
    back = page_before(answers, "who")
    return page(request, "capture/who.html", answers=answers, teller=teller, back=back, **more)


@router.get("/tell/them", name="them")
def them(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask about somebody else: a grown-up who agreed, or a child; and who the teller is to them."""
    answers = begun(request, session, held)
    return _them_page(request, answers, {"them": answers.them, "relation": answers.relation})


@router.post("/tell/them")
def save_them(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep whether it is about a grown-up or a child, and who the teller is to them."""
    answers = begun_on_page(request, session, held, form)
    filled = {name: form.text(name) for name in ("them", "relation")}
    if only_speaks(form):
        return _them_page(request, answers, filled)
    problems = Problems()
    if filled["them"] not in {ADULT, CHILD}:
        problems.add("them", "Choose whether they are a grown-up who agreed, or a child")
    if filled["relation"] not in RELATIONS:
        problems.add("relation", "Choose who you are to them")
    if problems:
        return _them_page(request, answers, filled, problems=problems, status=422)
    answers = changed(session, answers, Asked(), teller=ABOUT_ANOTHER, **filled)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _them_page(request: Request, answers: Answers, filled: dict[str, Any], **more: Any) -> Response:
    return page(
        request, "capture/them.html", answers=answers, filled=filled, relations=RELATIONS,
        back=page_before(answers, "them"), **more,
    )  # fmt: skip


@router.get("/tell/your-reading", name="own_reading")
def own_reading(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask how the teller reads their own story; every question may be skipped."""
    answers = begun(request, session, held)
    said = {name: answer.split() for name, answer in (answers.own_reading or {}).items()}
    return _reading_page(request, answers, said)


@router.post("/tell/your-reading")
def save_own_reading(
    request: Request, session: SessionDep, held: HeldDep, form: FormDep
) -> Response:
    """Keep the teller's own reading; an unanswered question is a skipped one."""
    answers = begun_on_page(request, session, held, form)
    if only_speaks(form):
        given = {q.name: list(form.all(q.name)) for q in reading.QUESTIONS}
        return _reading_page(request, answers, given)
    said = {q.name: reading.answered(q, form.all(q.name)) for q in reading.QUESTIONS}
    kept = {name: answer for name, answer in said.items() if answer}
    answers = changed(session, answers, Asked(), own_reading=kept)
    return go_on(request, held, keep(request, session, held, answers), answers)


def _reading_page(request: Request, answers: Answers, said: dict[str, list[str]]) -> Response:
    return page(
        request, "capture/own_reading.html", answers=answers, questions=reading.QUESTIONS,
        said=said, back=page_before(answers, "own_reading"),
    )  # fmt: skip


@router.get("/tell/uses", name="uses")
def uses(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask what the story may be used for, in plain words or Easy Read; nothing is chosen before."""
    answers = begun(request, session, held)
    said = {use: "yes" if yes else "no" for use, yes in answers.uses.items()}
    now = _asked_now(session, answers)
    shown = shown_to(request, now, easy=request.query_params.get("easy") == "1")
    return _uses_page(request, answers, said, shown)


@dataclass(frozen=True, slots=True)
class Shown:
    """How the uses are asked on one page: in which words, and whether in Easy Read."""

    wording: Wording
    easy: bool


def shown_to(request: Request, wording: Wording, *, easy: bool) -> Shown:
    """Give it with what a council or programme wrote in the page's language in that language."""
    return Shown(wording.in_language(speech_for(request).language.code), easy)


@router.post("/tell/uses")
def save_uses(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep what the story may be used for, and in which words that was asked."""
    answers = begun_on_page(request, session, held, form)
    said = {use.value: form.text(use.value) for use in Use}
    asked = _asked_in(session, answers, form.text("wording"))
    shown = shown_to(request, asked, easy=form.text("easy") == "1")
    if only_speaks(form):
        return _uses_page(request, answers, said, shown)
    problems = Problems()
    for question in shown.wording.questions:
        if said[question.use.value] not in {"yes", "no"}:
            says = sentence("Choose yes or no: %(question)s", question=question.ask)
            problems.add(question.use.value, says)
    if problems:
        return _uses_page(request, answers, said, shown, problems=problems, status=422)
    answers = changed(
        session, answers, Asked(), wording=shown_in(request, shown.wording, easy=shown.easy),
        uses={use: yes == "yes" for use, yes in said.items()},
    )  # fmt: skip
    return go_on(request, held, keep(request, session, held, answers), answers)


def shown_in(request: Request, wording: Wording, *, easy: bool = False) -> str:
    """Name the words as they were shown: with the page's language where any was said in it.

    A programme's own words that nobody translated are shown in English on every page.
    """
    speech = speech_for(request)
    asked = wording.in_language(speech.language.code).questions
    said = not all(speech.say(question.ask) == english(question.ask) for question in asked)
    return shown_as(wording.version, speech.language.code if said else "en", easy=easy)


def _asked_now(session: Session, answers: Answers) -> Wording:
    programme = programme_of(session, answers.programme)
    return wording_for(session, programme.id if programme else None)


def _asked_in(session: Session, answers: Answers, version: str) -> Wording:
    """Give the words that the page was loaded with; those of now where it names none of ours."""
    programme = programme_of(session, answers.programme)
    found = wording_named(session, version, programme.id if programme else None)
    return found or _asked_now(session, answers)


def _uses_page(
    request: Request, answers: Answers, said: dict[str, str], shown: Shown, **more: Any
) -> Response:
    name = "capture/uses_easy.html" if shown.easy else "capture/uses.html"
    return page(
        request, name, wording=shown.wording, shipped=SHIPPED.questions, said=said,
        answers=answers, back=page_before(answers, "uses"), **more,
    )  # fmt: skip
