"""Join the parts of an interrupted recording; runs only inside the child of `decoder.py`."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from storybank.capture.sound import Sound, samples


def in_order(
    av: Any, recording: bytes, parts: Sequence[tuple[int, str]], rate: int, max_seconds: float
) -> Iterator[bytes]:
    """Give the samples of all parts, one after the other, as 16-bit mono at `rate`.

    `recording` is the parts in one piece; `parts` are the bytes and the demuxer of each.
    """
    at = 0
    for size, demuxer in parts:
        part = io.BytesIO(recording[at : at + size])
        yield from samples(av, Sound(av, part, demuxer), rate, max_seconds)
        at += size


def flac(av: Any, pieces: Iterator[bytes], rate: int) -> bytes:
    """Give `pieces` of 16-bit mono samples at `rate` as a FLAC file: not one sample is changed."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac", options={"fflags": "+bitexact"}) as file:
        stream = file.add_stream("flac", rate=rate)
        encoder = stream.codec_context
        encoder.layout, encoder.format = "mono", "s16"
        for piece in pieces:
            if not piece:
                continue
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
            frame.planes[0].update(piece)
            frame.sample_rate = rate
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()
