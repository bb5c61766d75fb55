"""Recordings made when a test asks for them: no resident's voice is in git."""

import io
import shutil
import subprocess
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

CONTAINERS = {
    "webm": ("webm", "libopus", 48_000),
    "ogg": ("ogg", "libopus", 48_000),
    "mp4": ("ipod", "aac", 44_100),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "wav": ("wav", "pcm_s16le", 16_000),
    "flac": ("flac", "flac", 16_000),
    "3gp": ("3gp", "libopencore_amrnb", 8_000),
    "amr": ("amr", "libopencore_amrnb", 8_000),
}
"""What phones and browsers send: container as Storybank names it -> muxer, encoder, rate."""

Samples = NDArray[np.float32]


def tone(seconds: float, rate: int = 16_000) -> Samples:
    """A 300 Hz tone that swells four times a second: loud enough to be no silence anywhere."""
    t = np.arange(int(seconds * rate)) / rate
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * t)
    return (0.5 * swell * np.sin(2 * np.pi * 300 * t)).astype(np.float32)


def silence(seconds: float, rate: int = 16_000) -> Samples:
    """Digital silence."""
    return np.zeros(int(seconds * rate), np.float32)


@cache
def spoken(text: str, voice: str = "en-gb") -> Samples:
    """`text` said by espeak-ng, mono at 16 kHz; skips the test where it is not installed."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed, so no test clip can be spoken")
    wav = subprocess.run(
        [program, "-v", voice, "-s", "150", "--stdout", text], check=True, capture_output=True
    ).stdout
    resampler = av.AudioResampler("s16", "mono", 16_000)
    with av.open(io.BytesIO(wav), format="wav") as file:
        frames = [f for raw in file.decode(audio=0) for f in resampler.resample(raw)]
    frames += resampler.resample(None)
    pcm = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return (pcm / 32768.0).astype(np.float32)


def recording(
    samples: Samples, container: str, *, keep_empty: bool = True, **options: Any
) -> bytes:
    """`samples` (16 kHz) as a file of `container`; `options` go to the encoder (`dtx="1"`).

    Without `keep_empty`, packets that say "nothing was said" are left out, as phones do in 3gp.
    """
    muxer, codec, rate = CONTAINERS[container]
    out = io.BytesIO()
    with av.open(out, "w", format=muxer) as file:
        file.metadata["title"] = "Secret title"
        stream = file.add_stream(codec, rate=rate)
        encoder = stream.codec_context
        encoder.layout = "mono"
        encoder.options = {name: str(value) for name, value in options.items()}
        if "amr" in codec:
            encoder.bit_rate = 12_200
        resampler = av.AudioResampler(encoder.format.name, "mono", rate, frame_size=160)
        at = 0
        for frame in [*resampler.resample(_frame(samples)), *resampler.resample(None), None]:
            if frame is not None:
                frame.pts, frame.time_base = at, Fraction(1, rate)
                at += frame.samples
            file.mux([p for p in stream.encode(frame) if keep_empty or p.size > 6])
    return out.getvalue()


def _frame(samples: Samples) -> Any:
    pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
    frame.sample_rate = 16_000
    return frame


@cache
def long_silence(hours: float) -> bytes:
    """Hours of silence in a few megabytes of webm/opus, made in seconds by repeating a packet."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as file:
        stream = file.add_stream("libopus", rate=48_000)
        stream.codec_context.layout = "mono"
        stream.codec_context.options = {"frame_duration": "60"}
        frame = av.AudioFrame(format="s16", layout="mono", samples=2880)
        frame.planes[0].update(bytes(5760))
        frame.sample_rate = 48_000
        packets: list[Any] = []
        while len(packets) < 20:
            frame.pts = None
            packets += stream.encode(frame)
        quiet = bytes(packets[-1])
        for number in range(int(hours * 3600 / 0.06)):
            packet = av.Packet(quiet)
            packet.stream, packet.time_base = stream, Fraction(1, 1000)
            packet.pts = packet.dts = 60 * number
            packet.duration = 60
            file.mux(packet)
    return out.getvalue()
