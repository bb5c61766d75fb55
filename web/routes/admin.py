"""Admins: who has an account, who is invited, and the lists of programmes and places."""

import re
import unicodedata
import uuid
from typing import Any

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import accounts, audit, installed
from storybank.accounts import Newcomer
from storybank.errors import BadInput
from storybank.tables import Place, Programme, Story
from storybank.values import Role
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.words import advice_on
from web.staff import AdminDep
from web.wordcheck import WordsDep

router = APIRouter()

MOST_NAME = 120


@router.get("/admin", name="admin")
def people(request: Request, session: ReaderDep, held: HeldDep, actor: AdminDep) -> Response:
    """Show the accounts and the open invitations."""
    return _people(request, session, learnt=installed.state_of(session, held.settings))


@router.post("/admin/invitations", name="invite")
def invite(
    request: Request, session: SessionDep, held: HeldDep, actor: AdminDep, form: FormDep
) -> Response:
    """Invite somebody, and show the one-time link, once."""
    problems = Problems()
    role = form.text("role")
    if role not in {known.value for known in Role}:
        problems.add("role", "Choose what the person is to do")
    else:
        newcomer = Newcomer(form.text("email"), form.text("name"), Role(role))
        try:
            code = accounts.invite(session, newcomer, by=actor.person_id)
        except BadInput as error:
            problems.add("name" if "name, in" in error.message else "email", error.message)
    if problems:
        return _people(request, session, filled=form, problems=problems, status=422)
    link = f"{held.settings.public_url.rstrip('/')}/invitation/{code}"
    return page(request, "admin/invited.html", link=link, newcomer=newcomer)


@router.post("/admin/people/{person_id}/disable", name="disable")
def disable(session: SessionDep, actor: AdminDep, person_id: uuid.UUID) -> Response:
    """Switch an account off; whoever uses it is signed out at once."""
    accounts.disable(session, actor, person_id)
    return RedirectResponse("/admin", status_code=303)


@router.post("/admin/people/{person_id}/enable", name="enable")
def enable(session: SessionDep, actor: AdminDep, person_id: uuid.UUID) -> Response:
    """Switch an account on again."""
    accounts.enable(session, actor, person_id)
    return RedirectResponse("/admin", status_code=303)


@router.post("/admin/people/{person_id}/frameworks", name="frameworks_right")
def frameworks_right(
    session: SessionDep, actor: AdminDep, form: FormDep, person_id: uuid.UUID
) -> Response:
    """Give an evaluator the right to change what stories are read for, or take it away."""
    may = form.text("may") == "1"
    accounts.let_change_frameworks(session, actor, person_id, may=may)
    return RedirectResponse("/admin", status_code=303)


@router.get("/admin/lists", name="lists")
def lists(request: Request, session: ReaderDep, actor: AdminDep) -> Response:
    """Show the programmes and places that tellers can choose."""
    return _lists(request, session)


@router.post("/admin/programmes", name="add_programme")
def add_programme(
    request: Request, session: SessionDep, actor: AdminDep, form: FormDep, words: WordsDep
) -> Response:
    """Add a programme: what stories are collected for, and the question that is asked."""
    if form.text("do") == "words":
        return _lists(request, session, filled=form, advice=advice_on(words, form))
    problems = Problems()
    name, prompt = _name(form, "programme-name", problems), form.text("prompt")
    if not prompt:
        problems.add("prompt", "Write the question that tellers are asked")
    slug = _slug(name)
    if not problems and _taken(session, Programme, slug):
        problems.add("programme-name", "There is a programme of this name already")
    if problems:
        return _lists(request, session, filled=form, problems=problems, status=422)
    row = Programme(slug=slug, name=name, prompt=prompt, about=form.text("about"))
    session.add(row)
    session.flush()
    audit.note(session, actor.person_id, "add-programme", row.id)
    return RedirectResponse("/admin/lists", status_code=303)


@router.post("/admin/places", name="add_place")
def add_place(request: Request, session: SessionDep, actor: AdminDep, form: FormDep) -> Response:
    """Add a place that tellers can choose."""
    problems = Problems()
    name = _name(form, "place-name", problems)
    slug = _slug(name)
    if not problems and _taken(session, Place, slug):
        problems.add("place-name", "There is a place of this name already")
    if problems:
        return _lists(request, session, filled=form, problems=problems, status=422)
    row = Place(slug=slug, name=name)
    session.add(row)
    session.flush()
    audit.note(session, actor.person_id, "add-place", row.id)
    return RedirectResponse("/admin/lists", status_code=303)


def _people(request: Request, session: Session, **more: Any) -> Response:
    values: dict[str, Any] = {"filled": Form()} | more
    return page(
        request, "admin/people.html",
        people=accounts.people(session), invites=accounts.open_invites(session),
        roles=list(Role), **values,
    )  # fmt: skip


def _lists(request: Request, session: Session, **more: Any) -> Response:
    values: dict[str, Any] = {"filled": Form()} | more
    return page(
        request, "admin/lists.html",
        programmes=_counted(session, Programme, col(Story.programme_id)),
        places=_counted(session, Place, col(Story.place_id)), **values,
    )  # fmt: skip


def _counted(session: Session, table: Any, key: Any) -> list[Any]:
    query = select(table, func.count(col(Story.id))).join(Story, key == table.id, isouter=True)
    return list(session.exec(query.group_by(table.id).order_by(table.name)).all())


def _name(form: Form, field: str, problems: Problems) -> str:
    name = " ".join(form.text(field).split())
    if not 0 < len(name) <= MOST_NAME or not _slug(name):
        problems.add(field, f"Write a name of at most {MOST_NAME} characters")
    return name


def _slug(name: str) -> str:
    """Give a name as it stands in addresses: plain small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _taken(session: Session, table: Any, slug: str) -> bool:
    return session.exec(select(table.id).where(table.slug == slug)).first() is not None
