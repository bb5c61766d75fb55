"""Room on the disk that is kept for the work: strangers' sound may fill the rest, never that.

The last of it is the database's own: PostgreSQL stops altogether where its disk is full.

Nor may it all come from one network: each has a share for an hour.
"""

import shutil
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from storybank.errors import DiskFull, NetworkFull
from storybank.settings import MEGABYTE, Settings
from storybank.tables import NetworkSound, now

KEPT_BYTES = 1024**3
"""What strangers leave free: typed stories, workers' phones and the database itself go on."""
RESERVE_BYTES = 64 * 1024**2
"""What everybody leaves free: four pieces of the log that the built-in database writes."""

COUNTED_OVER = timedelta(hours=1)
SLOT = timedelta(minutes=10)
"""Bytes are added up in slots so long, so that an hour of one network is seven rows at most."""


def leave_room(settings: Settings) -> None:
    """Raise DiskFull where less than `KEPT_BYTES` is free for data; sound from anybody stops first.

    A folder that is not there yet has all the room of the one above it.
    """
    _leave(settings.data_dir, KEPT_BYTES)


def leave_reserve(settings: Settings) -> None:
    """Raise DiskFull where the built-in database has less than `RESERVE_BYTES` for all its work.

    Another server has a disk of its own, and says itself when that is full.
    """
    if settings.database_url is None:
        _leave(settings.postgres_dir, RESERVE_BYTES)


def _leave(folder: Path, least: int) -> None:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < least:
        raise DiskFull(f"{free} bytes free")


def note_sound(session: Session, network: bytes, size: int) -> None:
    """Count `size` bytes that strangers sent from one network; `network` is its keyed digest."""
    at = now()
    since = at - (at - at.replace(hour=0, minute=0, second=0, microsecond=0)) % SLOT
    row = insert(NetworkSound).values(digest=network, since=since, bytes=size)
    added = col(NetworkSound.bytes) + row.excluded.bytes
    session.connection().execute(
        row.on_conflict_do_update(index_elements=["digest", "since"], set_={"bytes": added})
    )


def leave_share(session: Session, settings: Settings, network: bytes) -> None:
    """Raise NetworkFull where a network has sent its share in the last hour, or a slot less."""
    sent = select(func.coalesce(func.sum(NetworkSound.bytes), sa.literal(0))).where(
        NetworkSound.digest == network, col(NetworkSound.since) > now() - COUNTED_OVER
    )
    if (count := int(session.exec(sent).one())) >= settings.max_network_mb * MEGABYTE:
        raise NetworkFull(f"{count} bytes in an hour")
