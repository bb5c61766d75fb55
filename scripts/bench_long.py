#!/usr/bin/env python3
"""Listen to a recording of hours made of a folder's clips: time, first words, and peak memory.

    scripts/bench_long.py FOLDER [--minutes 120] [--model ID] [--stop MINUTES]

The clips of the gold folder are joined, again and again, and sent as a phone would: opus in Ogg.
Prints processor and wall seconds, when the first words were there, and the peak of memory.
"""

import argparse
import io
import os
import resource
import time
from pathlib import Path

import av
import numpy as np

from storybank.capture.audio import decode
from storybank.engines import Engines
from storybank.evaluate.transcription import read_gold
from storybank.settings import Settings
from storybank.values import Transcript

RATE = 16_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--model")
    parser.add_argument("--stop", type=float, help="Stop after so many minutes of it.")
    asked = parser.parse_args()
    settings = Settings()
    told = made(asked.folder, asked.minutes * 60)
    print(f"recording     {asked.minutes:.0f} min, {len(told) / 1e6:.1f} MB", flush=True)
    transcriber = Engines(settings).speech(asked.model or settings.speech_model)
    began, first = time.perf_counter(), 0.0

    def hear(so_far: Transcript) -> None:
        nonlocal first
        first = first or time.perf_counter() - began
        if asked.stop and so_far.segments[-1].end > asked.stop * 60:
            print(f"first words   {first:.1f} s\nstopped after {asked.stop:.0f} min of it")
            print(f"peak memory   {peak():.0f} MB", flush=True)
            raise SystemExit(0)

    audio = decode(told, max_seconds=24 * 3600)
    print(f"decoded       {time.perf_counter() - began:.1f} s, peak {peak():.0f} MB", flush=True)
    heard = transcriber.transcribe(audio, language="en", on_words=hear)
    wall, used = time.perf_counter() - began, sum(os.times()[:4])
    marked = sum(bool(s.flags) for s in heard.segments)
    print(f"first words   {first:.1f} s")
    speed = f"{heard.seconds / wall:.1f} x real time"
    print(f"all words     {wall:.0f} s, processor {used:.0f} s, {speed}")
    print(f"segments      {len(heard.segments)}, marked {marked}, words {len(heard.text.split())}")
    print(f"peak memory   {peak():.0f} MB")


def made(folder: Path, seconds: float) -> bytes:
    """Give a recording of so many seconds, the folder's clips one after another."""
    clips = [decode(c.path.read_bytes(), max_seconds=3600) for c in read_gold(folder)]
    once = np.concatenate([part for c in clips for part in (c, np.zeros(RATE, np.float32))])
    pcm = (once * 32767).astype(np.int16)
    out, left = io.BytesIO(), int(seconds * RATE)
    with av.open(out, "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=RATE)
        stream.codec_context.layout, stream.codec_context.bit_rate = "mono", 24_000
        resampler = av.AudioResampler("s16", "mono", RATE, frame_size=320)
        while left > 0:
            for start in range(0, min(left, len(pcm)), RATE):  # a second at a time: little memory
                part = pcm[start : start + RATE].reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
                frame.sample_rate = RATE
                for ready in resampler.resample(frame):
                    ready.pts = None
                    file.mux(stream.encode(ready))
            left -= len(pcm)
        file.mux(stream.encode(None))
    return out.getvalue()


def peak() -> float:
    """Give the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
