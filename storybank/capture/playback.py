"""Make the copy that browsers play; runs only inside the child process of `decoder.py`."""

import io
from collections.abc import Iterator
from typing import Any

PLAYABLE_RATE = 24_000
PLAYABLE_BITS = 48_000


def silenced(
    pieces: Iterator[bytes], rate: int, silences: list[tuple[float, float]]
) -> Iterator[bytes]:
    """Give the same samples with nothing to hear inside `silences` (seconds, half-open)."""
    ranges = [(2 * int(start * rate), 2 * (int(end * rate) + 1)) for start, end in silences]
    at = 0
    for piece in pieces:
        touched = [(s, e) for s, e in ranges if s < at + len(piece) and e > at]
        quiet = bytearray(piece)
        for start, end in touched:
            low, high = max(start - at, 0), min(end - at, len(piece))
            quiet[low:high] = bytes(high - low)
        yield bytes(quiet)
        at += len(piece)


def mp3(av: Any, pieces: Iterator[bytes]) -> bytes:
    """Give `pieces` (at PLAYABLE_RATE) as an MP3 with a length header and no tags at all."""
    out = io.BytesIO()
    # The length header (Xing) is written last, by going back: players then seek exactly.
    options = {"id3v2_version": "0", "write_id3v1": "0", "write_xing": "1", "fflags": "+bitexact"}
    with av.open(out, "w", format="mp3", options=options) as file:
        stream = file.add_stream("libmp3lame", rate=PLAYABLE_RATE)
        encoder = stream.codec_context
        encoder.layout, encoder.format, encoder.bit_rate = "mono", "s16p", PLAYABLE_BITS
        for piece in pieces:
            if not piece:
                continue
            frame = av.AudioFrame(format="s16p", layout="mono", samples=len(piece) // 2)
            frame.planes[0].update(piece)
            frame.sample_rate = PLAYABLE_RATE
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()
