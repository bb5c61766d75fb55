"""Say that a marked sentence is right as it stands: tellers of their own, evaluators by ear."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.access import readable_story
from storybank.capture.corrections import locked_newest, mark_of
from storybank.capture.lines import lines_of
from storybank.capture.recordings import heard_by_staff
from storybank.errors import NotFound
from storybank.index.trust import say_right, say_unsure
from storybank.tables import Doubt, TranscriptRow
from storybank.values import Span, Use
from storybank.vault import open_transcript, story_key
from web.deps import HeldDep, SessionDep
from web.forms import FormDep
from web.receipts import story_on_page, way_back
from web.routes.own_story import back_to_story
from web.staff import EvaluatorDep

router = APIRouter()

DoubtId = Annotated[int, Path(ge=1, lt=2**63)]


@router.post("/receipt/check", name="own_check")
def own_check(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep that the teller finds a marked sentence right, or take that back.

    Where the words were changed since the page was loaded, nothing is kept: the sentence may be
    another one now.
    """
    story = story_on_page(request, session, form)
    if story is None:
        return way_back(request, session)
    row = locked_newest(session, story)
    number = form.text("line")
    lines = lines_of(open_transcript(story_key(held.desk.keyring, story), row))
    known = number.isascii() and number.isdigit() and len(number) < 7 and int(number) < len(lines)
    saved, at = "same", ""
    if form.text("version") == mark_of(row) and known and lines[int(number)].flags:
        say = say_right if form.text("right") == "1" else say_unsure
        say(session, story, row, lines[int(number)].span, None)
        saved, at = "checked" if say is say_right else "unsure", f"#line-{number}"
    return back_to_story(request, saved, at)


@router.post("/stories/{story_id}/checks/{doubt_id}", name="check_words")
def check_words(
    session: SessionDep, actor: EvaluatorDep, form: FormDep, story_id: uuid.UUID, doubt_id: DoubtId
) -> Response:
    """Keep that an evaluator who heard it finds a marked sentence right, or take that back.

    Only where the voice may be played: who cannot hear a sentence cannot check it.
    """
    story = readable_story(session, actor, story_id, Use.VOICE)
    doubt, row = _doubt(session, story_id, doubt_id)
    if heard_by_staff(session, story_id) is None:
        raise NotFound(f"no sound of story {story_id}")
    say = say_right if form.text("right") == "1" else say_unsure
    say(session, story, row, Span(doubt.start, doubt.end), actor.person_id)
    return RedirectResponse(f"/stories/{story_id}#d{doubt_id}", status_code=303)


def _doubt(session: Session, story_id: uuid.UUID, doubt_id: int) -> tuple[Doubt, TranscriptRow]:
    """Give the doubt that has to be checked, and its version; raises NotFound."""
    found = session.get(Doubt, doubt_id)
    if found is not None and found.root_id is not None:
        found = session.get(Doubt, found.root_id)
    if found is None or found.story_id != story_id:
        raise NotFound(
            f"doubt {doubt_id}",
            message="This story has been read anew since. Load it again.",
        )
    return found, session.get_one(TranscriptRow, found.transcript_id)
