"""The child process that touches untrusted sound, and the walls around it.

Standard input: one line of JSON (the order), then the recording. Standard output: the answer.
The exit status says how it went (`STATUS`). Before the first byte of the recording is read, the
process gives up memory, processor time, writing, and the right to open any file or socket, so
that a decoder taken over by a crafted file has nowhere to go (OWASP ASVS 5.0, 5.2 and 5.3).
"""

import ctypes
import importlib
import io
import json
import pkgutil
import resource
import sys
from collections.abc import Iterator
from typing import Any

from storybank.capture.joining import flac, in_order
from storybank.capture.playback import PLAYABLE_RATE, mp3, silenced
from storybank.capture.sound import Refused, Sound, measure, samples

STATUS = {"broken": 11, "too long": 12, "no libraries": 13}
_CLONE_NEWNET, _CLONE_NEWUSER, _NO_NEW_PRIVILEGES = 0x40000000, 0x10000000, 38


def give_up_rights(memory_bytes: int, cpu_seconds: int) -> None:
    """Leave this process nothing but its pipes, `memory_bytes` and `cpu_seconds`.

    No new file or socket can be opened: descriptors 0 to 2 are taken, and 3 is the limit. The
    empty network (where the system allows it) and no-new-privileges are second walls.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(kind, (value, value))


def answer(av: Any, order: dict[str, Any], recording: bytes) -> Iterator[bytes]:
    """Do what `order` asks (`seconds`, `samples`, `mp3`, `joined`); give the answer's bytes."""
    limit = float(order["max_seconds"])
    if order["want"] == "joined":
        rate = int(order["rate"])
        yield flac(av, in_order(av, recording, order["parts"], rate, limit), rate)
        return
    sound = Sound(av, io.BytesIO(recording), order["demuxer"])
    if order["want"] == "seconds":
        yield json.dumps({"seconds": measure(sound, limit)}).encode()
    elif order["want"] == "samples":
        yield from samples(av, sound, int(order["rate"]), limit)
    else:
        pieces = samples(av, sound, PLAYABLE_RATE, limit)
        yield mp3(av, silenced(pieces, PLAYABLE_RATE, order["silences"]))


def load_all(package: str) -> Any:
    """Import a package with every module in it: later, no file can be opened to do so."""
    whole = importlib.import_module(package)
    for module in pkgutil.walk_packages(whole.__path__, f"{package}."):
        if not module.name.endswith((".__main__", ".datasets")):
            importlib.import_module(module.name)
    return whole


def main() -> int:
    """Serve one order from standard input; gives the exit status."""
    order = json.loads(sys.stdin.buffer.readline())
    try:
        av = load_all("av")
    except ImportError:
        return STATUS["no libraries"]
    give_up_rights(order["memory_bytes"], order["cpu_seconds"])
    try:
        for piece in answer(av, order, sys.stdin.buffer.read()):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except Refused as refused:
        return STATUS[str(refused)]
    except (MemoryError, av.error.FFmpegError):
        return STATUS["broken"]
    return 0
