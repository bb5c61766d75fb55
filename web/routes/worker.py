"""Outreach workers: write up what somebody told, hand over the receipt, see how it goes on."""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.access import Actor, sent_stories
from storybank.capture import care
from storybank.capture.intake import Desk, check_recording
from storybank.capture.phones import reference
from storybank.capture.text import clean, count_words, tidied
from storybank.capture.waiting import KEPT, without_sound
from storybank.consent import Wording
from storybank.errors import BadInput, NotFound, SentBefore
from storybank.tables import Place, Programme, Story, now
from storybank.values import WORKING, Channel, ConsentGiven, NewStory
from web.deps import DeskDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.capture import UNSAID, happened_in
from web.routes.stories import retry
from web.routes.words import advice_on
from web.staff import WorkerDep
from web.wordcheck import WordsDep
from web.words import TELLERS
from web.written_up import (
    OTHER_WORDS,
    as_another,
    asked_on,
    chosen_programme,
    day_in,
    lists,
    take_in,
    uses_in,
    without_answers,
)

router = APIRouter()

SHOWN = 200
GIVEN = {
    "helper": "They said their answers, and I put them in",
    "paper": "They ticked a paper form, and I copied it",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One story in a worker's list: its row and the names round it; none of its words."""

    story: Story
    reference: str
    programme: str
    place: str | None


@router.get("/worker", name="worker")
def sent(request: Request, session: ReaderDep, desk: DeskDep, actor: WorkerDep) -> Response:
    """Show what this worker sent and where each story stands, without its words."""
    programmes = dict(session.exec(select(Programme.id, Programme.name)).all())
    places = dict(session.exec(select(Place.id, Place.name)).all())
    stories = session.exec(sent_stories(actor).limit(SHOWN)).all()
    rows = [
        Sent(
            s,
            reference(desk.keyring, s.id),
            programmes[s.programme_id],
            places.get(s.place_id),
        )
        for s in stories
    ]
    working = any(row.story.state in WORKING for row in rows)
    return page(
        request, "worker/sent.html", fragment="sent", rows=rows, working=working,
        soundless=without_sound(session, actor.person), sound_waits=KEPT,
    )  # fmt: skip


@router.get("/worker/new", name="worker_new")
def new(request: Request, session: ReaderDep, actor: WorkerDep) -> Response:
    """Show the form for a story told to this worker, or only a programme's five questions.

    204 where the questions that are on the page already are those of the programme.
    """
    asked = {name: value.replace("\0", "") for name, value in request.query_params.items()}
    filled = Form({
        "client": (uuid.uuid4().hex,), "told_on": (now().date().isoformat(),),
        "programme": (asked.get("programme", ""),),
    })  # fmt: skip
    if asked.get("shown") == asked_on(session, filled).version:
        return Response(status_code=204)
    return _form(request, session, filled)


@router.post("/worker/new")
def send(
    request: Request,
    session: SessionDep,
    desk: DeskDep,
    actor: WorkerDep,
    form: FormDep,
    words: WordsDep,
) -> Response:
    """Receive the story and show the receipt to hand over; a second press makes no second story."""
    if form.text("do") == "words":
        return _form(request, session, form, advice=advice_on(words, form))
    if form.text("show"):
        return _form(request, session, form)
    problems = Problems()
    told = _read(session, desk, actor, form, problems)
    try:
        if not problems:
            return take_in(request, session, desk, actor, told)
        if told.recording is not None:  # all that is wrong is said at once
            check_recording(desk.settings, told.recording)
    except SentBefore:
        return _form(request, session, as_another(form, problems), problems=problems, status=409)
    except BadInput as error:
        problems.add("recording" if told.recording is not None else "text", error.message)
    return _form(request, session, form, problems=problems, status=422)


@router.post("/worker/stories/{story_id}/again", name="worker_again")
def again(session: SessionDep, actor: WorkerDep, story_id: uuid.UUID) -> Response:
    """Put a story that this worker sent and that needs help back into the queue."""
    query = sent_stories(actor).where(col(Story.id) == story_id)
    if session.exec(query.order_by(None)).one_or_none() is None:
        raise NotFound(f"story {story_id}")
    retry(session, actor, story_id)
    return RedirectResponse("/worker", status_code=303)


def _form(request: Request, session: Session, filled: Form, **more: Any) -> Response:
    asked = asked_on(session, filled)
    if filled.text("shown") != asked.version:
        filled = without_answers(filled)
    return page(
        request, "worker/new.html", fragment="questions", filled=filled, lists=lists(session),
        programme=chosen_programme(session, filled), asked=asked, unsaid=UNSAID, given=GIVEN,
        care=care,
        **more,
    )  # fmt: skip


def _read(session: Session, desk: Desk, actor: Actor, form: Form, problems: Problems) -> NewStory:
    """Give the story as the form states it; what is wrong goes into `problems`."""
    text, recording = _words(desk, form, problems)
    place = form.text("place")
    if place not in {UNSAID, *session.exec(select(Place.slug)).all()}:
        problems.add("place", "Choose a place, or that they would rather not say")
    if form.text("teller") not in TELLERS:
        problems.add("teller", "Choose whose story it is")
    if care.relation_missing(form.text("teller"), form.text("relation")):
        problems.add("relation", "Choose who the teller is to the child")
    client = form.text("client")
    return NewStory(
        text=text,
        recording=recording,
        happened=happened_in(form, problems) or None,
        told_on=day_in(
            form, problems, "Give the day on which it was told to you, not in the future"
        ),
        place=None if place == UNSAID else place,
        programme=form.text("programme") or None,
        teller=form.text("teller"),
        consent=_consent(form, asked_on(session, form), problems),
        channel=Channel.WORKER,
        sent_by=str(actor.person_id),
        note=_note(desk, form, problems),
        read_back=form.text("read_back") == "yes",
        client_id=f"worker|{actor.person_id}|{client[:64]}" if client else None,
    )


def _words(desk: Desk, form: Form, problems: Problems) -> tuple[str | None, bytes | None]:
    recording, typed = form.file("recording"), form.raw("text")
    if recording is not None and typed.strip():
        problems.add("text", "Write the story or choose a recording, not both")
    if recording is not None:
        return None, recording
    try:
        return clean(typed, max_words=desk.settings.max_story_words), None
    except BadInput as error:
        problems.add("text", error.message)
        return typed, None


def _note(desk: Desk, form: Form, problems: Problems) -> str | None:
    """Give what the worker wrote in their own words, or None where they wrote nothing."""
    words = tidied(form.raw("note"))
    if count_words(words) > desk.settings.max_story_words:
        problems.add("note", "Your own words are too long. Shorten them")
    return words or None


def _consent(form: Form, asked: Wording, problems: Problems) -> ConsentGiven:
    if form.text("shown") != asked.version:
        problems.add(asked.questions[0].use.value, OTHER_WORDS)
    for question in asked.questions:
        if form.text(question.use.value) not in {"yes", "no"}:
            problems.add(question.use.value, f"Choose yes or no: {question.ask}")
    how = form.text("how")
    if how not in GIVEN:
        problems.add("how", "Choose how they gave their answers")
    said, words = uses_in(form), asked.version
    giver = care.given_by(form.text("teller"), form.text("relation"))
    how_said: Literal["paper", "helper"] = "paper" if how == "paper" else "helper"
    return ConsentGiven(**said, wording=words, how=how_said, given_by=giver)
