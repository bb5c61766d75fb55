"""Prove that the wheel is whole: build it, install it apart from the checkout, and use it.

The new environment holds what requirements.lock names and torch, nothing that tests or builds need,
so that a package which was never declared is missed here.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 90
STOPS_WITHIN_S = 40
MUST_HOLD = (
    "storybank/_models/manifest.toml",
    "storybank/_models/frameworks/thriving-communities/1.toml",
    "storybank/_models/frameworks/good-life/1.toml",
    "storybank/_models/starting/oxford.toml",
    "storybank/migrations/versions/m0001_first.py",
    "storybank/py.typed",
    "web/templates/base.html",
    "web/static/built/manifest.json",
    "web/locales/ar/LC_MESSAGES/messages.mo",
    "web/locales/ar/LC_MESSAGES/drafts.mo",
)
MUST_NOT_HOLD = re.compile(
    r"^(tests|scripts|docs|models)/|node_modules|/_models/(gold|training)/|\.(scss|po|pot)$"
)

WHERE = "import storybank, web; print(storybank.__file__, web.__file__, sep='\\n')"


def main() -> int:
    """Check it all; gives the status for the shell."""
    with tempfile.TemporaryDirectory(prefix="storybank-wheel-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # the built-in database runs as a user of its own
        wheel = _build(home)
        _check_contents(wheel)
        python = _install(home, wheel)
        _check_place(home, python)
        _check_serving(home, python)
    print("The wheel is whole: it installs, migrates, serves and stops.")
    return 0


def _build(home: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(home / "dist"), str(ROOT)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return next((home / "dist").glob("*.whl"))


def _check_contents(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    if missing := [name for name in MUST_HOLD if name not in names]:
        raise SystemExit(f"The wheel lacks {', '.join(missing)}. See pyproject's wheel tables.")
    if extra := [name for name in names if MUST_NOT_HOLD.search(name)]:
        raise SystemExit(f"The wheel should not hold {', '.join(extra[:5])}.")
    print(f"{len(names)} files, {wheel.stat().st_size / 1e6:.1f} MB")


def _install(home: Path, wheel: Path) -> Path:
    env = home / "env"
    subprocess.run([ROOT / "scripts" / "setup", "--into", env], check=True)
    python = env / "bin" / "python"
    pip = [python, "-m", "pip", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    return python


def _check_place(home: Path, python: Path) -> None:
    done = subprocess.run(
        [python, "-c", WHERE], cwd=home, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"The installed wheel cannot be used: {done.stderr.strip()}")
    for line in done.stdout.split():
        if not Path(line).is_relative_to(home / "env"):
            raise SystemExit(f"{line} is not the wheel's.")


def _check_serving(home: Path, python: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STORYBANK_", "PYTHON"))}
    env["STORYBANK_DATA_DIR"] = str(home / "data")
    port = _free_port()
    log = home / "serve.log"
    with log.open("wb") as err:
        server = subprocess.Popen(
            [python.with_name("storybank"), "serve", "--no-worker", "--port", str(port)],
            cwd=home, env=env, stderr=err,
        )  # fmt: skip
    try:
        _wait(server, f"http://127.0.0.1:{port}/health", log)
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read().decode()
        if "<h1" not in page or "Storybank" not in page:
            raise SystemExit("The first page is not the first page.")
        for link in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{link}").read()
    finally:
        server.send_signal(signal.SIGTERM)
        status = server.wait(STOPS_WITHIN_S)
    if status != 0:
        raise SystemExit(f"It stopped with status {status}: {log.read_text()[-800:]}")
    if (home / "data" / "postgres" / "postmaster.pid").exists():
        raise SystemExit("The built-in database still runs.")
    shutil.rmtree(home / "data")


def _wait(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and server.poll() is None:
        try:
            if urllib.request.urlopen(url, timeout=5).status == 200:  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"It does not answer: {log.read_text()[-1500:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
