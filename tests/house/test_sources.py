"""House rules that no other tool holds: sizes, docstrings, names, and what may stand in files."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_BYTES = 2 * 1024 * 1024
EMPTY_NAMES = {"utils", "util", "helpers", "common", "misc", "core", "base", "stuff"}

# In parts, so that this file does not name what it looks for.
HOSTS = (
    "pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com",
    "deb.debian" + ".org", "pytorch.org" + "/whl", "anaconda" + ".org", "crates" + ".io",
)  # fmt: skip
PLACES = ("/wo" + "rk/", "/opt/" + "wheels", "/opt/" + "pypi", "/ro" + "ot/", "/home/" + "runner")


def tracked() -> list[Path]:
    """Every file in git, and every new one that is not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


FILES = tracked()
MODULES = [p for p in FILES if p.suffix == ".py"]
SHIPPED = [p for p in MODULES if p.relative_to(ROOT).parts[0] in ("storybank", "web")]
TEMPLATES = [p for p in FILES if p.suffix == ".html" and "web" in p.relative_to(ROOT).parts]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at() -> None:
    assert len(SHIPPED) > 50
    assert len(TEMPLATES) > 3


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    # A migration is written once, and read beside nothing else.
    grown = [p for p in MODULES if "migrations" not in p.parts]
    sizes = {short(p): len(p.read_text("utf-8").splitlines()) for p in grown}
    assert {name: n for name, n in sizes.items() if n > MOST_LINES} == {}


def test_every_shipped_module_says_what_it_is_for() -> None:
    silent = [
        short(path)
        for path in SHIPPED
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["storybank", "web", "scripts"])
def test_no_function_is_longer_than_a_page(folder: str) -> None:
    long = {
        f"{short(path)}:{node.lineno} {node.name}": lines
        for path in MODULES
        if path.relative_to(ROOT).parts[0] == folder and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := body_lines(node)) > MOST_FUNCTION_LINES
    }
    assert long == {}


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_tests_that_take_long_stand_where_the_last_stage_looks_for_them() -> None:
    listed = re.search(r"^long=\((.+)\)$", (ROOT / "scripts" / "test").read_text("utf-8"), re.M)
    assert listed is not None
    marks = re.compile(r"pytest\.mark\.(weights|browser|slow)")
    folders = {
        short(p.parent)
        for p in MODULES
        if p != Path(__file__) and marks.search(p.read_text("utf-8"))
    }
    assert folders == set(listed[1].split())


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [p for p in MODULES if EMPTY_NAMES & {p.stem, *p.relative_to(ROOT).parent.parts}]
    assert [short(p) for p in vague] == []


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = []
    for path in FILES:
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{short(path)}: {word}" for word in HOSTS + PLACES if word in text]
    assert found == []


def test_no_file_is_too_large_for_a_repository() -> None:
    assert [short(p) for p in FILES if p.stat().st_size > MOST_BYTES] == []


def test_nothing_in_templates_needs_inline_script_or_style() -> None:
    bad = re.compile(r"\bhx-on\b|\bjs:|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-vals='?js", re.I)
    found = [
        f"{short(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if bad.search(re.sub(r"\{[%#].*?[%#]\}", "", line))  # what Jinja is told is no page
    ]
    assert found == []


def test_no_form_of_a_teller_lets_the_browser_keep_what_is_put_in() -> None:
    """A browser writes what stands in a form to its disk, to show it again after a restart."""
    parts = {"_correct.html", "_voices.html", "worker/new.html", "paper/copy.html"}
    found = []
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "web" / "templates").as_posix()
        if name not in parts and not name.startswith(("capture/", "receipt/")):
            continue
        for form in re.findall(r"<form.*?</form>", path.read_text("utf-8"), re.DOTALL):
            asks = re.search(r"govuk(?!But)\w+\(|_readings|<(textarea|select|input [^>]*id=)", form)
            if asks and 'autocomplete="off"' not in form.partition(">")[0]:
                found.append(name)
    assert found == []


def test_nothing_is_read_from_the_environment_when_a_module_is_imported() -> None:
    found = []
    for path in SHIPPED:
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr):
                source = ast.unparse(node)
                found += [short(path)] * ("os.environ" in source or "Settings()" in source)
    assert found == []


def test_tests_do_not_stand_in_for_our_own_code() -> None:
    patched = re.compile("unittest" + r"\.mock|\bmocker\b|Magic" + "Mock")
    tests = [p for p in MODULES if p.relative_to(ROOT).parts[0] == "tests"]
    assert [short(p) for p in tests if patched.search(p.read_text("utf-8"))] in ([], [THIS])


THIS = short(Path(__file__))
