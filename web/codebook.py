"""The form in which a code is written: from its fields to a code, and back."""

from collections.abc import Collection
from typing import get_args

from storybank.framework import Code, Directions, Examples, Near
from storybank.versions.draft import blank_code, near_lines
from web.forms import Form, Problems

KINDS: tuple[str, ...] = get_args(Code.model_fields["kind"].annotation)
LONGEST = {"name": 80, "label": 40, "question": 120, "definition": 600, "present": 60,
           "missing": 60}  # fmt: skip
"""Fields of one line or paragraph, with the most characters of each."""
LISTS = ("includes", "excludes", "near", "examples-present", "examples-missing", "examples-none")
"""Fields with one entry on each line."""
MOST_LINES, LONGEST_LINE = 30, 300

_WORDS = {
    "name": "the name", "label": "the short name", "question": "the question",
    "definition": "the definition", "present": "the words for lived",
    "missing": "the words for missing",
}  # fmt: skip


def filled(code: Code) -> Form:
    """Give the form filled with a code."""
    lists = {
        "includes": code.includes, "excludes": code.excludes, "near": near_lines(code.near),
        "examples-present": code.examples.present, "examples-missing": code.examples.missing,
        "examples-none": code.examples.none,
    }  # fmt: skip
    texts = {
        "name": code.name, "label": code.label, "question": code.question,
        "definition": code.definition, "present": code.directions.present,
        "missing": code.directions.missing, "kind": code.kind,
    }  # fmt: skip
    return Form(
        {name: (text,) for name, text in texts.items()}
        | {name: ("\n".join(lines),) for name, lines in lists.items()}
    )


def written(form: Form, code: Code | None, ids: Collection[str], problems: Problems) -> Code:
    """Give the code that was written; what is wrong with it goes into `problems`.

    `code` is the one that is changed, None for a new one; `ids` are those that may be named as
    near.
    """
    for name, most in LONGEST.items():
        text = _line(form, name)
        if not text:
            problems.add(name, f"Write {_WORDS[name]}")
        elif len(text) > most:
            problems.add(name, f"Write {_WORDS[name]} in at most {most} characters")
    kind = form.text("kind") if code is None else code.kind
    if kind not in KINDS:
        problems.add("kind", "Choose what kind of code it is")
        kind = KINDS[0]
    lists = {name: _lines(form, name, problems) for name in LISTS}
    return (code or blank_code(kind, "")).model_copy(
        update={
            **{n: _line(form, n) for n in ("name", "label", "question", "definition")},
            "directions": Directions(
                present=_line(form, "present"), missing=_line(form, "missing")
            ),
            "includes": lists["includes"],
            "excludes": lists["excludes"],
            "near": _near(lists["near"], ids, problems),
            "examples": Examples(
                present=lists["examples-present"],
                missing=lists["examples-missing"],
                none=lists["examples-none"],
            ),
        }
    )


def _line(form: Form, name: str) -> str:
    return " ".join(form.text(name).split())


def _lines(form: Form, name: str, problems: Problems) -> tuple[str, ...]:
    lines = [" ".join(line.split()) for line in form.raw(name).splitlines()]
    found = tuple(dict.fromkeys(line for line in lines if line))
    if len(found) > MOST_LINES or any(len(line) > LONGEST_LINE for line in found):
        problems.add(name, f"Write at most {MOST_LINES} lines of at most {LONGEST_LINE} characters")
    return found


def _near(lines: tuple[str, ...], ids: Collection[str], problems: Problems) -> tuple[Near, ...]:
    found = []
    for line in lines:
        code, colon, note = line.partition(":")
        if not colon or code.strip() not in ids or not note.strip():
            problems.add(
                "near", "Begin each line with a code of this draft and a colon, then the difference"
            )
            return ()
        found.append(Near(code=code.strip(), note=note.strip()))
    return tuple(found)
