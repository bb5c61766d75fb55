"""Versions of the framework: which there are, how far re-reading is, and what moved to each."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit, installed, jobs, recoding
from storybank.access import Actor, visible
from storybank.errors import BadInput, NotFound
from storybank.evidence.moved import PER_PAGE, listed
from storybank.tables import Person
from storybank.versions import shelf
from storybank.versions.fates import Outcome
from storybank.versions.progress import movement_of, progress_of
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.staff import ChangerDep, EvaluatorDep, ReadingDep
from web.state import Held

router = APIRouter()

MovedId = Annotated[int, Path(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Shown:
    """One version in the list: its row (None: it ships), its title, and what it has read."""

    name: str
    row: Any
    codes: int
    progress: Any
    movement: Any


@router.get("/framework-versions", name="framework_versions")
def versions(request: Request, session: ReaderDep, held: HeldDep, actor: ReadingDep) -> Response:
    """Show the versions of the framework in use, the draft, and how far re-reading has come."""
    now = held.framework()
    rows = {row.name: row for row in shelf.history(session, now.id)}
    scope = visible(actor)
    shown = [
        Shown(
            name, rows.get(name), len(held.framework(name).codes),
            progress_of(session, name, scope), movement_of(session, name, scope),
        )
        for name in shelf.names_of(session, now.id)
    ]  # fmt: skip
    draft = shelf.draft_row(session, now.id)
    ids = {row.published_by for row in rows.values()} | ({draft.begun_by} if draft else set())
    return page(
        request, "versions/list.html", shown=shown, now=now, draft=draft,
        people=_names(session, ids), done=request.query_params.get("done", ""),
        learnt=installed.state_of(session, held.settings),
    )  # fmt: skip


@router.post("/framework-versions/again", name="read_again")
def again(session: SessionDep, actor: ChangerDep) -> Response:
    """Let the stories that the current version has not read yet be read once more."""
    jobs.enqueue_rereading(session)
    audit.note(session, actor.person_id, "read-again", "all")
    return RedirectResponse("/framework-versions?done=again", status_code=303)


@dataclass(frozen=True)
class Listing:
    """What every answer about the list of one version needs: who asks, and which version."""

    request: Request
    session: Session
    held: Held
    actor: Actor
    name: str

    def page(self, outcome: Outcome, number: int, **more: Any) -> Response:
        """Render one page of what moved with `outcome`."""
        framework, scope = self.held.framework(self.name), visible(self.actor)
        rows = listed(self.session, self.actor, self.name, outcome, number)
        values: dict[str, Any] = {"typed": Form()} | more
        return page(
            self.request, "versions/moved.html", framework=framework, rows=rows, outcome=outcome,
            frameworks={old: self.held.framework(old) for old in {row.framework for row in rows}},
            movement=movement_of(self.session, self.name, scope), number=number,
            progress=progress_of(self.session, self.name, scope), more=len(rows) == PER_PAGE,
            may_code=self.actor.role == "evaluator", now=self.held.framework(), **values,
        )  # fmt: skip


def reading_list(
    request: Request, session: ReaderDep, held: HeldDep, actor: ReadingDep, name: str
) -> Listing:
    """Give the list to somebody who may read; raises NotFound where there is no such version."""
    return Listing(request, session, held, actor, _known(session, held, name))


def choosing_list(
    request: Request, session: SessionDep, held: HeldDep, actor: EvaluatorDep, name: str
) -> Listing:
    """Give the list to somebody who may choose; raises NotFound where there is no such version."""
    return Listing(request, session, held, actor, _known(session, held, name))


@router.get("/framework-versions/{name}/moved", name="moved")
def moved(listing: Annotated[Listing, Depends(reading_list)]) -> Response:
    """List what became of earlier readings under one version, to work through."""
    asked = listing.request.query_params
    outcome = next((o for o in Outcome if o == asked.get("show", "")), Outcome.PERSON)
    return listing.page(outcome, _page_in(asked.get("page", "")))


@router.post("/framework-versions/{name}/moved/{moved_id}", name="settle")
def settle(
    listing: Annotated[Listing, Depends(choosing_list)], form: FormDep, moved_id: MovedId
) -> Response:
    """Keep which parts of a split code the words show, or put the choice back on the list."""
    session, actor, number = listing.session, listing.actor, _page_in(form.text("page"))
    try:
        if form.text("do") == "undo":
            seen = _moment_in(form.text("chosen"))
            row = recoding.unsettle(session, actor, moved_id, seen)
        else:
            with session.begin_nested():
                row = recoding.settle(session, actor, moved_id, form.all("code"))
    except BadInput as error:
        problems = Problems({f"m{moved_id}": error.message})
        return listing.page(Outcome.PERSON, number, problems=problems, typed=form, status=422)
    address = f"/framework-versions/{listing.name}/moved?show=person&page={number}#m{row.id}"
    return RedirectResponse(address, 303)


def _page_in(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def _moment_in(typed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(typed)
    except ValueError:
        return None


def _known(session: Session, held: Held, name: str) -> str:
    if name not in shelf.names_of(session, held.framework().id):
        raise NotFound(f"framework of {len(name)} characters")
    return name


def _names(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    query = select(Person.id, Person.name).where(col(Person.id).in_(ids))
    return dict(session.exec(query).all())
