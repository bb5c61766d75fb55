"""The evaluation job: each gold set is held to its released figures, and each fall is named."""

import json
from dataclasses import dataclass, field

import pytest

from storybank.errors import BadInput, ModelMissing
from storybank.evaluate.job import Outcome, release, run
from storybank.evaluate.sets import GoldSet, gold_sets
from storybank.values import Finding, Span
from tests.fakes import NamedRedactor

TOLD = {"a": "improving", "b": "held out"}


class OneWording:
    """Finds one wording of a list of two."""

    ids = frozenset({"hard-to-reach", "case"})

    def check(self, text):
        at = text.find("hard to reach")
        span = Span(at, at + 13)
        return (Finding(span, span.of(text), "", (), "hard-to-reach"),) if at >= 0 else ()


@dataclass
class SomeEngines:
    """Engines that need no weights: names by list, and one wording."""

    names: tuple[str, ...] = ("Ann", "ann")
    known_places: tuple[str, ...] = ()
    language: OneWording = field(default_factory=OneWording)

    def redactor_knowing(self, places, known):
        return NamedRedactor(*self.names)


@pytest.fixture
def models(tmp_path):
    """A tiny folder of models: gold sets of masking, in two parts, and of language."""
    gold = tmp_path / "gold"
    (gold / "redaction").mkdir(parents=True)
    (gold / "language").mkdir()
    rows = [
        {"id": i, "part": p, "text": "Ann sang.", "pii": [{"text": "Ann", "type": "name"}]}
        for i, p in TOLD.items()
    ]
    written = "".join(json.dumps(row) + "\n" for row in rows)
    (gold / "redaction" / "names.jsonl").write_text(written)
    (gold / "language" / "plain.jsonl").write_text('{"id": "p", "text": "We had tea."}\n')
    marked = {"id": "m", "text": "They are hard to reach.", "findings": ["hard to reach"]}
    (gold / "language" / "marked.jsonl").write_text(json.dumps(marked))
    return tmp_path


def short(models) -> list[GoldSet]:
    return [one for one in gold_sets(models) if one.part in ("redaction", "language")]


def job(models, engines) -> list[Outcome]:
    return list(run(short(models), engines, models / "released"))


def test_every_file_is_a_set_and_each_of_several_parts_is_one_too(models):
    assert [(one.part, one.name) for one in short(models)] == [
        ("redaction", "names.jsonl"),
        ("redaction", "names.jsonl, held out"),
        ("redaction", "names.jsonl, improving"),
        ("language", "language"),
    ]
    assert {one.part for one in gold_sets(models)} == {"redaction", "language", "invented"}
    assert {one.part for one in gold_sets(models, audio=models)} == {
        *("redaction", "language", "invented", "transcription", "voices")
    }


def test_what_nobody_released_is_named_and_released_figures_then_hold(models):
    found = job(models, SomeEngines())
    assert {one.trouble for one in found} == {"no figures are released; --release writes them"}

    release(found, models / "released", SomeEngines())
    found = job(models, SomeEngines())

    assert [line for one in found for line in one.falls] == []
    file = json.loads((models / "released" / "redaction.json").read_text())
    assert file["rules_id"] == "masking-9"
    assert file["sets"]["names.jsonl, held out"]["name, true case"] == 1.0
    assert json.loads((models / "released" / "language.json").read_text())["sets"] == {
        "language": {"recall": 1.0, "false alarms in 1,000 plain words": 0.0, "never found": 1.0}
    }


def test_a_figure_that_fell_is_named_and_the_sets_after_it_are_measured(models):
    release(job(models, SomeEngines()), models / "released", SomeEngines())

    found = job(models, SomeEngines(names=("ann", "sang")))

    assert "redaction names.jsonl: name, true case: 0.0000, released 1.0000" in found[0].falls
    assert any("other words masked" in line for line in found[0].falls)
    assert all(one.falls for one in found[:3])
    assert (found[3].part, found[3].falls) == ("language", [])
    rows = {row.name: (row.now, row.released, row.worse) for row in found[0].rows}
    assert rows["name, lower case"] == (1.0, 1.0, False)
    assert rows["name, true case"] == (0.0, 1.0, True)


def test_what_cannot_be_measured_fails_alone_and_keeps_its_released_figures(models):
    release(job(models, SomeEngines()), models / "released", SomeEngines())
    before = (models / "released" / "redaction.json").read_text()

    class BreaksOff(SomeEngines):
        asked = 0

        def redactor_knowing(self, places, known):
            self.asked += 1
            if self.asked > 1:
                raise ModelMissing(message="The model is gone.")
            return NamedRedactor("sang")

    found = job(models, BreaksOff())
    assert release(found, models / "released", BreaksOff()) == ["language"]

    assert found[1].falls == ["redaction names.jsonl, held out: The model is gone."]
    assert found[3].falls == []
    assert (models / "released" / "redaction.json").read_text() == before


def test_a_folder_without_gold_sets_is_said_with_its_mend(tmp_path):
    with pytest.raises(BadInput) as caught:
        gold_sets(tmp_path)
    assert "--models" in caught.value.message
