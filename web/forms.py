"""Read what a form sent, in memory only, and say what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from storybank.errors import BadInput, StoryTooLong
from storybank.sentences import sentence

_MAX_FIELDS = 200
MOST_TYPED = 5 * 1024 * 1024
"""Bytes of a form that brings no recording: the longest story is under a tenth of it."""
LONGEST_TYPED = MOST_TYPED // 10
"""Letters that a field for a story takes: on the way, packed, a letter may be nine bytes.

More would be refused unread, and browsers keep nothing of it that going back would show.
"""


class InMemory(MultiPartParser):
    """Keeps files in memory: a recording in the clear must never touch the disk."""

    spool_max_size = 0  # for SpooledTemporaryFile: never roll over to a file


@dataclass(frozen=True)
class Form:
    """What was filled in: texts by name, in order, and files by name."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """Give the last value of a field, trimmed; an absent field gives an empty text."""
        return self.texts.get(name, ("",))[-1].strip()

    def raw(self, name: str) -> str:
        """Give the last value of a field as it was typed."""
        return self.texts.get(name, ("",))[-1]

    def whole(self, name: str) -> str:
        """Give the last value of a field as it was typed; raises StoryTooLong where it was cut."""
        if len(self.raw(name)) >= LONGEST_TYPED:
            raise StoryTooLong(message=sentence("The story is too long. Please send it in parts."))
        return self.raw(name)

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a field, in order."""
        return self.texts.get(name, ())

    def file(self, name: str) -> bytes | None:
        """Give the bytes of a file, or None where none was chosen."""
        return self.files.get(name)


async def read_form(request: Request) -> Form:
    """Read the body as a form, once; another kind of body gives an empty form.

    Raises BadInput where it cannot be read.
    """
    kept: Form | None = getattr(request.state, "form", None)
    if kept is None:
        kept = request.state.form = await _parse(request)
    return kept


FormDep = Annotated[Form, Depends(read_form)]


async def _parse(request: Request) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    limits = {"max_fields": _MAX_FIELDS, "max_part_size": MOST_TYPED}
    parser: FormParser | MultiPartParser
    if kind == "application/x-www-form-urlencoded":
        parser = FormParser(request.headers, request.stream(), **limits)
    elif kind == "multipart/form-data":
        parser = InMemory(request.headers, request.stream(), max_files=5, **limits)
    else:
        return Form()
    try:
        data = await parser.parse()
    except MultiPartException as error:
        raise BadInput("form") from error
    texts: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:  # a field left empty comes as a file without a name
                files[name] = value.file.read()
            value.file.close()
        else:
            # No keyboard types NUL, and the database cannot hold it.
            texts[name] = (*texts.get(name, ()), value.replace("\0", ""))
    return Form(texts, files)


@dataclass
class Problems:
    """What is wrong with an answer: a sentence per field, in the order of the page.

    It is false where nothing is wrong. Templates show it as the error summary and beside fields.
    """

    by_field: dict[str, str] = field(default_factory=dict)
    error: str = "Error"

    def add(self, name: str, sentence: str) -> None:
        """Note what is wrong with one field; the first sentence stays."""
        self.by_field.setdefault(name, sentence)

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def of(self, name: str) -> dict[str, str] | None:
        """Give the sentence of one field as the GOV.UK macros want it, or None."""
        if name not in self.by_field:
            return None
        return {"text": self.by_field[name], "visuallyHiddenText": self.error}

    def said_by(self, say: Callable[[str], str]) -> "Problems":
        """Give the same in another language; `say` gives a sentence of ours in it."""
        said = {name: say(sentence) for name, sentence in self.by_field.items()}
        return Problems(said, say(self.error))

    @property
    def summary(self) -> list[dict[str, str]]:
        """The list for the error summary: each sentence links to its field."""
        return [{"text": text, "href": f"#{name}"} for name, text in self.by_field.items()]
