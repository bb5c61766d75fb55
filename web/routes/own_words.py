"""The teller changes their words (line by line, or with more at the end) and their own reading."""

from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit
from storybank.capture import corrections
from storybank.capture.own_reading import QUESTIONS
from storybank.capture.own_story import answer_again, own_answers, take_hold
from storybank.capture.recordings import recording_of
from storybank.errors import BadInput, NothingWritten
from storybank.tables import Story
from web.correcting import Correcting, save, shown, shown_again
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import LONGEST_TYPED, Form, FormDep, Problems
from web.language import only_speaks
from web.receipts import let_in, opened_story, story_on_page, way_back
from web.render import page
from web.retyping import Retyping, wait_for_code
from web.routes.own_story import back_to_story, sound_of
from web.state import Held

router = APIRouter()


@router.get("/receipt/correct", name="own_words")
def correct(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Show the teller's words as a form, a page of lines at a time."""
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    form, problem = Retyping(request, session, held.desk.keyring, story, "own_words").before()
    correcting = _form(request, session, held, story, form)
    if correcting is None or problem is None or correcting.clash:
        status = 409 if correcting is not None and correcting.clash else 200
        again = form is not None
        return _correct_page(request, session, story, correcting, again=again, status=status)
    problems = Problems({"lines": problem})
    return _correct_page(
        request, session, story, correcting, again=True, problems=problems, status=422
    )


@router.post("/receipt/correct")
def save_words(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep the corrected words as a new version; where a worker saved meanwhile, show both.

    Whatever is to be looked at again is shown on a page of its own: see web/retyping.py.
    """
    story = story_on_page(request, session, form)
    if story is None:
        return wait_for_code(request, session, held.desk.keyring, form, "own_words")
    retyping = Retyping(request, session, held.desk.keyring, story, "own_words")
    if only_speaks(form):
        return retyping.show(form)
    take_hold(session, story)
    sound = sound_of(request, recording_of(session, story.id))
    try:
        with session.begin_nested():
            saved = save(session, held.desk, story, form, sound=sound)
    except BadInput as error:
        return retyping.show(form, error.message)
    if saved.clash is not None:
        return retyping.show(form)
    retyping.done()
    if saved.changed:
        audit.note(session, None, "teller-corrects", story.id, f"version {saved.row.version}")
    said = "words" if saved.changed else "checked" if saved.checked else "same"
    return back_to_story(request, said)


@router.get("/receipt/more", name="own_more")
def more(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask what the teller wants to add."""
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    form, problem = Retyping(request, session, held.desk.keyring, story, "own_more").before()
    typed = form.raw("text") if form is not None else ""
    how: dict[str, Any] = {}
    if problem is not None:
        how = {"problems": Problems({"text": problem}), "status": 422}
    response = page(request, "receipt/more.html", longest_typed=LONGEST_TYPED, typed=typed, **how)
    let_in(request, response, story.id)
    return response


@router.post("/receipt/more")
def add_more(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Add what was written to the end of the story, as a new version that is read again."""
    story = story_on_page(request, session, form)
    if story is None:
        return wait_for_code(request, session, held.desk.keyring, form, "own_more")
    retyping = Retyping(request, session, held.desk.keyring, story, "own_more")
    if only_speaks(form):
        return retyping.show(form)
    take_hold(session, story)
    try:
        with session.begin_nested():
            row = corrections.append(session, held.desk, story, form.whole("text"))
    except BadInput as error:
        return retyping.show(form, error.message)
    retyping.done()
    audit.note(session, None, "teller-adds", story.id, f"version {row.version}")
    return back_to_story(request, "more")


@router.get("/receipt/your-reading", name="own_answers")
def your_reading(request: Request, session: ReaderDep) -> Response:
    """Show the five questions with what the teller answered."""
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    said = {name: answer.split() for name, answer in own_answers(session, story.id).items()}
    response = page(request, "receipt/your_reading.html", questions=QUESTIONS, said=said)
    let_in(request, response, story.id)
    return response


@router.post("/receipt/your-reading")
def save_reading(request: Request, session: SessionDep, form: FormDep) -> Response:
    """Keep the teller's answers from now on; the earlier ones stay in the history."""
    story = story_on_page(request, session, form)
    if story is None:
        return way_back(request, session)
    if only_speaks(form):
        said = {q.name: [one for one in form.all(q.name) if one] for q in QUESTIONS}
        return page(request, "receipt/your_reading.html", questions=QUESTIONS, said=said)
    answer_again(session, story, {q.name: form.all(q.name) for q in QUESTIONS})
    return back_to_story(request, "reading")


def _form(
    request: Request, session: Session, held: Held, story: Story, typed: Form | None
) -> Correcting | None:
    sound = sound_of(request, recording_of(session, story.id))
    try:
        if typed is not None:
            return shown_again(session, held.desk, story, typed, sound=sound)
        first = request.query_params.get("from", "")
        return shown(session, held.desk, story, first=first, sound=sound)
    except NothingWritten:
        return None


def _correct_page(
    request: Request, session: Session, story: Story, correcting: Correcting | None, **how: Any
) -> Response:
    address = request.app.url_path_for("own_words")
    if correcting is None:
        return RedirectResponse(request.app.url_path_for("own_story"), 303)
    response = page(
        request, "receipt/correct.html", correcting=correcting, correct_action=address, **how
    )
    let_in(request, response, story.id)
    return response
