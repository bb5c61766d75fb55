"""Room on the disk that is kept for the work: strangers' sound may fill the rest, never that."""

import shutil

from storybank.errors import DiskFull
from storybank.settings import Settings

KEPT_BYTES = 1024**3
"""What strangers leave free: typed stories, workers' phones and the database itself go on."""


def leave_room(settings: Settings) -> None:
    """Raise DiskFull where less than `KEPT_BYTES` is free for data; sound from anybody stops first.

    A folder that is not there yet has all the room of the one above it.
    """
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < KEPT_BYTES:
        raise DiskFull(f"{free} bytes free")
