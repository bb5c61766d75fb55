"""Tell a story by voice: said on the page and sent as it is spoken, or sent as a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from storybank.access import Actor
from storybank.capture.audio import sniff
from storybank.capture.drafts import delete_blobs, draft_recording, hold_draft, save_draft
from storybank.db import reading
from storybank.errors import BadInput, DraftGone, EmptyRecording, NetworkFull, RecordingKept
from web.deps import ActorDep, HeldDep, ReaderDep, SessionDep
from web.drafting import (
    Asked,
    asked,
    begun,
    changed,
    cookie_for,
    cookie_of,
    draft_of,
    go_on,
    hand_cookie,
    kept_so_far,
    next_page,
    programme_of,
)
from web.errors import status_of
from web.forms import FormDep, Problems
from web.metering import meter_for
from web.render import page
from web.routes.media import STEP, TYPES, Sound, byte_range, sound_answer
from web.speaking import (
    Kept,
    Other,
    Spoken,
    drop_known,
    half_spoken,
    keep_sound,
    keep_spoken,
    known_on,
    left_spoken,
    other_recording,
    spoken,
)
from web.state import Held

router = APIRouter()


async def read_body(request: Request) -> bytes:
    """Read a body as it is, into memory; the guard has limited its size."""
    return b"".join([block async for block in request.stream()])


BodyDep = Annotated[bytes, Depends(read_body)]


@router.get("/tell/record", name="record")
def record(request: Request, held: HeldDep) -> Response:
    """Offer the recorder, and what was said here before; without scripts it takes a file."""
    return _voice_page(request, held, "capture/record.html", said=left_spoken(request, held))


@router.get("/tell/upload", name="upload")
def upload(request: Request, held: HeldDep) -> Response:
    """Ask for a sound file."""
    return _voice_page(request, held, "capture/upload.html")


@router.post("/tell/upload")
def save_file(request: Request, held: HeldDep, form: FormDep, actor: ActorDep) -> Response:
    """Keep the sound file that was chosen."""
    try:
        recording = form.file("recording")
        if recording is None:
            raise EmptyRecording(message="Choose a sound file first")
        _count(request, held, actor, recording)
        kept = keep_sound(request, held, form, recording)
    except RecordingKept:
        return _voice_page(request, held, "capture/upload.html", overtaken=True, status=409)
    except (BadInput, NetworkFull) as error:
        problems = Problems({"recording": error.message})
        return _voice_page(
            request, held, "capture/upload.html", problems=problems, status=status_of(error)
        )
    return go_on(request, held, kept.cookie, kept.answers, kept.stale)


@router.post("/tell/recording", name="recording")
def save_recording(request: Request, held: HeldDep, body: BodyDep, actor: ActorDep) -> Response:
    """Keep what the page recorded, sent at once; answers with the address of the next question."""
    _count(request, held, actor, body)
    return _next_address(request, held, keep_sound(request, held, None, body))


@router.post("/tell/recording/begin", name="recording_begin")
def begin_recording(
    request: Request, session: SessionDep, held: HeldDep, form: FormDep
) -> Response:
    """Begin a draft to speak to, if there is none, and forget what was said here before.

    Uploads belong to a draft's cookie, so the draft has to stand before the first second is sent.
    Of a recording that the page does not know it is told, and nothing is forgotten.
    """
    hold_draft(session, held.desk.keyring, cookie_of(request))
    known = known_on(request, form)
    if (other := other_recording(request, session, held, known)) is not None:
        return _other_answer(request, other)
    answers = draft_of(request, session, held)
    start = changed(session, answers, asked(request, form, answers))
    cookie = cookie_for(request, session, held)
    save_draft(session, held.desk.keyring, cookie, start)
    drop_known(session, held, cookie, known)
    response = Response(status_code=204)
    hand_cookie(request, response, cookie, start)
    return response


@router.post("/tell/recording/kept", name="recording_kept")
def use_spoken(request: Request, held: HeldDep, form: FormDep) -> Response:
    """Make what was said on the page the story: asked by a script, or by the button after a break.

    A script is told the address of the next question; a browser is sent there.
    """
    name, script = form.text("name"), request.headers.get("accept", "") == "text/plain"
    said = (spoken if script else left_spoken)(request, held, name)
    try:
        kept = keep_spoken(request, held, form, said)
    except RecordingKept:
        if not script:
            return _voice_page(
                request, held, "capture/record.html", said=said, overtaken=True, status=409
            )
        with reading(held.engine) as session:
            other = other_recording(request, session, held, known_on(request, form))
        if other is None:
            raise
        return _other_answer(request, other)
    if script:
        return _next_address(request, held, kept)
    return go_on(request, held, kept.cookie, kept.answers, kept.stale)


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


@router.get("/tell/recording/begun", name="recording_begun")
def play_spoken(request: Request, held: HeldDep) -> Response:
    """Let the teller hear what they had said when the page was left."""
    said = left_spoken(request, held)
    if said is None:
        raise DraftGone
    found = byte_range(request.headers.get("range", ""), said.size)
    start, end = found or (0, said.size)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": "inline",
        "Content-Length": str(end - start),
    }
    if found:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{said.size}"
    kind = TYPES[sniff(said.part(0, 64))]
    steps = (said.part(at, min(at + STEP, end)) for at in range(start, end, STEP))
    return StreamingResponse(steps, 206 if found else 200, headers, media_type=kind)


def _count(request: Request, held: Held, actor: Actor, recording: bytes) -> None:
    """Count a recording that came whole; raises NetworkFull where no more is taken."""
    meter = meter_for(request, held, actor)
    meter.check()
    meter.add(len(recording))
    meter.settle()


def _next_address(request: Request, held: Held, kept: Kept) -> Response:
    task = BackgroundTask(delete_blobs, held.desk.blobs, [kept.stale])
    address = request.app.url_path_for(next_page(kept.answers))
    response = PlainTextResponse(address, 201, background=task)
    hand_cookie(request, response, kept.cookie, kept.answers)
    return response


def _other_answer(request: Request, other: Other) -> Response:
    """Tell a script of a recording that its page does not know."""
    path = request.app.url_path_for
    told = {"sound": path(other.sound), "goes_on": path(other.goes_on), "known": other.known}
    return JSONResponse(told, 409)


def _voice_page(
    request: Request, held: Held, name: str, *, said: Spoken | None = None, **more: Any
) -> Response:
    """Show a page that takes a recording; `said` is what was said here before, and is shown."""
    half = half_spoken(held, said)
    with reading(held.engine) as session:
        answers = draft_of(request, session, held)
        what: Asked = asked(request, answers=answers)
        programme = programme_of(session, what.programme)
    shown = (answers.sound_mark if answers is not None else "", said.upload.id if said else "")
    return page(
        request, name, what=what, programme=programme, settings=held.settings, half=half,
        half_name=said.upload.name if said else "", known=" ".join(filter(None, shown)),
        **kept_so_far(answers), **more,
    )  # fmt: skip
