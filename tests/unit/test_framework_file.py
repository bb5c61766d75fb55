"""`storybank check-framework`: each mistake in a council's own file, with its line and the mend."""

import pytest
from typer.testing import CliRunner

from storybank.cli import app
from storybank.framework import models_folder
from storybank.versions.file import mistakes_in

SHIPPED = models_folder() / "frameworks"
GOOD = (SHIPPED / "good-life/1.toml").read_text("utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('vision = "', 'vision = ', "vision", "not valid TOML"),
        ('vision = "', 'visoin = "', "visoin", 'write "vision"'),
        ("version = 1", 'version = "one"', 'version = "one"', "whole number"),
        ("version = 1", "version = 0", "version = 0", "1 or more"),
        ('id = "good-life"', 'id = "Good Life"', 'id = "Good', "small letters"),
        ('kind = "capability"\nnumber = 2', 'kind = "capabilty"\nnumber = 2', 'kind = "capabilty"',
         "principle, aim, outcome, capability"),
        ('label = "Being well"', 'label = " "', 'label = " "', "empty"),
        ('label = "Being well"\n', "", '[[code]]\nid = "cap-health"', "is missing"),
        ('label = "Being well"', 'label = "Learning and work"',
         'Learning and work"\nquestion = "Do', "another label"),
        ('id = "cap-health"', 'id = "cap-work"', '"cap-work"\nkind = "capability"\nnumber = 2',
         "another id"),
        ('{ code = "cap-community", note = "V', '{ code = "cap-comunity", note = "V', "near = [",
         '"cap-comunity"'),
        ("none = [\n", "nothing = [\n", "nothing = [", "present, missing, none"),
        ("includes = [\n", 'includes = "x"\nold = [\n', 'includes = "x"', "square brackets"),
        (GOOD[GOOD.index("[[source]]") : GOOD.index("[[code]]")], "[source]\n", "[source]",
         "[[source]]"),
        ('[code.directions]\npresent = "learning or working well"\nmissing = "learning or work is '
         'stuck"', "", '[[code]]\nid = "cap-work"', "directions"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_mend(old, new, at, said):
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    found = mistakes_in(text)

    assert (line_of(text, at), True) in [(one.line, said in one.what) for one in found], found
    assert all(one.what.endswith(".") and "\n" not in one.what for one in found)


def test_every_mistake_is_told_at_once_in_the_order_of_the_file():
    text = GOOD.replace('owner = "Hilary Cottam"\n', "", 1).replace('"cap-health"', '"A b"', 1)
    text = text.replace("\n[[code]]", "\ncodes = 1\n[[code]]", 1).split("\n[code.examples]")[0]
    found = mistakes_in(text)

    assert [one.line for one in found] == sorted(one.line for one in found)
    assert {one.field for one in found} >= {"owner", "code 1 (cap-work), directions"}


@pytest.mark.parametrize(
    "text", ["", "code = []", "code = [1, 2]\narea = [3]", "[code]\nid = 1", "code = 3", "\ufeff"]
)
def test_a_file_with_next_to_nothing_in_it_is_told_what_it_needs(text):
    assert any("[[code]]" in one.what or "table" in one.what for one in mistakes_in(text))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.toml")), ids=lambda p: p.parent.name)
def test_what_ships_has_no_mistakes_and_is_summed_up(path):
    done = CliRunner().invoke(app, ["check-framework", str(path)])

    assert done.exit_code == 0, done.output
    assert f"{path.parent.name}@1" in done.output
    assert "codes" in done.output


def test_the_command_says_line_by_line_what_is_wrong_and_ends_with_one(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(GOOD.replace('vision = "', 'visoin = "'), "utf-8")
    done = CliRunner().invoke(app, ["check-framework", str(path)])

    assert done.exit_code == 1
    assert f"{path}:5: visoin: " in done.stdout
    assert "2 mistakes" in done.stderr
    path.write_bytes(b'id = "\xff"')
    assert "UTF-8" in CliRunner().invoke(app, ["check-framework", str(path)]).stderr
    gone = CliRunner().invoke(app, ["check-framework", str(tmp_path / "nope.toml")])
    assert (gone.exit_code, "Check the name" in gone.stderr) == (1, True)
