"""The gold sets that a release is held to: where each is, and how it is measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storybank.errors import BadInput
from storybank.evaluate import (
    gold_details,
    invented,
    language,
    measures,
    redaction,
    search,
    strengths,
    tagging,
    transcription,
    voices_heard,
)
from storybank.evaluate.measures import Count
from storybank.evaluate.released import Figures

if TYPE_CHECKING:
    from storybank.engines import Engines

Measure = Callable[["Engines", Count], Figures]

NOISES = ((10.0, 7), (30.0, 11))
"""Seconds of the clips without speech that a release is held to, and their seed."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """One set with released figures of its own: its part and name, and the files it reads."""

    part: str
    name: str
    files: tuple[Path, ...]
    measure: Measure


def gold_sets(models: Path, audio: Path | None = None) -> list[GoldSet]:
    """Give every set of the folder `models`, and what the recordings in `audio` measure.

    Raises BadInput where there are no gold sets, as in an installed Storybank.
    """
    gold = models / "gold"
    if not gold.is_dir():
        raise BadInput(
            message=f"There are no gold sets in {models}: they do not come with an installed "
            "Storybank. Name the models folder of a checkout with --models."
        )
    return [*_files(gold), *_folders(gold), *_noises(), *(_recordings(audio) if audio else ())]


def _files(gold: Path) -> Iterator[GoldSet]:
    """Give a set for each file of a part whose sets are files, and for each part within it."""
    for path in sorted((gold / "tagging").glob("*.jsonl")):
        yield GoldSet("tagging", path.name, (path,), partial(_tagging, path))
    for path in sorted((gold / "new-codes").glob("*.jsonl")):
        yield GoldSet("new-codes", path.name, (path,), partial(_new_codes, path))
    for path in sorted((gold / "redaction").glob("*.jsonl")):
        for half in (None, *_parts(path)):
            name = named(path, half)
            yield GoldSet("redaction", name, (path,), partial(_redaction, path, half))
    for path in sorted((gold / "strengths").glob("*.jsonl")):
        yield GoldSet("strengths", path.name, (path,), partial(_strengths, path))


def named(path: Path, part: str | None = None) -> str:
    """Give the name under which the figures of a gold file, or of one part of it, are released."""
    return f"{path.name}, {part}" if part else path.name


def _parts(path: Path) -> list[str]:
    """Give the parts of a file of marked details; none where all of it is one part."""
    found = {text.part for text in gold_details.read_gold(path)}
    return sorted(part for part in found if part) if len(found) > 1 else []


def _folders(gold: Path) -> Iterator[GoldSet]:
    for part, measure in (("language", _language), ("search", _search)):
        folder = gold / part
        if folder.is_dir():
            files = tuple(sorted(folder.glob("*.jsonl")))
            yield GoldSet(part, folder.name, files, partial(measure, folder))


def _noises() -> Iterator[GoldSet]:
    for seconds, seed in NOISES:
        name = noise_name(seconds, seed)
        yield GoldSet("invented", name, (), partial(_invented, seconds, seed))


def noise_name(seconds: float, seed: int) -> str:
    """Give the name under which the figures of clips without speech are released."""
    return f"{seconds:g} s, seed {seed}"


def _recordings(audio: Path) -> Iterator[GoldSet]:
    folder = audio.resolve()
    yield GoldSet("transcription", speech_name(folder), (), partial(_transcription, folder))
    for expected in (True, False):
        name = voices_name(folder, expected=expected)
        yield GoldSet("voices", name, (), partial(_voices, folder, expected))


def speech_name(folder: Path, *, detect_language: bool = False) -> str:
    """Give the name under which the word errors on a folder of recordings are released."""
    return folder.resolve().name + (", language detected" if detect_language else "")


def voices_name(folder: Path, *, expected: bool, made: bool = True) -> str:
    """Give the name under which diarisation errors on a folder of recordings are released."""
    less = ("" if expected else ", one person expected") + ("" if made else ", no made talks")
    return folder.resolve().name + less


def _tagging(path: Path, engines: "Engines", count: Count) -> Figures:
    return tagging.headline(measures.tags(engines, path, count))


def _new_codes(path: Path, engines: "Engines", count: Count) -> Figures:
    return tagging.headline(measures.new_codes(engines, path, count))


def _redaction(path: Path, part: str | None, engines: "Engines", count: Count) -> Figures:
    return redaction.headline(measures.masks(engines, path, part, count))


def _strengths(path: Path, engines: "Engines", count: Count) -> Figures:
    return strengths.headline(measures.register(engines, path, count))


def _language(folder: Path, engines: "Engines", count: Count) -> Figures:
    checker = engines.language
    return language.headline(measures.wordings(checker, folder, count), checker.ids)


def _search(folder: Path, engines: "Engines", count: Count) -> Figures:
    return search.headline(measures.answers(engines, folder, count))


def _invented(seconds: float, seed: int, engines: "Engines", count: Count) -> Figures:
    model_id = engines.settings.speech_model
    return invented.headline(
        measures.noises(engines, model_id, seconds=seconds, seed=seed, count=count)
    )


def _transcription(folder: Path, engines: "Engines", count: Count) -> Figures:
    model_id = engines.settings.speech_model
    scores = measures.speech(engines, folder, model_id, detect_language=False, count=count)
    return transcription.headline(transcription.grouped(scores))


def _voices(folder: Path, expected: bool, engines: "Engines", count: Count) -> Figures:
    found = measures.voices(engines, folder, expected=expected, made=True, count=count)
    return voices_heard.headline(found)
