"""Find the weights named in `models/manifest.toml` and check their sha256 before use."""

import hashlib
import json
import os
import shutil
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from storybank.errors import DiskFull, ModelDamaged, ModelMissing

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model: its name, its parts inside packages (joined in order), its sha256."""

    name: str
    parts: tuple[tuple[str, str], ...]
    sha256: str


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
    return {entry["id"]: _model(entry) for entry in raw["model"]}


def _model(entry: dict[str, object]) -> Model:
    files = entry["file"]
    assert isinstance(files, list)  # noqa: S101 (a file of ours, checked by tests)
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
                    for part in f.get("parts", [f"{package}:{f.get('path', '')}"])
                ),
                sha256=f["sha256"],
            )
            for f in files
        ),
    )


def verified(model: Model, cache: Path) -> Path:
    """Give a folder that holds every file of `model`, each with the stated sha256.

    Files in one piece are linked from their package; files in several are joined once under
    `cache`. Checks are remembered by size and time of change, so a second start reads nothing.
    Raises ModelMissing or ModelDamaged naming the file and the mend.
    """
    folder = cache / model.id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in model.files:
            _place(model, file, folder / file.name)
            _check(model, file, folder)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(f"weights of {model.id}") from None
        raise
    return folder


def _place(model: Model, file: WeightFile, target: Path) -> None:
    sources = [_locate(model, package, path) for package, path in file.parts]
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
        raise ModelDamaged(
            model.id,
            message=f"The file {file.name} of the model {model.id} is damaged. "
            f"Install it again with `pip install --force-reinstall {model.package}`.",
        )
    fresh = book_path.with_name(f".checked.{os.getpid()}.new")
    fresh.write_text(json.dumps(book | {file.name: stamp}))
    fresh.replace(book_path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
