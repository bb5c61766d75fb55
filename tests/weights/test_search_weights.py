"""Search with the real encoder, on the gold set: the sum of two ways is not worse than either."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from storybank.cli import app

pytestmark = [pytest.mark.weights, pytest.mark.database, pytest.mark.slow]

GOLD = Path(__file__).parents[2] / "models" / "gold" / "search"


def test_words_and_meaning_together_beat_each_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["evaluate", "search", str(GOLD), "--json"],
        env={"STORYBANK_DATA_DIR": str(tmp_path / "untouched")},
    )
    assert result.exit_code == 0, result.stderr
    scores = json.loads(result.stdout)

    both, words, meaning = (scores["ways"][way] for way in ("both", "words", "meaning"))
    assert (scores["queries"], scores["stories"]) == (60, 122)
    assert both["ndcg"] >= max(words["ndcg"], meaning["ndcg"])
    assert both["recall"] >= max(words["recall"], meaning["recall"])
    assert both["ndcg"] > 0.5
    assert not (tmp_path / "untouched").exists()
