"""Where what was learnt is kept: in the data folder, one folder each, and which of them is in use.

The shipped head is never touched. Installing adds a name to a list; undoing takes the last away.
"""

import json
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, func, select

from storybank.errors import HeadDamaged, NothingLearnt
from storybank.settings import Settings
from storybank.tables import Story
from storybank.understand.learnt import Learnt, load_learnt

_LIST = "in-use.json"
_NAME = re.compile(r"learnt-\d+")


@dataclass(frozen=True, slots=True)
class InUse:
    """What was learnt and is in use: its name, None for the shipped head alone.

    `taken_back` counts the stories that it was learnt from and that may not be used any more;
    `damaged` says what is wrong where it cannot be read.
    """

    name: str | None = None
    taken_back: int = 0
    damaged: str = ""


def folder_of(settings: Settings) -> Path:
    """Give the folder of all that was learnt."""
    return settings.data_dir / "learnt"


def in_use(settings: Settings) -> Path | None:
    """Give the folder of what is in use now, or None where only the shipped head reads.

    Raises HeadDamaged where nobody knows any more: the shipped head never steps in by itself.
    """
    names = _names(settings)
    return folder_of(settings) / names[-1] if names else None


def loaded(settings: Settings) -> Learnt | None:
    """Give what was learnt and is in use, or None; raises HeadDamaged."""
    folder = in_use(settings)
    return load_learnt(folder) if folder else None


def next_name(settings: Settings) -> str:
    """Give a name that nothing learnt has had: `learnt-3`."""
    folder = folder_of(settings)
    taken = [int(p.name[7:]) for p in folder.glob("learnt-*") if p.name[7:].isdigit()]
    return f"learnt-{max(taken, default=0) + 1}"


def claim(settings: Settings) -> Path:
    """Make the folder for something learnt, which no other training at the same time gets."""
    while True:
        folder = folder_of(settings) / next_name(settings)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder


def install(settings: Settings, name: str) -> None:
    """Let workers use what is in the folder `name` from their next story on."""
    load_learnt(folder_of(settings) / name)  # what cannot be read must not come into use
    try:
        before = _names(settings)
    except HeadDamaged:
        before = []
    _write(settings, [*before, name])


def undo(settings: Settings) -> str | None:
    """Go back to what was in use before; gives its name, None for the shipped head alone.

    Raises NothingLearnt where nothing is in use. Where the list of what was in use is damaged,
    only the shipped head is left to go back to.
    """
    try:
        names = _names(settings)
    except HeadDamaged:
        names = [""]
    if not names:
        raise NothingLearnt
    _write(settings, names[:-1])
    return names[-2] if len(names) > 1 else None


def state_of(session: Session, settings: Settings) -> InUse:
    """Give what is in use, also where it is damaged."""
    try:
        learnt = loaded(settings)
        return InUse(learnt.model_id, gone_of(session, learnt.stories)) if learnt else InUse()
    except HeadDamaged as error:
        return InUse(damaged=error.message)


def gone_of(session: Session, stories: Collection[str]) -> int:
    """Count those of `stories` that were taken back, or that may not be learnt from any more."""
    query = (
        select(func.count())
        .select_from(Story)
        .where(col(Story.id).in_(stories))
        .where(col(Story.withdrawn_at).is_(None), col(Story.may_learn).is_(True))
    )
    return len(stories) - session.exec(query).one()


def _names(settings: Settings) -> list[str]:
    try:
        names = json.loads((folder_of(settings) / _LIST).read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        names = None
    if not isinstance(names, list) or not all(_NAME.fullmatch(str(name)) for name in names):
        raise HeadDamaged(
            _LIST,
            message=f"The list of what was learnt ({_LIST}) cannot be read. "
            "Run storybank train --undo to read with the head that Storybank comes with.",
        )
    return names


def _write(settings: Settings, names: list[str]) -> None:
    path = folder_of(settings) / _LIST
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{_LIST}.{os.getpid()}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(json.dumps(names) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
