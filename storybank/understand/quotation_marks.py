"""What each quotation mark of a text does where it stands: it opens, closes, or perhaps closes."""

import re
from dataclasses import dataclass

OPENS, CLOSES, PERHAPS = "opens", "closes", "perhaps"

_DOUBLE = re.compile(
    "''|[\"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f\uff02]"
)
_SINGLE = re.compile("(?<!')'(?!')|[\u2018\u2019\u201a\u201b`\u00b4]")
_ONLY_OPEN = frozenset("\u201c\u201e\u00ab\u2039\u300c\u300e\u2018\u201a\u201b")
_STRAIGHT = frozenset({'"', "''"})
_BEGINS = frozenset(
    "([{<-\u2013\u2014/*_>\"\u201c\u201e\u00ab\u2039\u300c\u300e'\u2018\u201a\u201b"
)
_ENDS_SPEECH = frozenset(".,!?;:\u2026-\u2013\u2014")
_LEFT_OUT = re.compile(
    r"(?:em|cause|cos|coz|cuz|til|till|tis|twas|n|ave|ad|er|im|is|ow|ere|ome|bout|round|\d\ds?)\b",
    re.IGNORECASE,
)
"""What an apostrophe at the beginning of a word stands before: 'em, 'cause, the '90s."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: where it stands, the characters beside it ("" at an edge), and what it can be."""

    start: int
    end: int
    sign: str
    before: str
    after: str
    single: bool

    @property
    def measures(self) -> bool:
        """Whether it may say inches: a straight mark right behind a number."""
        return self.sign in _STRAIGHT and self.before.isdigit()

    @property
    def spoken(self) -> bool:
        """Whether a sentence, or a part of it, ends right before it."""
        return self.before in _ENDS_SPEECH

    def role(self, *, inside: bool) -> str:
        """Give what it does, where a quotation is open (`inside`) or none is."""
        begins = self.before == "" or self.before.isspace() or self.before in _BEGINS
        ends = self.after == "" or not (self.after.isalnum() or self.after in _BEGINS)
        if begins and not (self.after.isspace() or self.after in ",;:)"):
            return OPENS
        if self.sign in _ONLY_OPEN and not ends:
            return OPENS
        if self.single:
            return self._of_single(ends=ends)
        if inside:
            return CLOSES
        opens = begins or not ends or self.before == ":" or self.sign in _ONLY_OPEN
        return OPENS if opens else CLOSES

    def _of_single(self, *, ends: bool) -> str:
        if self.spoken:
            return CLOSES
        followed = self.after == "" or self.after in ".,!?;:)\n\r"
        return CLOSES if ends and followed and self.before not in "sSnN" else PERHAPS


def double_marks(text: str) -> tuple[Mark, ...]:
    """Give the double marks of `text`, brackets for quoting among them."""
    return tuple(_mark(text, found, single=False) for found in _DOUBLE.finditer(text))


def single_marks(text: str) -> tuple[Mark, ...]:
    """Give the single marks of `text` that are not plainly apostrophes."""
    marks = (_mark(text, found, single=True) for found in _SINGLE.finditer(text))
    return tuple(mark for mark in marks if not _apostrophe(text, mark))


def _mark(text: str, found: re.Match[str], *, single: bool) -> Mark:
    start, end = found.span()
    return Mark(start, end, found[0], text[max(0, start - 1) : start], text[end : end + 1], single)


def _apostrophe(text: str, mark: Mark) -> bool:
    if mark.before.isspace() and mark.after.isspace():
        return True
    if mark.before.isalnum() and mark.after.isalnum():
        return mark.sign not in _ONLY_OPEN
    return not mark.before.isalnum() and bool(_LEFT_OUT.match(text, mark.end))
