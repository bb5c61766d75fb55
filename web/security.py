"""What stands round every request: headers, limits on bodies, and where a form may come from."""

import asyncio
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storybank.errors import Busy, NotAllowed, NotFound, RecordingTooLarge
from web.forms import MOST_TYPED, read_form

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD = "form_token"  # noqa: S105 (a field's name, not a secret)
"""Name of the hidden field that stands for the headers of browsers too old to send them."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # With no-referrer, browsers send `Origin: null`, and forms could not prove where they are from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), "
    "display-capture=(), browsing-topics=()",
}
_VARY = "HX-Request, HX-Request-Type, Sec-Fetch-Site, Origin"
"""What answers depend on: whether a part was asked for, and where a form comes from."""
TAKE_RECORDINGS = frozenset({"/tell/upload", "/tell/recording", "/worker/new", "/worker/saved"})
"""The only addresses where a body may be as large as a recording; bodies are read into memory."""
STREAMED = ("/uploads",)
"""Where bodies are taken piece by piece as they come, whatever size they announce.

Beginnings of addresses. Those routes set their own limits; the guard counts what comes.
"""
TAKES_LISTS = "/import"
MOST_LIST = 21 * 1024 * 1024
"""Bytes of a list of stories to be imported, and a little for the form round it."""
OTHER_APPS = "/key/"
"""Where survey apps send to: the key in the address proves who sends, and there are no cookies."""
READ_AHEAD = "read_ahead"
"""Where a request keeps the body that was read before its turn came: it can be read only there."""
SILENCE_S = 30.0
"""After so long without a byte of its body a request is ended: it may hold what others wait for."""
_HSTS = "max-age=31536000; includeSubDomains"

Failing = Callable[[Request, Exception], Awaitable[Response]]


class TooLarge(RecordingTooLarge):
    """The body of a request is over the limit."""


class FormTooLarge(TooLarge):
    """The body of a request that brings no recording is over the limit."""

    message = (
        "This is too much to send at once. Send less text or a smaller file, or send it in parts."
    )


class PackedBody(NotAllowed):
    """The body is compressed: 97 KB may unpack to 100 MB, so none is unpacked."""

    message = "This was sent in a packed form that we do not open. Send it as it is."


class BodyBroken(NotAllowed):
    """A body stopped coming before it was whole."""

    message = Busy.message


class ForeignForm(NotAllowed):
    """A form came from another site, or from a page that was open for too long."""

    message = (
        "This page was open for too long, or the form came from another site. "
        "Go back, load the page again and send it once more."
    )


class FormExpired(ForeignForm):
    """The token in a form does not fit the browser's cookie: it was lost, or has run out."""

    message = (
        "Nothing was sent. Please send it once more. "
        "If this page does not show what you typed, load the page before it again first."
    )


def content_policy(nonce: str) -> str:
    """Give the Content-Security-Policy of a page whose scripts carry `nonce`."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
        "img-src 'self'; font-src 'self'; media-src 'self' blob:; connect-src 'self'; "
        "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "object-src 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types htmx"
    )


class Guard:
    """Middleware: sets the headers, refuses bodies too large, and catches what nobody foresaw.

    It stands inside Starlette's own error page, so that even a page about an error of ours has
    all headers and no traceback. `failing` makes that page.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body: int,
        https: bool,
        failing: Failing,
        silence_s: float = SILENCE_S,
    ) -> None:
        self._app, self._max_body, self._https, self._failing = app, max_body, https, failing
        self._silence_s = silence_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce
        started = False
        most = self._most(scope["path"])
        too_large = TooLarge if _takes_sound(scope["path"]) else FormTooLarge
        # Uploads have a patience of their own: what came before a silence is kept.
        silence = None if scope["path"].startswith(STREAMED) else self._silence_s
        body = counted(receive, most, silence, too_large)

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                self._add_headers(headers, nonce)
                if not scope["path"].startswith("/static/"):  # files are the same for everybody
                    headers.add_vary_header(_VARY)
            await send(message)

        try:
            if "\0" in scope["path"]:  # no address of ours has one, and the database takes none
                raise NotFound("NUL in an address")
            announced = sys.maxsize if scope["path"].startswith(STREAMED) else most
            refuse_body(Headers(scope=scope), announced, too_large)
            await self._app(scope, body, send_guarded)
        except Exception as error:
            if started:
                raise
            response = await self._failing(
                Request(scope, scope["state"].get(READ_AHEAD, body)), error
            )
            await response(scope, receive, send_guarded)

    def _most(self, path: str) -> int:
        """Give the most bytes of a body sent to `path`."""
        if path == TAKES_LISTS:
            return MOST_LIST
        if path.startswith(STREAMED):
            return self._max_body * 105 // 100  # the seals of what phones send take a little more
        return self._max_body if _takes_sound(path) else MOST_TYPED

    def _add_headers(self, headers: MutableHeaders, nonce: str) -> None:
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", content_policy(nonce))
        headers.setdefault("Cache-Control", "no-store")
        if self._https:
            headers["Strict-Transport-Security"] = _HSTS


def _takes_sound(path: str) -> bool:
    """Say whether recordings may be sent to `path`."""
    return path in TAKE_RECORDINGS or path.startswith((OTHER_APPS, *STREAMED))


def counted(
    receive: Receive,
    most: int,
    silence_s: float | None = None,
    too_large: type[TooLarge] = TooLarge,
) -> Receive:
    """Give `receive` so that it raises `too_large` once a body has brought more than `most` bytes.

    Where `silence_s` seconds pass before the next byte of the body it raises BodyBroken; who waits
    after the body, until the line is cut, may wait for ever.
    """
    seen, whole = 0, False

    async def receive_counted() -> Message:
        nonlocal seen, whole
        try:
            async with asyncio.timeout(None if whole else silence_s):
                message = await receive()
        except TimeoutError:
            raise BodyBroken(f"after {seen} bytes") from None
        if message["type"] == "http.request":
            whole = not message.get("more_body", False)
            seen += len(message.get("body", b""))
            if seen > most:
                raise too_large(f"over {most} bytes")
        return message

    return receive_counted


def refuse_body(headers: Headers, max_body: int, too_large: type[TooLarge]) -> None:
    """Raise `too_large` or PackedBody by what the headers say, before the body is read."""
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > max_body:
        raise too_large(f"{length} bytes announced")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise PackedBody


async def check_origin(request: Request) -> None:
    """Raise ForeignForm unless a request that changes something comes from a page of ours.

    Fetch Metadata decides; browsers too old for it send Origin; for the oldest a token stands in
    the form (OWASP's order, 2026).
    """
    if request.method in SAFE_METHODS or request.url.path.startswith(OTHER_APPS):
        return
    if (site := request.headers.get("sec-fetch-site")) is not None:
        if site not in {"same-origin", "none"}:
            raise ForeignForm(f"site {site}")
        return
    if (origin := request.headers.get("origin")) is not None:
        if origin not in our_origins(request):
            raise ForeignForm("origin")
        return
    form = await read_form(request)
    cookie = request.cookies.get(form_cookie(request), "")
    if not cookie or not secrets.compare_digest(
        form.text(TOKEN_FIELD).encode("utf-8", "replace"), form_token(request, cookie).encode()
    ):
        raise FormExpired("token")


def form_cookie(request: Request) -> str:
    """Name of the cookie that form tokens are made from."""
    return cookie_name(request, "form")


def form_token(request: Request, cookie: str) -> str:
    """Give the token that stands in the forms of a browser that holds `cookie`."""
    keyring = request.app.state.held.desk.keyring
    digest: bytes = keyring.digest(f"form|{cookie}")
    return digest.hex()


def cookie_name(request: Request, what: str) -> str:
    """Name a cookie; over https with the prefix that lets no other site or path set it."""
    secure = request.app.state.settings.secure_cookies
    return f"__Host-storybank-{what}" if secure else f"storybank-{what}"


def set_cookie(
    request: Request, response: Response, what: str, value: str, *,
    seconds: int | None = None, strict: bool = False,
) -> None:  # fmt: skip
    """Set a cookie that scripts cannot read; without `seconds` it goes when the browser closes.

    A `strict` one is not sent where a link on another site, or in a mail, leads here.
    """
    response.set_cookie(
        cookie_name(request, what), value, max_age=seconds, path="/", httponly=True,
        secure=request.app.state.settings.secure_cookies, samesite="strict" if strict else "lax",
    )  # fmt: skip


def drop_cookie(request: Request, response: Response, what: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(
        cookie_name(request, what), path="/", httponly=True,
        secure=request.app.state.settings.secure_cookies, samesite="lax",
    )  # fmt: skip


def our_origins(request: Request) -> set[str]:
    """Give the origins that pages of ours have: the public address, and the one asked for."""
    public: Any = urlsplit(request.app.state.settings.public_url)
    ours = {f"{public.scheme}://{public.netloc}"}
    if host := request.headers.get("host"):
        ours |= {f"{request.url.scheme}://{host}"}
    return ours
