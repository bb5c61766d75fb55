"""What is promised elsewhere holds: settings, errors, frameworks, locked packages, change log."""

import hashlib
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from storybank import errors
from storybank.settings import Settings
from tests.browser import addresses
from web.errors import STATUS, TITLES
from web.routes import all_routers

ROOT = Path(__file__).resolve().parents[2]
MARKS = "<!-- settings: checked by tests/house -->", "<!-- /settings -->"

PINNED = {
    "good-life/1.toml": ("6b5f85a90b032f7a75ff7445a87e44a5ff2c515e757747e011836e795e8038a9"),
    "thriving-communities/1.toml": (
        "917d2a1cd15991d0a3eb624f8feccf7c46ed74953f15a91ad2bbe30f105b1e60"
    ),
}
"""sha256 of each framework version: one that stories were read by is never edited again.

A change of words is a new version, in a new file. (Before the first release: pin it anew.)
"""


def settings_table() -> str:
    """The README's table, as the settings themselves say it."""
    lines = ["| setting | what it is | if unset |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if field.default_factory is not None:
            default = {
                "data_dir": "`~/.local/share/storybank`",
                "models_dir": "`~/.cache/storybank/models`",
            }[name]
        elif default is None:
            default = ""
        else:
            default = f"`{default}`"
        lines.append(f"| `STORYBANK_{name.upper()}` | {field.description} | {default} |")
    return "\n".join(lines)


def test_every_setting_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    first, last = MARKS
    assert text.partition(first)[2].partition(last)[0].strip() == settings_table()


def every_error() -> list[type[errors.StorybankError]]:
    found, waiting = [], [errors.StorybankError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_a_reason_and_a_status(
    kind: type[errors.StorybankError],
) -> None:
    assert re.fullmatch(r"[A-Z].{10,}[.]", kind.message, re.DOTALL)
    assert kind.__doc__ is not None
    assert kind.__doc__.strip().split("\n")[0].endswith((".", "?"))
    status = next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS)
    assert 400 <= status < 600
    assert status in TITLES


def test_an_error_keeps_its_detail_out_of_what_people_see() -> None:
    error = errors.NotFound("story 7")
    assert "7" not in error.message
    assert error.detail == "story 7"


def test_frameworks_are_never_edited() -> None:
    folder = ROOT / "models" / "frameworks"
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/*.toml"))
    }
    assert found == PINNED


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = set(project["dependencies"])
    for name, packages in (
        ("requirements.lock", wanted),
        ("requirements-dev.lock", wanted | set(project["optional-dependencies"]["dev"])),
    ):
        lock = (ROOT / name).read_text("utf-8")
        locked = {line.split(" ")[0] for line in lock.splitlines() if "==" in line}
        asked = {re.sub(r"\[.*?\]", "", package) for package in packages} - {"torch==2.13.0"}
        assert asked - locked == set(), f"{name} is behind pyproject.toml: run scripts/lock"
        assert "://" not in lock
        assert not [p for p in locked if p.startswith(("nvidia", "torch"))]
        assert all("--hash" in block for block in re.split(r"\n(?=[a-z])", lock)[1:])


def test_what_is_imported_is_asked_for_by_name() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    named = {normal(re.split(r"[=\[]", package)[0]) for package in asked}
    shipped = [p for top in ("storybank", "web") for p in (ROOT / top).rglob("*.py")]
    imports = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
    used = {module for path in shipped for module in imports.findall(path.read_text("utf-8"))}
    whose = packages_distributions()
    foreign = [m for m in used & whose.keys() if m not in sys.stdlib_module_names | {"storybank"}]
    assert [m for m in foreign if not named & {normal(name) for name in whose[m]}] == []


def normal(name: str) -> str:
    """A package's name as all its spellings agree on it."""
    return name.lower().replace("_", "-")


def test_what_runs_and_what_tests_agree_on_versions() -> None:
    run, dev = (
        {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= dev


def test_what_set_up_installs_first_is_the_torch_that_is_pinned() -> None:
    assert "TORCH=2.13.0\n" in (ROOT / "scripts" / "setup").read_text()
    assert '"torch==2.13.0"' in (ROOT / "pyproject.toml").read_text()


def test_one_command_is_what_the_build_server_runs() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec scripts/test"


def test_the_change_log_is_open_for_the_next_change() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_page_is_looked_at_in_a_browser() -> None:
    """A new address that answers a GET belongs into a list of tests/browser/addresses.py."""
    looked_at = [path.partition("?")[0] for paths in addresses.STAFF.values() for path in paths]
    looked_at += [*addresses.PUBLIC, *addresses.TELLING, *addresses.OWN, *addresses.RECORDER]
    listed = {nameless(path) for path in (*looked_at, *addresses.NO_PAGES)}
    assert listed == {
        nameless(route.path)
        for router in all_routers()
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods
    }


def nameless(path: str) -> str:
    """An address whose parts to be filled in have no names."""
    return re.sub(r"\{.*?\}", "{}", path)
