"""Find the weights named in `models/manifest.toml` and check their sha256 before use."""

import hashlib
import json
import os
import shutil
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from storybank.errors import DiskFull, ModelDamaged, ModelMissing

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model: its name, its parts inside packages (joined in order), its sha256.

    Where `member` is given, the parts make up a zip archive, and the file is that member of it.
    A file that we trained ourselves has no parts: it ships `beside` the manifest.
    """

    name: str
    parts: tuple[tuple[str, str], ...]
    sha256: str
    member: str = ""
    beside: Path | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One trained model: what it is for, whose it is, and the files that make it up."""

    id: str
    task: str
    licence: str
    source: str
    card: str
    package: str
    folder: str
    files: tuple[WeightFile, ...]


def load_manifest(path: Path) -> dict[str, Model]:
    """Read the manifest: every model by its id."""
    raw = tomllib.loads(path.read_text("utf-8"))
    return {entry["id"]: _model(entry, path.parent) for entry in raw["model"]}


def _model(entry: dict[str, Any], folder: Path) -> Model:
    files = entry["file"]
    package = str(entry["package"])
    return Model(
        id=str(entry["id"]),
        task=str(entry["task"]),
        licence=str(entry["licence"]),
        source=str(entry["source"]),
        card=str(entry["card"]),
        package=package,
        folder=str(entry.get("folder", "")),
        files=tuple(
            WeightFile(
                name=f["name"],
                parts=tuple(
                    (part.partition(":")[0], part.partition(":")[2])
                    for part in f.get("parts", _parts(entry, f))
                ),
                sha256=f["sha256"],
                member=f.get("member", ""),
                beside=folder / f["beside"] if "beside" in f else None,
            )
            for f in files
        ),
    )


def _parts(entry: dict[str, Any], file: dict[str, str]) -> list[str]:
    if "beside" in file:
        return []
    if "member" in file:
        return list(entry["archive"])
    return [f"{entry['package']}:{file.get('path', '')}"]


def verified(model: Model, cache: Path) -> Path:
    """Give a folder that holds every file of `model`, each with the stated sha256.

    Files in one piece are linked from their package; files in several, or in an archive, are
    joined or unpacked once under `cache`. Checks are remembered by size and time of change, so
    a second start reads nothing. Raises ModelMissing or ModelDamaged naming the file and the mend.
    """
    folder = cache / model.id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _unpack(model, folder)
        for file in model.files:
            _place(model, file, folder / file.name)
            _check(model, file, folder)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(f"weights of {model.id}") from None
        raise
    return folder


def _unpack(model: Model, folder: Path) -> None:
    """Unpack the members that are not in `folder` yet; all of a model's come from one archive."""
    wanted = [f for f in model.files if f.member and not (folder / f.name).is_file()]
    if not wanted:
        return
    sources = [_locate(model, package, path) for package, path in wanted[0].parts]
    with tempfile.TemporaryFile(dir=folder) as whole:
        for source in sources:
            with source.open("rb") as part:
                shutil.copyfileobj(part, whole, _BLOCK)
        try:
            with zipfile.ZipFile(whole) as archive:
                for file in wanted:
                    _extract(archive, file.member, folder / file.name)
        except (zipfile.BadZipFile, KeyError):
            raise _damaged(model, wanted[0]) from None


def _extract(archive: zipfile.ZipFile, member: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    with archive.open(member) as packed, fresh.open("wb") as file:
        shutil.copyfileobj(packed, file, _BLOCK)
    fresh.replace(target)


def _place(model: Model, file: WeightFile, target: Path) -> None:
    if file.member:
        return
    sources = _sources(model, file)
    target.parent.mkdir(parents=True, exist_ok=True)
    if len(sources) == 1:
        if not (target.is_symlink() and target.resolve() == sources[0].resolve()):
            fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(sources[0])
            fresh.replace(target)
        return
    if target.is_file() and target.stat().st_size == sum(s.stat().st_size for s in sources):
        return
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    with fresh.open("wb") as whole:
        for source in sources:
            with source.open("rb") as part:
                shutil.copyfileobj(part, whole, _BLOCK)
    fresh.replace(target)


def _sources(model: Model, file: WeightFile) -> list[Path]:
    if file.beside is None:
        return [_locate(model, package, path) for package, path in file.parts]
    if not file.beside.is_file():
        raise ModelMissing(
            model.id,
            message=f"The file {file.name} of the model {model.id} is not on this machine. "
            "Install Storybank again.",
        )
    return [file.beside]


def _locate(model: Model, package: str, path: str) -> Path:
    try:
        found = Path(str(metadata.distribution(package).locate_file(path)))
    except metadata.PackageNotFoundError:
        raise _missing(model, package) from None
    if not found.is_file():
        raise _missing(model, package)
    return found


def _missing(model: Model, package: str) -> ModelMissing:
    return ModelMissing(
        model.id,
        message=f"The model {model.id} is not on this machine. "
        f"Install it with `pip install {package}`.",
    )


def _check(model: Model, file: WeightFile, folder: Path) -> None:
    target = folder / file.name
    stat = target.stat()
    stamp = f"{stat.st_size}:{stat.st_mtime_ns}:{file.sha256}"
    book_path = folder / ".checked.json"
    book = json.loads(book_path.read_text()) if book_path.is_file() else {}
    if book.get(file.name) == stamp:
        return
    if _sha256(target) != file.sha256:
        if len(file.parts) > 1:
            target.unlink()  # made by us: the next start joins it afresh
        raise _damaged(model, file)
    fresh = book_path.with_name(f".checked.{os.getpid()}.new")
    fresh.write_text(json.dumps(book | {file.name: stamp}))
    fresh.replace(book_path)


def _damaged(model: Model, file: WeightFile) -> ModelDamaged:
    packages = " ".join(dict.fromkeys(package for package, _ in file.parts))
    mend = f"Install it again with `pip install --force-reinstall {packages}`."
    if file.beside is not None:
        mend = (
            "Install Storybank again, or, where you have trained it yourself, "
            "run `python -m scripts.training.noting`."
        )
    return ModelDamaged(
        model.id, message=f"The file {file.name} of the model {model.id} is damaged. {mend}"
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
