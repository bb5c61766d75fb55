"""Few recordings in memory at once: who comes while it is full waits a little, or is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storybank.errors import Crowded
from web.forms import MOST_TYPED
from web.security import READ_AHEAD, STREAMED, BodyBroken
from web.streaming import Pace

AT_ONCE = 4
"""Large bodies that may come in at the same moment; of the largest, that is under a gigabyte."""
LEAST_A_SECOND, LOOKED_AT_S = 1024, 30.0
"""Who brings fewer bytes a second, over so many seconds of waiting, gives the place up."""
TAKEN_OUT = 2
"""Recordings that may be taken out of the store whole at the same moment: a matter of seconds."""
WAIT_S = 20.0
"""How long somebody waits for room; browsers and people give up later than that."""
HOLD_WHOLE = frozenset({"/tell/recording/kept", "/tell/check"})
"""Addresses that get no large body, but take a whole recording out of the store."""


class Crowd:
    """Middleware: lets only so many requests at once hold a whole recording in memory.

    Large bodies have room of their own: however slowly they come, they keep nobody from sending a
    story; one that comes slower than any line gives its place up (`steady`). For the same reason a
    small form is read before its sender waits for room. Uploads that
    are stored piece by piece are not counted. Raises Crowded after `wait_s` seconds; the guard,
    which stands round this, makes a page of it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        at_once: int = AT_ONCE,
        taken_out: int = TAKEN_OUT,
        wait_s: float = WAIT_S,
    ) -> None:
        self._app, self._wait_s = app, wait_s
        self._bodies, self._store = asyncio.Semaphore(at_once), asyncio.Semaphore(taken_out)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, when there is room for it."""
        if scope["type"] != "http" or not holds_much(scope):
            await self._app(scope, receive, send)
        elif brings_much(scope):
            async with self._room(self._bodies):
                await self._app(scope, steady(receive), send)
        else:
            read = await read_ahead(receive)
            scope.setdefault("state", {})[READ_AHEAD] = read
            async with self._room(self._store):
                await self._app(scope, read, send)

    @asynccontextmanager
    async def _room(self, room: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._wait_s):
                await room.acquire()
        except TimeoutError:
            raise Crowded from None
        try:
            yield
        finally:
            room.release()


def steady(
    receive: Receive, least: int = LEAST_A_SECOND, looked_at_s: float = LOOKED_AT_S
) -> Receive:
    """Give `receive` so that it raises BodyBroken where a body comes slower than `least` bytes/s.

    Only time spent waiting for the sender counts, and is looked at in stretches of `looked_at_s`.
    """
    pace, whole = Pace(least, looked_at_s), False

    async def receive_steadily() -> Message:
        nonlocal whole
        clock = asyncio.get_running_loop().time
        message = None
        while message is None:
            began = clock()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if whole else pace.left_s):
                    message = await receive()
            whole = whole or (message is not None and not message.get("more_body", False))
            body = message.get("body", b"") if message else b""
            if not whole and pace.too_slow(clock() - began, len(body)):
                raise BodyBroken(f"under {least} bytes a second")
        return message

    return receive_steadily


async def read_ahead(receive: Receive) -> Receive:
    """Read a small body now, and give it again to whoever asks after."""
    messages: list[Message] = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def holds_much(scope: Scope) -> bool:
    """Say whether a request may bring, or take out, a recording that is held in memory whole."""
    if scope["method"] in {"GET", "HEAD", "OPTIONS"} or scope["path"].startswith(STREAMED):
        return False
    return scope["path"] in HOLD_WHOLE or brings_much(scope)


def brings_much(scope: Scope) -> bool:
    """Say whether the body of a request may be a large one: it says so, or it does not say."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    known = int(length) if length.isdigit() else 0
    return known > MOST_TYPED or "chunked" in headers.get("transfer-encoding", "").lower()
