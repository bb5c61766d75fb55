"""Admins: which phones with survey apps may send, each with a key of its own in its address."""

from typing import Any

import segno
from fastapi import APIRouter
from markupsafe import Markup
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.phone_keys import collect_settings, make_key, phones, revoke_key
from storybank.errors import BadInput
from storybank.tables import Person, Programme
from storybank.values import Role
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.stories import RowId
from web.security import OTHER_APPS
from web.staff import AdminDep

router = APIRouter()


@router.get("/admin/phones", name="phones")
def keys(request: Request, session: ReaderDep, actor: AdminDep) -> Response:
    """Show the phones that may send, and a form for another."""
    return _list(request, session)


@router.post("/admin/phones", name="add_phone")
def add(
    request: Request, session: SessionDep, held: HeldDep, actor: AdminDep, form: FormDep
) -> Response:
    """Make a key, and show its address and QR code, once."""
    people = {str(person.id): person for person in _workers(session)}
    person = people.get(form.text("worker"))
    problems = Problems()
    if person is None:
        problems.add("worker", "Choose an outreach worker")
    else:
        slug = form.text("programme")
        try:
            token = make_key(session, actor, person.id, slug, form.text("label"))
        except BadInput as error:
            problems.add("programme" if "programme" in error.message else "label", error.message)
    if person is None or problems:
        return _list(request, session, filled=form, problems=problems, status=422)
    address = f"{held.settings.public_url.rstrip('/')}{OTHER_APPS}{token}"
    programme = session.exec(select(Programme).where(Programme.slug == slug)).one()
    return page(
        request, "phones/added.html", address=address, worker=person.name, label=form.text("label"),
        programme=programme, code=qr(collect_settings(address, programme.name)),
    )  # fmt: skip


@router.post("/admin/phones/{key_id}/revoke", name="revoke_phone")
def revoke(session: SessionDep, actor: AdminDep, key_id: RowId) -> Response:
    """Switch a phone's address off: it sends no more, and what it sent stays."""
    revoke_key(session, actor, key_id)
    return RedirectResponse("/admin/phones", status_code=303)


def qr(words: str) -> Markup:
    """Give a QR code as an SVG that takes the width it is given."""
    drawn = segno.make(words, error="l", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, border=4, dark="#000", light="#fff"))  # noqa: S704


def _list(request: Request, session: Session, **more: Any) -> Response:
    values: dict[str, Any] = {"filled": Form()} | more
    programmes = session.exec(select(Programme).order_by(col(Programme.name))).all()
    return page(
        request, "phones/list.html", phones=phones(session), workers=_workers(session),
        programmes=programmes, **values,
    )  # fmt: skip


def _workers(session: Session) -> list[Person]:
    query = select(Person).where(Person.role == Role.WORKER, col(Person.disabled_at).is_(None))
    return list(session.exec(query.order_by(col(Person.name))).all())
