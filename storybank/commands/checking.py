"""Look whether Storybank is well (`storybank doctor`), and at its models (`storybank models`)."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from storybank.commands.terminal import errors, plainly
from storybank.errors import DatabaseForbids, DatabaseNewer, PgvectorMissing, StorybankError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storybank.engines import Engines
    from storybank.settings import Settings

AsJson = Annotated[
    bool, typer.Option("--json", help="Write the result as JSON to standard output.")
]

OLDEST_POSTGRES = 150000
LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is `well`, `look` or `broken`; `mend` says what to do."""

    what: str
    state: str
    said: str
    mend: str = ""


@plainly
def doctor(as_json: AsJson = False) -> None:
    """Check everything that Storybank stands on, and name the mend for what is broken."""
    findings = list(examine())
    if as_json:
        sys.stdout.write(json.dumps([asdict(f) for f in findings], indent=1) + "\n")
    else:
        _show(findings)
    if any(f.state == "broken" for f in findings):
        raise typer.Exit(1)


@plainly
def models(as_json: AsJson = False) -> None:
    """List the models that Storybank knows, and check the files of those that are here."""
    from storybank.commands.opening import needed_models, read_settings, tagger_models
    from storybank.engines import Engines

    settings = read_settings()
    engines = Engines(settings)
    needed = (*needed_models(settings), *tagger_models(settings))
    rows = []
    for model in engines.manifest.values():
        try:
            engines.weights(model.id)
            state, mend = "checked", ""
        except StorybankError as error:
            state, mend = "missing", error.message
        used = model.id in needed
        rows.append({"id": model.id, "task": model.task, "licence": model.licence,
                     "used": used, "state": state, "mend": mend})  # fmt: skip
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
    else:
        _show([_model_finding(row) for row in rows])
    if any(row["used"] and row["state"] != "checked" for row in rows):
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Give a finding for each thing that Storybank stands on, the groundwork first."""
    from storybank.commands.opening import read_settings

    yield _python()
    try:
        settings = read_settings()
    except StorybankError as error:
        yield Finding("settings", "broken", error.message)
        return
    yield _disk(settings)
    yield from _weights(settings)
    yield from _tried("framework", lambda: _framework(settings))
    yield from _tried("what was learnt", lambda: _learnt(settings))
    yield from _database(settings)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", "well", version)


def _disk(settings: "Settings") -> Finding:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1024**3:.1f} GB free for {settings.data_dir}"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", "look", said, "Free some space, or move STORYBANK_DATA_DIR.")
    return Finding("disk", "well", said)


def _weights(settings: "Settings") -> Iterator[Finding]:
    from storybank.commands.opening import needed_models, tagger_models
    from storybank.engines import Engines

    engines = Engines(settings)
    for model_id in needed_models(settings):
        yield from _tried(f"model {model_id}", partial(_folder, engines, model_id))
    try:
        for model_id in tagger_models(settings):
            yield from _tried(f"model {model_id}", partial(_folder, engines, model_id))
    except StorybankError as error:
        yield Finding("tagger", "broken", settings.framework, error.message)


def _folder(engines: "Engines", model_id: str) -> str:
    return str(engines.weights(model_id))


def _framework(settings: "Settings") -> str:
    from storybank.framework import load_framework

    framework = load_framework(settings.framework)
    return f"{framework.name}, {len(framework.codes)} codes"


def _learnt(settings: "Settings") -> str:
    from storybank.installed import loaded

    learnt = loaded(settings)
    return learnt.model_id if learnt else "nothing yet"


def _database(settings: "Settings") -> Iterator[Finding]:
    from storybank import db

    try:
        with db.running_database(settings) as url, db.cannot_connect():
            engine = db.make_engine(url)
            try:
                yield from _inside(settings, engine)
            finally:
                engine.dispose()
    except StorybankError as error:
        # One word alone is a library's own name for it: good in logs, not for people.
        said = error.detail if " " in error.detail else "no answer"
        yield Finding("database", "broken", said, error.message)


_PGVECTOR = """
    select a.default_version,
           a.installed_version is not null or r.rolsuper or (
               v.trusted and has_database_privilege(current_database(), 'create'))
    from pg_available_extensions a
    join pg_available_extension_versions v on v.name = a.name and v.version = a.default_version
    join pg_roles r on r.rolname = current_user
    where a.name = 'vector'
"""
"""Which pgvector the server has, and whether it is in this database or may be made there."""


def _inside(settings: "Settings", engine: "Engine") -> Iterator[Finding]:
    import sqlalchemy as sa

    with engine.connect() as session:
        number = int(session.scalar(sa.text("show server_version_num")) or 0)
        vector, usable = session.execute(sa.text(_PGVECTOR)).one_or_none() or (None, False)
        may_make = session.scalar(sa.text("select has_schema_privilege('public', 'create')"))
        there = session.scalar(sa.text("select to_regclass('alembic_version')")) is not None
        revision = (
            session.scalar(sa.text("select version_num from alembic_version")) if there else None
        )
    yield _ruled("database", number >= OLDEST_POSTGRES, f"PostgreSQL {number // 10000}",
                 "Use PostgreSQL 15 or newer.")  # fmt: skip
    yield _ruled("pgvector", usable, str(vector or "not there"), PgvectorMissing.message)
    if revision is not None:
        yield from _filled(settings, engine, revision)
    elif not may_make:
        yield Finding("migrations", "broken", "no table may be made", DatabaseForbids.message)
    elif usable:
        yield Finding("migrations", "look", "the database is new and empty",
                      "Nothing to do: `storybank serve` fills it at its first start.")  # fmt: skip


def _filled(settings: "Settings", engine: "Engine", revision: str) -> Iterator[Finding]:
    from storybank import db

    needed = db.newest_revision()
    mend = "Start `storybank serve` of this version once; it migrates."
    if not db.is_known(revision):
        mend = DatabaseNewer.message
    yield _ruled(
        "migrations", revision == needed, f"at {revision}, this version needs {needed}", mend
    )
    yield from _keys(settings, engine)
    if revision == needed:
        yield from _stories(engine)


def _keys(settings: "Settings", engine: "Engine") -> Iterator[Finding]:
    from storybank.commands.opening import check_keys
    from storybank.keys import has_phone_key, load_keyring

    path = settings.keys_path
    try:
        check_keys(settings, engine)
        if not path.exists():
            yield Finding(
                "keys", "look", "not made yet", "Nothing to do: the first start makes it."
            )
            return
        load_keyring(path)
        phone = has_phone_key(path)
    except StorybankError as error:
        yield Finding("keys", "broken", str(path), error.message)
        return
    if path.stat().st_mode & 0o077:
        yield Finding("keys", "broken", "others on this machine can read the key file",
                      f"Run `chmod 400 {path}`.")  # fmt: skip
    else:
        yield Finding("keys", "well", str(path))
    if phone:
        yield Finding("phone key", "well", "in the key file")
    else:
        yield Finding("phone key", "look", "made anew from the key file at each start",
                      "Nothing to do: `storybank serve` adds it where it may.")  # fmt: skip


def _stories(engine: "Engine") -> Iterator[Finding]:
    import sqlalchemy as sa

    from storybank.capture.again import count_given_up
    from storybank.db import reading

    with reading(engine) as reader:
        missing = count_given_up(reader)
    with engine.connect() as session:
        total = session.scalar(sa.text("select count(*) from story where withdrawn_at is null"))
        waiting = session.scalar(
            sa.text("select count(*) from procrastinate_jobs where status in ('todo', 'doing')")
        )
        alive = session.scalar(
            sa.text(
                "select count(*) from procrastinate_workers "
                "where last_heartbeat > now() - interval '30 seconds'"
            )
        )
    yield Finding("stories", "well", f"{total} told, {waiting} steps of work to do")
    if waiting and not alive:
        yield Finding("worker", "look", f"none is running, {waiting} steps wait",
                      "Start `storybank serve` or `storybank work`.")  # fmt: skip
    if missing.unread or missing.in_want:
        lack = f"{missing.in_want} lack their voices, English or a reading of their newest words"
        said = f"{missing.unread} could not be read, {lack}"
        mend = "Mend what is broken, then run `storybank try-again`."
        yield Finding("stories in trouble", "look", said, mend)
    if missing.unusable:
        said = f"{missing.unusable} hold nothing that could be read; their pages say why"
        yield Finding("stories without words", "well", said)


def _tried(what: str, look: Callable[[], str]) -> Iterator[Finding]:
    try:
        yield Finding(what, "well", look())
    except StorybankError as error:
        yield Finding(what, "broken", error.detail, error.message)


def _ruled(what: str, well: bool, said: str, mend: str) -> Finding:
    return Finding(what, "well", said) if well else Finding(what, "broken", said, mend)


def _model_finding(row: dict[str, object]) -> Finding:
    said = f"{row['task']}, {row['licence']}{', in use' if row['used'] else ''}"
    if row["state"] == "checked":
        return Finding(str(row["id"]), "well", said)
    return Finding(str(row["id"]), "broken" if row["used"] else "look", said, str(row["mend"]))


def _show(findings: list[Finding]) -> None:
    from rich.table import Table

    colours = {"well": "green", "look": "yellow", "broken": "bold red"}
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for found in findings:
        state = f"[{colours[found.state]}]{found.state}[/]"
        table.add_row(
            state, found.what, "\n".join(part for part in (found.said, found.mend) if part)
        )
    errors().print(table)
