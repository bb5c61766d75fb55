"""The one place where an error becomes an HTTP status and a page."""

import logging
from dataclasses import replace

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from storybank import errors
from storybank.capture.phone_details import CONSENT
from web import auth
from web.language import plain, speech_for
from web.openrosa import refusal
from web.outage import NotWorking, for_reader, given_back, typed_words, unread
from web.render import page
from web.security import OTHER_APPS, STREAMED, BodyBroken, FormExpired, PackedBody, TooLarge

log = logging.getLogger(__name__)

COLLECT = ("/collect/me", "/collect/sent", "/collect/stories")
"""What the recorder on workers' phones talks to: it reads JSON only."""

STATUS: dict[type[Exception], int] = {
    errors.StorybankError: 500,
    errors.BadInput: 422,
    errors.BadSubmission: 400,
    errors.PhoneKeyEnded: 401,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.SignedOut: 401,
    errors.Conflict: 409,
    errors.SetupProblem: 503,
    errors.DiskFull: 507,
    errors.Busy: 429,
    errors.Crowded: 503,
    errors.ConsentWithdrawn: 410,
    errors.InviteExpired: 410,
    errors.RecordingTooLarge: 413,
    errors.UploadDamaged: 460,  # the number that tus gives it
    TooLarge: 413,
    PackedBody: 415,
    BodyBroken: 408,
}

TITLES: dict[int | type[Exception], str] = {
    400: "We could not read that",
    401: "This address does not open",
    403: "You cannot open this",
    404: "Page not found",
    405: "This page does not take that",
    408: "Please wait a little",
    409: "This has changed meanwhile",
    FormExpired: "This page was open for too long",
    errors.SentBefore: "This was sent before",
    errors.NothingWritten: "Please wait a little",
    NotWorking: "Sorry, Storybank is not working now",
    410: "This is no longer here",
    errors.DraftGone: "This is no longer here",
    413: "That is too large",
    415: "We cannot open that",
    422: "We could not use that",
    429: "Please wait a little",
    460: "That arrived damaged",
    500: "Sorry, something went wrong",
    503: "Storybank is not ready",
    507: "There is no room left",
}

_PLAIN = {
    404: "If you typed the address, check it. If you followed a link, it may be out of date.",
    405: "Go back to the start page and try again from there.",
    422: "Something in the address or the form could not be read. Go back and try again.",
}


def add_error_pages(app: FastAPI) -> None:
    """Make `app` answer every foreseen error with a plain page."""
    app.add_exception_handler(errors.StorybankError, show)
    app.add_exception_handler(HTTPException, show)
    app.add_exception_handler(RequestValidationError, show)
    app.add_exception_handler(sa.exc.OperationalError, show)


async def show(request: Request, error: Exception) -> Response:
    """Answer any error as a page, or as the part that htmx asked for; never a traceback."""
    status, said = status_of(error), for_reader(request, ours(error))
    message = message_of(said)
    if isinstance(error, HTTPException) and status == 303:
        return Response(status_code=status, headers=error.headers)
    if status >= 500:
        log.error("error", extra={"status": status, "detail": _detail(error)}, exc_info=error)
    if request.url.path.startswith(OTHER_APPS):
        return refusal(message, status)
    if request.url.path.startswith(COLLECT):
        return JSONResponse({"error": message} | _mend(error), status)
    if asked_by_script(request):
        return PlainTextResponse(plain(speech_for(request).say(message)), status)
    response = page(
        request, "error.html", fragment="message", status=status, title=title_of(said),
        message=message, typed=await given_back(request, error, status),
        unread=unread(request, error),
    )  # fmt: skip
    if status == 405 and isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


async def ask_to_sign_in(request: Request, error: Exception) -> Response:
    """Send somebody who is not signed in to the sign-in page; words they typed are shown first.

    They are only shown to copy: somebody else may sign in next.
    """
    typed = None if asked_by_script(request) else await typed_words(request)
    if typed is None:
        return auth.to_sign_in(request)
    return page(
        request, "error.html", fragment="message", status=status_of(error),
        title="Your sign-in has run out",
        message="Copy your words, sign in again, and put them back.",
        typed=replace(typed, whole=False), sign_in=auth.sign_in_address(request),
    )  # fmt: skip


def _mend(error: Exception) -> dict[str, str]:
    """Give what the recorder can offer its worker beside the sentence, if anything."""
    no_yes = isinstance(error, errors.YesNotHeard)
    broken = isinstance(error, errors.SealBroken) and error.detail == CONSENT
    return {"mend": "ticks"} if no_yes or broken else {}


def asked_by_script(request: Request) -> bool:
    """Say whether a short sentence is the answer wanted: scripts cannot use a page."""
    return request.headers.get("accept", "") == "text/plain" or request.url.path.startswith(
        STREAMED
    )


def status_of(error: Exception) -> int:
    """Give the HTTP status of an error."""
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, RequestValidationError):
        return 404 if _in_path(error) else 422
    kinds = type(ours(error)).__mro__
    return next((STATUS[kind] for kind in kinds if kind in STATUS), 500)


def title_of(error: Exception) -> str:
    """Give the heading of an error's page."""
    return TITLES.get(type(error)) or TITLES.get(status_of(error), TITLES[500])


def message_of(error: Exception) -> str:
    """Give the one plain sentence for an error; nothing that the error holds gets out."""
    if isinstance(known := ours(error), errors.StorybankError):
        return known.message
    return _PLAIN.get(status_of(error), errors.StorybankError.message)


def ours(error: Exception) -> Exception:
    """Give the error of ours that a database's own stands for; any other as it is."""
    if not isinstance(error, sa.exc.OperationalError):
        return error
    full = type(error.orig).__name__ == "DiskFull"
    return errors.DiskFull() if full else errors.DatabaseUnreachable()


def _in_path(error: RequestValidationError) -> bool:
    return any(problem["loc"][:1] == ("path",) for problem in error.errors())


def _detail(error: Exception) -> str:
    return error.detail if isinstance(error, errors.StorybankError) else type(error).__name__
