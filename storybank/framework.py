"""Load and check one version of a framework: the codes that stories are read against."""

import tomllib
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from storybank.errors import BadFramework, UnknownCode
from storybank.values import Direction


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Near(_Part):
    """A neighbouring code, and how to tell it from this one."""

    code: str
    note: str


class Examples(_Part):
    """Example sentences: code shown lived, shown missing, and not shown at all."""

    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Directions(_Part):
    """The two directions of a code in plain words."""

    present: str
    missing: str


class Code(_Part):
    """One principle, aim, outcome or capability."""

    id: str
    kind: Literal["principle", "aim", "outcome", "capability"]
    number: int
    name: str
    label: str
    question: str
    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    examples: Examples = Examples()
    directions: Directions

    def says(self, direction: Direction | str) -> str:
        """Give the plain words for this code in `direction`."""
        lived = direction == Direction.LIVED
        return self.directions.present if lived else self.directions.missing


class Area(_Part):
    """An area of work: why it is done, what it is for, how it is evaluated."""

    id: str
    name: str
    why: str
    outcomes: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()


class Source(_Part):
    """A document that the framework was written from."""

    name: str
    note: str = ""


class Framework(_Part):
    """One version of a framework; never changed once a story has been read by it."""

    id: str
    version: int
    title: str
    owner: str
    vision: str
    about: str
    sources: tuple[Source, ...] = ()
    areas: tuple[Area, ...] = ()
    codes: tuple[Code, ...]

    @property
    def name(self) -> str:
        """How rows name it, e.g. `thriving-communities@1`."""
        return f"{self.id}@{self.version}"

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """Every code by its id."""
        return {code.id: code for code in self.codes}

    def code(self, code_id: str) -> Code:
        """Give one code; raises UnknownCode."""
        try:
            return self.by_id[code_id]
        except KeyError:
            raise UnknownCode(f"{self.name} has no such code") from None

    def of_kind(self, kind: str) -> tuple[Code, ...]:
        """Give the codes of one kind, in the framework's order."""
        return tuple(code for code in self.codes if code.kind == kind)


def models_folder() -> Path:
    """Give the folder of shipped model data: inside the wheel, or `models/` of a checkout."""
    package = Path(str(resources.files("storybank")))
    shipped = package / "_models"
    return shipped if shipped.is_dir() else package.parent / "models"


def load_framework(name: str, folder: Path | None = None) -> Framework:
    """Load `id@version` from `folder` (default: what ships); raises BadFramework with the mend."""
    framework_id, _, version = name.partition("@")
    path = (folder or models_folder() / "frameworks") / framework_id / f"{version or 1}.toml"
    return read_framework(path)


def read_framework(path: Path) -> Framework:
    """Read and check one framework file; raises BadFramework naming file, place and mend."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        for plural, singular in (("codes", "code"), ("areas", "area"), ("sources", "source")):
            raw[plural] = raw.pop(singular, [])
        framework = Framework.model_validate(raw)
    except FileNotFoundError:
        raise _bad(path, "there is no such file; check STORYBANK_FRAMEWORK") from None
    except (OSError, UnicodeDecodeError):
        raise _bad(
            path,
            "it cannot be read; it has to be a text file in UTF-8, and STORYBANK_FRAMEWORK a name "
            "and version such as good-life@1, not a file",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, f"it is not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _bad(path, f"at {place}: {first['msg'].lower()}") from None
    _check(path, framework)
    return framework


def _check(path: Path, framework: Framework) -> None:
    seen: set[str] = set()
    for code in framework.codes:
        if code.id in seen:
            raise _bad(path, f"the code {code.id} stands there twice; give one another id")
        seen.add(code.id)
    if not seen:
        raise _bad(path, "it has no codes; add at least one [[code]]")
    named = {n.code for c in framework.codes for n in c.near} | {
        outcome for area in framework.areas for outcome in area.outcomes
    }
    if missing := sorted(named - seen):
        raise _bad(path, f"it names codes that it does not define: {', '.join(missing)}")


def _bad(path: Path, what: str) -> BadFramework:
    place = f"{path.parent.name}/{path.name}"
    return BadFramework(place, message=f"The framework file {place} cannot be used: {what}.")
