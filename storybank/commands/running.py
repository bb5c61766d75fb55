"""Run Storybank: `storybank serve` for the pages, `storybank work` for the slow work behind."""

import contextlib
import importlib
import logging
import signal
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storybank.commands.terminal import errors, plainly
from storybank.errors import AddressTaken

if TYPE_CHECKING:
    from collections.abc import Iterator

    import uvicorn

log = logging.getLogger(__name__)

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is all of this machine's.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Alone = Annotated[bool, typer.Option("--no-worker", help="Start no worker beside the pages.")]
Concurrency = Annotated[int, typer.Option(help="How many worker processes.", min=1, max=64)]
UntilIdle = Annotated[bool, typer.Option("--until-idle", help="Stop when no work is left.")]
Tied = Annotated[bool, typer.Option("--tied", hidden=True, help="Stop when standard input closes.")]

CLOSE_WITHIN_S = 5


@plainly
def serve(host: Host = "127.0.0.1", port: Port = 8000, no_worker: Alone = False) -> None:
    """Serve the pages, with a worker beside them, until Ctrl-C or SIGTERM."""
    from storybank.commands.children import Children
    from storybank.commands.opening import check_models, open_house, read_settings
    from storybank.commands.reviving import looked_after
    from storybank.log import start_logging

    settings = read_settings()
    start_logging(settings.log_level)
    with listening(host, port) as listener, ending_on_sigterm():
        if "public_url" not in settings.model_fields_set:
            settings = settings.model_copy(update={"public_url": address(host, port)})
        check_models(settings)
        with open_house(settings) as house, contextlib.ExitStack() as stack:
            # By name, so that the library does not import the web: see pyproject's contracts.
            make_app: Any = importlib.import_module("web.app").create_app
            server = _server(make_app(settings, house.engine), settings.public_url)
            stack.enter_context(looked_after(settings, lambda: server.should_exit))
            if not no_worker:
                workers = Children()
                stack.callback(workers.stop)
                workers.start()
            with contextlib.suppress(KeyboardInterrupt, SystemExit):
                server.run(sockets=[listener])
            errors().print("Stopping ...")
    if not server.started:
        raise typer.Exit(1)


@plainly
def work(concurrency: Concurrency = 1, until_idle: UntilIdle = False, tied: Tied = False) -> None:
    """Do the slow work: write down recordings, read stories; until Ctrl-C or SIGTERM."""
    from storybank.commands.children import Children, stop_with_parent
    from storybank.commands.opening import make_workshop, open_house, read_settings
    from storybank.log import start_logging
    from storybank.memory import keep_few_pools
    from storybank.worker import run

    settings = read_settings()
    start_logging(settings.log_level)
    keep_few_pools()
    if tied:
        stop_with_parent()
    with ending_on_sigterm(), open_house(settings) as house, contextlib.ExitStack() as stack:
        if concurrency > 1:
            others = Children(concurrency - 1)
            stack.callback(others.stop)
            others.start()
        run(make_workshop(house), until_idle=until_idle)


@contextlib.contextmanager
def listening(host: str, port: int) -> "Iterator[socket.socket]":
    """Give a socket bound to the address; raises AddressTaken with a port that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError as error:
            raise AddressTaken(f"port {port}: {error.errno}", message=_taken(host, port)) from None
        yield listener


def _taken(host: str, port: int) -> str:
    for other in range(port + 1, min(port + 100, 65536)):
        with contextlib.suppress(OSError), socket.create_server((host, other)):
            return (
                f"Port {port} is used by another program. "
                f"Stop that one, or start Storybank with --port {other}, which is free."
            )
    return f"Storybank cannot listen on {host} port {port}. Choose others with --host and --port."


def address(host: str, port: int) -> str:
    """Give the address that a browser on this machine opens."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


@contextlib.contextmanager
def ending_on_sigterm() -> "Iterator[None]":
    """Make SIGTERM end the block in order, as Ctrl-C does; what comes after it runs undisturbed."""

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _server(app: object, public_url: str) -> "uvicorn.Server":
    import uvicorn

    class Announcing(uvicorn.Server):
        """A server that says, to people, when it can be used and how it is stopped."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start, and say so."""
            await super().startup(sockets=sockets)
            if self.started:
                log.info("serving")
                errors().print(f"Storybank is at [bold]{public_url}[/]  (Ctrl-C stops it)")

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        access_log=False,  # it would write what people search for
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=CLOSE_WITHIN_S,
    )
    return Announcing(config)
