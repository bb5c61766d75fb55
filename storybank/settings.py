"""All of Storybank's settings, read once at start and handed on; frozen."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGABYTE = 1024 * 1024


def _data_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "storybank"


def _cache_home() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "storybank" / "models"


class Settings(BaseSettings):
    """What an operator can set, as `STORYBANK_<NAME>` in the environment.

    The README's table is checked against these fields and their descriptions.
    """

    model_config = SettingsConfigDict(env_prefix="STORYBANK_", frozen=True)

    data_dir: Path = Field(
        default_factory=_data_home, description="Holds the built-in database, recordings and keys"
    )
    database_url: SecretStr | None = Field(
        None, description="A PostgreSQL 15+ server with pgvector; unset means the built-in one"
    )
    blobs_url: str | None = Field(
        None,
        description="Where recordings are kept (file:, s3:, az: or gs:); unset: the data folder",
    )
    keys_file: Path | None = Field(
        None, description="File with the master keys; unset: keys.json in the data folder"
    )
    models_dir: Path = Field(
        default_factory=_cache_home, description="Where joined and extra weights are kept"
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="The address people use; https makes cookies secure"
    )
    framework: str = Field(
        "thriving-communities@1",
        description="Framework that stories are read by, and its version until the pages make one",
    )
    speech_model: str = Field("whisper-base", description="Manifest id of the speech model")
    embedding_model: str = Field("all-minilm-l6-v2", description="Manifest id of the embedder")
    known_places: Path | None = Field(
        None, description="CSV of name and kind (street, school, gp_practice, kept) for masking"
    )
    max_recording_mb: int = Field(200, gt=0, description="Largest recording, in megabytes")
    max_recording_minutes: int = Field(120, gt=0, description="Longest recording, in minutes")
    max_network_mb: int = Field(
        2048, gt=0, description="Most sound from one network in an hour, without signing in, in MB"
    )
    max_story_words: int = Field(50_000, gt=0, description="Longest typed story, in words")
    speech_threads: int = Field(2, gt=0, description="Processor threads used for speech")
    log_level: str = Field("INFO", description="How much is logged: DEBUG, INFO, WARNING, ERROR")

    @property
    def postgres_dir(self) -> Path:
        """Folder of the built-in database."""
        return self.data_dir / "postgres"

    @property
    def blobs_dir(self) -> Path:
        """Folder of recordings when no other store is named."""
        return self.data_dir / "blobs"

    @property
    def keys_path(self) -> Path:
        """File with the master keys."""
        return self.keys_file or self.data_dir / "keys.json"

    @property
    def max_recording_bytes(self) -> int:
        """Largest recording, in bytes."""
        return self.max_recording_mb * MEGABYTE

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may only travel over https."""
        return self.public_url.startswith("https:")
