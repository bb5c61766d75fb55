"""What a council knows of its own ground: streets, schools, GP practices, and names to keep."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storybank.errors import BadInput
from storybank.understand.redact.details import Detail, detail
from storybank.values import Span

STREET, SCHOOL, PRACTICE, KEPT = "street", "school", "gp_practice", "kept"
KINDS = (STREET, SCHOOL, PRACTICE, KEPT)
"""The kinds of a known place; all but `kept` are masked wherever they are named."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_OWNED = re.compile(r"['\u2019]s\Z", re.IGNORECASE)
_SHORT = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cres": "crescent",
    "gdns": "gardens", "cl": "close", "dr": "drive", "pl": "place", "sq": "square", "ct": "court",
    "terr": "terrace", "saint": "street", "pri": "primary", "sch": "school",
}  # fmt: skip
_HOUSE_NUMBER = re.compile(r"(?:\b(?:number|no\.?|flat) )?\b\d{1,4} ?[a-h]?,? \Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """One name that a council entered, and its kind: one of KINDS."""

    name: str
    kind: str


def read_known(path: Path) -> list[KnownPlace]:
    """Read known places from a CSV file with the columns `name` and `kind`; raises BadInput."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(row["name"].strip(), row["kind"].strip()) for row in csv.DictReader(file)]
    except (OSError, KeyError, AttributeError, UnicodeDecodeError, csv.Error):
        raise BadInput(
            message=f'The file {path} needs the columns "name" and "kind". Mend it.'
        ) from None
    wrong = next((kind for _, kind in rows if kind not in KINDS), None)
    if wrong is not None:
        raise BadInput(message=f"“{wrong}” is no kind of place. Use one of: {', '.join(KINDS)}.")
    return [KnownPlace(name, kind) for name, kind in rows if name]


class Gazetteer:
    """Finds known places in a text, in any case, with usual short forms; the longest name wins."""

    def __init__(self, places: Iterable[KnownPlace] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for place in places:
            words = tuple(_same(word) for word in _WORD.findall(place.name))
            if words:
                self._by_first.setdefault(words[0], []).append((words, place.kind))
        for rows in self._by_first.values():
            rows.sort(key=lambda row: -len(row[0]))

    @property
    def mark(self) -> str:
        """A short mark that is another when other places are known; empty where none is."""
        rows = sorted((first, tuple(row)) for first, row in self._by_first.items())
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:8] if rows else ""

    def find(self, text: str) -> tuple[list[Detail], list[Span]]:
        """Give the known places to mask, and the spans to keep; a street takes its number along."""
        masked: list[Detail] = []
        kept: list[Span] = []
        for span, kind in self._places(text) if self._by_first else ():
            if kind == KEPT:
                kept.append(span)
                continue
            number = _HOUSE_NUMBER.search(text, max(0, span.start - 20), span.start)
            if kind == STREET and number:
                masked.append(detail(number.start(), span.end, "address"))
            else:
                masked.append(detail(span.start, span.end, kind))
        return masked, kept

    def _places(self, text: str) -> Iterator[tuple[Span, str]]:
        row = list(_WORD.finditer(text))
        at = 0
        while at < len(row):
            found = self._at(row, at)
            if found is None:
                at += 1
                continue
            words, kind = found
            last = row[at + len(words) - 1]
            tail = 0 if _same(last[0]) == words[-1] else len(_OWNED.sub("", last[0])) - len(last[0])
            yield Span(row[at].start(), last.end() + tail), kind
            at += len(words)

    def _at(self, row: Sequence[re.Match[str]], at: int) -> tuple[tuple[str, ...], str] | None:
        first = _forms(row[at][0])
        for words, kind in (name for form in first for name in self._by_first.get(form, ())):
            here = row[at : at + len(words)]
            if (
                len(here) == len(words)
                and words[-1] in _forms(here[-1][0])
                and all(
                    _same(match[0]) == word for match, word in zip(here[:-1], words, strict=False)
                )
            ):
                return words, kind
        return None


def _forms(word: str) -> tuple[str, ...]:
    """Give a word as it is compared, and without the ending of an owner: "Barton's"."""
    whole, bare = _same(word), _same(_OWNED.sub("", word))
    return (whole,) if whole == bare else (whole, bare)


def _same(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.lower().replace("\u2019", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    return _SHORT.get(plain, plain)
