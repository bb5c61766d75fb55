#!/usr/bin/env python3
"""Compare Storybank's transcription with bare faster-whisper in one run, on a gold folder.

    scripts/bench_transcribe.py FOLDER [--model ID] [--rounds N]

Both use the same weights, threads and options, and start from the files; the order changes from
clip to clip so that neither always has the warm cache. Prints wall and processor seconds, the
ratio of each, and both word error rates by Storybank's own count.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from storybank.capture.audio import decode
from storybank.engines import Engines
from storybank.evaluate.transcription import GoldClip, read_gold
from storybank.evaluate.wording import edit_distance, normal_words
from storybank.settings import Settings
from storybank.transcribe.whisper import OPTIONS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    settings = Settings()
    model_id = asked.model or settings.speech_model
    engines = Engines(settings)
    ours = engines.speech(model_id)

    from faster_whisper import WhisperModel
    from faster_whisper.audio import decode_audio

    bare = WhisperModel(
        str(engines.weights(model_id)),
        device="cpu",
        compute_type="int8",
        cpu_threads=settings.speech_threads,
        local_files_only=True,
    )

    def by_bare(clip: GoldClip) -> str:
        sound = decode_audio(str(clip.path))
        heard, _ = bare.transcribe(sound, language=clip.language, vad_filter=True, **OPTIONS)
        return " ".join(one.text.strip() for one in heard)

    def by_storybank(clip: GoldClip) -> str:
        audio = decode(clip.path.read_bytes(), max_seconds=24 * 3600)
        return ours.transcribe(audio, language=clip.language).text

    compare(read_gold(asked.folder), {"bare": by_bare, "storybank": by_storybank}, asked.rounds)


def compare(
    clips: tuple[GoldClip, ...], engines: dict[str, Callable[[GoldClip], str]], rounds: int
) -> None:
    """Run every clip through both engines and print what each took."""
    wall, cpu, errors = (dict.fromkeys(engines, 0.0) for _ in range(3))
    words = 0
    for engine in engines.values():
        engine(clips[0])  # loads the weights
    for number, clip in enumerate(clips * rounds):
        gold = normal_words(clip.text, clip.language)
        words += len(gold)
        for name in sorted(engines, reverse=bool(number % 2)):
            started, used = time.perf_counter(), processor_seconds()
            text = engines[name](clip)
            wall[name] += time.perf_counter() - started
            cpu[name] += processor_seconds() - used
            errors[name] += edit_distance(gold, normal_words(text, clip.language))
    for name in engines:
        rate = 100 * errors[name] / words
        print(f"{name:10} wall {wall[name]:7.1f} s  cpu {cpu[name]:7.1f} s  WER {rate:5.1f} %")
    ratios = wall["storybank"] / wall["bare"], cpu["storybank"] / cpu["bare"]
    print(f"ratio      wall {ratios[0]:7.3f}    cpu {ratios[1]:7.3f}    (aim: at most 1.05)")


def processor_seconds() -> float:
    """Give the processor time of this process and of its finished children (the decoder)."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
