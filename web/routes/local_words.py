"""Admins keep a programme's glossary: names of places, groups and roles that tellers may say."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.local_words import KINDS, MOST, add_words, remove_word, rows_of
from storybank.errors import BadInput
from storybank.tables import Programme
from web.deps import ReaderDep, SessionDep, programme_at
from web.forms import Form, FormDep, Problems
from web.render import page
from web.staff import AdminDep

router = APIRouter()

WordId = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("/admin/programmes/{slug}/words", name="local_words")
def show(request: Request, session: ReaderDep, actor: AdminDep, slug: str) -> Response:
    """Show the local words of a programme."""
    added = request.query_params.get("added", "")
    said = ""
    if added.isascii() and added.isdigit() and len(added) < 4:
        said = f"{added} {'name is' if added == '1' else 'names are'} added."
    return _page(request, session, programme_at(session, slug), said=said)


@router.post("/admin/programmes/{slug}/words", name="add_local_words")
def add(
    request: Request, session: SessionDep, actor: AdminDep, form: FormDep, slug: str
) -> Response:
    """Add words, one a line."""
    programme = programme_at(session, slug)
    try:
        fresh = add_words(session, actor, programme.id or 0, form.text("kind"), form.raw("words"))
    except BadInput as error:
        field = "kind" if "kind" in error.message else "words"
        problems = Problems({field: error.message})
        return _page(request, session, programme, typed=form, problems=problems, status=422)
    return RedirectResponse(f"/admin/programmes/{slug}/words?added={len(fresh)}", 303)


@router.post("/admin/programmes/{slug}/words/{word_id}/remove", name="remove_local_word")
def remove(
    request: Request, session: SessionDep, actor: AdminDep, slug: str, word_id: WordId
) -> Response:
    """Remove one word, say which it was, and offer to put it back."""
    programme = programme_at(session, slug)
    gone = remove_word(session, actor, programme.id or 0, word_id)
    return _page(request, session, programme, gone=gone)


def _page(request: Request, session: Session, programme: Programme, **more: Any) -> Response:
    values: dict[str, Any] = {"typed": Form(), "said": "", "gone": None} | more
    rows = rows_of(session, programme.id or 0)
    return page(
        request, "admin/local_words.html",
        programme=programme, rows=rows, kinds=KINDS, most=MOST, **values,
    )  # fmt: skip
