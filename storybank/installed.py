"""Where what was learnt is kept: in the data folder, one folder each, and which of them is in use.

The shipped head is never touched. Installing adds a name to a list; undoing takes the last away.
"""

import json
import os
from pathlib import Path

from sqlmodel import Session, col, func, select

from storybank.errors import NothingLearnt
from storybank.settings import Settings
from storybank.tables import Story
from storybank.understand.learnt import load_learnt

_LIST = "in-use.json"


def folder_of(settings: Settings) -> Path:
    """Give the folder of all that was learnt."""
    return settings.data_dir / "learnt"


def in_use(settings: Settings) -> Path | None:
    """Give the folder of what is in use now, or None where only the shipped head reads."""
    names = _names(settings)
    return folder_of(settings) / names[-1] if names else None


def next_name(settings: Settings) -> str:
    """Give a name that nothing learnt has had: `learnt-3`."""
    folder = folder_of(settings)
    taken = [int(p.name[7:]) for p in folder.glob("learnt-*") if p.name[7:].isdigit()]
    return f"learnt-{max(taken, default=0) + 1}"


def install(settings: Settings, name: str) -> None:
    """Let workers use what is in the folder `name` from their next story on."""
    load_learnt(folder_of(settings) / name)  # what cannot be read must not come into use
    _write(settings, [*_names(settings), name])


def undo(settings: Settings) -> str | None:
    """Go back to what was in use before; gives its name, None for the shipped head alone.

    Raises NothingLearnt where nothing is in use.
    """
    names = _names(settings)
    if not names:
        raise NothingLearnt
    _write(settings, names[:-1])
    return names[-2] if len(names) > 1 else None


def taken_back(session: Session, settings: Settings) -> int:
    """Count the stories that what is in use was learnt from and that may not be used any more."""
    folder = in_use(settings)
    if folder is None:
        return 0
    used = load_learnt(folder).stories
    query = (
        select(func.count())
        .select_from(Story)
        .where(col(Story.id).in_(used))
        .where(col(Story.withdrawn_at).is_(None), col(Story.may_learn).is_(True))
    )
    return len(used) - session.exec(query).one()


def _names(settings: Settings) -> list[str]:
    try:
        names: list[str] = json.loads((folder_of(settings) / _LIST).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return names


def _write(settings: Settings, names: list[str]) -> None:
    path = folder_of(settings) / _LIST
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{_LIST}.{os.getpid()}.new")
    fresh.write_text(json.dumps(names) + "\n", "utf-8")
    fresh.replace(path)
