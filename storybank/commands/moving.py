"""Stories in: `storybank import`."""

import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storybank.commands.target import writing
from storybank.commands.terminal import errors, fail, plainly, progress, several
from storybank.errors import BadInput

if TYPE_CHECKING:
    from storybank.capture.importing import Outcome, Problem, Terms
    from storybank.commands.opening import House

MOST_SHOWN = 20
LOOK_EVERY_S = 0.5


ToImport = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A .csv or .jsonl file, a folder of recordings, or a story saved from a phone.",
    ),
]
ConsentOption = Annotated[
    str | None,
    typer.Option(
        "--consent",
        help="Uses agreed to where a row does not say, e.g. learn,quote; none for no use at all.",
    ),
]
ProgrammeOption = Annotated[
    str | None, typer.Option("--programme", help="Programme of rows that name none.")
]
Create = Annotated[bool, typer.Option("--create", help="Add places and programmes not yet known.")]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="Where a field stands, as FIELD=COLUMN: text=Story. May be repeated."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every row, and store nothing.")]
Report = Annotated[
    Path | None, typer.Option("--report", help="Write the rows with mistakes to this CSV file.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Do the work on them now, and wait for it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the outcome to standard output.")]


@plainly
def import_(  # noqa: PLR0913 (each is an option of the command)
    file: ToImport,
    map_: MapOption = None,
    consent: ConsentOption = None,
    programme: ProgrammeOption = None,
    create: Create = False,
    dry_run: DryRun = False,
    report: Report = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Import stories; rows with mistakes are named, the others go in; repeats change nothing."""
    from storybank.capture.columns import columns_from
    from storybank.capture.importing import Terms, consent_from
    from storybank.capture.saved_items import SUFFIX
    from storybank.commands.opening import open_house, read_settings
    from storybank.commands.saved import bring_saved

    if file.suffix.lower() == SUFFIX:
        if dry_run:
            raise BadInput(message="A story saved from a phone cannot be checked without storing.")
        with open_house(read_settings()) as house:
            bring_saved(house, file)
            if wait:
                _work_off(house)
        return
    given = consent_from(consent) if consent is not None else None
    terms = Terms(given, programme, create, columns_from(map_ or []))
    with open_house(read_settings()) as house:
        outcome = _import(house, file, terms, rehearse=dry_run)
        _report(outcome, as_json=as_json, rehearsed=dry_run)
        if report is not None:
            _write_report(report, outcome)
        if wait and not dry_run:
            _work_off(house)
        elif not dry_run:
            count = _unfinished(house)
            wait_for = several(count, "story waits", "stories wait")
            errors().print(f"{wait_for} for the worker (`storybank serve` or `work`).")
    if outcome.problems:
        count = len(outcome.problems)
        could = several(count, "row", "rows") + " could not be"
        were = could if dry_run else several(count, "row was not", "rows were not")
        fail(f"{were} imported. Mend {'it' if count == 1 else 'them'} and import again.")


def _import(house: "House", file: Path, terms: "Terms", *, rehearse: bool) -> "Outcome":
    from storybank.capture.importing import import_rows
    from storybank.capture.rows import count_rows

    with progress() as bar:
        name = "Checking" if rehearse else "Importing"
        task = bar.add_task(name, total=count_rows(file, terms.columns))
        return import_rows(
            house.engine, house.desk, file, terms, lambda: bar.advance(task), rehearse=rehearse
        )


def _report(outcome: "Outcome", *, as_json: bool, rehearsed: bool) -> None:
    _list([f"{_where(problem)}: {problem.sentence}" for problem in outcome.problems])
    _list([f"{file.file} was passed over. {file.sentence}" for file in outcome.passed])
    if outcome.problems:
        errors().print("These may help: --map, --consent, --create (storybank import --help).")
    if rehearsed:
        new = several(outcome.stored, "story is", "stories are")
        there = several(outcome.already, "is", "are")
        errors().print(f"{new} new, {there} there already.")
        errors().print("Nothing was stored: this was a dry run.")
    else:
        new = several(outcome.stored, "story", "stories")
        there = several(outcome.already, "was", "were")
        errors().print(f"{new} imported, {there} there already.")
    if outcome.stored == 0 and outcome.already and not outcome.problems:
        errors().print("The same stories were imported before: nothing changes.")
    if as_json:
        rows = [
            {"row": p.line, "column": p.column, "problem": p.sentence, "file": p.file}
            for p in outcome.problems
        ]
        passed = [{"file": p.file, "problem": p.sentence} for p in outcome.passed]
        counts = {"stored": outcome.stored, "already": outcome.already, "problems": rows}
        sys.stdout.write(json.dumps(counts | {"passed": passed}, ensure_ascii=False) + "\n")


def _where(problem: "Problem") -> str:
    column = f"column {problem.column}" if problem.column else ""
    return ", ".join(part for part in (f"Row {problem.line}", column, problem.file) if part)


def _list(sentences: list[str]) -> None:
    for said in sentences[:MOST_SHOWN]:
        errors().print(said, highlight=False, markup=False, soft_wrap=True)
    if more := sentences[MOST_SHOWN:]:
        errors().print(f"... and {len(more)} more; --report FILE names all of them.")


def _write_report(path: Path, outcome: "Outcome") -> None:
    from storybank.capture.importing import write_problems

    with writing(path) as out:
        write_problems([*outcome.problems, *outcome.passed], out)


def _work_off(house: "House") -> None:
    from storybank.commands.opening import make_workshop
    from storybank.worker import run

    total = _unfinished(house)
    done = threading.Event()
    with progress() as bar:
        task = bar.add_task("Reading", total=total)

        def watch() -> None:
            while not done.wait(LOOK_EVERY_S):
                bar.update(task, completed=total - _unfinished(house))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            run(make_workshop(house), until_idle=True)
        finally:
            done.set()
            watcher.join()
    left, helpless = _unfinished(house), _unfinished(house, helpless=True)
    errors().print(f"{several(total - left, 'story', 'stories')} read.")
    if left or helpless:
        raise BadInput(
            message=f"{several(left, 'story still waits', 'stories still wait')}, and "
            f"{several(helpless, 'needs', 'need')} help. Open them as an evaluator and choose "
            "Try again."
        )


def _unfinished(house: "House", *, helpless: bool = False) -> int:
    from sqlmodel import col, func, select

    from storybank.db import reading
    from storybank.tables import Story
    from storybank.values import StoryState

    states = [StoryState.RECEIVED, StoryState.LISTENING, StoryState.READING]
    query = select(func.count()).where(
        col(Story.state).in_([StoryState.NEEDS_HELP] if helpless else states)
    )
    with reading(house.engine) as session:
        return session.exec(query).one()
