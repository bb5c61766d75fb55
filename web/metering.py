"""How much sound strangers send from one network: counted as it comes, refused past a share."""

from dataclasses import dataclass

from starlette.requests import Request

from storybank.access import Actor
from storybank.capture.room import leave_share, note_sound
from storybank.db import reading, transaction
from storybank.settings import MEGABYTE
from web.receipts import network_digest
from web.state import Held


@dataclass
class Meter:
    """Counts the sound of one request; where its sender is signed in, nothing is counted."""

    held: Held
    network: bytes | None
    _pending: int = 0

    def check(self) -> None:
        """Raise NetworkFull where the network has sent its share already."""
        if self.network is not None:
            with reading(self.held.engine) as session:
                leave_share(session, self.held.settings, self.network)

    def add(self, size: int) -> None:
        """Count some bytes; each megabyte is written down, and then the share is looked at again.

        Pieces are small, and a row that each of them changed would make all of a library wait.
        """
        self._pending += size
        if self._pending >= MEGABYTE:
            self.settle()
            self.check()

    def settle(self) -> None:
        """Write down what is counted and not written yet."""
        if self.network is not None and self._pending:
            with transaction(self.held.engine) as session:
                note_sound(session, self.network, self._pending)
        self._pending = 0


def meter_for(request: Request, held: Held, actor: Actor) -> Meter:
    """Give the meter of one request."""
    return Meter(held, network_digest(request) if actor.person_id is None else None)
