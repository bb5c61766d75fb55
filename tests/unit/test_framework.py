from pathlib import Path

import pytest

from storybank.errors import BadFramework, UnknownCode
from storybank.framework import load_framework, models_folder, read_framework

PRINCIPLES = {
    "doing-with", "strengths", "collaboration", "learning", "clear-language", "meaningful-measures",
}  # fmt: skip
GOOD = (models_folder() / "frameworks/good-life/1.toml").read_text("utf-8")


def test_the_first_framework_holds_all_that_the_strategy_names():
    framework = load_framework("thriving-communities@1")

    assert {code.id for code in framework.of_kind("principle")} == PRINCIPLES
    assert [len(framework.of_kind(k)) for k in ("principle", "aim", "outcome")] == [6, 10, 7]
    assert len(framework.areas) == 3
    assert all(area.why and area.evaluation and area.outcomes for area in framework.areas)
    assert framework.vision


@pytest.mark.parametrize("name", ["thriving-communities@1", "good-life@1"])
def test_every_code_says_what_it_is_in_both_directions(name):
    for code in load_framework(name).codes:
        assert code.definition, code.id
        assert code.includes, code.id
        assert code.excludes, code.id
        assert len(code.examples.present) >= 2, code.id
        assert len(code.examples.missing) >= 2, code.id
        assert code.says("+") != code.says("-"), code.id


def test_cottams_four_capabilities_are_the_second_framework():
    assert len(load_framework("good-life@1").of_kind("capability")) == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace('id = "cap-health"', 'id = "cap-work"'), "stands there twice"),
        (lambda t: t + "\n[[area]]\nid='a'\nname='A'\nwhy='b'\noutcomes=['nope']", "nope"),
        (lambda t: t.replace('kind = "capability"', 'kind = "capabilty"', 1), "codes.0.kind"),
        (lambda t: t + "\n???", "not valid TOML"),
        (lambda t: t.split("[[code]]")[0], "no codes"),
    ],
)
def test_a_mistake_in_a_framework_file_is_named_with_its_place(tmp_path, change, said):
    path = tmp_path / "good-life" / "1.toml"
    path.parent.mkdir()
    path.write_text(change(GOOD), "utf-8")
    assert change(GOOD) != GOOD

    with pytest.raises(BadFramework) as caught:
        read_framework(path)

    assert said in caught.value.message
    assert "good-life/1.toml" in caught.value.message


def test_a_framework_or_code_that_is_not_there_is_named():
    with pytest.raises(BadFramework, match=r"9\.toml"):
        load_framework("thriving-communities@9", Path(models_folder() / "frameworks"))
    with pytest.raises(UnknownCode):
        load_framework("good-life@1").code("nope")


def test_a_file_given_as_the_frameworks_name_is_named_with_the_mend(tmp_path):
    (tmp_path / "mine.toml").write_text("id = 'mine'", "utf-8")
    with pytest.raises(BadFramework) as caught:
        load_framework(str(tmp_path / "mine.toml"))
    assert "a name and version such as good-life@1, not a file" in caught.value.message
