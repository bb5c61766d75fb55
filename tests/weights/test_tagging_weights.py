"""The trained head that ships: as good as its card says, and quoting what was told."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from storybank.cli import app
from storybank.framework import models_folder
from storybank.understand.along import AT_ONCE, WIDTHS, batches, padded, width
from storybank.understand.windows import LONGEST, Window

pytestmark = [pytest.mark.weights, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
GOLD = models_folder() / "gold" / "tagging" / "stories.jsonl"
RELEASED = models_folder() / "released" / "tagging.json"
HEAD = models_folder() / "heads" / "thriving-communities-1"

STORIES = {
    "told": "Nobody asked us before they shut the lunch club. I used to go every week. "
    "Now I sit in and see no one \U0001f614, not a soul from one day to the next.",
    "plain": "The number 14 leaves at ten past. Change at the station for the hospital.",
    "empty": "",
    "endless": "q" * 200_000,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    env = {"STORYBANK_DATA_DIR": str(tmp_path_factory.mktemp("tag"))}
    return lambda *words, **more: CliRunner().invoke(app, words, env=env, **more)


def test_texts_in_give_codes_out_with_exact_words(run):
    lines = "".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in STORIES.items())
    result = run("tag", "-", input=lines)
    assert result.exit_code == 0, result.stderr

    rows = {row["id"]: row["codes"] for row in map(json.loads, result.stdout.splitlines())}
    assert list(rows) == list(STORIES)
    assert {("doing-with", "-"), ("weak-ties", "-")} <= {
        (code["code"], code["direction"]) for code in rows["told"]
    }
    for code in rows["told"]:
        assert code["quote"] == STORIES["told"][code["start"] : code["end"]]
        assert 0 < code["score"] <= 1
    assert rows["plain"] == rows["empty"] == []


def test_the_head_reads_the_gold_stories_as_well_as_its_file_says(run):
    result = run("evaluate", "tagging", str(GOLD), "--json", "--against", str(RELEASED))
    assert result.exit_code == 0, result.stderr

    figures = json.loads(result.stdout)
    said = json.loads((HEAD / "head.json").read_text("utf-8"))["scores"]["stories"]
    assert figures["stories"] == said["stories"] == 72
    assert figures["micro"]["f1"] == pytest.approx(said["f1"], abs=0.02)
    assert figures["micro"]["f1"] > 0.6
    low, high = figures["micro"]["interval"]
    assert low < figures["micro"]["f1"] < high
    assert sum(pair["right"] for pair in figures["pairs"]) == figures["micro"]["right"]


def test_a_framework_without_a_head_is_refused_in_one_sentence(run, tmp_path):
    path = tmp_path / "one.jsonl"
    path.write_text('{"id": 1, "text": "We tried."}\n')
    result = run("tag", str(path), "--framework", "good-life@1")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "No tagger has been trained for the framework good-life@1" in result.stderr
    assert "Traceback" not in result.stderr


def test_windows_have_few_widths_which_the_encoder_takes_and_fillers_do_not_count():
    ends = SimpleNamespace(cls_token_id=0, sep_token_id=2, pad_token_id=1)
    made = [padded(ends, [[5] * n, [5]], WIDTHS) for n in range(1, LONGEST + 1)]
    widths = {ids.shape[1] for ids, _ in made}

    assert len(widths) <= 1 + LONGEST // WIDTHS
    assert max(widths) <= 512
    assert [mask.sum(1).tolist() for _, mask in made] == [[n + 2, 3] for n in range(1, LONGEST + 1)]


def test_what_is_encoded_together_is_bounded_with_its_fillers():
    some = [(n, Window((5,) * long, (0,), ((0, 1),))) for n, long in enumerate([1, 31, 290] * 150)]
    made = [[len(window.tokens) for _, window in batch] for batch in batches(some)]

    assert sum(map(len, made)) == len(some)
    assert max(len(lengths) * width(max(lengths)) for lengths in made) <= AT_ONCE


def test_the_head_was_trained_from_the_files_that_stand_here():
    digest = hashlib.sha256()
    for path in sorted((ROOT / "models" / "training").glob("*-?.jsonl")):
        digest.update(path.read_bytes())
    facts = json.loads((HEAD / "head.json").read_text("utf-8"))

    assert facts["training"]["sha256"] == digest.hexdigest()
    assert all(path.stat().st_size < 2_000_000 for path in HEAD.iterdir())
