"""The paper form to print, and the page on which a worker copies one that was filled in."""

import uuid
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import Response

from storybank.access import Actor
from storybank.capture.answers import ABOUT_ANOTHER, ABOUT_CHILD, ABOUT_ME
from storybank.capture.care import LEAVE_OUT
from storybank.capture.intake import Desk
from storybank.capture.text import clean
from storybank.capture.wordings import wording_for, wording_named
from storybank.consent import Wording
from storybank.errors import BadInput, SentBefore
from storybank.tables import Place
from storybank.values import Channel, ConsentGiven, NewStory
from web.deps import DeskDep, HeldDep, ReaderDep, SessionDep, programme_at
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.capture import UNSAID, happened_in
from web.staff import StaffDep, WorkerDep
from web.written_up import as_another, chosen_programme, day_in, lists, take_in, uses_in

router = APIRouter()

WHOSE = {
    ABOUT_ME: "“Mine” is ticked",
    ABOUT_ANOTHER: "“Somebody's I know” is ticked",
    ABOUT_CHILD: "“A child's I know” is ticked, or it is about a child",
}


@router.get("/admin/programmes/{slug}/paper.pdf", name="paper_form")
def sheet(
    request: Request, session: ReaderDep, held: HeldDep, actor: StaffDep, slug: str
) -> Response:
    """Give the paper form of a programme, to print."""
    from storybank.capture.paper import Sheet, paper_form  # a quarter of a second, seldom needed

    programme = programme_at(session, slug)
    path = request.app.url_path_for("short_link", slug=slug)
    address = f"{held.settings.public_url.rstrip('/')}{path}"
    asked = wording_for(session, programme.id)
    content = paper_form(Sheet(programme.name, programme.prompt, address, asked))
    headers = {"Content-Disposition": f'inline; filename="paper-form-{programme.slug}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/worker/paper", name="copy_paper")
def copy(request: Request, session: ReaderDep, actor: WorkerDep) -> Response:
    """Show the form on which a worker copies a filled-in sheet, in the order of the sheet.

    Or only the five questions, as `programme` asks them now, or asked them in `wording`: 204 where
    they are on the page already, or where there is no such wording.
    """
    given = {name: value.replace("\0", "") for name, value in request.query_params.items()}
    names = ("programme", "wording")
    filled = Form(
        {"client": (uuid.uuid4().hex,)} | {name: (given.get(name, ""),) for name in names}
    )
    asked = _asked(session, filled)
    if given.get("shown") and (asked is None or given["shown"] == asked.version):
        return Response(status_code=204)
    part = "questions" if given.get("wording") else "asked"
    return _page(request, session, filled, fragment=part)


@router.post("/worker/paper")
def send(
    request: Request, session: SessionDep, desk: DeskDep, actor: WorkerDep, form: FormDep
) -> Response:
    """Receive the copied story and show the code for its teller; sent twice it is one story."""
    problems = Problems()
    told = _read(session, desk, actor, form, problems)
    if not problems:
        try:
            return take_in(request, session, desk, actor, told)
        except SentBefore:
            again = as_another(form, problems)
            return _page(request, session, again, problems=problems, status=409)
        except BadInput as error:
            problems.add("text", error.message)
    return _page(request, session, form, problems=problems, status=422)


def _page(request: Request, session: Session, filled: Form, **more: Any) -> Response:
    asked = _asked(session, filled) or wording_for(session, _number(session, filled))
    return page(
        request, "paper/copy.html", filled=filled, lists=lists(session), asked=asked,
        unsaid=UNSAID, whose=WHOSE, leave_out=LEAVE_OUT, **more,
    )  # fmt: skip


def _asked(session: Session, filled: Form) -> Wording | None:
    """Give the words that stand on the sheet: as its foot says, else those of now; or None."""
    number, said = _number(session, filled), filled.text("wording")
    return wording_named(session, said, number) if said else wording_for(session, number)


def _number(session: Session, filled: Form) -> int | None:
    programme = chosen_programme(session, filled)
    return programme.id if programme else None


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
        consent=_consent(session, form, problems),
        told_on=day_in(
            form, problems, "Give the day on which you got the sheet, not in the future"
        ),
        programme=form.text("programme") or None,
        channel=Channel.PAPER,
        sent_by=str(actor.person_id),
        client_id=f"paper|{actor.person_id}|{client}",
    )


def _consent(session: Session, form: Form, problems: Problems) -> ConsentGiven:
    now = wording_for(session, _number(session, form))
    asked = wording_named(session, form.text("wording"), _number(session, form))
    for question in (asked or now).questions:
        if form.text(question.use.value) not in {"yes", "no"}:
            problems.add(question.use.value, f"Choose what is ticked: {question.ask}")
    if asked is None:
        says = "Copy the wording from the foot of the sheet, like %s. Look at the programme, too"
        problems.add("wording", says % now.version)
    return ConsentGiven(**uses_in(form), wording=(asked or now).version, how="paper")
