"""The teller changes what their story may be used for, or takes it back altogether."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.own_story import change_consent
from storybank.capture.withdrawal import withdraw
from storybank.capture.wordings import given_in
from storybank.consent import SHIPPED
from storybank.sentences import sentence
from storybank.values import ConsentGiven, Use
from web.deps import ReaderDep, SessionDep
from web.forms import FormDep, Problems
from web.language import only_speaks
from web.receipts import let_in, opened, opened_story, story_on_page, way_back
from web.render import page
from web.routes.asking import Shown, shown_in, shown_to
from web.routes.own_story import back_to_story

router = APIRouter()


@router.get("/receipt/uses", name="own_uses")
def uses(request: Request, session: ReaderDep) -> Response:
    """Ask again what the story may be used for, in the words of before; the old answers stand.

    In plain words, or in Easy Read.
    """
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    asked = given_in(session, story.id, story.programme_id)
    said = {use.value: "yes" if getattr(story, f"may_{use}") else "no" for use in Use}
    shown = shown_to(request, asked, easy=request.query_params.get("easy") == "1")
    response = _uses_page(request, shown, said)
    let_in(request, response, story.id)
    return response


@router.post("/receipt/uses")
def save_uses(request: Request, session: SessionDep, form: FormDep) -> Response:
    """Keep the new consent; it counts on every page, search and export from this moment."""
    story = story_on_page(request, session, form)
    if story is None:
        return way_back(request, session)
    asked = given_in(session, story.id, story.programme_id)
    shown = shown_to(request, asked, easy=form.text("easy") == "1")
    said = {use.value: form.text(use.value) for use in Use}
    if only_speaks(form):
        return _uses_page(request, shown, said)
    problems = Problems()
    for question in shown.wording.questions:
        if said[question.use.value] not in {"yes", "no"}:
            says = sentence("Choose yes or no: %(question)s", question=question.ask)
            problems.add(question.use.value, says)
    if problems:
        return _uses_page(request, shown, said, problems=problems, status=422)
    yes: dict[str, Any] = {use: answer == "yes" for use, answer in said.items()}
    words = shown_in(request, asked, easy=shown.easy)
    changed = change_consent(session, story, ConsentGiven(**yes, wording=words, how="receipt"))
    return back_to_story(request, "uses" if changed else "same")


def _uses_page(request: Request, shown: Shown, said: dict[str, str], **more: Any) -> Response:
    name = "receipt/uses_easy.html" if shown.easy else "receipt/uses.html"
    questions = shown.wording.questions
    return page(request, name, questions=questions, shipped=SHIPPED.questions, said=said, **more)


@router.get("/receipt/take-back", name="take_back")
def take_back(request: Request, session: ReaderDep) -> Response:
    """Say what taking a story back does, and ask once."""
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    response = page(request, "receipt/take_back.html")
    let_in(request, response, story.id)
    return response


@router.post("/receipt/take-back")
def take_it_back(request: Request, session: SessionDep, form: FormDep) -> Response:
    """Take the story back: with this answer nobody can open it any more."""
    story = story_on_page(request, session, form)
    if story is not None:
        withdraw(session, story.id)
        return RedirectResponse(request.app.url_path_for("gone"), 303)
    return way_back(request, session)


@router.get("/receipt/gone", name="gone")
def gone(request: Request, session: ReaderDep) -> Response:
    """Say on which day the story was taken back."""
    story = opened(request, session)
    if story is None or story.withdrawn_at is None:
        return RedirectResponse(request.app.url_path_for("own_story"), 303)
    return page(request, "receipt/gone.html", day=story.withdrawn_at.astimezone())
