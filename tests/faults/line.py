"""A bad line on loopback: slow, late, and cut every so often; it counts what went over it."""

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field

_BLOCK_BYTES = 1_460
"""What one packet carries on most lines."""


@dataclass
class Line:
    """A proxy to a port of this machine, with a thread of its own.

    Every connection has `bytes_per_s` each way to itself and brings them `delay_s` late; all are
    cut every `cut_every_s`, and what is on its way then is lost. `sent` counts the bytes towards
    the server, headers too, that went over the line whether they arrived or not.
    """

    to_port: int
    delay_s: float = 0.3
    bytes_per_s: int = 8_000
    cut_every_s: float | None = 20.0
    port: int = 0
    sent: int = 0
    connections: int = 0
    cuts: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _started: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Line":
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *problem: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    async def _run(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=_BLOCK_BYTES)
        self.port = server.sockets[0].getsockname()[1]
        cutter = asyncio.create_task(self._cut_for_ever())
        self._started.set()
        await self._end.wait()
        cutter.cancel()
        server.close()
        self._cut()
        await asyncio.sleep(0.1)  # let the connections see it

    async def _cut_for_ever(self) -> None:
        while self.cut_every_s is not None:
            await asyncio.sleep(self.cut_every_s)
            self.cuts += 1
            self._cut()

    def _cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _carry(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        """Carry one connection until either end, or the line, gives up."""
        ends = {to_phone}
        self._open.add(to_phone)
        try:
            server, to_server = await asyncio.open_connection(
                "127.0.0.1", self.to_port, limit=_BLOCK_BYTES
            )
            ends.add(to_server)
            self._open.add(to_server)
            self.connections += 1
            ways = [
                asyncio.create_task(self._pass_on(phone, to_server, counted=True)),
                asyncio.create_task(self._pass_on(server, to_phone, counted=False)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass  # nobody listens: the server is down
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        """Carry one way: each block takes its time to be sent, and arrives late."""
        late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(late, writer))
        try:
            while block := await reader.read(_BLOCK_BYTES):
                await asyncio.sleep(len(block) / self.bytes_per_s)
                if counted:
                    self.sent += len(block)
                late.put_nowait((self._loop.time() + self.delay_s, block))
            late.put_nowait((self._loop.time() + self.delay_s, b""))
            await delivery
        finally:
            delivery.cancel()

    async def _deliver(
        self, late: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, block = await late.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not block:
                    return
                writer.write(block)
                await writer.drain()
