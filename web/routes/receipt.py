"""Come back to a story with its receipt code: see the work, the words, and how they were read."""

from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.audio import PLAYABLE_TYPE
from storybank.consent import QUESTIONS
from storybank.errors import NotFound
from storybank.keys import RECEIPT_DIGITS, tidy_receipt
from storybank.tables import Place, Programme, Recording, Story, TranscriptRow
from storybank.values import StoryState, Transcript
from storybank.vault import open_transcript, recording_context, story_key
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import FormDep, Problems
from web.receipts import find_story, let_in, opened_story
from web.render import page
from web.retelling import SAYS, WORKING, lines, paragraphs, readings
from web.routes.media import TYPES, Sound, sound_answer
from web.state import Held
from web.words import say_problem

router = APIRouter()

NO_SUCH_CODE = "There is no story with this code. Check each digit and try again."
WRONG_LENGTH = "There is no story with this code. A code has {} digits. You typed {}."


@router.get("/receipt", name="receipt")
def enter(request: Request) -> Response:
    """Ask for the receipt code."""
    return page(request, "receipt/enter.html")


@router.post("/receipt")
def open_with_code(request: Request, session: SessionDep, form: FormDep) -> Response:
    """Open the story whose code was typed; the code itself goes into no address and no cookie."""
    story = find_story(request, session, form.text("code"))
    if story is None:
        digits = len(tidy_receipt(form.text("code")))
        length = WRONG_LENGTH.format(RECEIPT_DIGITS, digits)
        problems = Problems({"code": NO_SUCH_CODE if digits == RECEIPT_DIGITS else length})
        return page(
            request, "receipt/enter.html", problems=problems, typed=form.text("code"), status=422
        )
    response = RedirectResponse(request.app.url_path_for("own_story"), 303)
    let_in(request, response, story.id)
    return response


@router.get("/receipt/story", name="own_story")
def own_story(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Show the teller their own story, unmasked, and how it stands."""
    story = opened_story(request, session)
    if story is None:
        return RedirectResponse(request.app.url_path_for("receipt"), 303)
    response = page(request, "receipt/story.html", **_told(session, held, story))
    let_in(request, response, story.id)
    return response


@router.get("/receipt/status", name="own_status")
def own_status(request: Request, session: ReaderDep, held: HeldDep, seen: str = "") -> Response:
    """Give the part of the page that has changed since `seen`, or 204 where nothing has.

    204 keeps a screen reader quiet: what is not swapped is not read out again.
    """
    story = opened_story(request, session)
    if story is None or request.headers.get("HX-Request-Type") != "partial":
        return RedirectResponse(request.app.url_path_for("own_story"), 303)
    if seen == _seen(story):
        return Response(status_code=204)
    part = "status" if story.state in WORKING else "finished"
    return page(request, "receipt/story.html", fragment=part, **_told(session, held, story))


@router.get("/receipt/audio/{copy}", name="own_audio")
def own_audio(request: Request, session: ReaderDep, held: HeldDep, copy: str) -> Response:
    """Play the teller's recording: the copy that every browser can play, or as it was told.

    Each copy has an address of its own, since a player asks for ranges of one and the same file.
    """
    story = opened_story(request, session)
    recording = _recording(session, story) if story is not None else None
    if story is None or recording is None or copy not in {"told", "playable"}:
        raise NotFound("own audio")
    blob = recording.playable if copy == "playable" else recording.blob
    if blob is None:
        raise NotFound(f"recording {recording.id}")
    key = story_key(held.desk.keyring, story)
    kind = PLAYABLE_TYPE if copy == "playable" else TYPES[recording.container]
    context = recording_context(recording.id, copy)
    return sound_answer(request, Sound(held.desk.blobs, key, blob, context, kind))


def _told(session: Session, held: Held, story: Story) -> dict[str, Any]:
    transcript = _transcript(session, held, story)
    recording = _recording(session, story)
    framework = held.framework()
    text = transcript.text if transcript else ""
    return {
        "story": story,
        "says": SAYS[story.state],
        "working": story.state in WORKING,
        "ready": story.state == StoryState.READY,
        "trouble": say_problem(story) if story.state == StoryState.NEEDS_HELP else None,
        "seen": _seen(story),
        "lines": lines(transcript) if transcript else [],
        "paragraphs": paragraphs(text) if transcript and not transcript.segments else [],
        "language": transcript.language if transcript else None,
        "recording": recording,
        "copy": "playable" if recording and recording.playable else "told",
        "readings": readings(session, framework, story.id, text) if transcript else [],
        "questions": QUESTIONS,
        "agreed": {q.use.value: getattr(story, f"may_{q.use.value}") for q in QUESTIONS},
        "place": session.get(Place, story.place_id) if story.place_id else None,
        "programme": session.get(Programme, story.programme_id),
    }


def _transcript(session: Session, held: Held, story: Story) -> Transcript | None:
    query = select(TranscriptRow).where(TranscriptRow.story_id == story.id)
    row = session.exec(query.order_by(col(TranscriptRow.version).desc()).limit(1)).first()
    return open_transcript(story_key(held.desk.keyring, story), row) if row else None


def _recording(session: Session, story: Story) -> Recording | None:
    return session.exec(select(Recording).where(Recording.story_id == story.id)).one_or_none()


def _seen(story: Story) -> str:
    return f"{story.state}-{round(100 * story.progress)}"
