"""How well speech is written down: word error rate and speed on recordings with known words."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from storybank.capture.audio import decode
from storybank.errors import BadInput, StorybankError
from storybank.evaluate.released import Bar
from storybank.evaluate.wording import edit_distance, normal_words
from storybank.transcribe.engine import Transcriber
from storybank.values import Transcript, Vector


@dataclass(frozen=True, slots=True)
class GoldClip:
    """One recording and the words that are said in it; `kind` groups the figures."""

    path: Path
    text: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class ClipScore:
    """What one recording gave: words in the gold text, wrong words, seconds of sound and work.

    `marked` and `unmarked` are (words written down, of them right) with and without a mark.
    """

    clip: GoldClip
    words: int
    errors: int
    seconds: float
    worked: float
    marked: tuple[int, int] = (0, 0)
    unmarked: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Figures of several recordings; `wer` in percent, weighted by words.

    `marked` is the share of written words that carry a mark, `wrong_marked` and `wrong_unmarked`
    how many of those with and without one were not said; all in percent.
    """

    name: str
    files: int
    words: int
    wer: float
    real_time_factor: float
    marked: float = 0.0
    wrong_marked: float = 0.0
    wrong_unmarked: float = 0.0


def read_gold(gold: Path) -> tuple[GoldClip, ...]:
    """Read `manifest.jsonl` in a folder, or the file itself; raises BadInput with the mend."""
    path = gold / "manifest.jsonl" if gold.is_dir() else gold
    if not path.is_file():
        raise BadInput(message=f"There is no file {path}. Give a folder with manifest.jsonl.")
    clips = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if line.strip():
            clips.append(_clip(line, number, path.parent))
    if not clips:
        raise BadInput(message=f"The file {path} is empty. Add one recording a line.")
    return tuple(clips)


def _clip(line: str, number: int, folder: Path) -> GoldClip:
    try:
        row: dict[str, Any] = json.loads(line)
        clip = GoldClip(
            folder / row["file"], row["text"], row.get("language", "en"), row.get("kind", "all")
        )
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            message=f'Line {number} of the gold file needs "file" and "text". Mend it.'
        ) from None
    if not clip.path.is_file():
        raise BadInput(message=f"Line {number} names {row['file']}, which is not there.")
    return clip


def score(
    clips: Sequence[GoldClip],
    transcriber: Transcriber,
    *,
    detect_language: bool,
    on_clip: Callable[[], None],
) -> tuple[ClipScore, ...]:
    """Transcribe each clip and count its wrong words; `on_clip` is called after each.

    Decoding is part of the time; loading the weights is not (a first, silent clip loads them).
    """
    transcriber.transcribe(_warm_up())
    scores = []
    for clip in clips:
        started = time.perf_counter()
        try:
            audio = decode(clip.path.read_bytes(), max_seconds=24 * 3600)
        except StorybankError as error:
            raise BadInput(message=f"{clip.path.name}: {error.message}") from None
        language = None if detect_language else clip.language
        heard = transcriber.transcribe(audio, language=language)
        worked = time.perf_counter() - started
        gold = normal_words(clip.text, clip.language)
        errors = edit_distance(gold, normal_words(heard.text, clip.language))
        marks = _marks(gold, heard, clip.language)
        scores.append(ClipScore(clip, len(gold), errors, heard.seconds, worked, *marks))
        on_clip()
    return tuple(scores)


def _marks(
    gold: Sequence[str], heard: Transcript, language: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give (words, right ones) of the marked and of the unmarked segments."""
    words: list[str] = []
    marked: list[bool] = []
    for segment in heard.segments:
        said = normal_words(segment.span.of(heard.text), language)
        words += said
        marked += [bool(segment.flags)] * len(said)
    right = [False] * len(words)
    for block in SequenceMatcher(None, gold, words, False).get_matching_blocks():
        right[block.b : block.b + block.size] = [True] * block.size
    pairs = list(zip(marked, right, strict=True))
    return (
        (sum(m for m, _ in pairs), sum(m and r for m, r in pairs)),
        (sum(not m for m, _ in pairs), sum(not m and r for m, r in pairs)),
    )


def _warm_up() -> Vector:
    noise = np.random.default_rng(1).normal(0, 0.001, 16_000)
    return noise.astype(np.float32)


def grouped(scores: Sequence[ClipScore]) -> tuple[GroupScore, ...]:
    """Give figures for each kind within a language, each language, and everything."""
    groups: dict[str, list[ClipScore]] = {}
    for one in scores:
        groups.setdefault(f"{one.clip.language} {one.clip.kind}", []).append(one)
    for one in scores:
        groups.setdefault(one.clip.language, []).append(one)
    groups["all"] = list(scores)
    return tuple(_group(name, members) for name, members in groups.items())


def _group(name: str, members: Sequence[ClipScore]) -> GroupScore:
    words = sum(m.words for m in members)
    seconds = sum(m.seconds for m in members)
    with_mark, right_with = (sum(m.marked[n] for m in members) for n in (0, 1))
    without, right_without = (sum(m.unmarked[n] for m in members) for n in (0, 1))
    return GroupScore(
        name=name,
        files=len(members),
        words=words,
        wer=100 * sum(m.errors for m in members) / max(1, words),
        real_time_factor=sum(m.worked for m in members) / max(0.001, seconds),
        marked=100 * with_mark / max(1, with_mark + without),
        wrong_marked=100 * (with_mark - right_with) / max(1, with_mark),
        wrong_unmarked=100 * (without - right_without) / max(1, without),
    )


ENOUGH_WORDS = 200
"""Groups with fewer words are not held to a release: a single word would count as a fall."""

BAR = Bar(less_is_better=("WER", "wrong"), slack=1.0)
"""Percent: Whisper's rounded arithmetic differs between processors by some words in a thousand."""


def headline(groups: Sequence[GroupScore]) -> dict[str, float]:
    """Give the figures that a release is held to, in percent; speed is not one."""
    figures = {f"WER, {one.name}": one.wer for one in groups if one.words >= ENOUGH_WORDS}
    figures |= {f"wrong unmarked, {one.name}": one.wrong_unmarked for one in groups[-1:]}
    return {name: round(figure, 4) for name, figure in figures.items()}
