"""What people are good at, and what is good here: the register of strengths, ward by ward."""

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from storybank.evidence.strengths import register_of
from storybank.tables import Place, Programme
from storybank.understand.strengths import KINDS
from storybank.values import Filters
from web.deps import ReaderDep
from web.render import page
from web.staff import ReadingDep

router = APIRouter()

HEADINGS = {
    "skill": "What people can do",
    "group": "Groups",
    "place": "Places",
    "relationship": "People there for each other",
}


@router.get("/strengths", name="strengths")
def show(request: Request, session: ReaderDep, actor: ReadingDep) -> Response:
    """Show the strengths that stories name, narrowed by kind, place and programme."""
    asked = {name: request.query_params.get(name, "") for name in ("kind", "place", "programme")}
    places = session.exec(select(Place).order_by(col(Place.name))).all()
    programmes = session.exec(select(Programme).order_by(col(Programme.name))).all()
    filters = Filters(
        places=tuple(row.slug for row in places if row.slug == asked["place"]),
        programmes=tuple(row.slug for row in programmes if row.slug == asked["programme"]),
    )
    kind = asked["kind"] if asked["kind"] in KINDS else None
    return page(
        request,
        "strengths/register.html",
        fragment="register",
        register=register_of(session, actor, filters, kind),
        kind=kind,
        asked=asked,
        places=places,
        programmes=programmes,
        headings=HEADINGS,
        narrowed=bool(kind or filters.places or filters.programmes),
    )
