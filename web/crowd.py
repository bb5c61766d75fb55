"""Few recordings in memory at once: who comes while it is full waits a little, or is told."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from storybank.errors import Crowded
from web.security import MOST_TYPED, STREAMED

AT_ONCE = 4
"""Recordings that may be held at the same moment; of the largest, that is under a gigabyte."""
WAIT_S = 20.0
"""How long somebody waits for room; browsers and people give up later than that."""
HOLD_WHOLE = frozenset({"/tell/recording/kept", "/tell/check"})
"""Addresses that get no large body, but take a whole recording out of the store."""


class Crowd:
    """Middleware: lets only so many requests at once hold a whole recording in memory.

    Uploads that are stored piece by piece are not counted. Raises Crowded after `wait_s` seconds;
    the guard, which stands round this, makes a page of it.
    """

    def __init__(self, app: ASGIApp, *, at_once: int = AT_ONCE, wait_s: float = WAIT_S) -> None:
        self._app, self._wait_s = app, wait_s
        self._room = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, when there is room for it."""
        if scope["type"] != "http" or not holds_much(scope):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._wait_s):
                await self._room.acquire()
        except TimeoutError:
            raise Crowded from None
        try:
            await self._app(scope, receive, send)
        finally:
            self._room.release()


def holds_much(scope: Scope) -> bool:
    """Say whether a request may bring, or take out, a recording that is held in memory whole."""
    if scope["method"] in {"GET", "HEAD", "OPTIONS"} or scope["path"].startswith(STREAMED):
        return False
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    known = int(length) if length.isdigit() else 0
    return (
        scope["path"] in HOLD_WHOLE
        or known > MOST_TYPED
        or "chunked" in headers.get("transfer-encoding", "")
    )
