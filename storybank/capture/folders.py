"""What lies in a folder that is imported: its recordings, and why any other file is passed over."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePath

SOUNDS = frozenset(
    {
        ".mp3",
        ".m4a",
        ".mp4",
        ".aac",
        ".wav",
        ".ogg",
        ".oga",
        ".opus",
        ".webm",
        ".flac",
        ".3gp",
        ".amr",
    }
)
_LISTS = frozenset({".csv", ".jsonl", ".ndjson"})
_COMPUTERS = frozenset({"$RECYCLE.BIN", "System Volume Information", "@eaDir", "__MACOSX"})
"""Folders that computers make on a stick or disk; what was thrown away lies in some."""

HIDDEN = "It is hidden, or the computer's own, such as what was thrown away."
LINK = "It is a link to another folder. Import that folder."
A_LIST = "It is a list of its own. Import it by its name."
NO_SOUND = (
    "It is not a kind of recording that can be imported. Put written stories into a list "
    "(.csv or .jsonl), and save other recordings as .mp3 or .wav."
)
NOT_LISTED = "The list in this folder does not name it. Add it to the list."
CLOSED = "This folder cannot be opened. Ask for the right to read it."


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a folder: its name from the folder on, and why it is passed over ("": it is not).

    A folder that is not looked into is named as a file is.
    """

    name: str
    passed: str = ""


def files_in(folder: Path) -> list[Found]:
    """Give every file in a folder and the folders in it, by name, recordings among them."""
    found: list[Found] = []

    def closed(error: OSError) -> None:
        found.append(Found(_within(folder, Path(str(error.filename))), CLOSED))

    for at, folders, files in os.walk(folder, onerror=closed):
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        found += [Found(_within(folder, Path(at) / name), LINK) for name in links]
        own = [name for name in folders if name.startswith(".") or name in _COMPUTERS]
        found += [Found(_within(folder, Path(at) / name), HIDDEN) for name in own]
        folders[:] = [name for name in folders if name not in own]  # what walk looks into next
        for name in files:
            found.append(Found(_within(folder, Path(at) / name), _why_passed(Path(at) / name)))
    return sorted(found, key=lambda file: PurePath(file.name).parts)


def passed_beside(folder: Path, named: set[str]) -> list[Found]:
    """Give the files of a folder that its list does not name; `named` holds what it names."""
    there = {os.path.normpath(name) for name in named}
    return [
        Found(file.name, file.passed or NOT_LISTED)
        for file in files_in(folder)
        if file.name not in there
    ]


def _why_passed(path: Path) -> str:
    if path.name.startswith("."):
        return HIDDEN
    if path.suffix.lower() in _LISTS:
        return A_LIST
    return "" if path.suffix.lower() in SOUNDS and path.is_file() else NO_SOUND


def _within(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
