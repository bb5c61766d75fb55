"""Nothing that is measured can be forgotten: each gold file, part and command has figures."""

import json

from storybank.cli import evaluate
from storybank.evaluate.parts import PARTS
from storybank.evaluate.sets import gold_sets
from storybank.framework import models_folder

MODELS = models_folder()
SETS = gold_sets(MODELS)
ELSEWHERE = {"transcription", "voices"}
"""Measured on recordings, which do not stand in the repository."""


def released(part: str) -> dict[str, dict[str, float]]:
    return json.loads((MODELS / "released" / f"{part}.json").read_text("utf-8"))["sets"]


def test_every_gold_file_is_measured() -> None:
    read = {path for one in SETS for path in one.files}
    assert read == set((MODELS / "gold").rglob("*.jsonl"))


def test_every_measuring_command_is_a_part_with_released_figures() -> None:
    commands = {one.name for one in evaluate.registered_commands} - {"all"}
    assert commands == set(PARTS)
    assert {path.stem for path in (MODELS / "released").glob("*.json")} == set(PARTS)
    assert {one.part for one in SETS} | ELSEWHERE == set(PARTS)


def test_every_set_has_released_figures_and_no_other_has() -> None:
    known = {(one.part, one.name) for one in SETS}
    stand = {(part, name) for part in PARTS for name in released(part)}
    assert known - stand == set(), "run `storybank evaluate all --release`"
    assert {part for part, _ in stand - known} == ELSEWHERE
    assert [which for which in stand if not released(which[0])[which[1]]] == []
