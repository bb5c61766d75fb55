"""Look after the catalogues of the residents' pages in `web/locales`.

    python scripts/translations.py extract   gather every sentence into messages.pot
    python scripts/translations.py update    extract, then bring each language's messages.po in step
    python scripts/translations.py compile   make the catalogues that the pages read
    python scripts/translations.py check     say what is missing or broken; changes nothing

A text with gettext's flag `fuzzy` is a draft, until a person takes the flag away. The pages show
drafts, too, and say so. docs/translating.md says how a translator works with them.
"""

import hashlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "web" / "locales"
TEMPLATES = ROOT / "web" / "templates"
SPOKEN_PARTS = (
    "_asked",
    "_correct",
    "_delete_draft",
    "_drafts",
    "_footer",
    "_header",
    "_languages",
    "_marks",
    "_no_line",
    "_voices",
    "_voices_said",
    "_ways",
    "base",
)
"""Templates beside the folders of residents' pages whose sentences residents see."""

_JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
_PLACE = re.compile(r"%\((\w+)\)[sd]")
_LINE = re.compile(r"""#.*|\s*|((msgid(_plural)?|msgctxt|msgstr(\[\d\])?)\s+)?"([^"\\]|\\.)*"\s*""")
_APPROVED = re.compile(r"approved as [0-9a-f]{8}")
_ELEMENT = re.compile(r"</?\w+[^>]*>")
HEADER = """\
# The pages for residents. docs/translating.md says how to correct a sentence.
#"""


class Catalogue(Catalog):
    """A catalogue whose header holds no dates and no names, so that only words make a change."""

    def _headers(self) -> list[tuple[str, str]]:
        kept = ("Language", "Plural-Forms", "MIME-Version", "Content-Type")
        return [(name, value) for name, value in Catalog.mime_headers.fget(self) if name in kept]

    mime_headers = property(_headers, Catalog.mime_headers.fset)


def main(arguments: list[str]) -> int:
    """Do what was asked; gives the status for the shell."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    tasks = {"extract": extract, "update": update, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in tasks:
        print(__doc__, file=sys.stderr)
        return 2
    return tasks[arguments[0]]()


def extract() -> int:
    """Write the template of all catalogues."""
    catalogue = gathered()
    _write(LOCALES / "messages.pot", catalogue)
    print(f"{len(catalogue)} sentences.")
    return 0


def update() -> int:
    """Write the template, and bring every catalogue in step with it.

    A sentence that is gone leaves its catalogues; a new one comes in without a translation. Nothing
    is guessed from a sentence alike: a wrong guess about consent would be worse than English.
    """
    template = gathered()
    _write(LOCALES / "messages.pot", template)
    for path in catalogues():
        catalogue = in_step(read(path), template)
        _write(path, catalogue)
        texts = [m for m in catalogue if m.id]
        lacking, drafts = len(untranslated(catalogue)), sum(drafted(m) for m in texts)
        print(f"{catalogue.locale}: of {len(texts)}, {lacking} are missing, {drafts} are drafts")
    return 0


def in_step(catalogue: Catalog, template: Catalog) -> Catalog:
    """Give the catalogue with the sentences of `template`, each a draft or marked as approved.

    The mark holds what was approved: a text that is changed later is a draft again by itself.
    """
    known = {message.id for message in catalogue}
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        if not message.id:
            continue
        draft = message.id not in known or not all(_texts(message.string)) or drafted(message)
        message.flags = {*message.flags, "fuzzy"} if draft else message.flags
        others = [c for c in message.user_comments if not _APPROVED.fullmatch(c)]
        message.user_comments = [*others, *([] if draft else [_approval(message)])]
    return catalogue


def drafted(message: Message) -> bool:
    """Say whether nobody has approved this text, or not as it stands now."""
    marks = [c for c in message.user_comments if _APPROVED.fullmatch(c)]
    return message.fuzzy or any(mark != _approval(message) for mark in marks)


def _approval(message: Message) -> str:
    text = "\0".join(_texts(message.string))
    return f"approved as {hashlib.sha256(text.encode()).hexdigest()[:8]}"


def compile_all(folder: Path = LOCALES) -> int:
    """Make two compiled catalogues beside each: of what is approved, and of the drafts."""
    for path in catalogues(folder):
        for name, drafts in (("messages.mo", False), ("drafts.mo", True)):
            _replace(path.with_name(name), _compiled(read(path), drafts=drafts))
    return 0


def _compiled(catalogue: Catalog, *, drafts: bool) -> bytes:
    for message in list(catalogue):
        whole = all(_texts(message.string) or [""])
        if message.id and not (whole and drafted(message) is drafts):
            catalogue.delete(message.id)
    made = io.BytesIO()
    write_mo(made, catalogue, use_fuzzy=True)
    return made.getvalue()


def _replace(path: Path, made: bytes) -> None:
    """Write a file in one step, and only where it is another: others may build at this moment."""
    if path.is_file() and path.read_bytes() == made:
        return
    fresh = path.with_name(f"{path.stem}.{os.getpid()}.tmp")
    fresh.write_bytes(made)
    fresh.replace(path)


def check() -> int:
    """List what is wrong; the status is 1 where anything is."""
    found = list(problems(gathered()))
    for problem in found:
        print(problem)
    print(f"{len(found)} problems." if found else "All catalogues are whole.")
    return min(1, len(found))


def problems(wanted: Catalog, folder: Path = LOCALES) -> Iterator[str]:
    """Give a line for everything that is wrong with the template and the catalogues."""
    template = read(folder / "messages.pot")
    if {m.id for m in template} != {m.id for m in wanted}:
        yield "messages.pot: out of step with the pages. Run scripts/translations.py update"
    for path in catalogues(folder):
        name = path.parent.parent.name
        if broken := _broken_line(path):
            yield f"{name}: cannot be read from line {broken} on: is a quotation mark missing?"
            continue
        try:
            catalogue = read(path)
            write_mo(io.BytesIO(), catalogue)
        except Exception as error:  # whatever Babel trips over, the translator has to know
            yield f"{name}: cannot be compiled: {error}"
            continue
        for message in wanted:
            if message.id:
                yield from (f"{name}: {what}" for what in _faults(message, catalogue))


def _broken_line(path: Path) -> int:
    """Give the first line that is no line of a catalogue, or 0: Babel would read past it."""
    lines = path.read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if not _LINE.fullmatch(line)), 0)


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    said = catalogue.get(message.id)
    texts = _texts(said.string) if said is not None else []
    short = _texts(message.id)[0][:70]
    if not texts or not all(texts):
        yield f"not translated: {short}"
        return
    patterns = _texts(message.id)
    wanted = {place for pattern in patterns for place in _PLACE.findall(pattern)}
    elements = sorted(_ELEMENT.findall(patterns[0]))
    for text in texts:
        places = set(_PLACE.findall(text))
        # A plural form may leave its number out ("one story"), but nothing else.
        lost = wanted - places - ({"n", "num"} if len(texts) > 1 else set())
        if lost or places - wanted:
            yield f"placeholders differ ({', '.join(sorted(wanted ^ places))}): {short}"
        if sorted(_ELEMENT.findall(text)) != elements:
            yield f"elements differ: {short}"
        if "%" in _PLACE.sub("", text).replace("%%", ""):
            yield f"a lone % (write %%): {short}"


def untranslated(catalogue: Catalog) -> list[Message]:
    """Give the entries of a catalogue that have no translation yet."""
    return [m for m in catalogue if m.id and not all(_texts(m.string) or [""])]


def gathered() -> Catalog:
    """Give every sentence that a resident can meet: of templates, of code, of constants."""
    catalogue = Catalogue(charset="utf-8", header_comment=HEADER)
    for where, message, comments in _found():
        catalogue.add(message, locations=[(where, 0)], auto_comments=comments)
    return catalogue


def _found() -> Iterator[tuple[str, str | tuple[str, ...], list[str]]]:
    def _place(name: str) -> str:
        return str(Path(name))

    for folder in ("capture", "receipt", "pages"):
        for name, _, message, comments, _ in extract_from_dir(
            TEMPLATES / folder, [("**.html", "jinja2")], {"**.html": _JINJA}
        ):
            yield _place(f"web/templates/{folder}/{name}"), message, comments
    singles = [TEMPLATES / f"{name}.html" for name in SPOKEN_PARTS] + [TEMPLATES / "error.html"]
    for path in singles:
        for _, message, comments, _ in extract_from_file("jinja2", path, options=_JINJA):
            yield str(path.relative_to(ROOT)), message, comments
    for package in ("web", "storybank"):
        for name, _, message, comments, _ in extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords={"sentence": None}
        ):
            yield _place(f"{package}/{name}"), message, comments
    from scripts.spoken import constants

    for where, text in constants():
        yield where, text.replace("%", "%%") if "%(" not in text else text, []


def catalogues(folder: Path = LOCALES) -> list[Path]:
    """Give the catalogue of every language."""
    return sorted(folder.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """Read a catalogue; raises PoFileError where a line cannot be understood."""
    named = path.parent.parent.name
    locale = named if path.suffix == ".po" else None
    catalogue = Catalogue(locale=locale, charset="utf-8", header_comment=HEADER)
    with path.open("rb") as file:
        PoFileParser(catalogue, abort_invalid=True).parse(file)
    return catalogue


def _write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue without dates and line numbers, so that only words make a change."""
    made = io.BytesIO()
    write_po(made, catalogue, width=99, sort_output=False, omit_header=False, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.getvalue())


def _texts(value: str | Iterable[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
