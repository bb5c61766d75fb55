"""Versions of the framework: which there are, how far re-reading is, and what moved to each."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit, installed, jobs, recoding
from storybank.access import visible
from storybank.errors import NotFound
from storybank.evidence.moved import PER_PAGE, listed
from storybank.tables import Person
from storybank.versions import shelf
from storybank.versions.fates import Outcome
from storybank.versions.progress import movement_of, progress_of
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import FormDep
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
        taken_back=installed.taken_back(session, held.settings),
        learnt=installed.in_use(held.settings),
    )  # fmt: skip


@router.post("/framework-versions/again", name="read_again")
def again(session: SessionDep, actor: ChangerDep) -> Response:
    """Let the stories that the current version has not read yet be read once more."""
    jobs.enqueue_rereading(session)
    audit.note(session, actor.person_id, "read-again", "all")
    return RedirectResponse("/framework-versions?done=again", status_code=303)


@router.get("/framework-versions/{name}/moved", name="moved")
def moved(
    request: Request, session: ReaderDep, held: HeldDep, actor: ReadingDep, name: str
) -> Response:
    """List what became of earlier readings under one version, to work through."""
    framework = held.framework(_known(session, held, name))
    asked = request.query_params
    outcome = next((o for o in Outcome if o == asked.get("show", "")), Outcome.PERSON)
    typed = asked.get("page", "1")
    number = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    rows = listed(session, actor, framework.name, outcome, number)
    older = {row.framework for row in rows}
    movement = movement_of(session, framework.name, visible(actor))
    return page(
        request, "versions/moved.html", framework=framework, rows=rows, outcome=outcome,
        frameworks={old: held.framework(old) for old in older}, movement=movement,
        progress=progress_of(session, framework.name, visible(actor)), number=number,
        more=len(rows) == PER_PAGE, may_code=actor.role == "evaluator",
        now=held.framework(),
    )  # fmt: skip


@router.post("/framework-versions/{name}/moved/{moved_id}", name="settle")
def settle(
    session: SessionDep, held: HeldDep, actor: EvaluatorDep, form: FormDep, name: str,
    moved_id: MovedId,
) -> Response:  # fmt: skip
    """Keep which parts of a split code the words show, or put the choice back on the list."""
    _known(session, held, name)
    if form.text("do") == "undo":
        row = recoding.unsettle(session, actor, moved_id)
    else:
        row = recoding.settle(session, actor, moved_id, form.all("code"))
    return RedirectResponse(f"/framework-versions/{name}/moved?show=person#m{row.id}", 303)


def _known(session: Session, held: Held, name: str) -> str:
    if name not in shelf.names_of(session, held.framework().id):
        raise NotFound(f"framework of {len(name)} characters")
    return name


def _names(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    query = select(Person.id, Person.name).where(col(Person.id).in_(ids))
    return dict(session.exec(query).all())
