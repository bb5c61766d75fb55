"""The list that ships of what a new, empty Storybank begins with."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storybank.framework import models_folder


@dataclass(frozen=True, slots=True)
class Starting:
    """One programme, as the columns of its row, and the places to choose from, all of one kind."""

    programme: dict[str, Any]
    kind: str
    places: tuple[str, ...]


def starting_list(path: Path | None = None) -> Starting:
    """Read the starting list at `path`; without one, the list that ships, of Oxford's wards."""
    path = path or models_folder() / "starting" / "oxford.toml"
    content = tomllib.loads(path.read_text("utf-8"))
    places = content["places"]
    return Starting(content["programme"], places["kind"], tuple(places["names"]))
