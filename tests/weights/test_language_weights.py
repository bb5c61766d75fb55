"""The language check and the strengths with the real grammar, on their gold sets."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from storybank.cli import app
from storybank.engines import Engines
from storybank.evaluate import language, strengths
from storybank.understand.strengths import find_strengths
from tests.growth import IN_LINE, growth

pytestmark = pytest.mark.weights

GOLD = Path(__file__).resolve().parents[2] / "models" / "gold"


def test_labels_are_found_and_plain_words_left_alone(engines: Engines) -> None:
    plain, marked = language.read_gold(GOLD / "language")
    result = language.score(plain, marked, engines.language)
    assert result.recall >= 0.95
    assert result.alarms_per_thousand <= 1.0


def test_the_evaluation_job_ends_as_its_figures_stand(tmp_path: Path) -> None:
    gold = tmp_path / "gold" / "language"
    gold.mkdir(parents=True)
    (gold / "plain.jsonl").write_text('{"id": "p", "text": "We had tea."}\n')
    marked = {"id": "m", "text": "They are hard to reach.", "findings": ["hard to reach"]}
    (gold / "marked.jsonl").write_text(json.dumps(marked) + "\n")
    words = ["evaluate", "all", "--only", "language", "--models", str(tmp_path)]
    env = {"STORYBANK_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "150"}

    first = CliRunner().invoke(app, [*words, "--release"], env=env)
    assert (first.exit_code, "Released:" in first.stderr) == (0, True), first.stderr
    assert CliRunner().invoke(app, words, env=env).exit_code == 0

    (gold / "plain.jsonl").write_text('{"id": "p", "text": "Service users had tea."}\n')
    fallen = CliRunner().invoke(app, words, env=env)
    assert fallen.exit_code == 1
    assert "language language: false alarms in 1,000 plain words: 250.0000" in fallen.stderr
    assert [line for line in fallen.stdout.splitlines() if "worse" in line]


def test_strengths_are_precise(engines: Engines) -> None:
    rows = strengths.read_gold(GOLD / "strengths" / "sentences.jsonl")
    for half in strengths.score(rows, lambda text: find_strengths(engines.nlp, text)):
        assert half.precision >= 0.8, half
        assert half.recall >= 0.5, half


def test_strengths_never_call_a_person_by_name_and_keep_masks(engines: Engines) -> None:
    text = (
        "[person 1, her neighbour] downstairs always brings us soup. "
        "I love the [organisation 1] choir. endless " + "and then " * 2_000 + "😀" * 500
    )
    found = find_strengths(engines.nlp, text)
    assert ("relationship", "neighbour") in [(s.kind, s.name) for s in found]
    assert not [s.name for s in found if "Px" in s.name]


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("The council is great at ignoring us.", []),
        ("They are really good at passing the buck.", []),
        ("The office is brilliant at losing forms and at making excuses.", []),
        ("He has a gift for wasting our time.", []),
        ("My neighbour is great at passing on tools.", ["passing on tools"]),
        (
            "She is brilliant at sorting out trouble between the kids.",
            ["sorting out trouble between the kids"],
        ),
        (
            "They are great at cleaning up the mess after the market.",
            ["cleaning up the mess after the market"],
        ),
        ("Our neighbour is brilliant at fixing water damage.", ["fixing water damage"]),
        ("Our warden is great at spotting damage.", ["spotting damage"]),
        ("My nan is brilliant at making us laugh.", ["making us laugh"]),
        ("They are great at making us wait.", []),
        ("They are excellent at keeping us waiting.", []),
        ("The council is brilliant at taking our money.", []),
        ("The office is brilliant at promising things.", []),
        ("The landlord is great at putting up the rent.", []),
        ("The council is good at saying sorry and good at finding excuses.", []),
        ("The council is brilliant at damaging our homes.", []),
        ("The landlord is great at messing us about.", []),
        ("The council is great at waffling.", []),
        ("They are brilliant at fussing.", []),
        ("The builders are great at leaving a mess.", []),
        ("She is brilliant at keeping promises.", ["keeping promises"]),
    ],
)
def test_being_good_at_what_harms_is_no_skill(
    engines: Engines, text: str, skills: list[str]
) -> None:
    found = [s.name for s in find_strengths(engines.nlp, text) if s.kind == "skill"]
    assert found == skills


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In [town] I love our [school] choir.", "[school] choir"),
        ("Thanks to [person 2], I love our [person 1] choir.", "[person 1] choir"),
        ("We could not have managed without wee Jimmy's club.", "club"),
    ],
)
def test_a_group_is_called_by_its_own_mask_and_by_no_name(
    engines: Engines, text: str, name: str
) -> None:
    assert [s.name for s in find_strengths(engines.nlp, text)] == [name]


def test_one_endless_word_is_read_soon(engines: Engines) -> None:
    def told(length: int) -> str:
        return "I told them " + "qz" * length + " and they laughed."

    assert find_strengths(engines.nlp, told(100_000)) == ()
    assert engines.language.check(told(100_000)) == ()
    assert growth(lambda length: find_strengths(engines.nlp, told(length)), 25_000) < IN_LINE
    assert growth(lambda length: engines.language.check(told(length)), 25_000) < IN_LINE
    assert growth(lambda length: engines.redactor.find(told(length)), 25_000) < IN_LINE
