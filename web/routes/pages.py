"""Pages about Storybank itself: how stories are used, privacy, cookies, accessibility."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from storybank.capture.drafts import KEPT
from storybank.capture.wordings import wording_for
from web.deps import ActorDep, HeldDep, ReaderDep
from web.language import chosen
from web.receipts import LASTS
from web.render import page
from web.routes.sending import CODE_SHOWN_S

router = APIRouter()


@router.get("/about", name="about")
def about(request: Request, session: ReaderDep, held: HeldDep, actor: ActorDep) -> Response:
    """Say what happens to a story."""
    questions = wording_for(session, None).in_language(chosen(request)).questions
    return page(request, "pages/about.html", framework=held.framework(), questions=questions)


@router.get("/privacy", name="privacy")
def privacy(request: Request, actor: ActorDep) -> Response:
    """Say what is kept, how it is locked, and who sees it."""
    return page(request, "pages/privacy.html", draft_days=KEPT.days)


@router.get("/cookies", name="cookies")
def cookies(request: Request, actor: ActorDep) -> Response:
    """List every cookie, what it is for and how long it lasts."""
    return page(
        request, "pages/cookies.html", draft_days=KEPT.days,
        story_minutes=int(LASTS.total_seconds() // 60), code_minutes=CODE_SHOWN_S // 60,
    )  # fmt: skip


@router.get("/accessibility", name="accessibility")
def accessibility(request: Request, actor: ActorDep) -> Response:
    """Say what works for whom, what does not yet, and whom to tell."""
    return page(request, "pages/accessibility.html")
