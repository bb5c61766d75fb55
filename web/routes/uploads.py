"""Resumable uploads: tus 1.0 for the recorder in the page and for workers' phones.

Answers are a status, headers and one plain sentence; senders are scripts. `storybank.capture.
uploads` says what is kept and when.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from storybank.access import Actor
from storybank.capture import uploads
from storybank.capture.drafts import new_cookie, open_draft
from storybank.capture.room import leave_reserve, leave_room
from storybank.capture.uploads import Owner
from storybank.db import transaction
from storybank.errors import NotFound, RecordingTooLarge, StorybankError, UploadDamaged, UploadMoved
from storybank.tables import Upload
from storybank.values import Role
from web import tus
from web.deps import ActorDep, HeldDep
from web.drafting import cookie_of
from web.errors import message_of, status_of
from web.metering import Meter, meter_for
from web.security import SAFE_METHODS, set_cookie
from web.state import Held
from web.streaming import LineCut, pieces

log = logging.getLogger(__name__)

SIGN_IN = "Sign in to send this."


class Spoken(APIRoute):
    """A route whose every answer, refusals too, is in the words of tus."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """Give the handler with its errors made short plain answers."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except tus.Refused as refused:
                response = PlainTextResponse(refused.sentence, refused.status, refused.headers)
            except (StorybankError, HTTPException, sa.exc.OperationalError) as error:
                response = PlainTextResponse(message_of(error), status_of(error))
                if response.status_code >= 500:
                    extra = {"status": response.status_code, "detail": type(error).__name__}
                    log.error("upload", extra=extra, exc_info=error)
            response.headers["Tus-Resumable"] = tus.VERSION
            return response

        return answer


async def speaks_tus(request: Request) -> None:
    """Refuse who speaks another version, before anything is done; asking what we can do is free."""
    if request.method != "OPTIONS":
        tus.check_version(request.headers)


router = APIRouter(route_class=Spoken, dependencies=[Depends(speaks_tus)])


@dataclass(frozen=True)
class Going:
    """One upload that a request goes on with: whose it is, where the bytes go, who counts them."""

    held: Held
    owner: Owner
    upload_id: str
    meter: Meter

    def change(self, act: Callable[[Any, Upload, bytes], object]) -> Upload:
        """Do something to the upload in a transaction of its own; gives it as it is then."""
        keyring = self.held.desk.keyring
        with transaction(self.held.engine) as session:
            upload = uploads.find(session, keyring, self.owner, self.upload_id)
            act(session, upload, uploads.key_of(keyring, self.owner, upload))
        return upload

    def look(self) -> Upload:
        """Give the upload as it stands; raises NotFound where it is not the owner's."""
        return self.change(lambda session, upload, key: None)

    def settle(self) -> Upload:
        """Give the upload, compared with what was named for the whole if all of it is here."""
        keyring = self.held.desk.keyring
        return self.change(
            lambda session, upload, key: uploads.check_whole(session, keyring, upload, key=key)
        )

    def keep(self, start: int, piece: bytes) -> Upload:
        """Store one piece; raises NetworkFull after it where it was the last of a share."""
        keyring = self.held.desk.keyring
        kept = self.change(
            lambda session, upload, key: uploads.append(
                session, keyring, upload, start, piece, key=key
            )
        )
        self.meter.add(len(piece))
        return kept

    def take_back(self, start: int, end: int) -> None:
        """Throw away what one request brought, unless somebody has gone on from its end."""

        def back(session: Any, upload: Upload, key: bytes) -> None:
            if upload.received == end:
                uploads.rewind(session, upload, start)

        self.change(back)

    def lengthen(self, length: int) -> Upload:
        """Say how long the upload is."""
        return self.change(lambda session, upload, key: uploads.set_length(session, upload, length))

    def drop(self) -> None:
        """Delete the upload."""
        self.change(lambda session, upload, key: uploads.drop(session, upload))


@router.options("/uploads")
@router.options("/uploads/{upload_id}")
def say_abilities(held: HeldDep) -> Response:
    """Say what this server can do."""
    return Response(status_code=204, headers=tus.abilities(held.settings))


@router.post("/uploads")
async def create(request: Request, held: HeldDep, actor: ActorDep) -> Response:
    """Make an upload, or find the one that was made before; bytes may come along."""
    wanted = tus.read_creation(request.headers, tus.largest(held.settings))
    owner, cookie = await run_in_threadpool(_owner_of_new, request, held, actor, wanted)
    upload, new = await run_in_threadpool(_create, held, owner, wanted)
    going = Going(held, owner, upload.id, meter_for(request, held, actor))
    if _has_body(request) and upload.received == 0:
        upload = await _take(request, going, upload)
    address = f"/uploads/{upload.id}"
    if wanted.client is not None:
        address += f"?{urlencode({'client': wanted.client})}"
    headers = tus.said_of(upload) | {"Location": address}
    response = Response(status_code=201 if new else 200, headers=headers)
    if cookie is not None:
        set_cookie(request, response, "draft", cookie)
    return response


@router.api_route("/uploads/{upload_id}", methods=["HEAD", "POST", "PATCH", "DELETE"])
async def go_on(request: Request, upload_id: str, held: HeldDep, actor: ActorDep) -> Response:
    """Say how an upload stands, take more of it, or drop it."""
    going = Going(held, _owner(request, actor), upload_id, meter_for(request, held, actor))
    method = request.headers.get("x-http-method-override", request.method).upper()
    if request.method in SAFE_METHODS and method not in SAFE_METHODS:
        raise HTTPException(405)  # it came in without proof of where it is from
    if method == "HEAD":
        return _stands(await run_in_threadpool(going.settle), 200)
    if method == "PATCH":
        return _stands(await _patch(request, going), 204)
    if method == "DELETE":
        await run_in_threadpool(going.drop)
        return Response(status_code=204)
    raise HTTPException(405)


async def _patch(request: Request, going: Going) -> Upload:
    upload = await run_in_threadpool(going.look)
    start = tus.read_number(request.headers, "upload-offset")
    if start != upload.received:
        raise UploadMoved(f"upload {upload.id} stands at {upload.received}, not {start}")
    if "upload-length" in request.headers:
        length = tus.read_number(request.headers, "upload-length")
        if length > tus.largest(going.held.settings):
            raise RecordingTooLarge
        upload = await run_in_threadpool(going.lengthen, length)
    return await _take(request, going, upload)


async def _take(request: Request, going: Going, upload: Upload) -> Upload:
    """Store a body as it comes; gives the upload as it stands after it.

    Raises UploadDamaged, with what the body brought thrown away, where its checksum is wrong, and
    where the whole is not what was named; then the upload begins again.
    """
    bar = leave_room if going.owner.kind == "draft" else leave_reserve
    await run_in_threadpool(bar, going.held.settings)
    await run_in_threadpool(going.meter.check)
    most = tus.largest(going.held.settings) if upload.length is None else upload.length
    tus.check_body(request.headers, most - upload.received)
    body = Body(going, upload, tus.read_checksum(request.headers), most)
    try:
        async for piece, last in pieces(request.receive):
            await body.take(piece, last=last)
    except LineCut:
        return body.upload
    finally:
        await run_in_threadpool(going.meter.settle)
    upload = await run_in_threadpool(going.settle)
    if upload.received < body.at:
        raise UploadDamaged(f"upload {upload.id}")
    return upload


@dataclass
class Body:
    """The body of one request on its way into an upload."""

    going: Going
    upload: Upload
    checksum: tus.Checksum | None
    most: int
    start: int = field(init=False)
    at: int = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.at = self.upload.received

    async def take(self, piece: bytes, *, last: bool) -> None:
        """Store the next bytes; before the last ones the checksum is compared."""
        if self.at + len(piece) > self.most:
            raise RecordingTooLarge(f"upload {self.upload.id} over {self.most} bytes")
        if self.checksum is not None:
            self.checksum.sum.update(piece)
            if last and not self.checksum.met():
                await run_in_threadpool(self.going.take_back, self.start, self.at)
                raise UploadDamaged(f"upload {self.upload.id} from {self.start}")
        if piece:
            self.upload = await run_in_threadpool(self.going.keep, self.at, piece)
            self.at += len(piece)


def _create(held: Held, owner: Owner, wanted: tus.Creation) -> tuple[Upload, bool]:
    keyring = held.desk.keyring
    with transaction(held.engine) as session:
        known = {upload.id for upload in uploads.uploads_of(session, keyring, owner)}
        upload = uploads.create(session, keyring, owner, wanted.name, wanted.length)
        if wanted.sha256 is not None:
            uploads.expect_whole(session, keyring, upload, wanted.sha256)
        return upload, upload.id not in known


def _owner_of_new(
    request: Request, held: Held, actor: Actor, wanted: tus.Creation
) -> tuple[Owner, str | None]:
    """Give who will own a new upload, and the draft cookie to set where a browser needs a new one.

    As for drafts, a cookie that nothing of ours belongs to is not taken over.
    """
    if wanted.client is not None:
        return _collector(actor, wanted.client), None
    keyring, cookie = held.desk.keyring, cookie_of(request)
    if cookie is not None:
        with transaction(held.engine) as session:
            theirs = uploads.uploads_of(session, keyring, Owner.for_draft(cookie))
            if not theirs and open_draft(session, keyring, cookie) is None:
                cookie = None
    if cookie is not None:
        return Owner.for_draft(cookie), None
    cookie = new_cookie()
    return Owner.for_draft(cookie), cookie


def _owner(request: Request, actor: Actor) -> Owner:
    client = request.query_params.get("client")
    if client is not None:
        return _collector(actor, client)
    cookie = cookie_of(request)
    if cookie is None:
        raise NotFound("no cookie")
    return Owner.for_draft(cookie)


def _collector(actor: Actor, client: str) -> Owner:
    if actor.person_id is None:
        raise tus.Refused(401, SIGN_IN)
    actor.require(Role.WORKER)
    return Owner.for_collect(actor.person_id, client)


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers


def _stands(upload: Upload, status: int) -> Response:
    return Response(status_code=status, headers=tus.said_of(upload))
