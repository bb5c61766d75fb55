"""Search with the real encoder: found by meaning at the command line, and measured on the gold."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url
from sqlmodel import Session
from typer.testing import CliRunner

from storybank.cli import app
from storybank.db import transaction
from storybank.index.passages import replace_passages
from storybank.keys import load_keyring
from storybank.tables import Tag, TranscriptRow
from storybank.values import Passage, Span
from tests.factories import make_place, make_story
from tests.wordbag import WordBag

pytestmark = [pytest.mark.weights, pytest.mark.database, pytest.mark.slow]

GOLD = Path(__file__).parents[2] / "models" / "gold" / "search"
RELEASED = GOLD.parents[1] / "released" / "search.json"
TOLD = {
    "b1": "The last bus was cancelled, so nobody on our estate can get to work.",
    "g1": "Four of us dug over the brambles and now we have beans.",
}


@pytest.fixture
def run(monkeypatch, tmp_path, database_url):
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path / "data"))
    load_keyring(tmp_path / "data" / "keys.json", create=True)
    monkeypatch.setenv(
        "STORYBANK_DATABASE_URL", make_url(database_url).render_as_string(hide_password=False)
    )
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, words)


def tell_all(engine: Engine) -> None:
    """Both stories, indexed by a model that is not the one in use."""
    with transaction(engine) as session:
        for name, words in TOLD.items():
            _tell(session, name, words)


def _tell(session: Session, name: str, words: str) -> None:
    place = make_place(session, "barton" if name == "g1" else "cowley")
    story = make_story(session, external_id=name, title=words[:20], place_id=place.id)
    row = TranscriptRow(story_id=story.id, version=1, source="typed", sealed=b"")
    session.add(row)
    session.flush()
    old = WordBag()
    spans = [Passage(Span(0, len(words)), 1500)]
    replace_passages(session, row, spans, [words], old.encode([words]), model_id=old.model_id)
    code = {"framework": "thriving-communities@1", "code": "strengths", "state": "suggested"}
    session.add(Tag(story_id=story.id, direction="+" if name == "g1" else "-", **code))


def test_reindexed_stories_are_found_by_meaning_in_the_agreed_shape(run, engine):
    tell_all(engine)
    typed = "public transport cut"
    assert json.loads(run("search", typed, "--json").stdout)["total"] == 0

    assert "2 passages to embed" in run("reindex", "--dry-run").stderr
    assert run("reindex").exit_code == 0
    assert "0 passages to embed" in run("reindex", "--dry-run").stderr

    found = json.loads(run("search", typed, "--json", "--limit", "1").stdout)
    (hit,) = found["hits"]
    assert set(found) == {"query", "took_ms", "total", "hits"}
    assert found["query"] == typed
    assert set(hit) == {"story_id", "external_id", "title", "score", "passages"}
    assert hit["external_id"] == "b1"
    assert hit["passages"] == [
        {"text": TOLD["b1"], "start": 0, "end": len(TOLD["b1"]), "start_ms": 1500}
    ]


def test_options_narrow_and_mistakes_are_one_sentence(run, engine):
    tell_all(engine)

    def names(*options: str) -> list[str]:
        hits = json.loads(run("search", "", "--json", *options).stdout)["hits"]
        return [hit["external_id"] for hit in hits]

    assert sorted(names()) == ["b1", "g1"]
    assert names("--place", "Barton") == ["g1"]
    assert names("--code", "strengths", "--direction", "-") == ["b1"]
    assert names("--code", "strengths", "--place", "cowley", "--direction", "+") == []
    assert "[31m" not in (shown := run("search", "beans").stdout)
    assert TOLD["g1"] in shown
    for wrong in (("--code", "strenghts"), ("--direction", "up")):
        result = run("search", "x", *wrong)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Traceback" not in result.stderr
        assert "Error:" in result.stderr


def test_words_and_meaning_together_beat_each_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["evaluate", "search", str(GOLD), "--json", "--against", str(RELEASED)],
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


@pytest.mark.parametrize("lines", ["", "{}\n", "not json\n"])
def test_a_gold_folder_that_cannot_be_read_is_named(tmp_path: Path, lines: str) -> None:
    if lines:
        (tmp_path / "stories.jsonl").write_text(lines)
    result = CliRunner().invoke(app, ["evaluate", "search", str(tmp_path)])
    assert result.exit_code == 1
    assert "stories.jsonl" in result.stderr
    assert "Traceback" not in result.stderr
