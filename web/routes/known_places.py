"""Admins: the streets, schools and practices that are masked, and the names that are kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from storybank import gazetteer
from storybank.errors import BadInput
from storybank.understand.redact.known import KEPT, PRACTICE, SCHOOL, STREET
from web.deps import ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.staff import AdminDep

router = APIRouter()

KINDS = {
    STREET: ("Streets", "Shown as [street]; with a house number as [address]."),
    SCHOOL: ("Schools", "Shown as [school]."),
    PRACTICE: ("GP practices", "Shown as [GP practice]."),
    KEPT: ("Names to keep", "Public places and bodies that are evidence: never masked."),
}
"""What each kind is called, and what becomes of its names."""
MOST_SHOWN = 500


@router.get("/admin/known-places", name="known_places")
def known(request: Request, session: ReaderDep, actor: AdminDep) -> Response:
    """Show what is known of the council's own ground."""
    return _known(request, session)


@router.post("/admin/known-places", name="add_known_places")
def add(request: Request, session: SessionDep, actor: AdminDep, form: FormDep) -> Response:
    """Add the names that were pasted, one a line."""
    try:
        new, there = gazetteer.add_pasted(session, actor, form.raw("names"), form.text("kind"))
    except BadInput as error:
        field = "kind-1" if "kind" in error.message else "names"
        problems = Problems({field: error.message})
        return _known(request, session, problems=problems, typed=form, status=422)
    session.flush()
    known_too = f" {there} {'was' if there == 1 else 'were'} there already." if there else ""
    said = f"{new} {'name is' if new == 1 else 'names are'} new.{known_too}"
    return _known(request, session, said=said)


@router.post("/admin/known-places/{place_id}/remove", name="remove_known_place")
def remove(
    request: Request, session: SessionDep, actor: AdminDep,
    place_id: Annotated[int, Path(ge=1, lt=2**31)],
) -> Response:  # fmt: skip
    """Remove one name, say which it was, and offer to put it back."""
    gone = gazetteer.remove(session, actor, place_id)
    return _known(request, session, gone=gone)


def _known(request: Request, session: Session, **more: Any) -> Response:
    rows = gazetteer.known_places(session)
    groups = {kind: [row for row in rows if row.kind == kind] for kind in KINDS}
    values: dict[str, Any] = {"typed": Form(), "said": "", "gone": None} | more
    return page(
        request, "admin/known_places.html", groups=groups, kinds=KINDS, most=MOST_SHOWN, **values
    )
