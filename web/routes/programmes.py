"""A programme's way in: a short address, and a poster with it as a QR code."""

from typing import Any
from urllib.parse import urlencode

import segno
from fastapi import APIRouter
from markupsafe import Markup
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.tables import Place
from web.deps import HeldDep, ReaderDep, programme_at
from web.language import LANGUAGES
from web.render import page
from web.staff import AdminDep

router = APIRouter()


@router.get("/p/{slug}", name="short_link")
def short_link(request: Request, session: ReaderDep, slug: str) -> Response:
    """Go to the start page with programme, place and language set, as far as they exist."""
    programme = programme_at(session, slug)
    preset = {"programme": programme.slug} | _preset(session, request.query_params)
    return RedirectResponse(f"{request.app.url_path_for('home')}?{urlencode(preset)}", 303)


@router.get("/admin/programmes/{slug}/poster", name="poster")
def poster(
    request: Request, session: ReaderDep, held: HeldDep, actor: AdminDep, slug: str
) -> Response:
    """Show a poster to print: the prompt, the QR code, and the address in words."""
    programme = programme_at(session, slug)
    preset = _preset(session, request.query_params)
    path = request.app.url_path_for("short_link", slug=slug)
    short = f"{held.settings.public_url.rstrip('/')}{path}"
    address = f"{short}?{urlencode(preset)}" if preset else short
    places = session.exec(select(Place).order_by(col(Place.name))).all()
    return page(
        request, "admin/poster.html", programme=programme, address=address, preset=preset,
        shown=short.partition("://")[2], code=qr_code(address), places=places,
        languages_offered=LANGUAGES.values(),
    )  # fmt: skip


def qr_code(text: str) -> Markup:
    """Give a QR code as an SVG element for a page; a quarter of it may be dirty and it is read.

    Colours are left to the page's styles: the policy forbids styles inside elements.
    """
    svg = segno.make(text, error="q", micro=False).svg_inline(
        border=4,
        omitsize=True,
        svgclass="sb-poster__qr",
        lineclass="sb-poster__line",
        dark="#000",
        light=None,
    )
    return Markup(svg)  # noqa: S704 (made by segno of squares alone; the text is not in it)


def _preset(session: Session, query: Any) -> dict[str, str]:
    """Give the place and the language that an address asks for, where there are such."""
    place, language = query.get("place", "").replace("\0", ""), query.get("lang", "")
    preset = {}
    if session.exec(select(Place.id).where(Place.slug == place)).first() is not None:
        preset["place"] = place
    if language in LANGUAGES:
        preset["lang"] = language
    return preset
