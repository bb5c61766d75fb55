"""A body as it comes over the line: in pieces small enough to lose, large enough to store."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Receive

PIECE_BYTES = 32 * 1024
PIECE_WITHIN_S = 1.0
SILENCE_S = 60.0
"""After so long without a byte nobody is there any more."""


class LineCut(Exception):
    """The sender is gone in the middle of a body."""


async def pieces(receive: Receive) -> AsyncIterator[tuple[bytes, bool]]:
    """Give a body piece by piece, each with whether it is the last; the last may be empty.

    A piece is given once 32 KiB have come or a second has passed, so that a killed server loses
    no more of a slow line than that. What is left when the line is cut is given too, and then
    LineCut is raised.
    """
    clock = asyncio.get_running_loop().time
    held, due = bytearray(), 0.0
    coming = asyncio.ensure_future(receive())
    try:
        while True:
            wait = max(0.0, due - clock()) if held else SILENCE_S
            await asyncio.wait({coming}, timeout=wait)
            if coming.done():
                message = coming.result()
                if message["type"] != "http.request":
                    break
                if not held:
                    due = clock() + PIECE_WITHIN_S
                held += message.get("body", b"")
                if not message.get("more_body", False):
                    yield bytes(held), True
                    return
                coming = asyncio.ensure_future(receive())
            elif not held:
                break
            if len(held) >= PIECE_BYTES or (held and clock() >= due):
                piece = bytes(held)
                held.clear()
                yield piece, False
        if held:
            yield bytes(held), False
        raise LineCut
    finally:
        coming.cancel()
