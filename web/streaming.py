"""A body as it comes over the line: in pieces small enough to lose, large enough to store."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.types import Receive

PIECE_BYTES = 32 * 1024
PIECE_WITHIN_S = 1.0
SILENCE_S = 60.0
"""After so long without a byte nobody is there any more."""
LEAST_A_SECOND = 200
"""Bytes a second over a minute: the worst line brings more, and each second's bytes are stored in
a transaction of their own. What came before is kept, so that nothing is lost."""


@dataclass
class Pace:
    """How fast a body comes: `least` bytes a second, looked at in stretches of `over_s` seconds.

    Only time spent waiting for the sender counts.
    """

    least: int
    over_s: float
    _waited: float = 0.0
    _came: int = 0

    @property
    def left_s(self) -> float:
        """How long may be waited until it is looked at again, in seconds."""
        return max(0.0, self.over_s - self._waited)

    def too_slow(self, waited_s: float, came: int) -> bool:
        """Note a wait and the bytes that ended it; says whether a stretch is over and was slow."""
        self._waited, self._came = self._waited + waited_s, self._came + came
        if self._waited < self.over_s:
            return False
        slow = self._came < self.least * self.over_s
        self._waited, self._came = 0.0, 0
        return slow


class LineCut(Exception):
    """The sender is gone in the middle of a body."""


async def pieces(receive: Receive) -> AsyncIterator[tuple[bytes, bool]]:
    """Give a body piece by piece, each with whether it is the last; the last may be empty.

    A piece is given once 32 KiB have come or a second has passed, so that a killed server loses
    no more of a slow line than that. What is left when the line is cut, or comes too slowly
    (`LEAST_A_SECOND`), is given too, and then LineCut is raised.
    """
    clock = asyncio.get_running_loop().time
    held, due = bytearray(), 0.0
    pace = Pace(LEAST_A_SECOND, SILENCE_S)
    coming = asyncio.ensure_future(receive())
    try:
        while True:
            wait = max(0.0, due - clock()) if held else SILENCE_S
            began = clock()
            await asyncio.wait({coming}, timeout=wait)
            took, came = clock() - began, 0
            silent = not coming.done()
            if not silent:
                message = coming.result()
                if message["type"] != "http.request":
                    break
                if not held:
                    due = clock() + PIECE_WITHIN_S
                came = len(message.get("body", b""))
                held += message.get("body", b"")
                if not message.get("more_body", False):
                    yield bytes(held), True
                    return
                coming = asyncio.ensure_future(receive())
            if pace.too_slow(took, came) or (silent and not held):
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
