"""Sealed recordings as sound: byte ranges, opened piece by piece; for tellers and for staff."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from storybank import audit
from storybank.access import readable_story
from storybank.capture.audio import PLAYABLE_TYPE, sniff
from storybank.capture.beside import SpokenConsent
from storybank.capture.blobs import Blobs
from storybank.capture.recordings import heard_by_staff
from storybank.capture.whereabouts import PLAYED
from storybank.errors import NotFound
from storybank.tables import now
from storybank.values import Use
from storybank.vault import recording_context, story_key
from web.deps import ActorDep, HeldDep, SessionDep
from web.state import Held

router = APIRouter()

TYPES = {
    "webm": "audio/webm",
    "ogg": "audio/ogg",
    "mp4": "audio/mp4",
    "3gp": "audio/3gpp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "amr": "audio/amr",
}
"""What each container is called in an answer."""

STEP = 512 * 1024
FIRST_BYTES = 64
"""What of a sound is looked at to name its container."""
PEEP = "bytes=0-1"
"""What Safari asks for before it asks for a sound: too little to hear anything."""
ONE_SITTING = timedelta(hours=1)
"""Ranges that one person asks for within this time belong to one playing."""
_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Sound:
    """One sealed recording and all that is needed to open any part of it."""

    blobs: Blobs
    key: bytes
    blob: str
    context: str
    kind: str

    def part(self, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes `[start, end)`, in steps, opening only the pieces they touch."""
        for at in range(start, end, STEP):
            yield self.blobs.get_range(self.key, self.blob, self.context, at, min(at + STEP, end))


def sound_answer(request: Request, sound: Sound) -> Response:
    """Answer with the whole sound, or with the one range that was asked for (206, or 416).

    Several ranges at once are answered with the whole, as RFC 9110 allows.
    """
    size = sound.blobs.size(sound.blob)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": "inline",
        # A recording opened by itself is somebody's file: it may run and load nothing.
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
    }
    asked = request.headers.get("range")
    found = byte_range(asked, size) if asked else None
    if asked and found is None and _ONE_RANGE.fullmatch(asked.strip()):
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = found or (0, size)
    headers["Content-Length"] = str(end - start)
    if found:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingResponse(
        sound.part(start, end), 206 if found else 200, headers, media_type=sound.kind
    )


def consent_sound(
    request: Request, held: Held, key: bytes, spoken: SpokenConsent | None
) -> Response:
    """Answer with a spoken consent as it was recorded; raises NotFound where there is none."""
    if spoken is None:
        raise NotFound("spoken consent")
    blobs = held.desk.blobs
    container = sniff(blobs.get_range(key, spoken.blob, spoken.context, 0, FIRST_BYTES))
    sound = Sound(blobs, key, spoken.blob, spoken.context, TYPES[container])
    return sound_answer(request, sound)


def begins(request: Request) -> bool:
    """Say whether a player asks for a sound from its beginning, and not for a later range.

    Safari asks for the first two bytes before it asks for the sound.
    """
    asked = request.headers.get("range", "").strip()
    return not asked or (asked.startswith("bytes=0-") and asked != PEEP)


def note_played(
    request: Request, session: Session, person_id: uuid.UUID | None, act: str, story_id: uuid.UUID
) -> None:
    """Note that somebody plays a sound: each time from its beginning, else once in a sitting.

    Players fetch the rest of a sound in ranges; but a range by itself is heard as well.
    """
    asked = request.headers.get("range", "").strip()
    if asked == PEEP:
        return
    if begins(request) or not audit.noted_since(
        session, person_id, act, story_id, now() - ONE_SITTING
    ):
        audit.note(session, person_id, act, story_id)


def byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """Give the half-open range that a Range header names in `size` bytes; None if it names none."""
    match = _ONE_RANGE.fullmatch(asked.strip())
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(int(match[2]) + 1 if match[2] else size, size)
    return (start, end) if start < end else None


@router.get("/stories/{story_id}/audio", name="story_audio")
def story_audio(
    request: Request, session: SessionDep, held: HeldDep, actor: ActorDep, story_id: uuid.UUID
) -> Response:
    """Let staff hear a recording with personal details silenced, where the teller allows it.

    That it was played is noted.
    """
    story = readable_story(session, actor, story_id, Use.VOICE)
    recording = heard_by_staff(session, story_id)
    if recording is None or recording.muted is None:
        raise NotFound(f"no sound of story {story_id}")
    note_played(request, session, actor.person_id, PLAYED, story_id)
    key = story_key(held.desk.keyring, story)
    context = recording_context(recording.id, "muted")
    return sound_answer(
        request, Sound(held.desk.blobs, key, recording.muted, context, PLAYABLE_TYPE)
    )
