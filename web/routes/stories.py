"""One story on an evaluator's desk: read it, hear it, and decide about its codes."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit, coding, refitting
from storybank.access import Actor, readable_story, visible
from storybank.capture import side_steps
from storybank.capture.intake import try_again
from storybank.capture.wordings import given_in
from storybank.coding import Decision, NewTag, Selection
from storybank.errors import BadInput, BadSelection, Conflict, NotFound, Unchecked, UnknownCode
from storybank.evidence.story import (
    StoryView,
    count_for_english,
    count_waiting,
    view_story,
    waiting,
    waiting_for_english,
)
from storybank.framework import Framework
from storybank.tables import Coding, Story
from storybank.values import Direction, Role, StoryState
from storybank.versions.progress import read_by, reading_of
from storybank.versions.shelf import version_of
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.missing import missing_of
from web.render import page
from web.staff import EvaluatorDep, ReadingDep
from web.state import Held

router = APIRouter()

DECISIONS: dict[str, Decision] = {"confirm": "confirmed", "reject": "rejected"}


@dataclass(frozen=True)
class Desk:
    """What every answer about one story needs: who asks, and with what."""

    request: Request
    session: Session
    held: Held
    actor: Actor
    story_id: uuid.UUID

    def label(self, made: Coding) -> str:
        """Give the short name of a coding's code; a code of another story is not here."""
        if made.story_id != self.story_id:
            raise NotFound(f"story {self.story_id} has no coding {made.id}")
        found = self.held.framework(made.framework).by_id.get(made.code)
        return found.label if found else made.code

    def page(self, **more: Any) -> Response:
        """Render the story, whole or the part that changes when somebody decides."""
        values: dict[str, Any] = {"said": "", "typed": Form(), "moving": 0, "status": 200} | more
        keyring = self.held.desk.keyring
        newest, shown = self.framework(), self.framework(self.request.query_params.get("version"))
        view = view_story(self.session, keyring, self.actor, self.story_id, shown.name)
        names = read_by(self.session, self.story_id)
        named = {tag.framework for tag in view.tags} | {shown.name}
        return page(
            self.request,
            "stories/story.html",
            fragment="readings",
            view=view,
            story=view.story,
            missing=side_steps.left(self.session, self.story_id),
            unread=missing_of(self.session, view.story).unread,
            framework=shown,
            newest=newest,
            versions=[n for n in names if version_of(n)[0] == newest.id],
            frameworks={name: self.held.framework(name) for name in named},
            questions=given_in(self.session, self.story_id, view.story.programme_id).questions,
            may_code=self.actor.role == Role.EVALUATOR and shown == newest,
            offers=offers_of(view),
            may_check=self.actor.role == Role.EVALUATOR and view.recording is not None,
            **values,
        )

    def framework(self, wanted: str | None = None) -> Framework:
        """Give the version by which to show the story: `wanted`, or the newest it was read by."""
        newest = reading_of(self.session, self.story_id, self.held.framework().name)
        names = read_by(self.session, self.story_id)
        return self.held.framework(wanted if wanted in names else newest)

    def back(self, said: str, anchor: str) -> Response:
        """Answer a decision: the readings anew for htmx, else the way back to the page."""
        if self.request.headers.get("HX-Request-Type") == "partial":
            return self.page(said=said)
        return RedirectResponse(f"/stories/{self.story_id}#{anchor}", status_code=303)


def reading_desk(
    request: Request, session: SessionDep, held: HeldDep, actor: ReadingDep, story_id: uuid.UUID
) -> Desk:
    """Give the desk of somebody who may read."""
    return Desk(request, session, held, actor, story_id)


def coding_desk(
    request: Request, session: SessionDep, held: HeldDep, actor: EvaluatorDep, story_id: uuid.UUID
) -> Desk:
    """Give the desk of somebody who may decide about codes."""
    return Desk(request, session, held, actor, story_id)


RowId = Annotated[int, Path(ge=1, lt=2**31)]
"""A number in an address that the database can hold."""
ReadingDesk = Annotated[Desk, Depends(reading_desk)]
CodingDesk = Annotated[Desk, Depends(coding_desk)]


@router.get("/stories", name="stories_at_work")
def at_work(request: Request, session: ReaderDep, actor: ReadingDep) -> Response:
    """Show the stories that are not read yet, those in need of help first."""
    here, for_english = visible(actor), request.query_params.get("waits") == "english"
    stories = waiting_for_english(session, here) if for_english else waiting(session, here)
    foreign = count_for_english(session, here)
    return page(
        request, "stories/at_work.html", fragment="stories", stories=stories,
        missing=side_steps.left_of(session, [story.id for story in stories]),
        for_english=for_english, foreign=foreign,
        count=foreign if for_english else count_waiting(session, here),
    )  # fmt: skip


@router.get("/stories/{story_id}", name="story")
def show(desk: ReadingDesk) -> Response:
    """Show one story with its readings; that it was opened is noted."""
    audit.note(desk.session, desk.actor.person_id, "open-story", desk.story_id)
    return desk.page()


@router.post("/stories/{story_id}/suggestions/{suggestion_id}", name="decide")
def decide(desk: CodingDesk, form: FormDep, suggestion_id: RowId) -> Response:
    """Confirm or reject one suggestion."""
    decision = DECISIONS.get(form.text("decision"))
    if decision is None:
        raise BadInput("decision")
    made = coding.decide(desk.session, desk.actor, suggestion_id, decision)
    return desk.back(f"{decision.capitalize()}: {desk.label(made)}.", f"s{suggestion_id}")


@router.post("/stories/{story_id}/codings/{coding_id}/undo", name="undo")
def undo(desk: CodingDesk, coding_id: RowId) -> Response:
    """Take back one's own decision."""
    made = coding.undo(desk.session, desk.actor, coding_id)
    return desk.back(f"Taken back: {desk.label(made)}.", "readings")


@router.post("/stories/{story_id}/codings", name="add_code")
def add(desk: CodingDesk, form: FormDep) -> Response:
    """Put a code on words that somebody selected, or say what is wrong with the selection."""
    try:
        made = _add(desk, form)
    except (BadSelection, UnknownCode, Unchecked) as error:
        problems = Problems({_field_of(error): error.message})
        return desk.page(status=422, problems=problems, typed=form)
    return desk.back(f"Added: {desk.label(made)}.", f"c{made.id}")


@router.post("/stories/{story_id}/again", name="story_again")
def again(desk: ReadingDesk) -> Response:
    """Put a story that needs help, or what is missing beside its words, back into the queue."""
    readable_story(desk.session, desk.actor, desk.story_id)
    retry(desk.session, desk.actor, desk.story_id)
    return RedirectResponse(f"/stories/{desk.story_id}", status_code=303)


def retry(session: Session, actor: Actor, story_id: uuid.UUID) -> None:
    """Try a story again that the caller has found to be this person's to try."""
    story = session.get_one(Story, story_id, with_for_update=True, populate_existing=True)
    if story.state == StoryState.NEEDS_HELP:
        try_again(session, story)
    elif not side_steps.try_again(session, story_id):
        raise Conflict(
            f"story {story_id}", message="This story does not need help any more. Load it again."
        )
    audit.note(session, actor.person_id, "try-again", story_id)


@router.post("/stories/{story_id}/codings/{coding_id}/move", name="move_code")
def move(desk: CodingDesk, form: FormDep, coding_id: RowId) -> Response:
    """Put a decision whose words are gone on other words, or say what is wrong with them."""
    passage = _number(form.text("passage"))
    selection = Selection(passage or 0, form.text("words"))
    try:
        with desk.session.begin_nested():
            old = desk.session.get(Coding, coding_id)
            framework = desk.held.framework(old.framework) if old else desk.framework()
            keyring = desk.held.desk.keyring
            made = refitting.place_again(
                desk.session, keyring, desk.actor, coding_id, selection, framework
            )
            label = desk.label(made)
    except BadInput as error:
        problems = Problems({f"move-words-{coding_id}": error.message})
        return desk.page(status=422, problems=problems, moving=coding_id, retyped=form)
    return desk.back(f"Put on other words: {label}.", f"c{made.id}")


@router.post("/stories/{story_id}/codings/{coding_id}/drop", name="drop_code")
def drop(desk: CodingDesk, coding_id: RowId) -> Response:
    """Drop a decision whose words are gone."""
    gone = refitting.drop(desk.session, desk.actor, coding_id)
    return desk.back(f"Dropped: {desk.label(gone)}.", "readings")


def offers_of(view: StoryView) -> dict[int, refitting.Offer | None]:
    """Give, for each decision whose words are gone, the words most like them."""
    there = [(p.id, p.text) for p in (*view.passages, *view.english) if p.id is not None]
    return {
        decided.coding.id or 0: refitting.offer(tag.quote, there)
        for tag in view.tags
        if not tag.fits
        for decided in tag.decisions
    }


def _add(desk: Desk, form: Form) -> Coding:
    if form.text("direction") not in {d.value for d in Direction}:
        raise UnknownCode(message="Say whether the words show the code lived or missing.")
    if not form.text("code"):
        raise UnknownCode(message="Choose a code from the list.")
    passage = _number(form.text("passage"))
    if passage is None:
        raise BadSelection(message="Choose the part of the story in which the words stand.")
    offsets = _number(form.text("start")), _number(form.text("end"))
    selection = Selection(passage, form.text("words"), *offsets)
    tag = NewTag(desk.framework(), form.text("code"), Direction(form.text("direction")))
    return coding.add(desk.session, desk.held.desk.keyring, desk.actor, selection, tag)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def _field_of(error: BadInput) -> str:
    if isinstance(error, BadSelection | Unchecked):
        return "words"
    return "direction-1" if "lived or missing" in error.message else "code"
