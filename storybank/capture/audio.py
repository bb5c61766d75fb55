"""Recordings to sound: every decoder runs in a child process that can do nothing else."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from storybank.capture.decoder import STATUS
from storybank.errors import (
    BrokenRecording,
    EmptyRecording,
    NotARecording,
    RecordingTooLong,
    SetupProblem,
)
from storybank.sentences import Sentence, sentence
from storybank.values import Vector

SAMPLE_RATE = 16_000
DEMUXERS = {
    "webm": "matroska",
    "ogg": "ogg",
    "mp4": "mov",
    "3gp": "mov",
    "mp3": "mp3",
    "wav": "wav",
    "flac": "flac",
    "amr": "amr",
}
"""ffmpeg is told the format and never guesses: a guess can end in a playlist that opens files."""
PLAYABLE_TYPE = "audio/mpeg"
"""MP3 is what every browser plays and seeks in, Safari and Debian's Chromium among them."""
JOINED_RATE, LONG_JOINED_RATE = 48_000, 24_000
"""Samples a second of a joined recording: what phones record at; less for long ones, in memory."""
_LONG_S = 30 * 60.0
_MOST_PLAYABLE_S = 24 * 3600.0
_MOST_TO_MEASURE_S = 30
"""Processor seconds to find a recording's length; two hours of sound take about one."""
_BASE_MEMORY = 1 << 30
_BLOCK = 1 << 20
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")
"""All that the child sees of our environment: addresses and passwords stay here."""
_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from storybank.capture.decoder import main
sys.exit(main())
"""
"""Runs the same copy of this package as we are, whether from a wheel or a checkout."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a recording is: its container by magic bytes, and its exact length in seconds."""

    container: str
    seconds: float


def sniff(data: bytes) -> str:
    """Name the container by its first bytes: webm, ogg, mp4, 3gp, mp3, wav, flac or amr.

    The name that the sender gave the file is never asked. Raises EmptyRecording for no bytes,
    NotARecording for anything else.
    """
    if not data:
        raise EmptyRecording
    head = data[:16]
    for magic, container in _MAGIC:
        if head.startswith(magic):
            return container
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "3gp" if head[8:10] == b"3g" else "mp4"
    if _is_mpeg_layer_3(head):
        return "mp3"
    raise NotARecording(f"{len(data)} bytes")


_MAGIC = (
    (b"\x1a\x45\xdf\xa3", "webm"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
)


def _is_mpeg_layer_3(head: bytes) -> bool:
    # 11 bits of sync, then a valid version, layer III, bit rate and sample rate: a text in
    # UTF-16 starts with FF FE, which is sync but layer I.
    return (
        len(head) >= 3
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[1] & 0x18 != 0x08
        and head[2] & 0xF0 not in (0x00, 0xF0)
        and head[2] & 0x0C != 0x0C
    )


def probe(data: bytes, *, max_seconds: float) -> Probe:
    """Give container and seconds, counted from the packets, so headers need not know them.

    Only the first packets are decoded, to see that it is sound. Of a recording cut off by a dead
    phone, what is there counts. Raises EmptyRecording, NotARecording, BrokenRecording, or
    RecordingTooLong over `max_seconds`.
    """
    container = sniff(data)
    answer = _ask({"want": "seconds", "max_seconds": max_seconds}, container, data, most=1000)
    return Probe(container, float(json.loads(answer)["seconds"]))


def decode(data: bytes, *, max_seconds: float) -> Vector:
    """Give the sound as mono, 16 kHz, float32, shape (n,), in [-1, 1].

    Silence stands where the recorder's clock shows a gap, so sample n was said at n / 16000
    seconds. What can be decoded of a damaged recording is given. Raises as `probe` does.
    """
    order = {"want": "samples", "rate": SAMPLE_RATE, "max_seconds": max_seconds}
    most = int((max_seconds + 10) * SAMPLE_RATE) * 2
    pcm = _ask(order, sniff(data), data, most=most)
    sound = np.frombuffer(pcm, np.int16).astype(np.float32)
    sound /= 32768.0
    return sound


def playable(data: bytes, *, silences: Sequence[tuple[float, float]] = ()) -> bytes:
    """Give a copy of type PLAYABLE_TYPE that every browser plays and seeks: mono, speech quality.

    It carries no metadata (phones write place and owner into theirs). Nothing is to be heard
    inside `silences`, half-open ranges in seconds on the clock of `decode`. Raises as `probe`.
    """
    order = {
        "want": "mp3",
        "max_seconds": _MOST_PLAYABLE_S,
        "silences": [(float(start), float(end)) for start, end in silences],
    }
    return bytes(_ask(order, sniff(data), data, most=1 << 30))


def joined(parts: Sequence[bytes], *, seconds: float, max_seconds: float) -> bytes:
    """Give the parts of an interrupted recording as one, in FLAC, so that nothing more is lost.

    They may be of different kinds. `seconds` is their length together, as `probe` gave it. Raises
    as `probe` does, for any of the parts.
    """
    rate = JOINED_RATE if seconds <= _LONG_S else LONG_JOINED_RATE
    order = {
        "want": "joined",
        "rate": rate,
        "max_seconds": max_seconds,
        "parts": [(len(part), DEMUXERS[sniff(part)]) for part in parts],
        "room_bytes": int(4 * rate * seconds),  # the file once as it grows, and once as it is given
    }
    return bytes(_ask(order, sniff(parts[0]), b"".join(parts), most=1 << 30))


def _ask(order: dict[str, Any], container: str, data: bytes, *, most: int) -> bytearray:
    """Let a child do `order`; gives its answer of at most `most` bytes, or raises the cause."""
    limit = float(order["max_seconds"])
    cpu = 60 + int(min(limit, _MOST_PLAYABLE_S) / 20)
    if order["want"] == "seconds":  # somebody waits for it, and nearly nothing is decoded
        cpu = _MOST_TO_MEASURE_S
    order |= {
        "demuxer": DEMUXERS[container],
        "memory_bytes": _BASE_MEMORY + 2 * len(data) + order.get("room_bytes", 0),
        "cpu_seconds": cpu,
    }
    child = _start_child()
    # A child that waits uses no processor time, so its wall-clock time is limited as well.
    deadline = threading.Timer(10.0 * cpu, child.kill)
    deadline.start()
    try:
        answer = _converse(child, json.dumps(order).encode() + b"\n", data, most)
    finally:
        deadline.cancel()
        child.kill()
        child.wait()
    _raise_for(child.returncode, limit)
    return answer


def _start_child() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-I", "-c", _CHILD, str(Path(__file__).parents[2])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
    )


def _converse(child: "subprocess.Popen[bytes]", order: bytes, data: bytes, most: int) -> bytearray:
    assert child.stdin is not None  # noqa: S101 (both were asked for as pipes)
    assert child.stdout is not None  # noqa: S101
    feeder = threading.Thread(target=_feed, args=(child.stdin, order, data), daemon=True)
    feeder.start()
    answer = bytearray()
    with child.stdout as pipe:
        while len(answer) <= most and (block := pipe.read(_BLOCK)):
            answer += block
    if len(answer) > most:
        child.kill()  # it gives more than was asked for, so something else is at work in there
    feeder.join()
    child.wait()
    return answer


def _feed(pipe: IO[bytes], order: bytes, data: bytes) -> None:
    try:
        with pipe:
            pipe.write(order)
            pipe.write(data)
    except (BrokenPipeError, ValueError):
        return  # the child has made up its mind; its status says how


def _raise_for(status: int, max_seconds: float) -> None:
    if status == STATUS["too long"]:
        raise RecordingTooLong(
            f"over {max_seconds:.0f} s",
            message=sentence(
                "The recording is longer than %(time)s. Please send it in parts.",
                time=_in_words(max_seconds),
            ),
        )
    if status == STATUS["no libraries"]:
        raise SetupProblem(
            "child", message="PyAV cannot be loaded. Install it again with `pip install av`."
        )
    if status != 0:
        raise BrokenRecording(f"decoder ended with {status}")


def _in_words(seconds: float) -> Sentence:
    minutes = round(seconds / 60)
    if seconds < 120:
        return sentence("%(n)s seconds", n=round(seconds))
    if minutes % 60:
        return sentence("%(n)s minutes", n=minutes)
    return sentence("1 hour") if minutes == 60 else sentence("%(n)s hours", n=minutes // 60)
