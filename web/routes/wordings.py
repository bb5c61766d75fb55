"""How a programme, or the council, asks for consent: write it, look at it, go back to another."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture import wordings
from storybank.consent import SHIPPED, Wording
from storybank.errors import NotFound
from storybank.tables import Person, Programme
from storybank.values import Use
from web.deps import ReaderDep, SessionDep, programme_at
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.words import advice_on
from web.staff import AdminDep
from web.wordcheck import WordsDep
from web.wording_form import OTHERS, filled_with, in_english_only, left_behind, written

router = APIRouter()

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
    return Subject(programme_at(session, slug))


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
        return _page(request, session, subject, filled_with(_now(session, subject)))
    found = wordings.wording_named(session, version, subject.number)
    if found is None:
        raise NotFound("wording")
    return _shown(request, subject, found)


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
    new, now = written(form, problems), _now(session, subject)
    if not problems and replace(new, version=now.version) == now:
        problems.add("learn-ask", "Change at least one text: these are the words of now")
    if problems or form.text("do") == "change":
        status = 422 if problems else 200
        return _page(request, session, subject, form, problems=problems, status=status)
    if form.text("do") != "keep":
        return _shown(request, subject, new, draft=True, stayed=left_behind(new, now))
    wordings.write(
        session, subject.programme, new.questions, new.spoken, new.translated, by=actor.person
    )
    return RedirectResponse(f"{subject.address}?saved=written", status_code=303)


@router.post(f"{WHOLE}/use", name="use_council_wording")
@router.post(f"{ONE}/use", name="use_wording")
def use(session: SessionDep, actor: AdminDep, subject: ChangedDep, form: FormDep) -> Response:
    """Ask in an earlier version again; an empty one goes back to the words that stand behind."""
    version = form.text("version") or None
    wordings.use(session, subject.number, version, by=actor.person)
    saved = "used" if version else "back"
    return RedirectResponse(f"{subject.address}?saved={saved}", status_code=303)


def _shown(request: Request, subject: Subject, wording: Wording, **more: Any) -> Response:
    return page(
        request, "admin/wording_shown.html", subject=subject, wording=wording, others=OTHERS,
        named={language.code: language for language in OTHERS}, **more,
    )  # fmt: skip


def _page(
    request: Request, session: Session, subject: Subject, filled: Form,
    problems: Problems | None = None, **more: Any,
) -> Response:  # fmt: skip
    problems = problems or Problems()
    versions = wordings.written(session, subject.number)
    query = select(Person.id, Person.name).where(
        col(Person.id).in_([row.created_by for row in versions])
    )
    return page(
        request, "admin/wording.html", subject=subject, filled=filled, now=_now(session, subject),
        problems=problems, opened={name.partition("-")[0] for name in problems.by_field},
        own=any(row.active for row in versions), versions=versions, shipped=SHIPPED,
        given={row.version: wordings.answers_in(session, row.version) for row in versions},
        people=dict(session.exec(query).all()), means=MEANS, others=OTHERS,
        english=in_english_only(_now(session, subject)),
        saved=request.query_params.get("saved", ""), **more,
    )  # fmt: skip


def _now(session: Session, subject: Subject) -> Wording:
    return wordings.wording_for(session, subject.number)
