"""What each command does before its own work."""

import gc
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from storybank.cli import MORE_AT_ONCE, app


@pytest.fixture
def usual() -> Iterator[None]:
    """What Python does of its own accord; afterwards as it was."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("usual")
def test_a_command_looks_for_rubbish_less_often() -> None:
    done = CliRunner().invoke(app, ["check-framework", "no-such-file.toml"])
    assert done.exit_code == 1
    assert gc.get_threshold() == MORE_AT_ONCE
