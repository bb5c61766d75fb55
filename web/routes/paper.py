"""The paper form to print, and the page on which a worker copies one that was filled in."""

import re
import uuid
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from storybank import audit
from storybank.access import Actor
from storybank.capture.drafts import ABOUT_ANOTHER, ABOUT_ME
from storybank.capture.intake import Desk, receive
from storybank.capture.text import clean
from storybank.consent import QUESTIONS, WORDING
from storybank.errors import BadInput, NotFound
from storybank.tables import Place, Programme, now
from storybank.values import Channel, ConsentGiven, NewStory
from web.deps import DeskDep, HeldDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.capture import UNSAID, happened_in
from web.staff import StaffDep, WorkerDep

router = APIRouter()

WHOSE = {ABOUT_ME: "“Mine” is ticked", ABOUT_ANOTHER: "“Somebody's I know” is ticked"}
_WORDING = re.compile(r"\d{4}-\d{2}[a-z]?")


@router.get("/admin/programmes/{slug}/paper.pdf", name="paper_form")
def sheet(
    request: Request, session: ReaderDep, held: HeldDep, actor: StaffDep, slug: str
) -> Response:
    """Give the paper form of a programme, to print."""
    from storybank.capture.paper import Sheet, paper_form  # a quarter of a second, seldom needed

    programme = session.exec(select(Programme).where(Programme.slug == slug)).one_or_none()
    if programme is None:
        raise NotFound(f"programme {slug}")
    path = request.app.url_path_for("short_link", slug=slug)
    address = f"{held.settings.public_url.rstrip('/')}{path}"
    content = paper_form(Sheet(programme.name, programme.prompt, address))
    headers = {"Content-Disposition": f'inline; filename="paper-form-{programme.slug}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/worker/paper", name="copy_paper")
def copy(request: Request, session: ReaderDep, actor: WorkerDep) -> Response:
    """Show the form on which a worker copies a filled-in sheet, in the order of the sheet."""
    return _page(request, session, Form({"client": (uuid.uuid4().hex,), "wording": (WORDING,)}))


@router.post("/worker/paper")
def send(
    request: Request, session: SessionDep, desk: DeskDep, actor: WorkerDep, form: FormDep
) -> Response:
    """Receive the copied story and show the code for its teller; sent twice it is one story."""
    problems = Problems()
    told = _read(session, desk, actor, form, problems)
    if not problems:
        try:
            with session.begin_nested():
                received = receive(session, desk, told)
            if received.new:
                audit.note(session, actor.person_id, "send-story", received.story_id)
            return page(request, "worker/receipt.html", receipt=received.receipt)
        except BadInput as error:
            problems.add("text", error.message)
    return _page(request, session, form, problems=problems, status=422)


def _page(request: Request, session: Session, filled: Form, **more: Any) -> Response:
    programmes = session.exec(select(Programme).order_by(col(Programme.id))).all()
    places = session.exec(select(Place).order_by(col(Place.name))).all()
    return page(
        request, "paper/copy.html", filled=filled, programmes=programmes, places=places,
        unsaid=UNSAID, questions=QUESTIONS, whose=WHOSE, **more,
    )  # fmt: skip


def _read(session: Session, desk: Desk, actor: Actor, form: Form, problems: Problems) -> NewStory:
    """Give the story as it was copied; what is wrong goes into `problems`."""
    text = form.raw("text")
    try:
        text = clean(text, max_words=desk.settings.max_story_words)
    except BadInput as error:
        problems.add("text", error.message)
    place = form.text("place")
    if place not in {UNSAID, *session.exec(select(Place.slug)).all()}:
        problems.add("place", "Choose the place that is written, or that none is")
    happened = happened_in(form, problems) or None
    if form.text("teller") not in WHOSE:
        problems.add("teller", "Choose whose story it is")
    client = form.text("client")[:64] or uuid.uuid4().hex
    return NewStory(
        text=text,
        place=None if place == UNSAID else place,
        happened=happened,
        teller=form.text("teller"),
        consent=_consent(form, problems),
        told_on=_told_on(form, problems),
        programme=form.text("programme") or None,
        channel=Channel.PAPER,
        sent_by=str(actor.person_id),
        client_id=f"paper|{actor.person_id}|{client}",
    )


def _consent(form: Form, problems: Problems) -> ConsentGiven:
    said: dict[str, Any] = {}
    for question in QUESTIONS:
        name = question.use.value
        said[name] = form.text(name) == "yes"
        if form.text(name) not in {"yes", "no"}:
            problems.add(name, f"Choose what is ticked: {question.ask}")
    wording = form.text("wording")
    if not _WORDING.fullmatch(wording):
        problems.add("wording", "Copy the wording from the foot of the sheet, like 2026-11")
        wording = WORDING
    return ConsentGiven(**said, wording=wording, how="paper")


def _told_on(form: Form, problems: Problems) -> str:
    try:
        day = date.fromisoformat(form.text("told_on"))
    except ValueError:
        day = None
    today = now().date()
    if day is None or day > today or day.year < 2000:
        problems.add("told_on", "Give the day on which you got the sheet, not in the future")
        return today.isoformat()
    return day.isoformat()
