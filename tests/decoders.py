"""Children that decode sound and start at once: forked from one that has loaded the libraries.

A spoken story is decoded five times, and loading PyAV is most of the time of each. The forks run
the program's own `decoder.main`, behind the same walls. `tests/stages` starts real children.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]


class DecoderFork:
    """One forked child, with what `storybank.capture.audio` uses of `subprocess.Popen`."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes], news: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.returncode: int | None = None
        self._news = news
        self._pid = int(news.readline())

    def kill(self) -> None:
        """End it; nothing happens where its end is known."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end; gives its status, as `subprocess.Popen` does."""
        if self.returncode is None:
            self.returncode = int(self._news.readline())
            self._news.close()
        return self.returncode


class Decoders:
    """Forks a decoder at each call; its parent is started at the first one."""

    def __init__(self) -> None:
        self._parent: subprocess.Popen[bytes] | None = None
        self._orders, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def __call__(self) -> DecoderFork:
        if self._parent is None:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.decoders", str(self._theirs.fileno())],
                cwd=ROOT,
                pass_fds=[self._theirs.fileno()],
            )
        (child_in, ours_in), (ours_out, child_out), (ours_news, child_news) = (
            os.pipe() for _ in range(3)
        )
        socket.send_fds(self._orders, [b"1"], [child_in, child_out, child_news])
        for theirs in (child_in, child_out, child_news):
            os.close(theirs)
        return DecoderFork(
            os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"), os.fdopen(ours_news, "rb")
        )

    def close(self) -> None:
        """End the parent: it has no more orders to wait for."""
        self._orders.close()
        self._theirs.close()
        if self._parent is not None:
            self._parent.wait(timeout=60)


def main(orders: socket.socket) -> int:
    """Fork for each order until there are no more; gives the status of the process this is."""
    from storybank.capture import decoder

    decoder.load_all("av")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for a watcher
    while True:
        _, fds, _, _ = socket.recv_fds(orders, 1, 3)
        if not fds:
            return 0
        if os.fork() == 0:
            return _watch(*fds)
        for fd in fds:
            os.close(fd)


def _watch(stdin: int, stdout: int, news: int) -> int:
    """Fork the decoder, say its number and then its status; the decoder gives its own status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        return _decode(stdin, stdout)
    os.close(stdin)
    os.close(stdout)
    os.write(news, b"%d\n" % child)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(news, b"%d\n" % status)
    return 0


def _decode(stdin: int, stdout: int) -> int:
    """Be a decoder: pipes at 0 and 1, nothing at 2, and no other file open."""
    from storybank.capture.decoder import main as decode

    nothing = os.open(os.devnull, os.O_RDWR)
    for ours, theirs in ((stdin, 0), (stdout, 1), (nothing, 2)):
        os.dup2(ours, theirs)
    os.closerange(3, 256)
    return decode()


@contextlib.contextmanager
def decoders() -> Iterator[Decoders]:
    """Give what forks decoders; its parent ends after."""
    forks = Decoders()
    yield forks
    forks.close()


if __name__ == "__main__":
    # Not `sys.exit`: nothing of the parent's is to be ended by its children.
    status = main(socket.socket(fileno=int(sys.argv[1])))
    sys.stdout.flush()
    os._exit(status)
