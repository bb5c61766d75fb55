"""What the recorder on workers' phones talks to: JSON in, JSON out, errors as one plain sentence.

The recorder itself (its page and scripts) is served by `collect_app.py`.
"""

import base64
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storybank.access import Actor
from storybank.capture import phones
from storybank.capture.phone_details import Announced
from storybank.capture.phones import Item, Standing
from storybank.capture.wordings import wordings_now
from storybank.consent import Translated, Wording
from storybank.errors import Busy, SignedOut
from storybank.settings import Settings
from storybank.tables import Place, Programme, Story, now
from storybank.values import Role, StoryState
from web.codes import code_page, code_squares
from web.deps import ActorDep, DeskDep, HeldDep, ReaderDep, SessionDep
from web.language import LANGUAGES
from web.words import STATES, TELLERS, say_problem

router = APIRouter()

OFFLINE_FOR = timedelta(days=14)
"""How long a phone may record after its worker was last signed in."""
SHOWN = 200
CROWDED = "Many stories are being sent just now. It goes on in a minute."


async def get_collector(actor: ActorDep) -> Actor:
    """Give the signed-in worker; an app cannot follow to the sign-in page, so it is told."""
    if actor.role is None:
        raise SignedOut
    actor.require(Role.WORKER)
    return actor


CollectorDep = Annotated[Actor, Depends(get_collector)]


@router.get("/collect/me", name="collect_me")
def me(session: ReaderDep, desk: DeskDep, actor: CollectorDep) -> Response:
    """Give all that a phone needs to record without a connection for 14 days.

    How consent is asked stands beside each programme that has words of its own, and once for the
    others.
    """
    wordings = wordings_now(session)
    return JSONResponse({
        "worker": {"id": str(actor.person_id), "name": actor.name},
        "until": (now() + OFFLINE_FOR).isoformat(),
        "offline_days": OFFLINE_FOR.days,  # what phones count by: their clocks need not be right
        "key": base64.b64encode(desk.keyring.phone_public()).decode(),
        "programmes": _programmes(session, wordings),
        "places": _places(session),
        "consent": _asked(wordings[None]),
        "tellers": list(TELLERS.items()),
        "limits": _limits(desk.settings),
    })  # fmt: skip


@router.post("/collect/stories", name="collect_announce")
def announce(
    request: Request, session: SessionDep, desk: DeskDep, actor: CollectorDep, announced: Announced
) -> Response:
    """Take in what a phone says about a story, before its sound; typed ones are safe at once."""
    standing = phones.announce(session, desk, _item(actor, announced.client_id), announced)
    return _answer(request, standing)


@router.post("/collect/stories/{client_id}/finish", name="collect_finish")
def finish(
    request: Request, held: HeldDep, actor: CollectorDep, client_id: uuid.UUID,
    *, ticked: bool = False,
) -> Response:  # fmt: skip
    """Make the story of what was announced and has all arrived; or say what is missing."""
    with held.assembling.turn(Busy(message=CROWDED)):
        item = _item(actor, client_id)
        standing = phones.finish(held.engine, held.desk, item, ticked=ticked)
    if standing.missing:
        sentence = "Some of the recording has not arrived yet. It is still on the phone."
        return JSONResponse({"error": sentence, "missing": standing.missing}, 409)
    return _answer(request, standing)


@router.delete("/collect/stories/{client_id}", name="collect_give_up")
def give_up(
    session: SessionDep, desk: DeskDep, actor: CollectorDep, client_id: uuid.UUID
) -> Response:
    """Drop what was announced and not finished: the worker deleted it from the phone.

    Says so where it is safe already: then it was not deleted.
    """
    safe = phones.give_up(session, desk, _item(actor, client_id))
    if safe is not None:
        return JSONResponse({"state": "safe", "reference": safe.reference})
    return Response(status_code=204)


@router.get("/collect/sent", name="collect_sent")
def sent(request: Request, session: ReaderDep, desk: DeskDep, actor: CollectorDep) -> Response:
    """Give this worker's stories, the newest first, with their state; never their words."""
    programmes = dict(session.exec(select(Programme.id, Programme.name)).all())
    places = dict(session.exec(select(Place.id, Place.name)).all())
    return JSONResponse([
        {
            "client_id": client_id,
            "reference": phones.reference(desk.keyring, story.id),
            "state": story.state,
            "says": _says(story),
            "told_on": story.told_on,
            "programme": programmes[story.programme_id],
            "place": places.get(story.place_id),
            # Whoever told it may have said since that nobody reads it: not its worker, either.
            "link": f"/worker/stories/{story.id}" if _opens(story) else None,
        }
        for story, client_id in phones.sent(session, actor, most=SHOWN)
    ])  # fmt: skip


def _opens(story: Story) -> bool:
    return story.may_learn and story.withdrawn_at is None


def _item(actor: Actor, client_id: uuid.UUID) -> Item:
    if actor.person_id is None:
        raise SignedOut
    return Item(actor.person_id, client_id)


def _answer(request: Request, standing: Standing) -> Response:
    if standing.reference is None:
        return JSONResponse({"state": "sending", "missing": standing.missing}, 202)
    answer: dict[str, Any] = {"state": "safe", "reference": standing.reference}
    if standing.receipt is not None:
        answer["receipt"] = standing.receipt
        answer["opens_at"] = code_page(request)
        answer["squares"] = code_squares(request, standing.receipt)
    return JSONResponse(answer, 201 if standing.new else 200)


def _says(story: Story) -> str:
    return say_problem(story) if story.state == StoryState.NEEDS_HELP else STATES[story.state]


def _programmes(session: Session, wordings: Mapping[int | None, Wording]) -> list[dict[str, Any]]:
    found = []
    for row in session.exec(select(Programme).order_by(col(Programme.id))):
        said: dict[str, Any] = {"slug": row.slug, "name": row.name, "prompt": row.prompt}
        if (own := wordings[row.id]) != wordings[None]:
            said["consent"] = _asked(own)
        found.append(said)
    return found


def _asked(wording: Wording) -> dict[str, Any]:
    questions = [{"use": q.use, "ask": q.ask, "hint": q.hint} for q in wording.questions]
    languages = [_in(other) for other in wording.translated if other.whole and other.spoken]
    said = {"wording": wording.version, "questions": questions, "spoken": wording.spoken}
    return said | {"languages": languages}


def _in(other: Translated) -> dict[str, Any]:
    """Give a wording in a language in which all of it was written, what is read aloud as well."""
    language = LANGUAGES[other.language]
    questions = [{"ask": ask, "hint": hint} for ask, hint in other.questions]
    said = {"code": language.code, "name": language.name, "dir": language.direction}
    return said | {"questions": questions, "spoken": other.spoken}


def _places(session: Session) -> list[dict[str, Any]]:
    rows = session.exec(select(Place).order_by(col(Place.name)))
    return [{"slug": row.slug, "name": row.name} for row in rows]


def _limits(settings: Settings) -> dict[str, int]:
    return {
        "minutes": settings.max_recording_minutes,
        "words": settings.max_story_words,
        "mb": settings.max_recording_mb,
    }
