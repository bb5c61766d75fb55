"""How a programme, or the council, asks for consent: write it, look at it, go back to another."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture import wordings
from storybank.consent import SHIPPED, Question, Wording
from storybank.errors import NotFound
from storybank.tables import Person, Programme
from storybank.values import Use
from web.deps import ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.words import advice_on
from web.staff import AdminDep
from web.wordcheck import WordsDep

router = APIRouter()

LONGEST = {"ask": 120, "hint": 150, "short": 40}
"""In characters: what fits a phone's screen, and one sheet of paper with all five."""
LONGEST_SPOKEN = 1200
MEANS = {
    Use.LEARN: "A yes lets staff find and read the story, with names and numbers hidden. "
    "With a no, none of the others counts.",
    Use.QUOTE: "A yes lets sentences stand in reports and exports, without a name.",
    Use.VOICE: "A yes lets staff hear the recording, with names and numbers silenced.",
    Use.PUBLISH: "A yes lets the story be put where anybody can read it.",
    Use.NAMED: "A yes lets the teller's name stand with it.",
}
"""What each use allows, whatever the words that ask for it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose words are at hand: those of a programme, or of the council for all the others."""

    programme: Programme | None

    @property
    def number(self) -> int | None:
        """Give the programme's number, None for the council."""
        return self.programme.id if self.programme else None

    @property
    def address(self) -> str:
        """Give the address of the page."""
        return f"/admin/programmes/{self.programme.slug}/wording" if self.programme else WHOLE


WHOLE, ONE = "/admin/wording", "/admin/programmes/{slug}/wording"


def subject_of(request: Request, session: Session) -> Subject:
    """Give whose words an address is about; raises NotFound where there is no such programme."""
    slug = request.path_params.get("slug")
    if slug is None:
        return Subject(None)
    found = session.exec(select(Programme).where(Programme.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("programme")
    return Subject(found)


def subject_read(request: Request, session: ReaderDep, actor: AdminDep) -> Subject:
    """Give it for a page that is only read."""
    return subject_of(request, session)


def subject_changed(request: Request, session: SessionDep, actor: AdminDep) -> Subject:
    """Give it for a form that changes something."""
    return subject_of(request, session)


ReadDep = Annotated[Subject, Depends(subject_read)]
ChangedDep = Annotated[Subject, Depends(subject_changed)]


@router.get(WHOLE, name="council_wording")
@router.get(ONE, name="wording")
def show(request: Request, session: ReaderDep, subject: ReadDep) -> Response:
    """Show how consent is asked now and was before; with `version`, one as tellers see it."""
    version = request.query_params.get("version", "").replace("\0", "")
    if not version:
        return _page(request, session, subject, _filled(_now(session, subject)))
    found = wordings.wording_named(session, version, subject.number)
    if found is None:
        raise NotFound("wording")
    return page(request, "admin/wording_shown.html", subject=subject, wording=found, draft=False)


@router.post(WHOLE)
@router.post(ONE)
def write(
    request: Request,
    session: SessionDep,
    actor: AdminDep,
    subject: ChangedDep,
    form: FormDep,
    words: WordsDep,
) -> Response:
    """Show a new version as tellers will see it, or keep it, or go on writing."""
    if form.text("do") == "words":
        return _page(request, session, subject, form, advice=advice_on(words, form))
    problems = Problems()
    written = _written(form, problems)
    now = _now(session, subject)
    if not problems and (written.questions, written.spoken) == (now.questions, now.spoken):
        problems.add("learn-ask", "Change at least one text: these are the words of now")
    if problems or form.text("do") == "change":
        status = 422 if problems else 200
        return _page(request, session, subject, form, problems=problems, status=status)
    if form.text("do") != "keep":
        return page(
            request, "admin/wording_shown.html", subject=subject, wording=written, draft=True
        )
    wordings.write(session, subject.programme, written.questions, written.spoken, by=actor.person)
    return RedirectResponse(f"{subject.address}?saved=written", status_code=303)


@router.post(f"{WHOLE}/use", name="use_council_wording")
@router.post(f"{ONE}/use", name="use_wording")
def use(session: SessionDep, actor: AdminDep, subject: ChangedDep, form: FormDep) -> Response:
    """Ask in an earlier version again; an empty one goes back to the words that stand behind."""
    version = form.text("version") or None
    wordings.use(session, subject.number, version, by=actor.person)
    saved = "used" if version else "back"
    return RedirectResponse(f"{subject.address}?saved={saved}", status_code=303)


def _page(
    request: Request, session: Session, subject: Subject, filled: Form, **more: Any
) -> Response:
    versions = wordings.written(session, subject.number)
    query = select(Person.id, Person.name).where(
        col(Person.id).in_([row.created_by for row in versions])
    )
    return page(
        request, "admin/wording.html", subject=subject, filled=filled, now=_now(session, subject),
        own=any(row.active for row in versions), versions=versions, shipped=SHIPPED,
        given={row.version: wordings.answers_in(session, row.version) for row in versions},
        people=dict(session.exec(query).all()), means=MEANS, longest=LONGEST,
        saved=request.query_params.get("saved", ""), **more,
    )  # fmt: skip


def _now(session: Session, subject: Subject) -> Wording:
    return wordings.wording_for(session, subject.number)


def _filled(wording: Wording) -> Form:
    """Give the form filled with the words of now, to begin a new version from."""
    texts = {f"{q.use}-{part}": (getattr(q, part),) for q in wording.questions for part in LONGEST}
    return Form(texts | {"spoken": (wording.spoken,)})


def _written(form: Form, problems: Problems) -> Wording:
    """Give the words that were typed; what is wrong with them goes into `problems`."""
    questions = tuple(
        Question(use, **{part: _text(form, f"{use}-{part}") for part in LONGEST}) for use in Use
    )
    for question in questions:
        _check(question, problems)
    spoken = _text(form, "spoken")
    if not 0 < len(spoken) <= LONGEST_SPOKEN:
        problems.add("spoken", f"Write what is read aloud, in at most {LONGEST_SPOKEN} characters")
    return Wording("", questions, spoken)


def _check(question: Question, problems: Problems) -> None:
    for part, most in LONGEST.items():
        if len(getattr(question, part)) > most:
            problems.add(f"{question.use}-{part}", f"Write it in at most {most} characters")
    if not question.ask.endswith("?"):
        problems.add(f"{question.use}-ask", "Write one question that can be answered yes or no")
    if not question.short:
        problems.add(f"{question.use}-short", "Write the short form that staff see")


def _text(form: Form, name: str) -> str:
    return " ".join(form.text(name).split())
