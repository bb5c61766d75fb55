"""A version being written: what can be done to its codes, and what is still wrong; pure.

A code's id never changes and is never used again, so that it means one thing for ever. What
happens to an old code can be taken back until the version is published.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from storybank.errors import BadVersion
from storybank.framework import Area, Code, Directions, Examples, Framework, Near
from storybank.versions.fates import Became, Fate, Fates, changes

MOST_CODES = 60
MOST_PARTS = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """The codes of the next version in order, and the fates of old ones that did not stay.

    `used` are all ids that any version of this framework has had.
    """

    base: Framework
    codes: tuple[Code, ...]
    fates: Fates
    used: frozenset[str]

    def code(self, code_id: str) -> Code:
        """Give one code of the draft; raises BadVersion where it is not there."""
        found = next((code for code in self.codes if code.id == code_id), None)
        if found is None:
            raise BadVersion(message="This code is not in the draft any more. Look at the list.")
        return found

    def is_new(self, code_id: str) -> bool:
        """Say whether a code is not in the version that the draft is based on."""
        return code_id not in self.base.by_id


def edited(draft: Draft, code: Code) -> Draft:
    """Give the draft with other texts for a code that is there; its id and kind stay."""
    before = draft.code(code.id)
    fixed = code.model_copy(update={"kind": before.kind, "number": before.number})
    return replace(draft, codes=tuple(fixed if c.id == code.id else c for c in draft.codes))


def added(draft: Draft, code: Code) -> Draft:
    """Give the draft with one more code, at the end of its kind; its id is made from its name."""
    if len(draft.codes) >= MOST_CODES:
        raise BadVersion(message=f"A framework has at most {MOST_CODES} codes. Retire one first.")
    code = code.model_copy(update={"id": free_id(code.name, draft.used | _ids(draft.codes))})
    last = max((n for n, c in enumerate(draft.codes) if c.kind == code.kind), default=-1)
    at = last + 1 if last >= 0 else len(draft.codes)
    return replace(draft, codes=(*draft.codes[:at], code, *draft.codes[at:]))


def retired(draft: Draft, code_id: str) -> Draft:
    """Give the draft without a code; one that is new simply goes."""
    return _without(draft, code_id, Became(Fate.RETIRED, ()))


def merged(draft: Draft, code_id: str, into: str) -> Draft:
    """Give the draft in which what was read with one code counts for another; raises BadVersion."""
    if into == code_id:
        raise BadVersion(message="A code cannot be merged into itself. Choose another one.")
    draft.code(into)
    return _without(draft, code_id, Became(Fate.MERGED, (into,)))


def split(draft: Draft, code_id: str, names: Sequence[str]) -> Draft:
    """Give the draft in which new codes with these names stand in place of one.

    They begin without words of their own: what each of them means has to be written.
    """
    whole, used = draft.code(code_id), set(draft.used | _ids(draft.codes))
    if not 2 <= len(names) <= MOST_PARTS or len({n.casefold() for n in names}) < len(names):
        raise BadVersion(message=f"Give two to {MOST_PARTS} different names, one on each line.")
    parts = []
    for name in names:
        part = blank_code(whole.kind, name)
        parts.append(part.model_copy(update={"id": free_id(name, used)}))
        used.add(parts[-1].id)
    at = draft.codes.index(whole)
    gone = _without(draft, code_id, Became(Fate.SPLIT, tuple(part.id for part in parts)))
    return replace(gone, codes=(*gone.codes[:at], *parts, *gone.codes[at:]))


def restored(draft: Draft, code_id: str) -> Draft:
    """Give the draft with an old code as it was, and without what took its place."""
    before = draft.base.code(code_id)
    was = draft.fates.get(code_id)
    drop = set(was.to) if was is not None and was.fate == Fate.SPLIT else set()
    kept = [code for code in draft.codes if code.id not in drop and code.id != code_id]
    order = {code.id: place for place, code in enumerate(draft.base.codes)}
    at = next((n for n, c in enumerate(kept) if order.get(c.id, -1) > order[code_id]), len(kept))
    fates = {code: became for code, became in draft.fates.items() if code != code_id}
    for code, became in list(fates.items()):
        if drop & set(became.to):
            raise BadVersion(
                message=f"{draft.base.code(code).name} was merged into a part of this code. "
                "Put that one back first."
            )
    return replace(draft, codes=(*kept[:at], before, *kept[at:]), fates=fates)


def next_version(draft: Draft, version: int) -> Framework:
    """Give the draft as a framework: numbered anew, and without mention of codes that are gone."""
    ids = _ids(draft.codes)
    numbers: dict[str, int] = {}
    codes = []
    for code in draft.codes:
        numbers[code.kind] = numbers.get(code.kind, 0) + 1
        near = tuple(near for near in code.near if near.code in ids)
        codes.append(code.model_copy(update={"number": numbers[code.kind], "near": near}))
    # Made anew: a copy would keep what the earlier version had worked out about its codes.
    return Framework.model_validate(
        draft.base.model_dump()
        | {
            "version": version,
            "codes": tuple(codes),
            "areas": tuple(_area(area, draft.fates, ids) for area in draft.base.areas),
        }
    )


def problems_of(draft: Draft) -> dict[str, str]:
    """Give what keeps a draft from being published: a sentence by code id, or by `""`."""
    found: dict[str, str] = {}
    labels: dict[str, str] = {}
    for code in draft.codes:
        empty = [words for words, text in _needed(code) if not text]
        if empty:
            found[code.id] = f"{code.name or 'A code'} still needs: {', '.join(empty)}."
        first = labels.setdefault(code.label.casefold(), code.id)
        if first != code.id and code.label:
            found.setdefault(code.id, f"Two codes have the short name {code.label}.")
    if not draft.codes:
        found[""] = "A framework needs at least one code."
    if not has_changes(draft):
        found[""] = "Nothing has been changed yet."
    return found


def has_changes(draft: Draft) -> bool:
    """Say whether the draft differs from the version that it is based on."""
    old = draft.base.by_id
    return bool(draft.fates) or any(
        code.id not in old or changes(old[code.id], code) for code in draft.codes
    )


def mark_of(draft: Draft, code_id: str) -> str:
    """Give a mark of one code as it stands, 16 hex digits; other words or another fate change it.

    Another code of the draft does not, but for the parts that one was split into.
    """
    became = draft.fates.get(code_id)
    near = {code_id, *(became.to if became is not None and became.fate == Fate.SPLIT else ())}
    stands = [code.model_dump_json() for code in draft.codes if code.id in near]
    said = "\n".join([repr(became), *stands])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def mark_of_all(draft: Draft) -> str:
    """Give a mark of the whole draft as it stands, 16 hex digits; any change makes it another."""
    stands = [draft.base.name, *(code.model_dump_json() for code in draft.codes)]
    said = "\n".join([repr(sorted(draft.fates.items())), *stands])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def blank_code(kind: str, name: str) -> Code:
    """Give a code of which there is only the name."""
    return Code.model_validate(
        {
            "id": "", "kind": kind, "number": 0, "name": name, "label": name[:40], "question": "",
            "definition": "", "directions": Directions(present="", missing=""),
            "examples": Examples(), "near": (),
        }
    )  # fmt: skip


def free_id(name: str, used: Collection[str]) -> str:
    """Give an id made from a name that no code has or had: `warm-spaces`, `warm-spaces-2`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].rstrip("-") or "code"
    found, number = stem, 1
    while found in used:
        number += 1
        found = f"{stem}-{number}"
    return found


def _without(draft: Draft, code_id: str, became: Became) -> Draft:
    draft.code(code_id)
    for other, was in draft.fates.items():
        if code_id in was.to:
            raise BadVersion(
                message=f"{draft.base.code(other).name} becomes this code. Put that one back first."
            )
    fates = dict(draft.fates)
    if not draft.is_new(code_id):
        fates[code_id] = became
    elif became.fate != Fate.RETIRED:
        raise BadVersion(message="This code is new: edit or remove it instead.")
    return replace(draft, codes=tuple(c for c in draft.codes if c.id != code_id), fates=fates)


def _area(area: Area, fates: Fates, ids: frozenset[str]) -> Area:
    became = [fates[o].to if o in fates else (o,) for o in area.outcomes]
    outcomes = dict.fromkeys(code for codes in became for code in codes if code in ids)
    return area.model_copy(update={"outcomes": tuple(outcomes)})


def _needed(code: Code) -> tuple[tuple[str, str], ...]:
    return (
        ("a name", code.name), ("a short name", code.label), ("a question", code.question),
        ("a definition", code.definition), ("words for lived", code.directions.present),
        ("words for missing", code.directions.missing),
    )  # fmt: skip


def _ids(codes: Sequence[Code]) -> frozenset[str]:
    return frozenset(code.id for code in codes)


def near_lines(codes: Sequence[Near]) -> list[str]:
    """Give notes about neighbours as people write them: `code: note`, one a line."""
    return [f"{near.code}: {near.note}" for near in codes]
