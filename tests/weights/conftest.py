"""The real engines, loaded once for all tests of a process."""

from pathlib import Path

import pytest

from storybank.engines import Engines
from storybank.settings import Settings
from storybank.transcribe.whisper import WhisperTranscriber


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep these tests in one process where there are several: torch and weights take seconds."""
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(pytest.mark.xdist_group("weights"))


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """The engines as settings make them, with a data folder that holds nothing."""
    return Engines(Settings(data_dir=tmp_path_factory.mktemp("engines")))


@pytest.fixture(scope="session")
def base(engines: Engines) -> WhisperTranscriber:
    """Whisper base, on one thread: other tests have the other processor."""
    return WhisperTranscriber("whisper-base", engines.weights("whisper-base"), threads=1)
