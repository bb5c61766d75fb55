"""Tell a story by voice: record it in the page, or send a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from storybank.capture.audio import sniff
from storybank.capture.drafts import (
    KEPT,
    Answers,
    delete_blobs,
    draft_recording,
    keep_recording,
)
from storybank.errors import BadInput, DraftGone, EmptyRecording
from web.deps import HeldDep, ReaderDep, SessionDep
from web.drafting import (
    Asked,
    asked,
    begun,
    changed,
    cookie_for,
    cookie_of,
    draft_of,
    go_on,
    next_page,
    programme_of,
)
from web.errors import status_of
from web.forms import Form, FormDep, Problems
from web.render import page
from web.routes.media import TYPES, Sound, sound_answer
from web.security import set_cookie
from web.state import Held

router = APIRouter()


async def read_body(request: Request) -> bytes:
    """Read a body as it is, into memory; the guard has limited its size."""
    return b"".join([block async for block in request.stream()])


BodyDep = Annotated[bytes, Depends(read_body)]


@router.get("/tell/record", name="record")
def record(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Offer the recorder; where a page cannot record, the same page takes a file."""
    return _voice_page(request, session, held, "capture/record.html")


@router.get("/tell/upload", name="upload")
def upload(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Ask for a sound file."""
    return _voice_page(request, session, held, "capture/upload.html")


@router.post("/tell/upload")
def save_file(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep the sound file that was chosen."""
    try:
        recording = form.file("recording")
        if recording is None:
            raise EmptyRecording(message="Choose a sound file first")
        cookie, answers, stale = _keep(request, session, held, form, recording)
    except BadInput as error:
        problems = Problems({"recording": error.message})
        return _voice_page(
            request, session, held, "capture/upload.html",
            problems=problems, status=status_of(error),
        )  # fmt: skip
    return go_on(request, held, cookie, answers, stale)


@router.post("/tell/recording", name="recording")
def save_recording(request: Request, session: SessionDep, held: HeldDep, body: BodyDep) -> Response:
    """Keep what the page recorded; answers with the address of the next question."""
    cookie, answers, stale = _keep(request, session, held, None, body)
    task = BackgroundTask(delete_blobs, held.desk.blobs, [stale])
    address = request.app.url_path_for(next_page(answers))
    response = PlainTextResponse(address, 201, background=task)
    set_cookie(request, response, "draft", cookie, seconds=int(KEPT.total_seconds()))
    return response


@router.get("/tell/recording")
def play_recording(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Let the teller hear what was kept, before it is sent."""
    begun(request, session, held)
    cookie = cookie_of(request)
    if cookie is None:
        raise DraftGone
    key, blob, context = draft_recording(session, held.desk.keyring, cookie)
    kind = TYPES[sniff(held.desk.blobs.get_range(key, blob, context, 0, 64))]
    return sound_answer(request, Sound(held.desk.blobs, key, blob, context, kind))


def _keep(
    request: Request, session: Session, held: Held, form: Form | None, recording: bytes
) -> tuple[str, Answers, str | None]:
    answers = draft_of(request, session, held)
    start = changed(answers, asked(request, form, answers))
    cookie = cookie_for(request, session, held)
    return cookie, *keep_recording(session, held.desk, cookie, start, recording)


def _voice_page(request: Request, session: Session, held: Held, name: str, **more: Any) -> Response:
    answers = draft_of(request, session, held)
    what: Asked = asked(request, answers=answers)
    programme = programme_of(session, what.programme)
    return page(
        request, name, what=what, programme=programme, answers=answers, settings=held.settings,
        **more,
    )  # fmt: skip
