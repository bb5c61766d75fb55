"""Evaluators and admins: send a list of stories, say what its columns are, check it, import it."""

import io
import uuid
from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.access import Actor
from storybank.capture import import_files as lists
from storybank.capture.columns import FIELDS
from storybank.capture.import_files import Kept, Phase
from storybank.capture.importing import write_problems
from storybank.capture.rows import columns_of, first_rows
from storybank.consent import QUESTIONS
from storybank.errors import BadInput
from storybank.tables import Programme
from storybank.values import Role, Use
from web.deps import DeskDep, HeldDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.staff import only

router = APIRouter()
ImporterDep = Annotated[Actor, only(Role.EVALUATOR, Role.ADMIN)]

PREVIEWED = 5
MOST_SHOWN = 100
"""Rows with mistakes on the page; the report has all."""
ROWS_SAY = "rows"
"""The answer that each row has to say itself what its teller agreed to."""


@router.get("/import", name="import")
def start(request: Request, session: ReaderDep, desk: DeskDep, actor: ImporterDep) -> Response:
    """Show how to send a list, and the lists that wait."""
    return _start(request, session, desk, actor)


@router.post("/import")
def send(
    request: Request, session: SessionDep, desk: DeskDep, actor: ImporterDep, form: FormDep
) -> Response:
    """Keep the list, and go on to its columns."""
    problems = Problems()
    content = form.file("list")
    if not content:
        problems.add("list", "Choose a file that is not empty")
        return _start(request, session, desk, actor, problems=problems, status=422)
    try:
        import_id = lists.keep_list(session, desk.keyring, actor, content)
    except BadInput as error:
        problems.add("list", error.message)
        return _start(request, session, desk, actor, problems=problems, status=422)
    return RedirectResponse(f"/import/{import_id}", status_code=303)


@router.get("/import/{import_id}", name="import_list")
def show(
    request: Request, session: ReaderDep, desk: DeskDep, actor: ImporterDep, import_id: uuid.UUID
) -> Response:
    """Show the list where it stands: its columns, how far it is, or what came of it."""
    kept = lists.open_list(session, desk.keyring, actor, import_id)
    return _show(request, session, actor, kept)


@router.post("/import/{import_id}/columns", name="import_columns")
def columns(
    request: Request, session: SessionDep, desk: DeskDep, actor: ImporterDep, import_id: uuid.UUID,
    form: FormDep,
) -> Response:  # fmt: skip
    """Take what the columns are, and begin the check."""
    kept = lists.open_list(session, desk.keyring, actor, import_id, lock=True)
    problems = Problems()
    _read_plan(session, actor, kept, form, problems)
    if not problems:
        try:
            lists.check_list(session, kept)
        except BadInput as error:
            problems.add("text", error.message)
    if problems:
        kept.plan.phase = Phase.PLANNING
        return _show(request, session, actor, kept, problems=problems, status=422)
    return RedirectResponse(f"/import/{import_id}", status_code=303)


@router.post("/import/{import_id}/start", name="import_start")
def begin(session: SessionDep, desk: DeskDep, actor: ImporterDep, import_id: uuid.UUID) -> Response:
    """Begin the import of a list that was checked."""
    kept = lists.open_list(session, desk.keyring, actor, import_id, lock=True)
    lists.import_list(session, actor, kept)
    return RedirectResponse(f"/import/{import_id}", status_code=303)


@router.post("/import/{import_id}/go", name="import_go")
def go(request: Request, held: HeldDep, actor: ImporterDep, import_id: uuid.UUID) -> Response:
    """Work on the list for a moment, and show how far it is; the page asks again by itself."""
    lists.go_on(held.engine, held.desk, actor, import_id)
    return RedirectResponse(f"/import/{import_id}", status_code=303)


@router.post("/import/{import_id}/change", name="import_change")
def change(
    session: SessionDep, desk: DeskDep, actor: ImporterDep, import_id: uuid.UUID
) -> Response:
    """Go back to the columns, where nothing has been imported."""
    kept = lists.open_list(session, desk.keyring, actor, import_id, lock=True)
    lists.plan_again(session, kept)
    return RedirectResponse(f"/import/{import_id}", status_code=303)


@router.post("/import/{import_id}/delete", name="import_delete")
def delete(
    session: SessionDep, desk: DeskDep, actor: ImporterDep, import_id: uuid.UUID
) -> Response:
    """Delete the list; stories that came from it stay."""
    kept = lists.open_list(session, desk.keyring, actor, import_id, lock=True)
    lists.drop_list(session, kept)
    return RedirectResponse("/import", status_code=303)


@router.get("/import/{import_id}/mistakes.csv", name="import_report")
def report(session: ReaderDep, desk: DeskDep, actor: ImporterDep, import_id: uuid.UUID) -> Response:
    """Give every row with a mistake as a CSV file: line, column, sentence."""
    kept = lists.open_list(session, desk.keyring, actor, import_id)
    out = io.StringIO()
    write_problems(kept.plan.outcome.problems, out)
    headers = {"Content-Disposition": 'attachment; filename="mistakes.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _read_plan(session: Session, actor: Actor, kept: Kept, form: Form, problems: Problems) -> None:
    """Take the form into the plan; what is wrong goes into `problems`."""
    names = {"", *columns_of(kept.sheet)}
    plan = kept.plan
    plan.columns = {field.name: form.text(field.name) for field in FIELDS}
    for field in FIELDS:
        if plan.columns[field.name] not in names:
            problems.add(field.name, "Choose a column of the file, or none")
    if not plan.columns["text"]:
        problems.add("text", "Choose the column that holds the stories")
    agreed = [use.value for use in Use if use.value in form.all("consent")]
    plan.consent = None if form.text("who-says") == ROWS_SAY else ",".join(agreed) or "none"
    if form.text("who-says") not in (ROWS_SAY, "file"):
        problems.add("who-says", "Choose how the tellers' consent is known")
    plan.programme = form.text("whole-programme")
    if session.exec(select(Programme.id).where(Programme.slug == plan.programme)).first() is None:
        problems.add("whole-programme", "Choose a programme")
    plan.create = actor.role == Role.ADMIN and form.text("create") == "yes"


def _start(request: Request, session: Session, desk: Any, actor: Actor, **more: Any) -> Response:
    waiting = lists.lists_of(session, desk.keyring, actor)
    return page(request, "importing/start.html", waiting=waiting, **more)


def _show(request: Request, session: Session, actor: Actor, kept: Kept, **more: Any) -> Response:
    if kept.plan.phase == Phase.PLANNING:
        programmes = session.exec(select(Programme).order_by(col(Programme.name))).all()
        return page(
            request, "importing/columns.html", kept=kept, plan=kept.plan, fields=FIELDS,
            names=columns_of(kept.sheet), rows=first_rows(kept.sheet, PREVIEWED),
            programmes=programmes, questions=QUESTIONS, **more,
        )  # fmt: skip
    return page(
        request, "importing/work.html", fragment="work", kept=kept, plan=kept.plan,
        outcome=kept.plan.outcome, shown=MOST_SHOWN, **more,
    )  # fmt: skip
