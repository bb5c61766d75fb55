"""What a programme asks its tellers, in their languages: an admin writes it beside the English."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit
from storybank.tables import Programme
from web.deps import ReaderDep, SessionDep, programme_at
from web.forms import Form, FormDep, Problems
from web.render import page
from web.staff import AdminDep
from web.wording_form import OTHERS

router = APIRouter()

LONGEST = 300
"""In characters: it stands above everything else on a phone's screen."""


@router.get("/admin/programmes/{slug}/prompt", name="prompt")
def show(request: Request, session: ReaderDep, actor: AdminDep, slug: str) -> Response:
    """Show what tellers of a programme are asked, and in which languages."""
    programme = programme_at(session, slug)
    filled = Form({code: (text,) for code, text in programme.prompts.items()})
    return _page(request, programme, filled)


@router.post("/admin/programmes/{slug}/prompt")
def write(
    request: Request, session: SessionDep, actor: AdminDep, form: FormDep, slug: str
) -> Response:
    """Keep what tellers are asked in other languages; an empty one is asked in English."""
    programme, problems = programme_at(session, slug), Problems()
    texts = {language.code: " ".join(form.text(language.code).split()) for language in OTHERS}
    for language in OTHERS:
        if len(texts[language.code]) > LONGEST:
            says = f"Write it in at most {LONGEST} characters: {language.name}"
            problems.add(language.code, says)
    if problems:
        return _page(request, programme, form, problems=problems, status=422)
    programme.prompts = {code: text for code, text in texts.items() if text}
    session.add(programme)
    audit.note(session, actor.person_id, "write-prompts", programme.id)
    return RedirectResponse(f"/admin/programmes/{slug}/prompt?saved=1", status_code=303)


def _page(request: Request, programme: Programme, filled: Form, **more: Any) -> Response:
    return page(
        request, "admin/prompt.html", programme=programme, filled=filled, others=OTHERS,
        saved=request.query_params.get("saved") == "1", **more,
    )  # fmt: skip
