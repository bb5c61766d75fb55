"""Decode a recording to plain samples; runs only inside the child process of `decoder.py`.

`av` is handed in rather than imported, so that no other process loads a decoder by accident.
"""

import io
from collections.abc import Iterator
from typing import Any

DECODERS = {
    "aac": "aac",
    "alac": "alac",
    # ffmpeg's own AMR decoders refuse the silence frames (DTX) that real phones send.
    "amrnb": "libopencore_amrnb",
    "amrwb": "libopencore_amrwb",
    "flac": "flac",
    "mp3": "mp3float",
    "mp3float": "mp3float",
    "opus": "opus",
    "vorbis": "vorbis",
    "adpcm_ima_wav": "adpcm_ima_wav",
    "adpcm_ms": "adpcm_ms",
} | {
    f"pcm_{kind}": f"pcm_{kind}"
    for kind in (
        "alaw", "mulaw", "u8", "s16le", "s16be", "s24le", "s24be", "s32le", "f32le", "f64le"
    )
}  # fmt: skip
"""The decoders we use, by ffmpeg's default name; a stream of any other kind is refused."""

JITTER_S = 0.1
"""Clocks of recorders wobble: a smaller gap between two frames is no gap."""
LONGEST_GAP_S = 300.0
"""A larger jump is a broken clock, not silence."""


class Refused(Exception):
    """The recording cannot be used; the argument is a key of STATUS."""


class Timeline:
    """How much sound there has been so far, against what the container's clock says."""

    def __init__(self, max_seconds: float) -> None:
        self.seconds = 0.0
        self._origin: float | None = None
        self._limit = max_seconds + 1.0

    def gap_before(self, clock: float | None) -> float:
        """Give the seconds of silence that are missing before what starts at `clock`."""
        if clock is None:
            return 0.0
        if self._origin is None:
            self._origin = clock
        missing = clock - self._origin - self.seconds
        if missing > LONGEST_GAP_S or missing < -1.0:
            self._origin, missing = clock - self.seconds, 0.0
        return missing if missing > JITTER_S else 0.0

    def add(self, seconds: float) -> None:
        """Move on by `seconds` of sound or silence; refuses what goes past the limit."""
        self.seconds += seconds
        if self.seconds > self._limit:
            raise Refused("too long")


class Sound:
    """The first sound stream of a recording, opened without guessing."""

    def __init__(self, av: Any, recording: io.BytesIO, demuxer: str) -> None:
        self._av = av
        try:
            self._file = av.open(
                recording,
                format=demuxer,
                options={"codec_whitelist": ",".join(DECODERS), "protocol_whitelist": "none"},
                metadata_errors="ignore",
            )
        except (av.error.FFmpegError, MemoryError, ValueError):
            raise Refused("broken") from None
        if not self._file.streams.audio:
            raise Refused("broken")
        self._stream = self._file.streams.audio[0]
        self._decoder = self._make_decoder()
        self._tick = float(self._stream.time_base)

    def _make_decoder(self) -> Any:
        declared = self._stream.codec_context
        name = DECODERS.get(declared.name if declared else "")
        if name is None:
            raise Refused("broken")
        if name == declared.name:
            return declared
        decoder = self._av.CodecContext.create(name, "r")
        decoder.sample_rate, decoder.layout = declared.sample_rate, "mono"
        decoder.extradata = declared.extradata
        return decoder

    def packets(self) -> Iterator[Any]:
        """Give the packets up to the end, or up to where the file is damaged."""
        packets = self._file.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, self._av.error.FFmpegError):
                return
            if packet.size:
                yield packet

    def when(self, packet: Any) -> tuple[float | None, float]:
        """Give start and length of a packet in seconds, by the container's clock."""
        start = None if packet.pts is None else packet.pts * self._tick
        length = (packet.duration or 0) * self._tick
        return start, length if length <= LONGEST_GAP_S else 0.0

    def frames(self, packet: Any) -> list[Any]:
        """Decode one packet (None: what is left inside); a damaged one gives nothing."""
        try:
            return list(self._decoder.decode(packet))
        except (self._av.error.FFmpegError, ValueError):
            return []


def measure(sound: Sound, max_seconds: float) -> float:
    """Give the length in seconds from the packets; only the first ones are decoded, as a test."""
    timeline, decodes = Timeline(max_seconds), False
    for packet in sound.packets():
        start, length = sound.when(packet)
        timeline.add(timeline.gap_before(start) + length)
        decodes = decodes or bool(sound.frames(packet))
    if not (decodes or sound.frames(None)):
        raise Refused("broken")
    return timeline.seconds


class Resampling:
    """Turns decoded frames of any kind into 16-bit mono at one rate; frames may change kind."""

    def __init__(self, av: Any, rate: int) -> None:
        self._av, self._rate = av, rate
        self._kind: tuple[str, str, int] | None = None
        self._resampler: Any = None

    def feed(self, frame: Any) -> Iterator[bytes]:
        """Give the samples that are ready after `frame`."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.flush()
            self._resampler = self._av.AudioResampler("s16", "mono", self._rate)
            self._kind = kind
        frame.pts = None  # its clock was read already; ours has no gaps
        yield from (_samples(f) for f in self._resampler.resample(frame))

    def flush(self) -> Iterator[bytes]:
        """Give the samples still inside."""
        if self._kind is not None:
            yield from (_samples(f) for f in self._resampler.resample(None))
        self._kind = None


def _samples(frame: Any) -> bytes:
    return bytes(frame.planes[0])[: 2 * frame.samples]


def samples(av: Any, sound: Sound, rate: int, max_seconds: float) -> Iterator[bytes]:
    """Give 16-bit mono samples at `rate`; where the clock shows a gap there is silence.

    Recorders leave gaps where nobody spoke (DTX) or the telephone network dropped something;
    without the silence, times in the transcript would run ahead of the sound.
    """
    timeline, resampling, heard = Timeline(max_seconds), Resampling(av, rate), False
    end: float | None = None
    for packet in sound.packets():
        for frame in sound.frames(packet):
            if gap := timeline.gap_before(frame.time):
                timeline.add(gap)
                yield from resampling.flush()
                yield bytes(2 * round(gap * rate))
            timeline.add(frame.samples / frame.sample_rate)
            yield from resampling.feed(frame)
            heard = True
        start, length = sound.when(packet)
        end = None if start is None else start + length
    for frame in sound.frames(None):
        timeline.add(frame.samples / frame.sample_rate)
        yield from resampling.feed(frame)
        heard = True
    if not heard:
        raise Refused("broken")
    yield from resampling.flush()
    if gap := timeline.gap_before(end):
        timeline.add(gap)
        yield bytes(2 * round(gap * rate))
